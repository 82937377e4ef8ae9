"""Many runs at once: one worker against two."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from benchmarks import timing
from benchmarks.row import Row
from experiments import _build, _execute

N_RUNS = 16
N_ROUNDS = 3


def rows() -> list[Row]:
    import joblib

    town = _build.ask(["population=town", "horizon=one_year"]).scenarios[0]
    towns = [dataclasses.replace(town, seed=seed) for seed in range(1, N_RUNS + 1)]

    def sweep(n_workers: int) -> Callable[[], object]:
        jobs = [joblib.delayed(_execute.run)(scenario, 1, "compiled") for scenario in towns]
        return lambda: joblib.Parallel(n_jobs=n_workers)(jobs)

    pairs = timing.in_turns(sweep(1), sweep(2), N_ROUNDS, timing.WALL_TIME)
    one, two = timing.median_seconds(pairs)
    how = f"wall time, {N_RUNS} towns of a year, workers warm, median of {N_ROUNDS} rounds in turns"
    return [
        Row("two workers against one", timing.median_ratio(pairs), "times", 1.6, how=how),
        Row("a town year, one worker", one / N_RUNS, "s", how=how),
        Row("a town year, two workers", two / N_RUNS, "s", how=how),
    ]
