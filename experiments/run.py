"""What happens in this scenario?

    platform-lab run population=town
    platform-lab run sector=food_delivery 'policy=[commission_cap]' policy.commission_cap.ceiling=0.1 seed=7
    platform-lab run population=town snapshot_week=78
    platform-lab run from_snapshot=outputs/run/no_policy-town-0123456789/snapshot-week-78.npz 'policy=[commission_cap]'

One run of one scenario. Writes weekly metrics (weekly.parquet), their means before and under the policy
(summary.parquet), the market's moments (moments.parquet), the configuration and a record under outputs/run/.

With snapshot_week the state of the market after that week is also kept in a file. With from_snapshot a run continues
from such a file, with the same results as a run from the start: settings that you do not name are those of the
snapshot, rules start in a later week, and settings that would have changed the past are refused.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from experiments.request import build, refusals, suggestions
from experiments.request.request import Request
from experiments.results import answering, single_run, stopping
from experiments.running import assumption_draws
from experiments.terminal import meanwhile


def ask(overrides: list[str], extra: Path | None = None) -> Request:
    """What is run; raises `RefusedScenario` for what cannot be."""
    request = build.ask(overrides, extra)
    refusals.refuse_preview(request, "run")
    refusals.refuse_sweep(request, "run")
    refusals.refuse_replicates(request, "run")
    assumption_draws.refuse_elsewhere(request, "run")
    stopping.refuse_elsewhere(request, "run")
    return request


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Run, print, keep."""
    started = answering.now()
    request = ask(overrides, extra)
    meanwhile.notes(request.notes)
    found = single_run.answer(request, started)
    show(found.summary, found.moments)
    text, following = f"\nResult: {found.folder}\n", suggestions.with_a_policy(request)
    if found.snapshot is not None:
        text += f"Snapshot: {found.snapshot} (after week {found.snapshot_week})\n"
        following = shlex.join(
            [suggestions.program(), "run", f"from_snapshot={found.snapshot}", "policy=commission_cap"]
        )
    print(f"{text}Next: {following}")


def show(summary: Any, moments: Any) -> None:
    """Print the headline numbers and the moment table."""
    from experiments.terminal.tables import number, show_moments, show_table

    show_table(
        "Mean week",
        ["", "before", "after", "unit"],
        [
            [row.title, number(row.before_policy_week), number(row.from_policy_week), row.unit]
            for row in summary.itertuples()
            if row.party != "flows"
        ],
    )
    show_moments(moments)
