"""One run of one scenario: carried out or found, summed up and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from experiments.request import labels
from experiments.request.request import Request
from experiments.results import records
from experiments.results.moments import moment_table
from experiments.running import execution, snapshot_runs
from experiments.storage import checksums, places, run_store, writing
from sim.errors import PlatformLabError
from sim.scenario import Scenario
from sim.snapshot import Snapshot


@dataclass(frozen=True)
class SingleRun:
    """What one run left, as frames and as files in a folder."""

    folder: Path
    weekly: Any
    """A row a week, a column a metric."""
    summary: Any
    """A row a metric: its mean week before the policy week and from it on."""
    moments: Any
    snapshot: Path | None
    """The file with the market as it stood after a week, if one was asked for."""
    snapshot_week: int | None


def answer(request: Request, started: datetime) -> SingleRun:
    """Run the request's scenario, or find that it was run, and keep the result; raises `PlatformLabError`."""
    scenario = request.scenarios[0]
    weekly, metadata, kept = _numbers(request, scenario)
    name = snapshot_runs.address(request, scenario)
    folder = places.result_folder("run", request.asking.name or labels.default_name(request), name)
    summary = summarise(weekly, scenario.first_policy_week, scenario.sector.currency)
    moments = moment_table(scenario.sector, [metadata["moments"]])
    checksums.begin(folder)
    writing.write_table(folder / "weekly.parquet", weekly)
    writing.write_table(folder / "summary.parquet", summary)
    writing.write_table(folder / "moments.parquet", moments)
    writing.write_config(folder, request)
    more: dict[str, Any] = {"n_replicates": 1, "seeds": [scenario.seed], "seconds_by_phase": metadata["seconds"]}
    options = request.snapshots
    if options.path is not None and options.past is not None:
        sha = snapshot_runs.sha_of(options.path)
        more["from_snapshot"] = {"file": str(options.path), "week": options.past.week, "sha256": sha}
    path = None
    if kept is not None:
        path = snapshot_runs.keep(folder, kept)
        more["snapshot"] = {"file": path.name, "week": kept.week, "sha256": snapshot_runs.sha_of(path)}
    writing.write_json(folder / "record.json", records.record("run", request, name, started, **more))
    tables = ("weekly.parquet", "summary.parquet", "moments.parquet")
    checksums.finish(folder, [*tables, "config.yaml", "record.json", *([path.name] if path is not None else [])])
    return SingleRun(folder, weekly, summary, moments, path, kept.week if kept else None)


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
