"""Many runs: what the runner and the store add to the model, what sharing a past saves, how soon answers are found."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.row import Row
from experiments.request import build
from experiments.request.request import Runner
from experiments.running import execution, pools
from experiments.storage import places, run_store
from sim.scenario import Scenario

N_ROUNDS, RUNS_A_ROUND = 20, 100
N_FEW = 64
N_MANY = 10_000
WEEKS = 156


def rows() -> list[Row]:
    return [*expansion(), *overhead(), *workers(), *forking(), *asked_again(), *queries()]


@contextlib.contextmanager
def outputs() -> Iterator[Path]:
    """A folder of results of its own."""
    before = os.environ.get(places.OUTPUTS)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[places.OUTPUTS] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop(places.OUTPUTS)
            if before is not None:
                os.environ[places.OUTPUTS] = before


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    with open(os.devnull, "w") as nothing, contextlib.redirect_stderr(nothing), contextlib.redirect_stdout(nothing):
        yield


def towns(n: int, first: int = 1) -> list[Scenario]:
    town = build.ask(["population=town", "horizon=one_year"]).scenarios[0]
    return [dataclasses.replace(town, seed=seed) for seed in range(first, first + n)]


def runner(n_workers: int) -> Runner:
    return Runner(n_workers=n_workers, n_threads=1, kernels="compiled")


def expansion() -> list[Row]:
    """A Latin hypercube of one lever and two assumptions, every point a scenario of its own."""
    import scipy.stats.qmc  # noqa: F401  # its import is not what is measured

    words = ["policy=commission_cap", "design=latin_hypercube", f"design.n_points={N_MANY}"]
    words += ["policy.commission_cap.ceiling=interval(0.05,0.15)"]
    words += ["sector.consumers.price_sensitivity=declared", "sector.workers.supply_elasticity=declared"]
    build.ask(["policy=commission_cap"])
    started = time.perf_counter()
    names = {run_store.run_name(scenario) for scenario in build.ask(words).scenarios}
    seconds = time.perf_counter() - started
    assert len(names) == N_MANY
    return [Row(f"{N_MANY:,} scenarios expanded, validated and named", seconds, "s", 2, "at most", " ".join(words))]


def overhead() -> list[Row]:
    """Runs that share no past, two workers, without agents' outcomes as in any long sweep; rounds in turns."""
    import joblib

    bare, kept, pool = 0.0, 0.0, 0.0
    with outputs(), quiet():
        execution.carry_out(towns(2, 10**6), runner(2), "warm")
        for i in range(N_ROUNDS):
            runs = towns(RUNS_A_ROUND, 1 + i * RUNS_A_ROUND)
            started = time.perf_counter()
            joblib.Parallel(2, **pools.started(2))(joblib.delayed(execution.run)(run, 1, "compiled") for run in runs)
            bare += time.perf_counter() - started
            outcome = execution.carry_out(runs, runner(2), "runs")
            assert outcome.n_done == RUNS_A_ROUND
            kept, pool = kept + outcome.seconds - outcome.pool_seconds, pool + outcome.pool_seconds
    how = f"{N_ROUNDS * RUNS_A_ROUND:,} towns of 52 weeks in rounds of {RUNS_A_ROUND}, checksums and parts included"
    return [
        Row("what runner and store add to bare runs", 100 * (kept / bare - 1), "%", 5, "at most", how),
        Row("a town of 52 weeks, bare, two workers", bare / N_ROUNDS / RUNS_A_ROUND, "s", how=how),
        Row("asking a pool that stands ready", pool / N_ROUNDS, "s", how="apart, once a request"),
    ]


def workers() -> list[Row]:
    """The same runs by one worker and by two, in turns."""
    seconds: dict[int, list[float]] = {1: [], 2: []}
    start_up = 0.0
    for _ in range(3):
        for n, found in seconds.items():
            with outputs(), quiet():
                outcome = execution.carry_out(towns(N_FEW), runner(n), "runs")
            found.append(outcome.seconds - outcome.pool_seconds)
            start_up = max(start_up, outcome.pool_seconds)
    ratio = float(np.median(np.array(seconds[1]) / np.array(seconds[2])))
    how = f"{N_FEW} towns of 52 weeks, kept, median of 3 rounds in turns, pool's start-up apart"
    return [
        Row("two workers against one", ratio, "times", 1.85, how=how),
        Row("start-up of two workers", start_up, "s", how="the longest of six, kernels in their cache"),
    ]


