"""Versions of the code that makes runs, and of the code that makes answers of them."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path

from sim.snapshot import as_written
from sim.snapshot import code_version as code_version

ANSWERING = (".py", ".css", ".js", ".j2")


@functools.cache
def answer_version() -> str:
    """Digest of the code that makes answers of runs: another one makes them anew."""
    home = Path(__file__).parents[2]
    files = sorted(p for part in ("experiments", "analysis") for p in (home / part).rglob("*") if p.suffix in ANSWERING)
    found = hashlib.sha256()
    for path in files:
        found.update(path.relative_to(home).as_posix().encode() + b"\0" + as_written(path.read_bytes()))
    return found.hexdigest()


def is_stale(record: Path) -> bool:
    """Whether a result, by its record, was made by another version of the code; False where nobody can read it."""
    try:
        return json.loads(record.read_text("utf-8")).get("code_version") != code_version()
    except (OSError, ValueError):
        return False
