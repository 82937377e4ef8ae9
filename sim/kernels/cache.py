"""Where compiled code lies; asking does not import numba.

The folder's name is a hash of every kernel source: numba alone would reuse stale code after an edit in another file.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from importlib.metadata import version
from pathlib import Path


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
