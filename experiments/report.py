"""Show me a result again, as one page.

    platform-lab report
    platform-lab report outputs/compare/commission_cap-town-0123456789

Writes one self-contained HTML file, readable offline, into the result's folder; without a name, for the newest result.
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments import _store
from sim.errors import PlatformLabError


def main(words: list[str], extra: Path | None = None) -> None:
    """Write the page and say where it is."""
    from analysis.report.page import write_report

    last = _store.output_folder() / "last"
    if words:
        folder = Path(words[0])
    elif last.exists():
        folder = Path(last.read_text().strip())
    else:
        raise PlatformLabError(
            "there is no result yet; make one, for example: platform-lab compare policy=commission_cap population=town"
        )
    print(f"Report: {write_report(folder)}")


if __name__ == "__main__":
    from experiments.cli import main as cli

    cli(["report", *sys.argv[1:]])
