"""Carry out many runs on all cores; workers write their own results, so a stopped request can go on."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from experiments import _store
from experiments._build import Runner
from sim.errors import PlatformLabError
from sim.scenario import Scenario


@dataclass(frozen=True)
class Outcome:
    """What became of a request's runs."""

    n_done: int
    n_cached: int
    failed: dict[str, str]
    """Error by run name."""
    seconds: float


def carry_out(scenarios: list[Scenario], runner: Runner, what: str) -> Outcome:
    """Run every scenario that has no result yet; identical ones once."""
    started = time.time()
    wanted = {_store.run_name(s): s for s in scenarios}
    waiting = {name: s for name, s in wanted.items() if not _store.has_run(s)}
    failed: dict[str, str] = {}
    if waiting:
        weeks = sum(s.population.n_consumers * s.horizon.n_weeks for s in waiting.values())
        kernels = warm(runner, weeks)
        for name, error in _each(list(waiting.items()), runner, kernels, what):
            if error:
                failed[name] = error
    return Outcome(len(waiting) - len(failed), len(wanted) - len(waiting), failed, time.time() - started)


def warm(runner: Runner, consumer_weeks: int) -> str:
    """Compile once before workers start, where compiling pays; returns the kernels that workers use."""
    if runner.kernels != "auto":
        return runner.kernels
    from sim.kernels.engine import CompiledEngine, choose_engine

    return "compiled" if isinstance(choose_engine("auto", 1, consumer_weeks), CompiledEngine) else "plain"


def _each(tasks: list[tuple[str, Scenario]], runner: Runner, kernels: str, what: str) -> Iterator[tuple[str, str]]:
    import joblib
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    n_workers = min(runner.n_workers or max(1, (os.cpu_count() or 1) // runner.n_threads), len(tasks))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    if kernels == "compiled":
        _compile(tasks[0][1])
    jobs = (joblib.delayed(run_and_keep)(name, scenario, runner.n_threads, kernels) for name, scenario in tasks)
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(what, total=len(tasks))
        results: Any = joblib.Parallel(n_jobs=n_workers, return_as="generator_unordered")(jobs)
        for done in results:
            progress.advance(bar)
            yield done


def _compile(scenario: Scenario) -> None:
    """Fill the cache of compiled kernels, or find it full: one week of the smallest economy of this kind."""
    import dataclasses

    from sim.model import PlatformEconomy

    tiny = dataclasses.replace(scenario, population=dataclasses.replace(scenario.population, n_consumers=64, n_zones=1))
    PlatformEconomy(tiny, kernels="compiled").step()


def run_and_keep(name: str, scenario: Scenario, n_threads: int, kernels: str) -> tuple[str, str]:
    """One run in a worker: result written here, error returned as text and recorded."""
    try:
        weekly, moments, seconds = run(scenario, n_threads, kernels)
        metadata: dict[str, Any] = {
            "moments": moments,
            "seconds": seconds,
            "scenario": scenario.to_dict(),
            "code": _store.code_version(),
        }
        _store.write_table(_store.run_path(scenario), weekly, metadata)
    except PlatformLabError as error:
        return name, str(error)
    except Exception as error:  # a failed run is a recorded result, never a lost sweep
        text = "".join(traceback.format_exception(error))
        _store.write_json(
            _store.output_folder() / "runs" / f"{name}.failed.json",
            {"scenario": scenario.to_dict(), "error": text},
        )
        return name, f"{type(error).__name__}: {error}"
    return name, ""


def run(scenario: Scenario, n_threads: int, kernels: str) -> tuple[Any, dict[str, float], dict[str, float]]:
    """Weekly metrics as a frame, moments, and seconds by phase."""
    import pandas as pd

    from sim.model import PlatformEconomy

    model = PlatformEconomy(scenario, n_threads=n_threads, kernels=kernels)  # pyright: ignore[reportArgumentType]
    model.run_all()
    return pd.DataFrame(model.weekly), model.moments, model.seconds
