"""Merchants' columns, and how merchants are drawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import elementary
from sim.parameters import CENTS, ConsumerParameters, MerchantParameters
from sim.populations.table import Array, Table, column
from sim.randomness import draws
from sim.randomness.streams import Stream

FIRST_ENTRANT = 2**31
"""Identities from here on are entrants', by week, zone and turn."""


class Merchants(Table):
    """Merchants in fixed slots of their zone (row = zone x slots + slot); slots are reused, identities never."""

    zone: Array = column("int32", "-", "zone of business")
    tier: Array = column("uint8", "-", "class of merchants charged alike, in the sector file's order")
    is_independent: Array = column("bool", "-", "independent, not a branch of a chain")
    quality: Array = column("float32", "utility", "quality as displayed")
    unit_cost_cents: Array = column("int64", "cents", "variable cost of one order")
    offline_orders: Array = column("float32", "orders a week", "usual orders off the platforms")
    offline_price_cents: Array = column("int64", "cents", "price off the platforms")
    fixed_cost_cents: Array = column("int64", "cents a week", "rent and standing staff")
    trade: Array = column("float32", "log points", "present state of the shock to offline trade")
    shock: Array = column("float32", "ratio", "offline trade relative to its usual level")
    is_listed: Array = column("bool", "-", "on offer on a platform", per="platform")
    price: Array = column("float32", "currency", "wanted price on a platform", per="platform")
    price_cents: Array = column("int64", "cents", "posted price on a platform", per="platform")
    usual_orders: Array = column("float32", "orders a week", "smoothed orders on a platform", per="platform")
    age: Array = column("int32", "weeks", "weeks in business")
    sales_cents: Array = column("int64", "cents a week", "goods sold on platforms this week")
    commission_cents: Array = column("int64", "cents a week", "commission paid this week")
    opening_cents: Array = column("int64", "cents a week", "cost of opening, in the week of opening")
    candour: Array = column("float32", "share", "rank among merchants by readiness to declare")
    report_draw: Array = column("float32", "share", "share of sellers reported above which this one is reported")
    tax_due_cents: Array = column("int64", "cents a week", "tax owed on platform sales this week")
    tax_cents: Array = column("int64", "cents a week", "tax paid beyond what fixed costs contain")
    levy: Array = column("float32", "share of goods value", "tax on sales that fixed costs do not contain")
    profit_cents: Array = column("int64", "cents", "profit this week")
    balance_cents: Array = column("int64", "cents", "cash")


class Character(NamedTuple):
    """What does not change as long as a merchant is in business."""

    tier: Array
    is_independent: Array
    quality: Array
    unit_cost: Array
    offline_orders: Array
    offline_price: Array


def draw_character(parameters: MerchantParameters, tastes: ConsumerParameters, identity: Array, seed: int) -> Character:
    """Tier, quality, cost and offline trade by identity.

    Quality = quality_sd x normal + the value, to a consumer of mean price sensitivity, of a higher unit cost (+ the
    tier's premium): expensive goods are better goods, and demand sorts by income. Off the platforms goods cost unit
    cost and the usual mark-up times a ratio: no commission, so that no rule on commissions moves that price.
    """
    # At the mean price sensitivity a higher cost is just worth it. So poorer consumers prefer cheap goods and richer
    # ones expensive goods; with quality independent of cost, all incomes would prefer the cheapest.
    tiers = list(parameters.tiers.values())
    ends = np.cumsum([tier.share for tier in tiers])
    drawn = np.searchsorted(ends, draws.uniform(seed, Stream.MERCHANT_TYPE, 0, identity), side="right")
    tier = np.minimum(drawn, len(tiers) - 1).astype(np.uint8)
    mean_cost = parameters.unit_cost * np.array([t.cost_ratio for t in tiers])[tier]
    unit_cost = mean_cost * draws.lognormal(seed, Stream.MERCHANT_COST, identity, 1.0, parameters.unit_cost_log_sd)
    quality = parameters.quality_sd * draws.normal(seed, Stream.MERCHANT_QUALITY, 0, identity)
    quality += tastes.price_sensitivity * (unit_cost - mean_cost) + np.array([t.quality for t in tiers])[tier]
    offline = draws.lognormal(
        seed, Stream.MERCHANT_OFFLINE, identity, parameters.offline_orders, parameters.offline_log_sd
    )
    offline_price = (parameters.offline_price_ratio * (unit_cost + tastes.usual_mark_up)).astype(np.float32)
    is_independent = np.array([t.is_independent for t in tiers])[tier]
    return Character(tier, is_independent, quality.astype(np.float32), unit_cost, offline, offline_price)


def install(
    table: Merchants,
    rows: Array,
    identity: Array,
    born: Character,
    price: Array,
    parameters: MerchantParameters,
    seed: int,
) -> None:
    """Put new merchants into slots, unlisted, without cash; price (J, n) is what they would ask on each platform."""
    table.identity[rows], table.is_active[rows] = identity, True
    table.tier[rows], table.is_independent[rows] = born.tier, born.is_independent
    table.quality[rows], table.offline_orders[rows] = born.quality, born.offline_orders
    table.unit_cost_cents[rows] = np.rint(born.unit_cost * CENTS)
    table.price[:, rows], table.price_cents[:, rows] = price, np.rint(price * np.float32(CENTS))
    table.offline_price_cents[rows] = np.rint(born.offline_price * CENTS)
    margin = np.maximum(born.offline_orders * (born.offline_price - born.unit_cost), 0.0)
    table.fixed_cost_cents[rows] = np.rint(parameters.fixed_cost_share * margin * CENTS)
    sd = trade_sd(parameters)
    table.trade[rows] = sd * draws.normal(seed, Stream.MERCHANT_FIRST_TRADE, 0, identity)
    table.shock[rows] = elementary.exp(table.trade[rows] - np.float32(0.5 * sd * sd))
    table.usual_orders[:, rows], table.is_listed[:, rows], table.age[rows] = 0.0, False, 0
    table.candour[rows] = draws.uniform(seed, Stream.DECLARING, 0, identity)
    table.report_draw[rows] = draws.uniform(seed, Stream.REPORTED_SELLERS, 0, identity)
    table.levy[rows] = 0.0


def trade_sd(parameters: MerchantParameters) -> float:
    """Long-run standard deviation of the shock to offline trade: shock / sqrt(1 - persistence^2)."""
    persistence = parameters.trade_persistence
    return parameters.trade_shock_sd / float(np.sqrt(1.0 - persistence * persistence))
