"""Merchants' week in numbers."""

from __future__ import annotations

import numpy as np

from sim.metrics.metric import PER_THOUSAND, Metric, gini, per_thousand, ratio
from sim.parameters import CENTS
from sim.world import World

METRICS = (
    Metric(
        "merchant_opening_cost",
        "Cost of opening",
        PER_THOUSAND,
        "merchants",
        "lower",
        "what owners of new businesses spend to open; not in profit, taken off the sum of all parties",
    ),
    Metric(
        "merchant_profit",
        "Merchants' profit",
        PER_THOUSAND,
        "merchants",
        "higher",
        "online and offline sales less commission, ingredients and fixed costs",
    ),
    Metric(
        "merchant_profit_each",
        "Profit of a merchant",
        "{currency} a merchant and week",
        "merchants",
        "higher",
        "profit over merchants in business",
    ),
    Metric(
        "merchant_take_rate",
        "Commission rate paid",
        "share of goods value",
        "merchants",
        "lower",
        "commission over goods sold",
    ),
    Metric(
        "merchant_take_rate_independent",
        "Commission rate of independents",
        "share of goods value",
        "merchants",
        "lower",
        "commission over goods sold, independents",
    ),
    Metric(
        "merchant_take_rate_chain",
        "Commission rate of chains",
        "share of goods value",
        "merchants",
        "lower",
        "commission over goods sold, chains",
    ),
    Metric(
        "merchant_price", "Meal price", "{currency} an order", "merchants", "neutral", "goods value of an order carried"
    ),
    Metric(
        "merchant_price_independent",
        "Meal price of independents",
        "{currency} an order",
        "merchants",
        "neutral",
        "mean posted price of listed independents, platforms weighted by orders",
    ),
    Metric(
        "merchant_active",
        "Merchants in business",
        "merchants per 10,000 consumers",
        "merchants",
        "higher",
        "merchants in business",
    ),
    Metric(
        "merchant_listed",
        "Merchants on platforms",
        "merchants per 10,000 consumers",
        "merchants",
        "higher",
        "merchants listed on at least one platform",
    ),
    Metric(
        "merchant_multihoming_share",
        "Merchants on several platforms",
        "share of listed merchants",
        "merchants",
        "neutral",
        "listed on two platforms or more",
    ),
    Metric(
        "merchant_independent_share",
        "Orders at independents",
        "share of orders",
        "merchants",
        "neutral",
        "orders carried from independents",
    ),
    Metric(
        "merchant_gini",
        "Concentration of merchants' orders",
        "Gini",
        "merchants",
        "neutral",
        "Gini of orders over merchants with an order",
    ),
    Metric(
        "merchant_entries",
        "Merchants opening",
        "merchants per 10,000 consumers a week",
        "merchants",
        "neutral",
        "openings",
    ),
    Metric(
        "merchant_exits",
        "Merchants closing",
        "merchants per 10,000 consumers a week",
        "merchants",
        "lower",
        "closures for debt",
    ),
)


def measure_merchants(world: World) -> dict[str, float]:
    """Numbers of METRICS for this week."""
    merchants, n_carried = world.merchants, world.orders.n_carried
    orders = n_carried.sum(axis=0)
    n_listings = merchants.is_listed.sum(axis=0)
    independent = merchants.is_independent
    active, listed, size = (
        int(merchants.is_active.sum()),
        int((n_listings > 0).sum()),
        len(world.consumers) / 10_000,
    )
    sales, commission = merchants.sales_cents, merchants.commission_cents
    return {
        "merchant_opening_cost": per_thousand(world, merchants.opening_cents),
        "merchant_profit": per_thousand(world, merchants.profit_cents),
        "merchant_profit_each": ratio(int(merchants.profit_cents.sum()) / CENTS, active),
        "merchant_take_rate": ratio(commission.sum(), sales.sum()),
        "merchant_take_rate_independent": ratio(commission[independent].sum(), sales[independent].sum()),
        "merchant_take_rate_chain": ratio(commission[~independent].sum(), sales[~independent].sum()),
        "merchant_price": ratio(int(sales.sum()) / CENTS, orders.sum()),
        "merchant_price_independent": _posted_price(world),
        "merchant_active": active / size,
        "merchant_listed": listed / size,
        "merchant_multihoming_share": ratio((n_listings > 1).sum(), listed),
        "merchant_independent_share": ratio(orders[independent].sum(), orders.sum()),
        "merchant_gini": gini(orders[orders > 0]),
        "merchant_entries": int(world.zones.n_entries.sum()) / size,
        "merchant_exits": int(world.zones.n_exits.sum()) / size,
    }


def _posted_price(world: World) -> float:
    """Mean posted price of listed independents, each platform weighted by its orders."""
    merchants = world.merchants
    counted = merchants.is_listed & merchants.is_independent
    n_posted = counted.sum(axis=1)
    mean = (merchants.price_cents * counted).sum(axis=1) / np.maximum(n_posted, 1) / CENTS
    weight = world.zones.carried.sum(axis=1) * (n_posted > 0)
    return ratio((mean * weight).sum(), weight.sum())
