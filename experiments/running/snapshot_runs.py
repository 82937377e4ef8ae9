"""Runs that leave a snapshot or continue from one: what the command line may ask, and how it is done."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.request.snapshot_options import SnapshotOptions
from experiments.storage import run_store
from experiments.terminal import meanwhile
from sim.errors import Problem, RefusedScenario
from sim.scenario import Scenario
from sim.snapshot import Snapshot, refuse_another_past, write

if TYPE_CHECKING:
    from experiments.request.request import Request, Runner


def carry_out(request: Request, scenario: Scenario) -> tuple[Any, dict[str, Any], Snapshot | None]:
    """One run with snapshots: its weeks as a frame, its metadata, and what was kept for a file.

    A run from the start is kept as any other. One that continues from a file is not stored with the others: a file
    may not be what it claims to be.
    """
    import pandas as pd
    from rich.console import Console
    from rich.progress import track

    options, n_weeks = request.snapshots, scenario.horizon.n_weeks
    first = options.past.week if options.past else 0
    if options.past is not None:
        refuse_another_past(options.past, scenario)
    if options.week is not None and not max(first, 1) <= options.week <= n_weeks:
        why = f"the run covers weeks {first + 1} to {n_weeks}"
        problem = Problem(f"snapshot_week={options.week}", why, f"{max(first, 1)} to {n_weeks}", "choose one of these")
        raise RefusedScenario([problem])
    model, kept = _begin(scenario, options, request.asking.runner), None
    for _ in track(range(first, n_weeks), "run: weeks", console=Console(file=meanwhile.stream())):
        kept = model.snapshot() if model.world.week == options.week else kept
        model.step()
    kept = model.snapshot() if model.world.week == options.week else kept
    if options.past is None:
        run_store.keep(scenario, model, ["begun by run"], with_agents=False)
    return pd.DataFrame(model.weekly), {"moments": model.moments, "seconds": model.seconds}, kept


def _begin(scenario: Scenario, options: SnapshotOptions, runner: Runner) -> Any:
    from experiments.running import execution
    from sim.model import PlatformEconomy

    weeks = scenario.population.n_consumers * scenario.horizon.n_weeks
    how: Any = {"n_threads": runner.n_threads, "kernels": execution.warm(runner, weeks)}
    return PlatformEconomy.resume(options.past, scenario, **how) if options.past else PlatformEconomy(scenario, **how)


def address(request: Request, scenario: Scenario) -> str:
    """Address of the result: a run that continued from a file has its own."""
    name, path = run_store.run_name(scenario), request.snapshots.path
    if path is None:
        return name
    return hashlib.sha256(f"{name}-{sha_of(path)}".encode()).hexdigest()[:24]


def sha_of(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def keep(folder: Path, kept: Snapshot) -> Path:
    """Write a snapshot into a result folder."""
    path = folder / f"snapshot-week-{kept.week}.npz"
    write(kept, path)
    return path
