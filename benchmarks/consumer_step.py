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
    market = ObjectMarket(workload.city())
    return [*against_objects(market), *same_rules_rows(market), *at_a_million(market)]


def against_objects(market: ObjectMarket) -> list[Row]:
    """Both on one thread, timed by the processor time of that thread."""
    city = workload.city()
    pairs = timing.in_turns(market.step, kernel_weeks(city, 1), N_ROUNDS, timing.THREAD_TIME)
    objects, kernel = (seconds / city.n_consumers for seconds in timing.median_seconds(pairs))
    ratio, how = KERNEL_WEEKS * timing.median_ratio(pairs), f"thread time, median of {N_ROUNDS} rounds in turns"
    return [
        Row("consumer step, 10^5 consumers, 1 thread, against Mesa objects", ratio, "times", 150, how=how),
        Row("Mesa objects, 10^5 consumers", 1e6 * objects, "us a consumer-week", how=how),
        Row("consumer step, 10^5 consumers, 1 thread", 1e9 * kernel / KERNEL_WEEKS, "ns a consumer-week", how=how),
    ]


def same_rules_rows(market: ObjectMarket) -> list[Row]:
    city = workload.city()
    kernel = same_rules.kernel_weeks(city, workload.engine(1), WEEKS_COMPARED)
    verdict = same_rules.compare(kernel, same_rules.object_weeks(city, market, WEEKS_COMPARED))
    rarest, gap = min(verdict.p, key=verdict.p.__getitem__), same_rules.LARGEST_GAP
    how = f"{WEEKS_COMPARED} weeks each; least of {len(verdict.p)} tests: {rarest}"
    return [
        Row("same rules: least probability", verdict.p[rarest], "probability", same_rules.SMALLEST_P, how=how),
        Row("same rules: largest gap of log-sums", verdict.gap, "utility", gap, "at most"),
    ]


def at_a_million(market: ObjectMarket) -> list[Row]:
    """Two threads at 10^6 consumers against objects at 10^5, for each consumer."""
    city, metropolis = workload.city(), workload.metropolis()[1]
    pairs = timing.in_turns(market.step, kernel_weeks(metropolis, 2), N_ROUNDS, timing.WALL_TIME)
    n_times = KERNEL_WEEKS * metropolis.n_consumers / city.n_consumers
    kernel = timing.median_seconds(pairs)[1] / KERNEL_WEEKS / metropolis.n_consumers
    ratio, how = n_times * timing.median_ratio(pairs), f"wall time, median of {N_ROUNDS} rounds in turns"
    return [
        Row("consumer step, 10^6 consumers, 2 threads, against Mesa objects", ratio, "times", 400, how=how),
        Row("consumer step, 10^6 consumers, 2 threads", 1e9 * kernel, "ns a consumer-week", how=how),
    ]
