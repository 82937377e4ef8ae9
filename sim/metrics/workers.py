"""Riders' week in numbers."""

from __future__ import annotations

import numpy as np

from sim.metrics.metric import PER_THOUSAND, Metric, gini, per_thousand, ratio
from sim.parameters import CENTS
from sim.world import World

METRICS = (
    Metric(
        "worker_surplus",
        "Riders' surplus",
        PER_THOUSAND,
        "workers",
        "higher",
        "pay above the reservation wage of the hours given",
    ),
    Metric("worker_pay", "Riders' pay", PER_THOUSAND, "workers", "higher", "all pay to riders"),
    Metric(
        "worker_top_up",
        "Top-ups to riders",
        PER_THOUSAND,
        "workers",
        "higher",
        "part of riders' pay that a pay floor added",
    ),
    Metric(
        "worker_hourly_earnings",
        "Hourly earnings",
        "{currency} an hour on line",
        "workers",
        "higher",
        "pay over hours on line",
    ),
    Metric(
        "worker_weekly_earnings",
        "Weekly earnings",
        "{currency} a working rider",
        "workers",
        "higher",
        "pay over riders who worked",
    ),
    Metric(
        "worker_hours", "Hours on line", "hours a working rider", "workers", "neutral", "hours over riders who worked"
    ),
    Metric(
        "worker_active",
        "Riders at work",
        "riders per 10,000 consumers",
        "workers",
        "higher",
        "riders on line in the week",
    ),
    Metric(
        "worker_locked_out_share",
        "Time kept off line",
        "share of the time riders wanted",
        "workers",
        "lower",
        "time for which platforms did not admit riders who wanted to work",
    ),
    Metric(
        "worker_pool",
        "Riders who may work",
        "riders per 10,000 consumers",
        "workers",
        "neutral",
        "riders who have taken up riding and not given it up",
    ),
    Metric(
        "worker_joining", "Riders joining", "riders per 10,000 consumers a week", "workers", "neutral", "new riders"
    ),
    Metric(
        "worker_leaving",
        "Riders leaving",
        "riders per 10,000 consumers a week",
        "workers",
        "neutral",
        "riders who give up for good",
    ),
    Metric(
        "worker_utilisation",
        "Utilisation",
        "share of capacity",
        "workers",
        "neutral",
        "orders carried over what hours on line could carry",
    ),
    Metric(
        "worker_earnings_gini",
        "Inequality of riders' earnings",
        "Gini",
        "workers",
        "neutral",
        "Gini of weekly pay over riders who worked",
    ),
)


def measure_workers(world: World) -> dict[str, float]:
    """Numbers of METRICS for this week."""
    workers, zones = world.workers, world.zones
    minutes = workers.minutes.sum(axis=0)
    is_working = minutes > 0
    paid, given = int(workers.pay_cents.sum()), int(minutes.sum())
    n_working = int(np.count_nonzero(is_working))
    pay, hours, locked_out = paid / CENTS, given / 60.0, int(workers.locked_out.sum())
    size = len(world.consumers) / 10_000
    return {
        "worker_surplus": per_thousand(world, workers.surplus_cents.sum()),
        "worker_pay": per_thousand(world, paid),
        "worker_top_up": per_thousand(world, workers.top_up_cents.sum()),
        "worker_hourly_earnings": ratio(pay, hours),
        "worker_weekly_earnings": ratio(pay, n_working),
        "worker_hours": ratio(hours, n_working),
        "worker_active": n_working / size,
        "worker_locked_out_share": ratio(locked_out, given + locked_out),
        "worker_pool": int(np.count_nonzero(workers.is_active)) / size,
        "worker_joining": int(zones.n_joined.sum()) / size,
        "worker_leaving": int(zones.n_left.sum()) / size,
        "worker_utilisation": ratio(zones.carried.sum(), zones.capacity.sum()),
        "worker_earnings_gini": gini(workers.pay_cents[is_working]),
    }
