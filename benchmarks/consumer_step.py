"""The consumer step against Mesa objects, at a hundred thousand and at a million consumers."""

from __future__ import annotations

import itertools

from benchmarks import same_rules, timing, workload
from benchmarks.mesa_objects import ObjectMarket
from benchmarks.row import Row

N_ROUNDS = 9
KERNEL_WEEKS = 4
"""Weeks of the kernel to one of the objects, so that what is timed is long enough."""
WEEKS_COMPARED = 6


def kernel_weeks(work: workload.Workload, n_threads: int) -> timing.Work:
    """Some weeks, each with draws of its own."""
    engine, weeks = workload.engine(n_threads), itertools.count(work.week)

    def run() -> None:
        for _ in range(KERNEL_WEEKS):
            work.step(engine, next(weeks))

    return run


def rows() -> list[Row]:
    city = workload.city()
    market = ObjectMarket(city)
    pairs = timing.in_turns(market.step, kernel_weeks(city, 1), N_ROUNDS, timing.THREAD_TIME)
    per_object = timing.median_seconds(pairs)[0] / city.n_consumers
    per_row = timing.median_seconds(pairs)[1] / KERNEL_WEEKS / city.n_consumers
    how = f"thread time, median of {N_ROUNDS} rounds in turns"
    verdict = same_rules.compare(
        same_rules.kernel_weeks(city, workload.engine(1), WEEKS_COMPARED),
        same_rules.object_weeks(city, market, WEEKS_COMPARED),
    )
    rarest = min(verdict.p, key=verdict.p.__getitem__)
    metropolis = workload.metropolis()[1]
    turns = timing.in_turns(market.step, kernel_weeks(metropolis, 2), N_ROUNDS // 2, timing.WALL_TIME)
    larger = timing.median_ratio(turns) * KERNEL_WEEKS * metropolis.n_consumers / city.n_consumers
    return [
        Row("consumer step, 10^5 consumers, 1 thread, against Mesa objects", timing.median_ratio(pairs) * KERNEL_WEEKS, "times", 100, how=how),
        Row("Mesa objects, 10^5 consumers", 1e6 * per_object, "us a consumer-week", how=how),
        Row("consumer step, 10^5 consumers, 1 thread", 1e9 * per_row, "ns a consumer-week", how=how),
        Row(
            "kernel and Mesa objects follow the same rules", min(verdict.p.values()), "probability", same_rules.SMALLEST_P,
            how=f"{WEEKS_COMPARED} weeks each; least of {len(verdict.p)} tests: {rarest}",
        ),
        Row("largest gap between their log-sums", verdict.gap, "utility", same_rules.LARGEST_GAP, "at most"),
        Row(
            "consumer step, 10^6 consumers, 2 threads, against Mesa objects at 10^5", larger, "times a consumer", 400,
            how=f"wall time, median of {N_ROUNDS // 2} rounds in turns",
        ),
        Row("consumer step, 10^6 consumers, 2 threads", 1e9 * timing.median_seconds(turns)[1] / KERNEL_WEEKS / metropolis.n_consumers, "ns a consumer-week"),
    ]  # fmt: skip
