"""Weekly metrics of consumers."""

from __future__ import annotations

import numpy as np

from sim.metrics.metric import PER_THOUSAND, Metric, fees_paid, per_thousand
from sim.metrics.ratios import ConsumerTotals, consumer_ratios, mean_over_orders
from sim.parameters import CENTS
from sim.world import World

METRICS = (
    Metric(
        "consumer_surplus",
        "Consumer surplus",
        PER_THOUSAND,
        "consumers",
        "higher",
        "expected log-sum over price sensitivity, corrected for what happened to each order (docs/welfare.md)",
    ),
    Metric(
        "consumer_surplus_without_habit",
        "Consumer surplus, habit not counted",
        PER_THOUSAND,
        "consumers",
        "higher",
        "consumer surplus without the utility of habit",
    ),
    Metric("consumer_orders", "Orders", "orders per consumer a week", "consumers", "higher", "orders carried"),
    Metric(
        "consumer_price",
        "Price paid",
        "{currency} an order",
        "consumers",
        "lower",
        "goods, net fee and tip of orders carried",
    ),
    Metric("consumer_tip", "Tip paid", "{currency} an order", "consumers", "lower", "tips over orders carried"),
    Metric(
        "consumer_delay",
        "Waiting time",
        "minutes",
        "consumers",
        "lower",
        "order to door, or request to start of a trip; mean over orders carried",
    ),
    Metric(
        "consumer_variety",
        "Merchants to choose from",
        "merchants",
        "consumers",
        "higher",
        "merchants shown on a platform, those listed only elsewhere by their visibility; mean over orders placed",
    ),
    Metric(
        "consumer_data_collected",
        "Data collected",
        "units per consumer a week",
        "consumers",
        "lower",
        "data collected with orders carried; 1 unit is what an order leaves where the market is observed",
    ),
    Metric(
        "consumer_privacy_cost",
        "Privacy cost",
        PER_THOUSAND,
        "consumers",
        "lower",
        "disutility to consumers of the data collected, perceived or not; already part of consumer surplus",
    ),
    Metric(
        "consumer_cancelled_share",
        "Orders cancelled",
        "share of orders",
        "consumers",
        "lower",
        "orders placed that were cancelled and refunded",
    ),
)


def measure_consumers(world: World) -> dict[str, float]:
    """Numbers of METRICS for this week."""
    zones, consumers = world.zones, world.consumers
    fees, tips = int(fees_paid(world).sum()), int(zones.tip_cents.sum())
    surplus, habit, privacy = (
        world.engine.sum_of(cents)
        for cents in (consumers.surplus_cents, consumers.habit_cents, consumers.privacy_cents)
    )
    week = ConsumerTotals(
        unit=CENTS,
        n_consumers=len(consumers),
        paid=int(world.merchants.sales_cents.sum()) + fees + tips,
        tips=tips,
        placed=zones.placed,
        carried=zones.carried,
        delay=zones.delay.astype(np.float64),
        data=(zones.carried.sum(axis=1) * world.platforms.data_per_order).sum(),
    )
    return {
        "consumer_surplus": per_thousand(world, surplus),
        "consumer_surplus_without_habit": per_thousand(world, surplus - habit),
        **consumer_ratios(week),
        "consumer_variety": mean_over_orders(zones.variety.astype(np.float64), zones.placed),
        "consumer_privacy_cost": per_thousand(world, privacy),
    }
