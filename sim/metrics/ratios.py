"""Metrics that follow from a week's totals: one formula each, whether agents or expectations added the totals up.

Money may be in cents or in currency: `unit` says how many make one of the currency. Left to those who measure is
whatever agents count one by one and the mean field takes expectations of (surplus, who is online, tax declared), and
money per 1,000 consumers, which comes from whole cents on one side and from currency per zone on the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.metrics.metric import Number, herfindahl, ratio

Array = np.ndarray
NONE = 1e-300
"""Divisor where there is nothing to divide by."""


class PlatformTotals(NamedTuple):
    """A week of all platforms together, or one entry a platform (J)."""

    unit: float
    orders: Array
    """(J): carried."""
    revenue: Array
    """(J)."""
    profit: Number
    commission: Number
    fees: Number
    """Net fees, surcharges given up taken off."""
    goods: Number
    """Goods value of orders carried."""
    carriage: Number
    """What platforms pay for carriage, tips not counted."""
    remote: Number
    """Orders carried for merchants listed only on other platforms."""


def platform_ratios(week: PlatformTotals) -> dict[str, float]:
    """Amounts per order, shares of order value, and concentration; a loss-making revenue counts as none in shares."""
    unit, n_orders, revenue = week.unit, week.orders.sum(), week.revenue.sum()
    value = week.goods + week.fees
    by_orders, by_revenue = np.sort(week.orders)[::-1], np.sort(np.maximum(week.revenue, 0))[::-1]
    return {
        "platform_profit_per_order": ratio(week.profit / unit, n_orders),
        "platform_revenue_per_order": ratio(revenue / unit, n_orders),
        "platform_commission_per_order": ratio(week.commission / unit, n_orders),
        "platform_fee_per_order": ratio(week.fees / unit, n_orders),
        "platform_worker_cost_per_order": ratio(week.carriage / unit, n_orders),
        "platform_take_rate": ratio(revenue, value),
        "platform_commission_share": ratio(week.commission, value),
        "platform_margin": ratio(week.profit, revenue),
        "platform_rider_cost_share": ratio(week.carriage, value),
        "platform_leader_order_share": ratio(by_orders[0], n_orders),
        "platform_leader_revenue_share": ratio(by_revenue[0], by_revenue.sum()),
        "platform_second_revenue_share": ratio(by_revenue[1:2].sum(), by_revenue.sum()),
        "platform_remote_share": ratio(week.remote, n_orders),
        "platform_hhi_orders": herfindahl(by_orders),
        "platform_hhi_revenue": herfindahl(by_revenue),
    }


class ConsumerTotals(NamedTuple):
    """A week of all consumers; arrays by platform (J), or by platform and zone (J, Z)."""

    unit: float
    n_consumers: float
    paid: Number
    """Goods, net fees and tips of orders carried."""
    tips: Number
    placed: Array
    carried: Array
    delay: Array
    """Minutes."""
    data: Number
    """Units that orders carried left."""


def consumer_ratios(week: ConsumerTotals) -> dict[str, float]:
    """Orders and data per consumer; price, tip and delay of an order carried; share cancelled."""
    carried, placed = week.carried.sum(), week.placed.sum()
    return {
        "consumer_orders": float(carried) / week.n_consumers,
        "consumer_price": ratio(week.paid / week.unit, carried),
        "consumer_tip": ratio(week.tips / week.unit, carried),
        "consumer_delay": ratio((week.delay * week.carried).sum(), carried),
        "consumer_data_collected": float(week.data) / week.n_consumers,
        "consumer_cancelled_share": ratio(placed - carried, placed),
    }


def mean_over_orders(values: Array, orders: Array) -> float:
    """Mean of something that platforms (and zones) offer, weighted by these orders."""
    return ratio((values * orders).sum(), orders.sum())


def mean_posted_price(total: Array, n_posted: Array, orders: Array, unit: float) -> float:
    """Mean of posted prices (J: their sum over n_posted merchants), each platform weighted by its orders."""
    mean = total / np.maximum(n_posted, NONE) / unit
    return mean_over_orders(mean, orders * (n_posted > 0))


class MerchantTotals(NamedTuple):
    """A week of all merchants; pairs are (goods value, commission)."""

    unit: float
    profit: Number
    n_merchants: Number
    all: tuple[Number, Number]
    independents: tuple[Number, Number]
    chains: tuple[Number, Number]
    orders: Number
    orders_of_independents: Number
    n_listed: Number
    """On at least one platform."""
    n_multihoming: Number
    """On two or more."""


def merchant_ratios(week: MerchantTotals) -> dict[str, float]:
    """Profit of one, commission rates paid, price of an order, and who sells and lists where."""
    rates = {"": week.all, "_independent": week.independents, "_chain": week.chains}
    return {
        "merchant_profit_each": ratio(week.profit / week.unit, week.n_merchants),
        **{f"merchant_take_rate{kind}": ratio(commission, goods) for kind, (goods, commission) in rates.items()},
        "merchant_price": ratio(week.all[0] / week.unit, week.orders),
        "merchant_multihoming_share": ratio(week.n_multihoming, week.n_listed),
        "merchant_independent_share": ratio(week.orders_of_independents, week.orders),
    }


class WorkerTotals(NamedTuple):
    """A week of all workers; pay in currency, tips included, time in one unit but for hours."""

    pay: float
    hours: float
    """Online."""
    n_working: Number
    not_admitted: Number
    """Time for which platforms did not admit workers who wanted to work."""
    wanted: Number
    """That, and the time online."""


def worker_ratios(week: WorkerTotals) -> dict[str, float]:
    """Earnings and hours of those who work, and the part of the time wanted that platforms did not admit."""
    return {
        "worker_hourly_earnings": ratio(week.pay, week.hours),
        "worker_weekly_earnings": ratio(week.pay, week.n_working),
        "worker_hours": ratio(week.hours, week.n_working),
        "worker_rationed_share": ratio(week.not_admitted, week.wanted),
    }


def injury_ratios(orders: Array, safety: Array, coverage: Array, replacement: Array) -> dict[str, float]:
    """Part of the expected loss from injuries that workers bear, and of orders that are insured; all (J)."""
    risk, insured = orders * (1.0 - safety), coverage * replacement
    return {
        "worker_injury_loss_uncovered": ratio((risk * (1.0 - insured)).sum(), risk.sum()),
        "worker_insured_share": ratio((orders * coverage).sum(), orders.sum()),
    }