def forking() -> list[Row]:
    """Eight ceilings from the middle of the horizon on: branching off one past, and every run from the start."""
    from sim.model import PlatformEconomy

    words = ["policy=commission_cap", "policy.commission_cap.ceiling=range(0.04,0.12,0.01)", "platforms=fixed"]
    runs = build.ask([*words, "population=town", "horizon=one_year"]).scenarios
    shared, alone = [], []
    for _ in range(3):
        with outputs(), quiet():
            outcome = execution.carry_out(runs, runner(1), "runs")
            kept = run_store.all_runs()
            frames = [kept.read(run_store.run_name(run))[0] for run in runs]
        shared.append(outcome.seconds - outcome.pool_seconds)
        started = time.perf_counter()
        models = [PlatformEconomy(run, kernels="compiled") for run in runs]
        for model in models:
            model.run_all()
        alone.append(time.perf_counter() - started)
        pairs = zip(frames, models, strict=True)
        assert all(np.array_equal(f[m], v.weekly[m], equal_nan=True) for f, v in pairs for m in v.weekly), "same bits"
    saved = 100 * (1 - float(np.median(np.array(shared) / np.array(alone))))
    how = f"{len(runs)} runs of a town, 26 of 52 weeks shared, writing included; every number compared bit for bit"
    return [Row("time saved by sharing a past", saved, "%", 30, "at least", how)]


def asked_again() -> list[Row]:
    """A sweep of ten thousand runs of the smallest economies, finished, and the same command once more."""
    import subprocess
    import sys

    words = ["policy=commission_cap", "population=town", "population.n_consumers=100", "platforms=fixed"]
    words += [
        "horizon.n_weeks=6",
        "horizon.policy_week=3",
        "sector.merchants.n_per_zone=8",
        "sector.merchants.n_slots=10",
    ]
    words += ["sector.workers.n_per_zone=6", "replicates=8", "runner.kernels=compiled"]
    words += ["policy.commission_cap.ceiling=range(0.0200,0.1449,0.0001)"]
    command = [sys.executable, "-m", "experiments.cli", "sweep", *words]
    seconds, n_runs = [], 0
    with outputs():
        for _ in range(2):
            started = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds.append(time.perf_counter() - started)
            n_runs = int(done.stdout.split("Runs: ")[1].split()[0].replace(",", ""))
    how = "process start included; the answer is found, its tables checked against their checksums, and shown"
    return [
        Row(f"a sweep of {n_runs:,} runs, smallest economies, from nothing to the report", seconds[0], "s"),
        Row(f"a finished sweep of {n_runs:,} runs asked again", seconds[1], "s", 2, "at most", how),
    ]


def queries() -> list[Row]:
    """Ten thousand runs of three years with made-up weeks of full precision, in a hundred parts."""
    from experiments.storage import query

    with outputs() as folder:
        made_up(N_MANY)
        sql = (
            'SELECT "policy.commission_cap.ceiling" AS ceiling, avg(platform_profit) AS profit FROM runs JOIN weekly '
            'USING (run) WHERE week > 78 AND "policy.commission_cap.ceiling" < 0.12 GROUP BY ceiling ORDER BY ceiling'
        )
        found = {
            "an average": sql,
            "a list of runs": 'SELECT run FROM runs WHERE "policy.commission_cap.ceiling" < 0.12',
        }
        measured = []
        for name, question in found.items():
            query.ask(question, folder / "runs")
            seconds = []
            for _ in range(3):
                started = time.perf_counter()
                query.ask(question, folder / "runs")
                seconds.append(time.perf_counter() - started)
            how = "median of 3, opening the store included"
            value = float(np.median(seconds))
            measured.append(Row(f"{name} over {N_MANY:,} runs of {WEEKS} weeks", value, "s", 0.5, "at most", how))
        size = sum(path.stat().st_size for path in (folder / "runs").rglob("*") if path.is_file())
        return [*measured, Row(f"{N_MANY:,} runs of {WEEKS} weeks on disk", size / 1e6, "MB")]


def made_up(n: int) -> None:
    """Finished runs with random numbers for weeks, put together in parts."""
    from sim.metrics.registry import REGISTRY

    class Model:
        moments: dict[str, float] = {}  # noqa: RUF012
        seconds: dict[str, float] = {}  # noqa: RUF012
        weekly: dict[str, Any]

    base = build.ask(["population=town", "policy=commission_cap", f"horizon.n_weeks={WEEKS}"]).scenarios[0]
    rng, model = np.random.default_rng(1), Model()
    for i in range(n):
        cap = dataclasses.replace(base.policy["commission_cap"], ceiling=0.05 + 0.005 * (i % 20))  # pyright: ignore
        run = dataclasses.replace(base, seed=i // 20, policy={"commission_cap": cap})
        model.weekly = {"week": np.arange(1, WEEKS + 1)} | {m: rng.normal(size=WEEKS) for m in REGISTRY}
        run_store.keep(run, model, [], with_agents=False)  # pyright: ignore[reportArgumentType]
    run_store.compact()
