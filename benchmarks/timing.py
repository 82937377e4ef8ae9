"""Timing on a machine that drifts: runs of two kinds take turns, so that both meet the same machine."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

Work = Callable[[], object]


def seconds(work: Work, clock: Callable[[], float]) -> float:
    started = clock()
    work()
    return clock() - started


def in_turns(first: Work, second: Work, n_rounds: int, clock: Callable[[], float]) -> list[tuple[float, float]]:
    """Seconds of both, round by round, without the collector of garbage; each runs once before, unmeasured."""
    first()
    second()
    gc.collect()
    gc.disable()
    try:
        return [(seconds(first, clock), seconds(second, clock)) for _ in range(n_rounds)]
    finally:
        gc.enable()


def median_ratio(pairs: list[tuple[float, float]]) -> float:
    """Median over rounds of first over second."""
    return statistics.median(a / b for a, b in pairs)


def median_seconds(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


THREAD_TIME = time.thread_time
"""Processor time of this thread: what other programs take is not counted. For work on one thread."""
WALL_TIME = time.perf_counter
"""What a user waits; for several threads or processes."""
