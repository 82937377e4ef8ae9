"""Write the report of a result into its folder, or elsewhere."""

from __future__ import annotations

from pathlib import Path

from analysis.report.page import render
from experiments.storage.results import load_result
from experiments.storage.writing import write_whole


def write_report(folder: str | Path, target: str | Path | None = None) -> Path:
    """Write the report of a result folder, by default to `report.html` in it, and return where it is.

    The file appears whole or not at all. Raises `UnreadableResult` when the folder holds no result.
    """
    result = load_result(folder)
    target = Path(target) if target is not None else result.folder / "report.html"
    write_whole(target, render(result).encode())
    return target
