"""Compiled loops. Import only when they are wanted: numba takes half a second, a cold compilation several.

The cache lies under a hash of every kernel source: numba alone would reuse stale code after an edit in another file.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import numba


def cache_folder() -> Path:
    """Folder of compiled code for exactly these sources, this numba and this Python; made if missing."""
    digest = hashlib.sha256(f"{numba.__version__}".encode())
    for source in sorted(Path(__file__).parent.parent.rglob("*.py")):
        digest.update(source.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "platform-lab" / f"kernels-{digest.hexdigest()[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"platform-lab-{os.getuid()}" / folder.name
        folder.mkdir(parents=True, exist_ok=True)
    return folder


numba.config.CACHE_DIR = str(cache_folder())  # pyright: ignore[reportAttributeAccessIssue]
