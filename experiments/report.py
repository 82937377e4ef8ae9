"""Show me a result again, as one page.

    platform-lab report
    platform-lab report outputs/compare/commission_cap-town-0123456789
    platform-lab report outputs/compare/commission_cap-town-0123456789 --export pictures

Writes one self-contained HTML file, readable offline, into the result's folder; without a name, for the newest result.

--export DIR writes every figure of the page into DIR as well, as PNG and SVG, with the numbers behind it as CSV.
Pictures are drawn by a browser (Chromium or Chrome); without one the CSV files are written all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from experiments.storage import places
from sim.errors import PlatformLabError, Problem, RefusedScenario

EXPORT = "--export"
OPTIONS = {EXPORT: "DIR"}
"""Options with a value, and what it is called."""


def main(words: list[str], extra: Path | None = None) -> None:
    """Write the page and what is to be exported, and print where they are."""
    wanted = [word.removeprefix(f"{EXPORT}=") for word in words if word.startswith(f"{EXPORT}=")]
    names = [word for word in words if not word.startswith(f"{EXPORT}=")]
    if len(names) > 1:
        raise RefusedScenario(
            [Problem(f"report {' '.join(names)}", "one page shows one result", "one folder", "run it once for each")]
        )
    compute(Path(names[0]) if names else None, Path(wanted[-1]) if wanted else None, print)


def compute(folder: Path | None, target: Path | None, say: Callable[[str], None] = lambda text: None) -> Path:
    """Write the page of a result, the newest where none is named, and its figures where a folder for them is.

    Returns the page. Raises `RefusedScenario`, `UnreadableResult` and `PlatformLabError`.
    """
    from experiments.results.reporting import write_report
    from experiments.storage import checksums

    if target is not None and target.exists() and not target.is_dir():
        raise RefusedScenario(
            [Problem(f"{EXPORT} {target}", "there is a file of this name", "a folder, new or existing", "name another")]
        )
    folder = folder or newest()
    page = write_report(folder)
    if not checksums.verified(folder).has_checksums:
        say(f"Result: {checksums.UNVERIFIED}")
    say(f"Report: {page}")
    if target is not None:
        _export(folder, target, say)
    return page


def newest() -> Path:
    """The folder of the newest comparison or sweep; raises `PlatformLabError` where there is none."""
    if (last := places.last()) is not None:
        return last
    raise PlatformLabError(
        "there is no result yet; make one, for example: platform-lab compare policy=commission_cap population=town"
    )


def _export(folder: Path, target: Path, say: Callable[[str], None]) -> None:
    """Data first, which need no browser; then pictures."""
    from analysis.report import export
    from experiments.storage.results import load_result

    panels = export.all_panels(load_result(folder))
    try:
        data = export.export_data(panels, target)
        say(f"Data:   {len(data)} CSV files in {target}")
        drawn = export.export_pictures(panels, target)
    except OSError as error:
        raise PlatformLabError(f"{target} cannot be written to: {error}") from error
    n = len(drawn) // 2
    say(f"Figures: {n} as PNG and as SVG in {target}")
