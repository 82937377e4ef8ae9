"""Where results lie: the folder of all, the folder of one, and which was the last."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from experiments.request import naming
from experiments.storage import checksums
from experiments.storage.writing import ReadOnlyStore, write_whole
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
    """Every result in the output folder, the newest last; stale ones were made by other code.

    `state` is empty for a result that is as it was written; else it says what is damaged, that it was not finished, or
    that it is of an earlier version and cannot be verified. What a damaged record does not say is empty.
    """
    paths = [path for path in output_folder().glob("*/*/record.json") if path.is_file()]
    return [_row(path.parent) for path in sorted(paths, key=lambda path: path.stat().st_mtime)]


def _row(folder: Path) -> dict[str, Any]:
    state = checksums.verified(folder).text
    try:
        record = json.loads((folder / "record.json").read_text("utf-8"))
        about = {key: record[key] for key in ("verb", "title", "n_replicates")}
        made, is_stale = str(record["started"]), record["code_version"] != code_version()
    except (OSError, ValueError, KeyError, TypeError):
        about, made, is_stale = {"verb": folder.parent.name, "title": "", "n_replicates": 0}, "", False
        if "record.json" not in state:
            state = "record.json is damaged"
    return {"folder": str(folder), "made": made, **about, "is_stale": is_stale, "state": state}


def remember_last(folder: Path) -> None:
    """So that `report` without a name shows the newest result; by its place below the output folder, which may move.

    A store that cannot be written is left as it is: the result is there all the same.
    """
    with contextlib.suppress(ReadOnlyStore):
        write_whole(output_folder() / "last", f"{folder.parent.name}/{folder.name}\n".encode())


def last() -> Path | None:
    """The folder of the newest comparison or sweep; None where there is none.

    Only what lies in the output folder counts: an entry of an earlier version may name a place elsewhere.
    """
    home = output_folder()
    try:
        verb, name = Path((home / "last").read_text("utf-8").strip()).parts[-2:]
        if (home / verb / name).is_dir():
            return home / verb / name
    except (OSError, ValueError):
        pass  # no such entry, or a damaged one
    made = [row for row in results() if row["verb"] in ("compare", "sweep") and row["made"]]
    known = [Path(row["folder"]) for row in sorted(made, key=lambda row: row["made"])]
    return next((folder for folder in reversed(known) if folder.parent.name in ("compare", "sweep")), None)
