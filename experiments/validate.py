"""Does the laboratory reproduce what theory proves and what was measured, and do agents match the mean-field model?

    platform-lab validate                            theory and evidence
    platform-lab validate theory --quick
    platform-lab validate evidence case=waterbed_curve runner.n_workers=1
    platform-lab validate case=my_case.yaml
    platform-lab validate mine --config-dir DIR      every file of DIR/validation/mine/

Suite `theory` tests parts of the model against results that are known exactly or were published. Suite `evidence`
tests the economy against findings of field studies: a commission cut and how much of it platforms win back (waterbed),
pay floors with and without rationing, fares under open entry. Suite `mean_field` compares agents with the mean-field
model and takes most of an hour on one core; it runs only when it is named, or with `all`. Suite `example` shows how to
write a case.

`case=NAME` runs one case of any suite, `case=FILE.yaml` one of your own (docs/validation.md says how to write it).
`--quick` or `quick=true` runs every case at its smaller size and judges it by its wider bands.

Writes table.csv, report.html, page.md, cases.json, figures.json and record.json under outputs/validate/. Verdicts:
`pass`, `miss`, and `shown` where there is no target. A case that already has a result is not computed again, nor is a
run.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.results import answering
from experiments.terminal.tables import show_table

FLAGS = {"--quick": "quick=true"}
"""Options of this verb and what each stands for."""


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Carry out cases, print, keep."""
    from analysis.report.validation import summary
    from experiments.validation import carrying_out, keeping, options

    started = answering.now()
    asked = options.ask(overrides, extra)
    kept = keeping.keep(asked, carrying_out.carry_out(asked), started)
    for case in kept.cases:
        _show(case)
    print(f"\n{summary(kept.cases, kept.record['failed'])}")
    print(f"\nResult: {kept.folder}\nReport: {kept.folder / 'report.html'}")


def _show(case: Mapping[str, Any]) -> None:
    from analysis.report.validation import cells

    judged = [row for row in case["rows"] if row["verdict"] != "shown"]
    shown = judged or case["rows"]
    heads = ["quantity", "unit", "fact", "accepted", "simulated", "95% interval", "verdict"]
    print()
    show_table(case["name"], heads, [[*cells(row), row["verdict"]] for row in shown], 130)
    if len(shown) < len(case["rows"]):
        print(f"{len(case['rows']) - len(shown)} more quantities are shown in the files")
