"""Checksums of everything that a result consists of: written last, and compared by whoever reads the result.

`checksums.json` lies in the result's folder and has the SHA-256 of every file by its name. While a result is being
written it says so, and what is killed then is not taken for a result. Results of earlier versions have no such file:
only tables whose checksums their record holds can be compared.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.storage.writing import unwritten, write_json

NAME = "checksums.json"
LOCK = ".results.lock"
BEING_WRITTEN = 5.0
"""Seconds after which a result that is not finished is one that nobody is writing any longer."""
UNVERIFIED_MARK = "unverified"
UNVERIFIED = f"{UNVERIFIED_MARK}: made by an earlier version, which left no checksums of all its files"


@dataclass(frozen=True)
class Verified:
    """How the files of a folder compare with their checksums."""

    faults: tuple[tuple[str, str], ...] = ()
    """Files that are not as they were written, and what is wrong with each."""
    has_checksums: bool = True
    """False for a result of an earlier version."""
    is_finished: bool = True
    """False where the result was being written and nobody said that it is done."""

    @property
    def is_whole(self) -> bool:
        """Whether everything is there as it was written."""
        return self.has_checksums and self.is_finished and not self.faults

    @property
    def text(self) -> str:
        """What to say of it in a list; empty where all is well."""
        if not self.is_finished:
            return "not finished"
        if self.faults:
            return "; ".join(f"{name} {why}" for name, why in self.faults)
        return "" if self.has_checksums else UNVERIFIED_MARK


def begin(folder: Path) -> None:
    """Say that a result is being written; raises `FullDisk`."""
    _write(folder, {}, is_finished=False)


def finish(folder: Path, names: Iterable[str]) -> None:
    """Say that a result is whole, and what it consists of; raises `FullDisk`."""
    _write(folder, {name: _sum_of(folder / name) for name in names}, is_finished=True)


def renew(folder: Path, name: str) -> None:
    """Take up a file that was added to a result or made anew; nothing where the result has no checksums."""
    kept = _read(folder)
    if kept is not None:
        files = {**kept["files"], name: _sum_of(folder / name)}
        _write(folder, files, is_finished=kept["is_finished"])


def verified(folder: Path, but: Collection[str] = ()) -> Verified:
    """Compare the files of a result with their checksums, all `but` some that will be made anew.

    A result that somebody else is writing at this moment is waited for, a few seconds.
    """
    try:
        kept = _read(folder)
        while kept is not None and not kept["is_finished"] and _age(folder) < BEING_WRITTEN:
            time.sleep(0.1)
            kept = _read(folder)
    except ValueError:
        return Verified(((NAME, "is damaged"),))
    if kept is None:
        return Verified(_faults(folder, _of_record(folder), but), has_checksums=False)
    return Verified(_faults(folder, kept["files"], but), is_finished=bool(kept["is_finished"]))


def _age(folder: Path) -> float:
    """Seconds since the checksums were written; 0 where they are gone."""
    try:
        return time.time() - (folder / NAME).stat().st_mtime
    except OSError:
        return 0.0


@contextlib.contextmanager
def one_at_a_time(store: Path) -> Iterator[None]:
    """Of those who write results in a store one does at a time, lest two write the very same; the killed let go.

    Raises `FullDisk` where nothing can be written.
    """
    from filelock import FileLock

    lock = FileLock(store / LOCK)
    try:
        store.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:
        raise unwritten(store / LOCK, error) from None
    with lock:
        lock.release()  # held once by `acquire`, once by the block
        yield


def is_as_written(path: Path) -> bool:
    """Whether a file of a result has its checksum; True in a result of an earlier version, which has none."""
    try:
        kept = _read(path.parent)
        return kept is None or kept["files"].get(path.name) == _sum_of(path)
    except (OSError, ValueError):
        return False


def _write(folder: Path, files: dict[str, str], *, is_finished: bool) -> None:
    kept = {"format": 1, "is_finished": is_finished, "files": dict(sorted(files.items()))}
    write_json(folder / NAME, {**kept, "sha256": _sum_of_text(kept)})


def _sum_of_text(kept: dict[str, Any]) -> str:
    """Checksum of the checksums themselves, so that damage to them is not taken for damage to a file."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _read(folder: Path) -> dict[str, Any] | None:
    """What the file says; None where there is none. Raises `ValueError` where it cannot be read."""
    try:
        kept = json.loads((folder / NAME).read_text("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(str(error)) from None
    if not isinstance(kept, dict) or kept.pop("sha256", "") != _sum_of_text(kept):
        raise ValueError("not what was written")
    return kept


def _of_record(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / "record.json").read_text("utf-8"))["checksums"]
        return dict(found)
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _faults(folder: Path, files: dict[str, str], but: Collection[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for name, value in files.items():
        if name in but:
            continue
        try:
            if _sum_of(folder / name) != value:
                found.append((name, "is not what was written"))
        except FileNotFoundError:
            found.append((name, "is gone"))
        except OSError as error:
            found.append((name, f"cannot be read ({error.strerror})"))
    return tuple(found)


def _sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
