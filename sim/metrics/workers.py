"""Weekly metrics of workers."""

from __future__ import annotations

import numpy as np

from sim.metrics.metric import PER_THOUSAND, Metric, gini, per_thousand, ratio
from sim.metrics.ratios import WorkerTotals, injury_ratios, worker_ratios
from sim.parameters import CENTS
from sim.world import World

METRICS = (
    Metric(
        "worker_surplus",
        "Workers' surplus",
        PER_THOUSAND,
        "workers",
        "higher",
        "pay above the reservation wage of hours worked or waited, less licences, plus injury losses that rules avert",
    ),
    Metric("worker_pay", "Workers' pay", PER_THOUSAND, "workers", "higher", "pay, tips and top-ups included"),
    Metric(
        "worker_top_up",
        "Top-ups to workers",
        PER_THOUSAND,
        "workers",
        "higher",
        "part of workers' pay that a pay floor added",
    ),
    Metric("worker_tips", "Tips to workers", PER_THOUSAND, "workers", "higher", "part of workers' pay that is tips"),
    Metric(
        "worker_hourly_earnings",
        "Hourly earnings",
        "{currency} an hour online",
        "workers",
        "higher",
        "pay over hours online",
    ),
    Metric(
        "worker_weekly_earnings",
        "Weekly earnings",
        "{currency} an active worker",
        "workers",
        "higher",
        "pay over workers who were online",
    ),
    Metric(
        "worker_hours",
        "Hours online",
        "hours an active worker",
        "workers",
        "neutral",
        "hours over workers who were online",
    ),
    Metric(
        "worker_active",
        "Workers online",
        "workers per 10,000 consumers",
        "workers",
        "higher",
        "workers online in the week",
    ),
    Metric(
        "worker_rationed_share",
        "Time rationed",
        "share of the time workers offered",
        "workers",
        "lower",
        "time for which platforms did not admit workers who wanted to work",
    ),
    Metric(
        "worker_pool",
        "Workers in the pool",
        "workers per 10,000 consumers",
        "workers",
        "neutral",
        "workers who have joined and not given up",
    ),
    Metric(
        "worker_joining", "Workers joining", "workers per 10,000 consumers a week", "workers", "neutral", "new workers"
    ),
    Metric(
        "worker_leaving",
        "Workers leaving",
        "workers per 10,000 consumers a week",
        "workers",
        "neutral",
        "workers who give up for good",
    ),
    Metric(
        "worker_utilisation",
        "Utilisation",
        "share of capacity",
        "workers",
        "neutral",
        "orders carried over the capacity of hours online",
    ),
    Metric(
        "worker_earnings_gini",
        "Inequality of workers' earnings",
        "Gini",
        "workers",
        "neutral",
        "Gini of weekly pay over workers who were online",
    ),
    Metric(
        "worker_injuries",
        "Injuries",
        "injuries per million orders",
        "workers",
        "lower",
        "workers hurt over orders carried",
    ),
    Metric(
        "worker_injury_loss_uncovered",
        "Loss from injuries that workers bear",
        "share of the expected loss",
        "workers",
        "lower",
        "what insurers do not pay of the loss expected from the risks that workers ran",
    ),
    Metric(
        "worker_insured_share",
        "Insured orders",
        "share of orders",
        "workers",
        "higher",
        "orders carried for which a premium was paid",
    ),
    Metric(
        "worker_licensed_share",
        "Hours of workers with a licence",
        "share of hours online",
        "workers",
        "neutral",
        "hours of workers who hold the licence that the market asks for; 1 where it asks for none",
    ),
)


def measure_workers(world: World) -> dict[str, float]:
    """Numbers of METRICS for this week."""
    workers, zones = world.workers, world.zones
    minutes = workers.minutes.sum(axis=0)
    is_working = minutes > 0
    paid, given = int(workers.pay_cents.sum()), int(minutes.sum())
    n_working = int(np.count_nonzero(is_working))
    pay, hours, rationed_minutes = paid / CENTS, given / 60.0, int(workers.rationed_minutes.sum())
    size, delivered, platforms = len(world.consumers) / 10_000, workers.deliveries.sum(axis=1), world.platforms
    week = WorkerTotals(pay, hours, n_working, not_admitted=rationed_minutes, wanted=given + rationed_minutes)
    return {
        "worker_surplus": per_thousand(world, workers.surplus_cents.sum()),
        "worker_pay": per_thousand(world, paid),
        "worker_top_up": per_thousand(world, workers.top_up_cents.sum()),
        "worker_tips": per_thousand(world, workers.tip_cents.sum()),
        **worker_ratios(week),
        "worker_active": n_working / size,
        "worker_pool": int(np.count_nonzero(workers.is_active)) / size,
        "worker_joining": int(zones.n_joined.sum()) / size,
        "worker_leaving": int(zones.n_left.sum()) / size,
        "worker_utilisation": ratio(zones.carried.sum(), zones.capacity.sum()),
        "worker_earnings_gini": gini(workers.pay_cents[is_working]),
        "worker_injuries": ratio(1e6 * np.count_nonzero(workers.injury_cents), delivered.sum()),
        **injury_ratios(delivered, platforms.safety, platforms.coverage, platforms.replacement),
        "worker_licensed_share": ratio(minutes[workers.is_licensed].sum(), given),
    }
