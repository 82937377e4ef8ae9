"""Write the report of a result into its folder, or elsewhere."""

from __future__ import annotations

from pathlib import Path

from analysis.report.page import render
from experiments.storage import checksums
from experiments.storage.results import load_result
from experiments.storage.writing import write_whole
from experiments.terminal import meanwhile

PAGE = "report.html"


def write_report(folder: str | Path, target: str | Path | None = None, *, is_new: bool = False) -> Path:
    """Write the report of a result folder, by default to `report.html` in it, and return where it is.

    The file appears whole or not at all. A page that is there and damaged is made anew, which is said. `is_new` is for
    who is writing the result, which has no checksums yet. Raises `UnreadableResult` when the folder holds no result.
    """
    is_own = target is None
    result = load_result(folder, but=(PAGE,) if is_own else (), is_verified=not is_new)
    target = Path(target) if target is not None else result.folder / PAGE
    if is_own and not is_new and not checksums.is_as_written(target) and target.exists():
        meanwhile.note(f"Not what was written, made anew: {target}")
    write_whole(target, render(result).encode())
    if is_own and not is_new:
        checksums.renew(result.folder, PAGE)
    return target
