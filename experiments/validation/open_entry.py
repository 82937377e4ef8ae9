"""A fare that rises in the middle of a run, with drivers who enter and leave freely."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np

from experiments.request.request import Runner
from experiments.validation.asked import override_problems
from experiments.validation.case import NAN, Found, Measured
from experiments.validation.growing import seeds_of
from experiments.validation.watchers import KEPT, fare_paths
from experiments.validation.watching import Watch, scenario_of, watch_all
from sim.errors import Problem
from sim.parameters import Param, Sector, parameters
from sim.scenario import Scenario

Array = np.ndarray
EARLY = 52
"""Weeks of the path in which a half-life is looked for."""
DRAWN = {
    "worker_hourly_earnings": "earnings an hour",
    "worker_utilisation": "utilisation",
    "hours_online": "hours online",
}
"""Metrics whose weekly path is drawn, and what their lines are called."""


@parameters
class OpenEntry:
    """Setting of `open_entry`."""

    overrides: list[str]
    """The market, as it is typed after `platform-lab run`."""
    week: Annotated[int, Param("first week of the higher fare", "week", 2, 10_000)]
    rise: Annotated[float, Param("relative rise of pay for a trip", "share", 0.001, 2.0)]
    replicates: Annotated[int, Param("paired replicates", "runs", 2, 10_000)]
    last_weeks: Annotated[int, Param("weeks at the end that means are taken over", "weeks", 1, 10_000)]


def check_open_entry(setting: OpenEntry) -> list[Problem]:
    """An impossible market, or one that ends before its long run begins."""
    return override_problems("overrides", setting.overrides, setting.week + setting.last_weeks)


def open_entry(setting: Mapping[str, Any], runner: Runner) -> Found:
    """Earnings in the first week and in the long run, half-life and utilisation, compared with the closed form.

    dln e / dln p = 1 - ed at once and (1 - ed) / (1 + es) in the long run, with demand D ~ p^-ed, hours S ~ e^es.
    """
    from analysis.statistics.effects import mean_interval

    scenario = scenario_of(list(setting["overrides"]))
    options = (("week", int(setting["week"])), ("rise", float(setting["rise"])))
    runs = seeds_of(scenario, int(setting["replicates"]))
    seen = watch_all([Watch(run, fare_paths, options) for run in runs], runner, "fares that rise")
    after, last = slice(int(setting["week"]) - 1, None), int(setting["last_weeks"])
    logs = {
        name: np.log(
            np.array([np.array(one["raised"][name])[after] / np.array(one["base"][name])[after] for one in seen])
        )
        for name in KEPT
    }
    earnings = logs["worker_hourly_earnings"]
    first, final = earnings[:, 0], earnings[:, -last:].mean(axis=1)

    def percent(values: Array) -> list[float]:
        return [100.0 * (float(np.exp(v)) - 1.0) for v in mean_interval(values)]

    weeks, error = half_life(earnings, last)
    measured = [
        Measured.around("earnings in the first week", "%", percent(first)),
        Measured(
            "half-life of the rise in earnings",
            "weeks",
            weeks,
            weeks - 1.96 * error,
            weeks + 1.96 * error,
            "until half of the way from the first week's rise to the long run; jackknife",
        ),
        Measured.around("long-run earnings", "%", percent(final)),
    ]
    for name, title in (
        ("worker_utilisation", "utilisation"),
        ("consumer_orders", "trips"),
        ("hours_online", "hours online"),
        ("worker_pool", "drivers in the pool"),
    ):
        measured.append(Measured.around(f"long-run {title}", "%", percent(logs[name][:, -last:].mean(axis=1))))
    measured += closed_form(scenario, float(setting["rise"]))
    panel = {
        "title": "Pay for a trip rises by a tenth, by week",
        "kind": "lines",
        "x_title": "weeks after the rise",
        "y_title": "relative to no rise, %",
        "lines": [_line(name, title, logs) for name, title in DRAWN.items()],
        "note": "Means over paired replicates, bands: 95% intervals.",
    }
    return Found(measured, [panel])


def half_life(paths: Array, last: int) -> tuple[float, float]:
    """Weeks until half of the distance to the long run is left, of the mean path, and its jackknife standard error.

    paths: (replicates, weeks), log ratios; week 0 is the first of the rise. NaN where more than half of the rise
    is left after EARLY weeks.
    """
    found = _weeks_to_half(paths.mean(axis=0), last)
    n = len(paths)
    if n < 3:
        return found, NAN
    without = np.array([_weeks_to_half(np.delete(paths, i, axis=0).mean(axis=0), last) for i in range(n)])
    return found, float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))


def _weeks_to_half(path: Array, last: int) -> float:
    final = path[-last:].mean()
    if path[0] < final:  # a fare that falls
        path, final = -path, -final
    half = final + 0.5 * (path[0] - final)
    for week in range(1, min(EARLY, len(path))):
        if path[week] <= half:
            before, now = path[week - 1], path[week]
            return float(week - 1 + (before - half) / max(before - now, 1e-12))
    return NAN


def closed_form(scenario: Scenario, rise: float) -> list[Measured]:
    """Theory at the market as it is observed: elasticities one by one, all else fixed, from the mean-field model."""
    es = supply_elasticity(scenario)
    ed = demand_elasticity(scenario, rise)
    at_once, in_the_end = 1.0 - ed, (1.0 - ed) / (1.0 + es)
    return [
        Measured("theory: demand elasticity ed", "elasticity", ed, note="to drivers' pay for a trip, delays fixed"),
        Measured("theory: supply elasticity es", "elasticity", es, note="of hours to earnings: hours and pool"),
        Measured("theory: earnings in the first week", "%", 100.0 * ((1.0 + rise) ** at_once - 1.0), note="1 - ed"),
        Measured(
            "theory: long-run earnings", "%", 100.0 * ((1.0 + rise) ** in_the_end - 1.0), note="(1 - ed) / (1 + es)"
        ),
    ]


def supply_elasticity(scenario: Scenario) -> float:
    """Of hours to earnings, at the observed market: piece rates a hundredth up and down, utilisation held."""
    from sim.forecast import labour, nodes
    from sim.forecast.market import MeanField
    from sim.forecast.terms import configured_terms

    terms, size = configured_terms(scenario.sector), scenario.population.n_consumers / scenario.population.n_zones
    mean_field = MeanField(scenario.sector, size)
    _, found = mean_field.solve(terms)
    workers = nodes.worker_nodes(scenario.sector, nodes.COARSE)
    week = labour.Week(found.load.busy, np.ones_like(found.orders), found.orders, np.zeros_like(found.orders))
    hours = []
    for ratio in (1.01, 0.99):
        paid = dataclasses.replace(terms, piece_rate=ratio * terms.piece_rate)
        hours.append(float(labour.give_hours(workers, scenario.sector, paid, week).offered.sum()))
    return float(np.log(hours[0] / hours[1]) / np.log(1.01 / 0.99))


def demand_elasticity(scenario: Scenario, rise: float) -> float:
    """- dln orders / dln pay for a trip when the fare rises with it and delays stay: a market carried from outside."""
    from sim.forecast.market import MeanField
    from sim.forecast.terms import configured_terms

    sector, size = scenario.sector, scenario.population.n_consumers / scenario.population.n_zones
    terms = configured_terms(sector)
    _, found = MeanField(sector, size).solve(terms)
    delay = float((found.load.delay * found.orders).sum() / found.orders.sum())
    held: Sector = dataclasses.replace(
        sector,
        workers=dataclasses.replace(sector.workers, n_per_zone=0),
        carriage=dataclasses.replace(sector.carriage, base_delay=delay),
    )
    mean_field, orders = MeanField(held, size), []
    for part in (0.0, rise):
        moved = dataclasses.replace(terms, net_fee=terms.net_fee + part * terms.piece_rate)
        orders.append(float(mean_field.solve(moved)[1].orders.sum()))
    return float(-np.log(orders[1] / orders[0]) / np.log(1.0 + rise))


def _line(name: str, title: str, logs: Mapping[str, Array]) -> dict[str, Any]:
    from analysis.statistics.effects import mean_interval

    found = [mean_interval(column) for column in logs[name][:, :104].T]
    y, low, high = ([100.0 * (float(np.exp(v)) - 1.0) for v in column] for column in zip(*found, strict=True))
    return {"name": title, "x": list(range(1, len(y) + 1)), "y": y, "low": low, "high": high}
