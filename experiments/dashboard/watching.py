"""Pairs of runs that are run again so that single agents can be shown: one pair at a time, for all browsers."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from pathlib import Path

from experiments.dashboard.job_child import Child
from experiments.dashboard.jobs import log_folder
from experiments.dashboard.library import Entry
from experiments.trajectories import recording
from sim.errors import PlatformLabError

GRACE = 5.0
"""Seconds that a process has to stop by itself."""
WEEKS = re.compile(r"(\d+)/(\d+) weeks")


@dataclass(frozen=True)
class Pair:
    """A replicate of a point of a result."""

    entry: Entry
    point: int
    replicate: int

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells pairs apart."""
        return self.entry.name, self.point, self.replicate


@dataclass
class _Recording:
    """A pair that is being recorded, or was."""

    log: Path
    error: str = ""
    is_over: bool = False
    is_stopped: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Seen:
    """How far a pair is: the file of its agents, or weeks done of all, or why it cannot be had."""

    path: Path | None = None
    n_done: int = 0
    n_weeks: int = 0
    error: str = ""
    is_running: bool = False


class Watching:
    """Records pairs in a process of their own; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recordings: dict[tuple[str, int, int], _Recording] = {}
        self._thread: threading.Thread | None = None

    def seen(self, pair: Pair) -> Seen:
        """How far a pair is now."""
        try:
            path = recording.kept(pair.entry.folder, pair.replicate, pair.point)
        except PlatformLabError as error:
            return Seen(error=str(error))
        if path is not None:
            return Seen(path)
        with self._lock:
            look = self._recordings.get(pair.key)
        if look is None:
            return Seen()
        done, weeks = _progress(look.log)
        return Seen(None, done, weeks, look.error, not look.is_over)

    def start(self, pair: Pair) -> str:
        """Begin to record a pair; why that cannot be, or nothing."""
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                return "Another replicate is being run again: wait until it is done."
            log = log_folder() / f"people-{abs(hash(pair.key))}.log"
            look = self._recordings[pair.key] = _Recording(log)
            self._thread = threading.Thread(target=self._watch, args=(pair, look), daemon=True)
            self._thread.start()
        return ""

    def close(self) -> None:
        """Stop, and wait until it has stopped."""
        with self._lock:
            recordings, thread = list(self._recordings.values()), self._thread
        for look in recordings:
            look.is_stopped.set()
        if thread is not None:
            thread.join()

    def _watch(self, pair: Pair, look: _Recording) -> None:
        words = [str(pair.entry.folder.absolute()), str(pair.replicate), str(pair.point)]
        code = 1
        try:
            code = Child("people", words, look.log).wait(look.is_stopped, GRACE)
        finally:
            with self._lock:
                look.error = "" if code == 0 else _why(look.log)
                look.is_over = True
            look.log.unlink(missing_ok=True)


def _progress(log: Path) -> tuple[int, int]:
    try:
        found = WEEKS.findall(log.read_text("utf-8", "replace"))
    except OSError:
        return 0, 0
    return (int(found[-1][0]), int(found[-1][1])) if found else (0, 0)


def _why(log: Path) -> str:
    """What the process said last, or that it said nothing."""
    try:
        lines = [line for line in log.read_text("utf-8", "replace").splitlines() if not WEEKS.match(line)]
    except OSError:
        lines = []
    if any(line.startswith("Traceback") for line in lines):
        lines = lines[-1:]
    return "\n".join(lines[-6:]) or "It was stopped before it was done."
