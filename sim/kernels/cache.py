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


def say_if_cold() -> None:
    """Say that loops are about to be compiled, which may take minutes on a busy machine: on standard error.

    A warning, because Python shows these wherever nobody has set up logging.
    """
    if not is_warm():
        text = "Compiling the simulation's loops for this machine: once, about a minute, longer on a busy machine ..."
        logging.getLogger(LOGGER).warning(text)
