"""All phases of a week, one by one."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict

from benchmarks import workload
from benchmarks.row import Row
from sim.model import PlatformEconomy

ORDERING = "let_consumers_order"
WHOLE, METRICS = "whole week", "metrics of the week"


def median_week(model: PlatformEconomy, n_before: int, n_weeks: int) -> dict[str, float]:
    """Median milliseconds of each phase and of the whole week; the first weeks are walked unmeasured."""
    for _ in range(n_before):
        model.step()
    spent: dict[str, list[float]] = defaultdict(list)
    for _ in range(n_weeks):
        before, started = dict(model.seconds), time.perf_counter()
        model.step()
        whole = time.perf_counter() - started
        phases = {name: model.seconds[name] - before[name] for name in before}
        for name, seconds in {WHOLE: whole, **phases, METRICS: whole - sum(phases.values())}.items():
            spent[name].append(1e3 * seconds)
    return {name: statistics.median(values) for name, values in spent.items()}


def of_size(size: str, model: PlatformEconomy, n_before: int, n_weeks: int) -> list[Row]:
    week, how = median_week(model, n_before, n_weeks), f"wall time, median of {n_weeks} weeks"
    others = (week[WHOLE] - week[ORDERING]) / week[ORDERING]
    is_town = size == "town"
    return [
        Row(f"{size}: a week, all phases", week[WHOLE], "ms", 2.0 if is_town else None, "at most", how),
        Row(f"{size}: other phases over consumer step", others, "times", None if is_town else 1.0, "at most", how),
        *(Row(f"{size}: {name}", value, "ms", how=how) for name, value in week.items() if name != WHOLE),
    ]


def rows() -> list[Row]:
    """One thread for the town and the city, two for the metropolis."""
    return [
        *of_size("town", workload.open_economy("population=town"), 20, 101),
        *of_size("city", workload.open_economy("population=city"), 8, 25),
        *of_size("metropolis", workload.metropolis()[0], 0, 7),
    ]
