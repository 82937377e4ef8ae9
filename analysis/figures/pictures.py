"""Figures as PNG and SVG files, drawn by a browser on this computer that loads nothing from anywhere."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import PlatformLabError

if TYPE_CHECKING:
    import plotly.graph_objects as go

WIDTH = 1000
"""Pixels of a picture of a wide figure."""
SCALES = {"png": 2.0, "svg": 1.0}
GROUND = "#FFFFFF"
WANTED = (
    "no pictures were written\n"
    "  why:     pictures are drawn by Chromium or Chrome, and none was found\n"
    "  allowed: a browser on the path, or the one that BROWSER_PATH names\n"
    "  do:      install one, for example with `apt install chromium` or `plotly_get_chrome`, and say the same again"
)


class NoBrowser(PlatformLabError):
    """Pictures are drawn by Chromium, and there is none."""


def draw(figures: Mapping[Path, go.Figure], *, width: int = WIDTH, scales: Mapping[str, float] = SCALES) -> list[Path]:
    """Draw figures with title and note on white, each to its path (`.png` or `.svg`), and return the paths.

    All are drawn into a folder beside the first and moved when all are there, so that no half picture is left.
    `scales` are pixels of a file for one of the figure. Raises `NoBrowser`.
    """
    import kaleido
    from kaleido.errors import ChromeNotFoundError

    if not figures:
        return []
    folder = next(iter(figures)).parent
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".pictures-", dir=folder) as waiting:
        asked = []
        for path, figure in figures.items():
            kind = path.suffix.removeprefix(".")
            plain = figure.to_dict()
            plain["layout"]["paper_bgcolor"] = GROUND
            how = {"format": kind, "width": width, "height": figure.layout.height, "scale": scales[kind]}
            asked.append({"fig": plain, "path": Path(waiting) / path.name, "opts": how})
        try:
            kaleido.write_fig_from_object_sync(asked, kopts={"mathjax": False})
        except ChromeNotFoundError:
            raise NoBrowser(WANTED) from None
        return [Path(one["path"]).replace(path) for one, path in zip(asked, figures, strict=True)]
