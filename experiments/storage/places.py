"""Where results lie: the folder of all, the folder of one, and which was the last."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from experiments.request import naming
from experiments.storage.writing import write_whole
from sim.snapshot import code_version as code_version

OUTPUTS = "PLATFORM_LAB_OUTPUTS"
"""Environment variable that names the folder of results."""


def output_folder() -> Path:
    """Where results go: `PLATFORM_LAB_OUTPUTS`, or outputs/ here."""
    return Path(os.environ.get(OUTPUTS, "outputs"))


def result_folder(verb: str, name: str, digest: str) -> Path:
    """Folder of a result: outputs/<verb>/<name>-<digest>."""
    return output_folder() / verb / f"{naming.checked(name)}-{digest[:10]}"


def results() -> list[dict[str, Any]]:
    """Every result in the output folder, the newest last; stale ones were made by other code."""
    found = []
    for path in sorted(output_folder().glob("*/*/record.json"), key=lambda p: p.stat().st_mtime):
        record = json.loads(path.read_text("utf-8"))
        is_stale = record["code_version"] != code_version()
        about = {key: record[key] for key in ("verb", "title", "n_replicates")}
        found.append({"folder": str(path.parent), "made": record["started"], **about, "is_stale": is_stale})
    return found


def remember_last(folder: Path) -> None:
    """So that `report` without a name shows the newest result."""
    write_whole(output_folder() / "last", f"{folder}\n".encode())
