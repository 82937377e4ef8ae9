"""Runs with more measurements than weekly metrics: each leaves a small JSON file and is never repeated."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.request import build
from experiments.request.request import Runner
from experiments.running import execution
from experiments.storage import places, versions, writing
from experiments.terminal import meanwhile
from experiments.validation.asked import refuse_where
from sim.errors import PlatformLabError
from sim.scenario import Scenario

Watcher = Callable[..., dict[str, Any]]
"""Carries out a run of a scenario; gets the engine's settings and its own by name."""


@dataclass(frozen=True)
class Watch:
    """One run and how it is measured."""

    scenario: Scenario
    watcher: Watcher
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def path(self) -> Path:
        """Where its result lies: addressed by the economy's code, the watcher's, the scenario and the options."""
        source = inspect.getsource(inspect.getmodule(self.watcher) or self.watcher)
        asked = f"{versions.code_version()}-{source}-{self.watcher.__name__}-{self.scenario.digest()}-{self.options}"
        return places.output_folder() / "validate" / "runs" / f"{hashlib.sha256(asked.encode()).hexdigest()[:24]}.json"


def watch_all(watches: list[Watch], runner: Runner, what: str) -> list[dict[str, Any]]:
    """What every watcher found, in order; raises `PlatformLabError` if a run failed, when the others are kept."""
    import joblib
    from rich.console import Console
    from rich.progress import track

    missing = [watch for watch in watches if not watch.path.exists()]
    if missing:
        sizes = (watch.scenario.population.n_consumers * watch.scenario.horizon.n_weeks for watch in missing)
        kernels = execution.warm(runner, sum(sizes))
        how: dict[str, Any] = {"n_jobs": runner.n_workers or -1, "return_as": "generator_unordered", "batch_size": 1}
        jobs = (joblib.delayed(_keep)(watch, watch.path.absolute(), runner.n_threads, kernels) for watch in missing)
        console = Console(file=meanwhile.stream())
        found = track(joblib.Parallel(**how)(jobs), what, total=len(missing), console=console)
        failed = [error for error in found if error]
        if failed:
            raise PlatformLabError(f"{len(failed)} of {len(missing)} runs failed; the first error:\n  {failed[0]}")
    return [json.loads(watch.path.read_text()) for watch in watches]


def _keep(watch: Watch, path: Path, n_threads: int, kernels: str) -> str:
    try:
        found = watch.watcher(watch.scenario, n_threads=n_threads, kernels=kernels, **dict(watch.options))
        writing.write_json(path, found)  # a worker may have started before this folder was chosen
    except Exception as error:  # one run's failure must not lose the others
        return f"{type(error).__name__}: {error}"
    return ""


def scenario_of(overrides: list[str]) -> Scenario:
    """The scenario of a request as it is typed, which may not set what runs where."""
    refuse_where(overrides)
    return build.ask(overrides).scenarios[0]
