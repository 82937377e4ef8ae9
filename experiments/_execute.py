"""Carry out many runs on all cores; workers write their own results, so a stopped request can go on."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import _histories, _store
from experiments._build import Runner
from experiments._histories import Group
from sim.errors import PlatformLabError
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.model import PlatformEconomy

KILLED = "the process that computed it was killed twice, perhaps for want of memory: try runner.n_workers=1"


@dataclass(frozen=True)
class Outcome:
    """What became of a request's runs."""

    n_done: int
    n_cached: int
    failed: dict[str, str]
    """Error by run name."""
    seconds: float


def carry_out(scenarios: list[Scenario], runner: Runner, what: str) -> Outcome:
    """Run every scenario that has no result yet; identical ones once, and a past that several share once."""
    started = time.time()
    wanted = {_store.run_name(s): s for s in scenarios}
    waiting = {name: s for name, s in wanted.items() if not _store.has_run(s)}
    failed: dict[str, str] = {}
    if waiting:
        weeks = sum(s.population.n_consumers * s.horizon.n_weeks for s in waiting.values())
        kernels = warm(runner, weeks)
        for errors in _each(list(waiting.values()), runner, kernels, what):
            failed |= {name: error for name, error in errors.items() if error}
    return Outcome(len(waiting) - len(failed), len(wanted) - len(waiting), failed, time.time() - started)


def warm(runner: Runner, consumer_weeks: int) -> str:
    """Compile once before workers start, where compiling pays; returns the kernels that workers use."""
    if runner.kernels != "auto":
        return runner.kernels
    from sim.kernels.engine import CompiledEngine, choose_engine

    return "compiled" if isinstance(choose_engine("auto", 1, consumer_weeks), CompiledEngine) else "plain"


def _each(runs: list[Scenario], runner: Runner, kernels: str, what: str) -> Iterator[dict[str, str]]:
    """Errors by run name (empty when done), group by group; what a killed worker left is tried once more, alone."""
    import joblib
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    n_workers = runner.n_workers or max(1, (os.cpu_count() or 1) // runner.n_threads)
    groups = _histories.share(runs, n_workers)
    if kernels == "compiled":
        _compile(runs[0])
    with _progress(what, len(runs)) as ticks:

        def together(tasks: list[Group], most: int) -> Any:
            how: dict[str, Any] = {"n_jobs": most, "return_as": "generator_unordered", "batch_size": 1}
            jobs = (joblib.delayed(run_group)(group, runner.n_threads, kernels, ticks) for group in tasks)
            return joblib.Parallel(**how)(jobs)

        answered: set[str] = set()
        try:
            for errors in together(groups, min(n_workers, len(groups))):
                answered |= errors.keys()
                yield errors
        except TerminatedWorkerError:
            for group in groups:
                missing = [run for run in group.runs if _store.run_name(run) not in answered]
                missing = tuple(run for run in missing if not _store.has_run(run))
                try:
                    yield from together([Group(missing)], 2) if missing else []
                except TerminatedWorkerError:
                    yield {_store.run_name(run): KILLED for run in missing if not _store.has_run(run)}


@contextlib.contextmanager
def _progress(what: str, n_runs: int) -> Iterator[Path]:
    """A bar that counts runs: yields a file to which workers add one byte a finished run."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    is_over = threading.Event()
    with tempfile.TemporaryDirectory() as folder, Progress(*columns, console=Console(file=sys.stderr)) as progress:
        ticks, bar = Path(folder) / "ticks", progress.add_task(what, total=n_runs)
        ticks.touch()

        def watch() -> None:
            while not is_over.wait(0.2):
                progress.update(bar, completed=min(ticks.stat().st_size, n_runs))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield ticks
        finally:
            is_over.set()
            watcher.join()
            progress.update(bar, completed=min(ticks.stat().st_size, n_runs))


def _tick(ticks: Path) -> None:
    with contextlib.suppress(OSError), open(ticks, "ab", buffering=0) as file:
        file.write(b".")


def _compile(scenario: Scenario) -> None:
    """Fill the cache of compiled kernels, or find it full: one week of the smallest economy of this kind."""
    import dataclasses

    from sim.model import PlatformEconomy

    few = dataclasses.replace(scenario.population, n_consumers=64, n_zones=1)
    calm = dataclasses.replace(scenario.platforms, strategy="fixed")  # so few are no market that platforms rest in
    tiny = dataclasses.replace(scenario, population=few, platforms=calm)
    PlatformEconomy(tiny, kernels="compiled").step()


def run_group(group: Group, n_threads: int, kernels: str, ticks: Path) -> dict[str, str]:
    """All runs of a group in a worker: results are written here as they are done; errors by run name, "" for none."""
    from sim.model import PlatformEconomy

    how: dict[str, Any] = {"n_threads": n_threads, "kernels": kernels}
    errors: dict[str, str] = {}

    def finish(run: Scenario, begin: Callable[[], PlatformEconomy]) -> None:
        errors[_store.run_name(run)] = run_and_keep(run, begin)
        _tick(ticks)

    if len(group.runs) == 1:
        finish(group.runs[0], lambda: PlatformEconomy(group.runs[0], **how))
        return errors
    try:
        trunk = PlatformEconomy(group.runs[0].without_policy(), **how)
        for week, runs in groupby(group.branches, key=lambda run: run.first_policy_week):
            while trunk.world.week < week - 1:
                trunk.step()
            past = trunk.snapshot()
            for run in runs:
                finish(run, lambda run=run, past=past: PlatformEconomy.resume(past, run, **how))
        if group.free is not None:
            finish(group.free, lambda: trunk)
    except Exception as error:  # the shared past broke: none of what was still to come can be had
        for run in (run for run in group.runs if _store.run_name(run) not in errors):
            errors[_store.run_name(run)] = _explained(run, error)
            _tick(ticks)
    return errors


def run_and_keep(scenario: Scenario, begin: Callable[[], PlatformEconomy]) -> str:
    """Carry one run to its end and keep it; the error as text, which is recorded, or nothing."""
    try:
        model = begin()
        model.run_all()
        _store.keep_run(scenario, model)
    except Exception as error:  # a failed run is a recorded result, never a lost sweep
        return _explained(scenario, error)
    return ""


def _explained(scenario: Scenario, error: Exception) -> str:
    if isinstance(error, PlatformLabError):
        return str(error)
    _store.write_json(
        _store.output_folder() / "runs" / f"{_store.run_name(scenario)}.failed.json",
        {"scenario": scenario.to_dict(), "error": "".join(traceback.format_exception(error))},
    )
    return f"{type(error).__name__}: {error}"


def run(scenario: Scenario, n_threads: int, kernels: str) -> tuple[Any, dict[str, float], dict[str, float]]:
    """Weekly metrics as a frame, moments, and seconds by phase."""
    import pandas as pd

    from sim.model import PlatformEconomy

    model = PlatformEconomy(scenario, n_threads=n_threads, kernels=kernels)  # pyright: ignore[reportArgumentType]
    model.run_all()
    return pd.DataFrame(model.weekly), model.moments, model.seconds
