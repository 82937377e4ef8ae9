"""Where compiled code lies; asking does not import numba.

The folder's name is a hash of every kernel source: numba alone would reuse stale code after an edit in another file.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from importlib.metadata import version
from pathlib import Path

LOGGER = __name__
"""Whose words are those about compiling."""


def cache_folder() -> Path:
    """Folder of compiled code for exactly these sources and this numba; made if missing."""
    digest = hashlib.sha256(version("numba").encode())
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "platform-lab" / f"kernels-{digest.hexdigest()[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"platform-lab-{os.getuid()}" / folder.name
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_warm() -> bool:
    """Whether the largest kernel has been compiled."""
    return any(cache_folder().rglob("ordering.order_in_blocks*.nbc"))


def drop_damaged() -> int:
    """Remove compiled code that was cut off or overwritten, say so, and return how many files went.

    numba ends in a traceback for as long as such a file lies there: after a full disk, or a process that was killed.
    What is looked at is whether a file begins and ends as a pickle does; what lies between is not read.
    """
    damaged = [path for path in cache_folder().rglob("*.nb[ci]") if not _is_whole(path)]
    # The index of a function names its code: both go, and the function is compiled anew.
    stems = {path.parent / path.name.split(".py")[0] for path in damaged}
    gone = {path for path in damaged} | {
        path for path in cache_folder().rglob("*.nb[ci]") if path.parent / path.name.split(".py")[0] in stems
    }
    for path in gone:
        path.unlink(missing_ok=True)
    if damaged:
        text = f"Compiled code was damaged ({len(damaged)} files in {cache_folder()}): removed, and compiled again."
        logging.getLogger(LOGGER).warning(text)
    return len(damaged)


def _is_whole(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            begins = file.read(1) == b"\x80"
            if not begins:
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"."
    except OSError:
        return False


def say_if_cold() -> None:
    """Say that loops are about to be compiled, which may take minutes on a busy machine: on standard error.

    A warning, because Python shows these wherever nobody has set up logging.
    """
    if not is_warm():
        text = "Compiling the simulation's loops for this machine: once, about a minute, longer on a busy machine ..."
        logging.getLogger(LOGGER).warning(text)
