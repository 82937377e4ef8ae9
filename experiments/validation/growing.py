"""Zones of agents compared with the mean-field model: effects of chance and of the size of a zone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.request.request import Runner
from experiments.validation.case import Found, Measured
from experiments.validation.watchers import PER, zone_means
from experiments.validation.watching import Watch, scenario_of, watch_all
from sim.parameters import Sector
from sim.scenario import Population, Scenario

Array = np.ndarray
DRAWN = (".", "consumer_orders", "consumer_delay", "worker_hourly_earnings", "platform_revenue_per_order")
"""What the figure of biases shows."""
ZONE = 10_000
"""Consumers of a zone of the usual size, for which sector files count merchants and workers."""


def growing_zone(setting: Mapping[str, Any], runner: Runner) -> Found:
    """One zone that grows: slopes of the spread over seeds, and gaps at the largest size in standard errors."""
    sizes, n_seeds = [int(size) for size in setting["sizes"]], int(setting["seeds"])
    scenarios = [frozen_zone(setting["overrides"], size) for size in sizes]
    options = (("last_weeks", int(setting["last_weeks"])),)
    watches = [Watch(run, zone_means, options) for scenario in scenarios for run in seeds_of(scenario, n_seeds)]
    seen = watch_all(watches, runner, "agents in a growing zone")
    names = [name for name in seen[0] if name == "orders" or "." in name]
    values = np.array([[found[name] for name in names] for found in seen]).reshape(len(sizes), n_seeds, -1)
    by_size = [mean_field_values(run.sector, size) for run, size in zip(scenarios, sizes, strict=True)]
    expected = by_size[-1]
    measured = slopes(np.array(sizes), values, names)
    mean, error = values[-1].mean(axis=0), values[-1].std(axis=0, ddof=1) / np.sqrt(n_seeds)
    gaps = [(mean[i] - expected[name]) / error[i] for i, name in enumerate(names)]
    for i, (name, gap) in enumerate(zip(names, gaps, strict=True)):
        away = 100 * (mean[i] / expected[name] - 1)
        note = f"agents {mean[i]:.6g}, mean-field model {expected[name]:.6g}: {away:+.3f}%"
        measured.append(Measured(f"gap, {name}", "standard errors", gap, gap - 1.96, gap + 1.96, note))
    beyond = sum(abs(gap) > 2.0 for gap in gaps)
    note = f"of {len(gaps)} quantities; {0.0455 * len(gaps):.1f} expected by chance"
    measured.append(Measured("quantities beyond 2 standard errors", "quantities", float(beyond), note=note))
    return Found(measured, [_spread_panel(sizes, values, names), _gap_panel(sizes, values, names, by_size)])


def default_zone(setting: Mapping[str, Any], runner: Runner) -> Found:
    """Zones of the usual size: agents over mean-field model, by quantity; kept as a file that can correct previews."""
    asked = scenario_of(list(setting["overrides"]))
    scenario = _without_room(asked)
    options = (("last_weeks", int(setting["last_weeks"])),)
    watches = [Watch(run, zone_means, options) for run in seeds_of(scenario, int(setting["seeds"]))]
    seen = watch_all(watches, runner, "agents in zones of the usual size")
    expected = mean_field_values(scenario.sector, scenario.population.n_consumers / scenario.population.n_zones)
    measured, ratios = [], {}
    from analysis.statistics.effects import mean_interval

    for name, value in expected.items():
        estimate = mean_interval(np.array([found.get(name, np.nan) for found in seen]))
        if not value or not np.isfinite(estimate).all():
            continue
        ratios[name] = estimate[0] / value
        note = f"agents {estimate[0]:.6g}, mean-field model {value:.6g}"
        measured.append(Measured.around(f"bias, {name}", "%", [100.0 * (v / value - 1.0) for v in estimate], note))
    rows = [
        {"name": m.quantity.removeprefix("bias, "), "y": m.simulated, "low": m.ci_low, "high": m.ci_high}
        for m in measured
        if any(key in m.quantity for key in DRAWN)
    ]
    bars = {
        "title": "Zones of the usual size, relative to the mean-field model",
        "kind": "bars",
        "x_title": "agents over mean-field model, less one, %",
        "rows": rows,
        "note": "Means over seeds with 95% intervals.",
    }
    return Found(measured, [bars], {"bias.json": {scenario.sector.name: ratios}})


def frozen_zone(overrides: list[str], size: int) -> Scenario:
    """One zone of this many consumers, with merchants, workers and the reference variety in proportion."""
    scenario = scenario_of([*overrides])
    sector, ratio = scenario.sector, size / ZONE
    merchants = dataclasses.replace(sector.merchants, n_per_zone=round(sector.merchants.n_per_zone * ratio))
    workers = dataclasses.replace(sector.workers, n_per_zone=round(sector.workers.n_per_zone * ratio))
    tastes = dataclasses.replace(sector.consumers, reference_variety=sector.consumers.reference_variety * ratio)
    sector = dataclasses.replace(sector, merchants=merchants, workers=workers, consumers=tastes)
    people = Population(name="a growing zone", n_consumers=size, n_zones=1)
    return _without_room(dataclasses.replace(scenario, sector=sector, population=people))


def _without_room(scenario: Scenario) -> Scenario:
    """As many slots as there are merchants and workers."""
    sector = scenario.sector
    merchants = dataclasses.replace(sector.merchants, n_slots=sector.merchants.n_per_zone)
    workers = dataclasses.replace(sector.workers, n_slots=sector.workers.n_per_zone)
    return dataclasses.replace(scenario, sector=dataclasses.replace(sector, merchants=merchants, workers=workers))


def seeds_of(scenario: Scenario, n: int) -> list[Scenario]:
    """The same scenario under n seeds."""
    return [dataclasses.replace(scenario, seed=scenario.seed + i) for i in range(n)]


def mean_field_values(sector: Sector, size: float) -> dict[str, float]:
    """The same quantities in the mean-field model, with fine types, and the metrics of previews."""
    from sim.forecast import measures
    from sim.forecast.market import MeanField
    from sim.forecast.nodes import FINE
    from sim.forecast.terms import configured_terms

    mean_field, terms = MeanField(sector, size, FINE), configured_terms(sector)
    _, found = mean_field.solve(terms)
    hours, supply = found.hours, found.supply
    assert hours is not None
    assert supply is not None
    orders, carried = found.orders[0], found.carried[0]
    by_platform = {
        "order_share": orders / orders.sum(),
        "price": found.goods[0] / carried,
        "hours": hours.admitted[0] / size * PER,
        "delay": found.load.delay[0],
        "utilisation": found.load.utilisation[0],
        "listed": supply.variety[0] / size * PER,
    }
    expected = {"orders": orders.sum() / size}
    expected |= {
        f"{key}.{name}": v for key, vs in by_platform.items() for name, v in zip(sector.platforms, vs, strict=True)
    }
    return {name: float(value) for name, value in {**expected, **measures.measures(mean_field, terms, found)}.items()}


def slopes(sizes: Array, values: Array, names: list[str]) -> list[Measured]:
    """Slope of ln(standard deviation over seeds) on ln(size), of the mean over quantities and of each.

    values: (sizes, seeds, quantities). Standard errors by the jackknife over seeds of every size.
    """
    x = np.log(sizes) - np.log(sizes).mean()
    weight = x / (x * x).sum()

    def logs(of: Array) -> Array:
        found = np.log(np.maximum(of.std(axis=-2, ddof=1), 1e-300))
        return np.concatenate([found.mean(axis=-1, keepdims=True), found], axis=-1)

    slope = weight @ logs(values)
    n = values.shape[1]
    without = np.stack([logs(np.delete(values, s, axis=1)) for s in range(n)])  # (seeds, sizes, quantities)
    variance = (n - 1) / n * ((without - without.mean(axis=0)) ** 2).sum(axis=0)
    error = np.sqrt((weight * weight) @ variance)
    labels = ["slope of spread, all quantities", *(f"slope, {name}" for name in names)]
    return [
        Measured(label, "ln/ln", s, s - 1.96 * e, s + 1.96 * e, f"standard error {e:.3f}")
        for label, s, e in zip(labels, slope, error, strict=True)
    ]


def _spread_panel(sizes: list[int], values: Array, names: list[str]) -> dict[str, Any]:
    spread = values.std(axis=1, ddof=1) / np.abs(values.mean(axis=1))
    lines = [{"name": name, "x": sizes, "y": spread[:, i].tolist()} for i, name in enumerate(names)]
    start = float(np.exp(np.log(spread[0]).mean()))
    guide = {"name": "root of size", "x": sizes, "y": [start * (sizes[0] / s) ** 0.5 for s in sizes], "is_guide": True}
    return {
        "title": "Spread over seeds falls with the root of the size of the zone",
        "kind": "lines",
        "x_title": "consumers in the zone",
        "y_title": "standard deviation over mean",
        "is_log": True,
        "lines": [*lines, guide],
        "note": "One line a quantity, dashed: the root of size from the mean of all.",
    }


def _gap_panel(sizes: list[int], values: Array, names: list[str], expected: list[dict[str, float]]) -> dict[str, Any]:
    mean = values.mean(axis=1)
    lines = [
        {"name": name, "x": sizes, "y": [100.0 * (mean[k, i] / expected[k][name] - 1.0) for k in range(len(sizes))]}
        for i, name in enumerate(names)
    ]
    return {
        "title": "As zones grow, agents approach the mean-field model",
        "kind": "lines",
        "x_title": "consumers in the zone",
        "y_title": "agents over mean-field model, less one, %",
        "is_log_x": True,
        "lines": lines,
        "note": "Means over seeds of the last weeks.",
    }
