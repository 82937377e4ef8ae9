"""Riders' week in numbers."""

from __future__ import annotations

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
        "pay above the reservation wage of the hours worked",
    ),
    Metric("worker_pay", "Riders' pay", PER_THOUSAND, "workers", "higher", "all pay to riders"),
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
    pay, n_working = int(workers.pay_cents.sum()) / CENTS, int(is_working.sum())
    hours = int(minutes.sum()) / 60.0
    return {
        "worker_surplus": per_thousand(world, workers.surplus_cents),
        "worker_pay": per_thousand(world, workers.pay_cents),
        "worker_hourly_earnings": ratio(pay, hours),
        "worker_weekly_earnings": ratio(pay, n_working),
        "worker_hours": ratio(hours, n_working),
        "worker_active": n_working * 10_000 / len(world.consumers),
        "worker_utilisation": ratio(zones.carried.sum(), zones.capacity.sum()),
        "worker_earnings_gini": gini(workers.pay_cents[is_working]),
    }
