"""Results that are there already: load one, show one, ask all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from platform_lab.answers import Answer, Calibration, Run, Validation, opened

if TYPE_CHECKING:
    import pandas as pd


def load(folder: str | Path) -> Answer | Run | Calibration | Validation:
    """The result in a folder, as whoever asked for it got it.

    Raises `PlatformLabError` where the folder holds no result, or not a whole one.
    """
    return opened(folder)


def report(folder: str | Path | None = None, *, export: str | Path | None = None) -> Path:
    """Write the page of a result, of the newest comparison or sweep where none is named; returns where it is.

    `export` is a folder for every figure of the page as PNG and SVG, and for the numbers behind it as CSV; pictures are
    drawn by a browser (Chromium or Chrome). Raises `PlatformLabError` where there is no result or no browser.
    """
    from experiments import report as verb

    return verb.compute(Path(folder) if folder is not None else None, Path(export) if export is not None else None)


def query(sql: str, folder: str | Path | None = None) -> pd.DataFrame:
    """The answer of an SQL query (DuckDB) to all finished runs, whichever question they were made for.

    There are two tables. `runs` has a row a run: `run`, `sector`, `rules`, `is_stale` (made by other code), a column
    for every dotted key of its scenario (`"policy.commission_cap.ceiling"`, in quotes), and `moment.*`. `weekly` has a
    row a `run` and `week` and a column a metric. `folder` is where runs lie, by default those of the output folder.

    Raises `PlatformLabError`, in the database's words, for what cannot be answered, and where no run is finished.
    """
    from experiments.storage import query as runs

    return runs.ask(sql, folder)
