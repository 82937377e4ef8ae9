"""What is measured in a run besides its weekly metrics. Stored results are valid for this version of the file only."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.parameters import CENTS
from sim.scenario import Scenario

PER = 10_000
"""Number of consumers that hours and merchants refer to."""
KEPT = ("worker_hourly_earnings", "worker_utilisation", "consumer_orders", "hours_online", "worker_pool")
"""Metrics of a path after a rise of the fare."""


def zone_means(scenario: Scenario, *, n_threads: int, kernels: Any, last_weeks: int) -> dict[str, float]:
    """Means over the last weeks of every metric, and platform by platform of the quantities of the mean-field model."""
    from sim.model import PlatformEconomy

    model = PlatformEconomy(scenario, n_threads=n_threads, kernels=kernels)
    names, people = list(scenario.sector.platforms), scenario.population.n_consumers
    total: dict[str, float] = {}
    first = scenario.horizon.n_weeks - last_weeks
    while not model.is_over:
        model.step()
        if model.world.week <= first:
            continue
        zones, world = model.world.zones, model.world
        placed, carried = zones.placed.sum(axis=1), zones.carried.sum(axis=1)
        goods = (world.orders.n_carried * world.offer_cents).sum(axis=1) / CENTS
        week = {"orders": placed.sum() / people}
        by_platform = {
            "order_share": placed / placed.sum(),
            "price": goods / np.maximum(carried, 1),
            "hours": zones.effective_minutes.sum(axis=1) / 60.0 / people * PER,
            "delay": zones.delay.mean(axis=1, dtype=np.float64),
            "utilisation": zones.utilisation.mean(axis=1, dtype=np.float64),
            "listed": zones.n_listed.sum(axis=1) / people * PER,
        }
        week |= {f"{key}.{name}": v for key, vs in by_platform.items() for name, v in zip(names, vs, strict=True)}
        week |= {name: values[-1] for name, values in model.weekly.items() if name != "week"}
        for name, value in week.items():
            total[name] = total.get(name, 0.0) + float(value) / last_weeks
    return total


def fare_paths(
    scenario: Scenario, *, n_threads: int, kernels: Any, week: int, rise: float
) -> dict[str, dict[str, list[float]]]:
    """Weekly metrics of a run, and of the same run with pay for a trip higher from a week on.

    The piece rate rises by a share of itself and the net fee by as much in currency: platforms' margin is unchanged.
    """
    from sim.model import PlatformEconomy

    how: dict[str, Any] = {"n_threads": n_threads, "kernels": kernels}
    base = PlatformEconomy(scenario, **how)
    while base.world.week < week - 1:
        base.step()
    raised = PlatformEconomy.resume(base.snapshot(), scenario, **how)
    platforms = raised.world.platforms
    more = np.round(rise * platforms.piece_rate_chosen, 2)
    platforms.piece_rate_chosen += more
    platforms.net_fee_chosen += more
    found = {}
    for name, model in (("base", base), ("raised", raised)):
        model.run_all()
        weekly = {key: np.array(values) for key, values in model.weekly.items()}
        weekly["hours_online"] = weekly["worker_hours"] * weekly["worker_active"]
        found[name] = {key: weekly[key].tolist() for key in KEPT}
    return found
