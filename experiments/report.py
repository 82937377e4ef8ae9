"""Show me a result again, as one page.

    platform-lab report
    platform-lab report outputs/compare/commission_cap-town-0123456789
    platform-lab report outputs/compare/commission_cap-town-0123456789 --export pictures

Writes one self-contained HTML file, readable offline, into the result's folder; without a name, for the newest result.

--export DIR writes every figure of the page into DIR as well, as PNG and SVG, with the numbers behind it as CSV.
Pictures are drawn by a browser (Chromium or Chrome); without one the CSV files are written all the same.
"""

from __future__ import annotations

from pathlib import Path

from experiments.storage import places
from sim.errors import PlatformLabError, Problem, RefusedScenario

EXPORT = "--export"
OPTIONS = {EXPORT: "DIR"}
"""Options with a value, and what it is called."""


def main(words: list[str], extra: Path | None = None) -> None:
    """Write the page and what is to be exported, and print where they are."""
    from experiments.results.reporting import write_report

    wanted = [word.removeprefix(f"{EXPORT}=") for word in words if word.startswith(f"{EXPORT}=")]
    names = [word for word in words if not word.startswith(f"{EXPORT}=")]
    if len(names) > 1:
        raise RefusedScenario(
            [Problem(f"report {' '.join(names)}", "one page shows one result", "one folder", "run it once for each")]
        )
    target = Path(wanted[-1]) if wanted else None
    if target is not None and target.exists() and not target.is_dir():
        raise RefusedScenario(
            [Problem(f"{EXPORT} {target}", "there is a file of this name", "a folder, new or existing", "name another")]
        )
    folder = _folder(names)
    print(f"Report: {write_report(folder)}")
    if target is not None:
        _export(folder, target)


def _folder(names: list[str]) -> Path:
    """The result's folder that is named, or the newest."""
    last = places.output_folder() / "last"
    if names:
        return Path(names[0])
    if last.exists():
        return Path(last.read_text().strip())
    raise PlatformLabError(
        "there is no result yet; make one, for example: platform-lab compare policy=commission_cap population=town"
    )


def _export(folder: Path, target: Path) -> None:
    """Data first, which need no browser; then pictures."""
    from analysis.report import export
    from experiments.storage.results import load_result

    panels = export.all_panels(load_result(folder))
    try:
        data = export.export_data(panels, target)
        print(f"Data:   {len(data)} CSV files in {target}")
        drawn = export.export_pictures(panels, target)
    except OSError as error:
        raise PlatformLabError(f"{target} cannot be written to: {error}") from error
    n = len(drawn) // 2
    print(f"Figures: {n} as PNG and as SVG in {target}")
