"""Make the gallery: a page and a picture for every figure, from a few small experiments.

    python -m experiments.gallery

Runs the experiments that are not there yet (about ten minutes on two cores), draws every figure of
`analysis.figures.catalogue` with the lines of code that its page shows, and writes `docs/gallery/`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.figures.small_pictures import with_palette
from experiments import report
from experiments.catalogue import figure_pages
from experiments.results import answering
from experiments.storage import writing
from experiments.trajectories import recording
from experiments.validation import carrying_out, keeping, options

GALLERY = Path(__file__).resolve().parents[1] / "docs" / "gallery"
TOWN = "population=town"
BOTH = ("policy=[commission_cap,minimum_pay]", TOWN, "horizon=one_year", "replicates=2")
ASKED: dict[str, tuple[str, ...]] = {
    "comparison": ("compare", "policy=commission_cap", TOWN, "replicates=4", "uncertainty=strategies"),
    "law": ("compare", "policy=opinions_2021_core", TOWN, "horizon=one_year", "replicates=3"),
    "curve": ("sweep", "experiment=commission_cap_heights", TOWN, "replicates=2"),
    "grid": (
        "sweep",
        *BOTH,
        "policy.commission_cap.ceiling=0.12,0.09,0.06",
        "policy.minimum_pay.floor=15,20,25",
    ),
    "one at a time": (
        "sweep",
        *BOTH,
        "policy.commission_cap.ceiling=0.09,0.12,0.06",
        "policy.minimum_pay.floor=20,15,25",
        "design=one_at_a_time",
    ),
    "draws": (
        "compare",
        "policy=commission_cap",
        TOWN,
        "horizon=one_year",
        "replicates=24",
        "uncertainty=assumptions",
    ),
    "watched": ("compare", "policy=commission_cap", TOWN, "platforms=fixed", "replicates=6"),
    "theory": ("validate", "theory", "quick=true"),
}
"""Kind of result (`analysis.figures.catalogue`): verb and words that make it."""


def main() -> None:
    """Run what is missing, draw everything, write pages and pictures, and remove pages of figures that are gone."""
    from analysis.figures.catalogue import CATALOGUE
    from experiments.storage.results import ResultFolder

    folders = {kind: _result(*asked) for kind, asked in ASKED.items()}
    recording.record(folders["watched"], 0)
    figures = {one.name: one.make(ResultFolder(folders[one.kind])) for one in CATALOGUE}
    GALLERY.mkdir(parents=True, exist_ok=True)
    _pictures(figures)
    pages = {
        one.name: figure_pages.page(one, str(figures[one.name].layout.meta["finding"]), ASKED[one.kind])
        for one in CATALOGUE
    }
    for path in GALLERY.iterdir():
        if path.stem not in {*pages, "README"}:
            path.unlink()
    for name, text in {**pages, "README": figure_pages.overview(CATALOGUE)}.items():
        writing.write_whole(GALLERY / f"{name}.md", text.encode())
    print(f"Gallery: {len(pages)} figures in {GALLERY}")


def _result(verb: str, *words: str) -> Path:
    """The folder of an experiment's result, run if it is not there."""
    if verb == "validate":
        started, asked = answering.now(), options.ask(list(words))
        return keeping.keep(asked, carrying_out.carry_out(asked), started).folder
    importlib.import_module(f"{__package__}.{verb}").main(list(words))
    return report.newest()


def _pictures(figures: Mapping[str, Any]) -> None:
    from analysis.figures import pictures

    paths = {GALLERY / f"{name}.png": figure for name, figure in figures.items()}
    for path in pictures.draw(paths, scales={"png": 1.0}):
        writing.write_whole(path, with_palette(path.read_bytes()))


if __name__ == "__main__":
    main() if sys.argv[1:] == [] else print((__doc__ or "").strip())
