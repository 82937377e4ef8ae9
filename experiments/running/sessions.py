"""How the processes of one request communicate: files in a folder that all of them see."""

from __future__ import annotations

import contextlib
import os
import socket
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from experiments.storage import places, writing

DONE, FAILED = b".", b"x"


@dataclass(frozen=True)
class Session:
    """Runs that have begun, each a file, and one file a process to which it adds a byte for every run it ends.

    What has begun and not ended when its process dies may be what killed it: it is tried again only alone.
    """

    folder: Path
    parent: int | None
    """Process that waits for the results and started all others; None where others started them."""

    def begin(self, run: str) -> bool:
        """Note that a run begins here; false if it has begun before and its process died."""
        try:
            file = os.open(self.folder / "begun" / run, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            return False
        os.write(file, f"{socket.gethostname()} {os.getpid()}".encode())
        os.close(file)
        return True

    def end(self, run: str, *, is_done: bool) -> None:
        """Note that a run has ended, and how."""
        with contextlib.suppress(OSError):
            os.replace(self.folder / "begun" / run, self.folder / ("done" if is_done else "failed") / run)
        self.tick(is_done=is_done)

    def is_done(self, run: str) -> bool:
        """Whether a run was finished before, by a process that may have died since."""
        return (self.folder / "done" / run).exists()

    def done(self) -> set[str]:
        """Runs that are finished."""
        return set(os.listdir(self.folder / "done"))

    def tick(self, *, is_done: bool) -> None:
        """Count a run that has ended."""
        with contextlib.suppress(OSError), open(self._ticks, "ab", buffering=0) as file:
            file.write(DONE if is_done else FAILED)

    def forget(self, run: str) -> None:
        """Let a run begin anew."""
        with contextlib.suppress(OSError):
            (self.folder / "begun" / run).unlink()

    @property
    def _ticks(self) -> Path:
        return self.folder / f"ticks-{socket.gethostname()}-{os.getpid()}"

    def begun(self) -> dict[str, int]:
        """Runs that have begun and not ended, and the process of each."""
        found = {}
        for path in (self.folder / "begun").iterdir():
            with contextlib.suppress(OSError, ValueError, IndexError):
                found[path.name] = int(path.read_text().split()[1])
        return found

    def count(self) -> tuple[int, int]:
        """Runs that have ended so far, and how many of them failed."""
        seen = b"".join(path.read_bytes() for path in self.folder.glob("ticks-*"))
        return len(seen), seen.count(FAILED)


@contextlib.contextmanager
def opened(*, has_own_workers: bool) -> Iterator[Session]:
    """A session for one request, removed when the request ends; what killed ones left is removed too."""
    import shutil

    home = places.output_folder() / "runs" / "sessions"
    folder = home / f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    try:
        for old in home.iterdir() if home.is_dir() else ():
            _sweep_up(old)
        for part in ("begun", "done", "failed"):
            (folder / part).mkdir(parents=True)
    except OSError as error:
        raise writing.unwritten(folder, error) from None
    try:
        yield Session(folder.absolute(), os.getpid() if has_own_workers else None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep_up(old: Path) -> None:
    import shutil

    import psutil

    host, pid = old.name.rsplit("-", 2)[:2]
    if host == socket.gethostname() and pid.isdigit() and not psutil.pid_exists(int(pid)):
        shutil.rmtree(old, ignore_errors=True)
