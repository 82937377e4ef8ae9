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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments.request import build, labels, refusals
from experiments.request.request import Request
from experiments.results import records, stopping
from experiments.results.moments import moment_table
from experiments.running import assumption_draws, execution, snapshot_runs
from experiments.storage import places, run_store, writing
from sim.errors import PlatformLabError
from sim.scenario import Scenario
from sim.snapshot import Snapshot


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Run, print, keep."""
    started = datetime.now(UTC)
    request = build.ask(overrides, extra)
    refusals.refuse_preview(request, "run")
    refusals.refuse_sweep(request, "run")
    assumption_draws.refuse_elsewhere(request, "run")
    stopping.refuse_elsewhere(request, "run")
    scenario = request.scenarios[0]
    weekly, metadata, kept = _numbers(request, scenario)
    name = snapshot_runs.address(request, scenario)
    folder = places.result_folder("run", request.asking.name or labels.default_name(request), name)
    summary = summarise(weekly, scenario.first_policy_week, scenario.sector.currency)
    moments = moment_table(scenario.sector, [metadata["moments"]])
    writing.write_table(folder / "weekly.parquet", weekly)
    writing.write_table(folder / "summary.parquet", summary)
    writing.write_table(folder / "moments.parquet", moments)
    writing.write_config(folder, request)
    more: dict[str, Any] = {"n_replicates": 1, "seeds": [scenario.seed], "seconds_by_phase": metadata["seconds"]}
    options, text = request.snapshots, f"\nResult: {folder}\n"
    if options.path is not None and options.past is not None:
        more["from_snapshot"] = {
            "file": str(options.path),
            "week": options.past.week,
            "sha256": snapshot_runs.sha_of(options.path),
        }
    following = ["compare", "policy=[commission_cap]", f"population={scenario.population.name}"]
    if kept is not None:
        path = snapshot_runs.keep(folder, kept)
        more["snapshot"] = {"file": path.name, "week": kept.week, "sha256": snapshot_runs.sha_of(path)}
        text += f"Snapshot: {path} (after week {kept.week})\n"
        following = ["run", f"from_snapshot={path}", "policy=[commission_cap]"]
    writing.write_json(folder / "record.json", records.record("run", request, name, started, **more))
    show(summary, moments)
    print(f"{text}Next: {shlex.join(['platform-lab', *following])}")


def _numbers(request: Request, scenario: Scenario) -> tuple[Any, dict[str, Any], Snapshot | None]:
    """Weeks, metadata and, if one was asked for, a snapshot of the run: computed, or found if it was run before."""
    if request.snapshots:
        return snapshot_runs.carry_out(request, scenario)
    outcome = execution.carry_out([scenario], request.asking.runner, "run")
    if outcome.failed:
        raise PlatformLabError(next(iter(outcome.failed.values())))
    return *run_store.all_runs().read(run_store.run_name(scenario)), None


def summarise(weekly: Any, policy_week: int, currency: str) -> Any:
    """Mean of every metric before the policy week and from it on, as a frame."""
    import pandas as pd

    from sim.metrics.registry import REGISTRY

    before, after = weekly[weekly["week"] < policy_week], weekly[weekly["week"] >= policy_week]
    return pd.DataFrame(
        [
            {
                "metric": m.name,
                "title": m.title,
                "party": m.party,
                "unit": m.unit.format(currency=currency),
                "before_policy_week": before[m.name].mean(),
                "from_policy_week": after[m.name].mean(),
            }
            for m in REGISTRY.values()
        ]
    )


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
