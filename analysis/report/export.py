"""Every figure of a result as PNG and SVG files, and the numbers behind each as CSV."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from analysis.figures import pictures
from analysis.report import panels as shown
from analysis.report.panels import Panel
from analysis.result import Result


def all_panels(result: Result) -> list[Panel]:
    """Every figure of a result's page, and the evidence as a table."""
    return [*(p for group in shown.of_result(result).values() for p in group), *shown.evidence_panels(result)]


def export_data(panels: Sequence[Panel], folder: Path) -> list[Path]:
    """The numbers behind figures, a CSV file each; a file appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    return [write_whole(folder / f"{_file_name(panel)}.csv", csv_of(panel).encode()) for panel in panels]


def export_pictures(panels: Sequence[Panel], folder: Path) -> list[Path]:
    """Figures as drawn for a wide page, as PNG and as SVG; raises `analysis.figures.pictures.NoBrowser`."""
    wanted = {folder / f"{_file_name(panel)}.{kind}": panel.wide for panel in panels for kind in pictures.SCALES}
    return pictures.draw(wanted)


def csv_of(panel: Panel) -> str:
    """The numbers behind a figure."""
    return panel.data.to_csv(index=False, float_format="%.8g")


def _file_name(panel: Panel) -> str:
    return re.sub(r"[^\w-]", "_", panel.name)


def write_whole(target: Path, content: bytes) -> Path:
    """Write a file that appears whole or not at all, and return where it is."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return target
