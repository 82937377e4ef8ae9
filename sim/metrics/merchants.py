"""Weekly metrics of merchants."""

from __future__ import annotations

import numpy as np

from sim.ledger.accounts import Account
from sim.metrics.metric import PER_THOUSAND, Metric, gini_of_counts, per_thousand, ratio
from sim.metrics.ratios import MerchantTotals, mean_posted_price, merchant_ratios
from sim.parameters import CENTS
from sim.world import World

METRICS = (
    Metric(
        "merchant_opening_cost",
        "Cost of opening",
        PER_THOUSAND,
        "merchants",
        "lower",
        "what owners of new businesses spend to open; not in merchants' profit, subtracted from total welfare",
    ),
    Metric(
        "merchant_profit",
        "Merchants' profit",
        PER_THOUSAND,
        "merchants",
        "higher",
        "sales on and off platforms less commission, variable and fixed costs",
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
        "merchant_price",
        "Goods price",
        "{currency} an order",
        "merchants",
        "neutral",
        "goods value of an order carried",
    ),
    Metric(
        "merchant_price_independent",
        "Goods price of independents",
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
    Metric(
        "merchant_tax_gap",
        "Tax gap",
        "share of tax due",
        "merchants",
        "neutral",
        "tax due on platform sales that is not paid, over tax due",
    ),
)


def measure_merchants(world: World) -> dict[str, float]:
    """Numbers of METRICS for this week."""
    merchants, n_carried = world.merchants, world.orders.n_carried
    orders = n_carried.sum(axis=0) * merchants.is_active
    n_listings = merchants.is_listed.sum(axis=0)
    active, listed, size = (
        int(np.count_nonzero(merchants.is_active)),
        int(np.count_nonzero(n_listings)),
        len(world.consumers) / 10_000,
    )
    profit, n_orders = int(merchants.profit_cents.sum()), int(orders.sum())
    (sales, of_independents), (commission, by_independents), (_, orders_of_independents) = (
        (int(values.sum()), int((values * merchants.is_independent).sum()))
        for values in (merchants.sales_cents, merchants.commission_cents, orders)
    )
    week = MerchantTotals(
        unit=CENTS,
        profit=profit,
        n_merchants=active,
        all=(sales, commission),
        independents=(of_independents, by_independents),
        chains=(sales - of_independents, commission - by_independents),
        orders=n_orders,
        orders_of_independents=orders_of_independents,
        n_listed=listed,
        n_multihoming=np.count_nonzero(n_listings > 1),
    )
    return {
        "merchant_opening_cost": per_thousand(world, merchants.opening_cents.sum()),
        "merchant_profit": per_thousand(world, profit),
        **merchant_ratios(week),
        "merchant_price_independent": _posted_price(world),
        "merchant_active": active / size,
        "merchant_listed": listed / size,
        "merchant_gini": gini_of_counts(orders),
        "merchant_entries": int(world.zones.n_entries.sum()) / size,
        "merchant_exits": int(world.zones.n_exits.sum()) / size,
        "merchant_tax_gap": _tax_gap(world),
    }


def _tax_gap(world: World) -> float:
    """Part of the tax due that is neither contained in fixed costs nor paid in addition."""
    due, flows = int(world.merchants.tax_due_cents.sum()), world.ledger.flows
    return ratio(due - flows[Account.TAX_IN_COSTS] - flows[Account.TAXES], due)


def _posted_price(world: World) -> float:
    """Mean posted price of listed independents, each platform weighted by its orders."""
    merchants = world.merchants
    counted = merchants.is_listed & merchants.is_independent
    total, n_posted = (merchants.price_cents * counted).sum(axis=1), np.count_nonzero(counted, axis=1)
    return mean_posted_price(total, n_posted, world.zones.carried.sum(axis=1), CENTS)
