"""Merchants' columns and how a merchant is born."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.parameters import CENTS, MerchantParameters
from sim.populations.table import Array, Table, column
from sim.randomness import draws
from sim.randomness.streams import Stream

FIRST_ENTRANT = 2**31
"""Identities from here on are entrants', by week, zone and turn."""


class Merchants(Table):
    """Restaurants in fixed slots of their zone (row = zone x slots + slot); slots are reused, identities never."""

    zone: Array = column("int32", "-", "zone of business")
    is_independent: Array = column("bool", "-", "independent, not a branch of a chain")
    quality: Array = column("float32", "utility", "quality as displayed")
    unit_cost_cents: Array = column("int64", "cents", "variable cost of one order")
    offline_orders: Array = column("float32", "orders a week", "usual orders off the platforms")
    offline_price_cents: Array = column("int64", "cents", "price off the platforms")
    fixed_cost_cents: Array = column("int64", "cents a week", "rent and standing staff")
    trade: Array = column("float32", "log points", "present luck of offline trade")
    luck: Array = column("float32", "ratio", "offline trade against its usual level")
    is_listed: Array = column("bool", "-", "on offer on a platform", per="platform")
    price: Array = column("float32", "currency", "wanted price on a platform", per="platform")
    price_cents: Array = column("int64", "cents", "posted price on a platform", per="platform")
    usual_orders: Array = column("float32", "orders a week", "smoothed orders on a platform", per="platform")
    age: Array = column("int32", "weeks", "weeks in business")
    sales_cents: Array = column("int64", "cents a week", "goods sold on platforms this week")
    commission_cents: Array = column("int64", "cents a week", "commission paid this week")
    profit_cents: Array = column("int64", "cents", "profit this week")
    balance_cents: Array = column("int64", "cents", "cash")


class Character(NamedTuple):
    """What does not change in a merchant's life."""

    is_independent: Array
    quality: Array
    unit_cost: Array
    offline_orders: Array


def draw_character(numbers: MerchantParameters, price_sensitivity: float, identity: Array, seed: int) -> Character:
    """Type, quality, cost and offline trade by identity.

    Quality = quality_sd x normal + the worth, to a consumer of mean price sensitivity, of costlier ingredients
    (+ a premium for chains): dear meals are better meals, and demand sorts by income.
    """
    is_independent = draws.uniform(seed, Stream.MERCHANT_TYPE, 0, identity) >= numbers.chain_share
    mean_cost = numbers.unit_cost * np.where(is_independent, 1.0, numbers.chain_cost_ratio)
    unit_cost = mean_cost * draws.lognormal(seed, Stream.MERCHANT_COST, identity, 1.0, numbers.unit_cost_log_sd)
    quality = numbers.quality_sd * draws.normal(seed, Stream.MERCHANT_QUALITY, 0, identity)
    quality += price_sensitivity * (unit_cost - mean_cost) + np.where(is_independent, 0.0, numbers.chain_quality)
    offline = draws.lognormal(seed, Stream.MERCHANT_OFFLINE, identity, numbers.offline_orders, numbers.offline_log_sd)
    return Character(is_independent, quality.astype(np.float32), unit_cost, offline)


def install(
    table: Merchants, rows: Array, identity: Array, born: Character, price: Array, numbers: MerchantParameters
) -> None:
    """Put new merchants into slots, unlisted, without cash; price (J, n) is what they would ask on each platform."""
    table.identity[rows], table.is_active[rows] = identity, True
    table.is_independent[rows], table.quality[rows], table.offline_orders[rows] = (
        born.is_independent,
        born.quality,
        born.offline_orders,
    )
    table.unit_cost_cents[rows] = np.rint(born.unit_cost * CENTS)
    table.price[:, rows], table.price_cents[:, rows] = price, np.rint(price * np.float32(CENTS))
    offline_price = np.maximum(numbers.offline_price_ratio * price[0], born.unit_cost)
    table.offline_price_cents[rows] = np.rint(offline_price * CENTS)
    margin = born.offline_orders * (offline_price - born.unit_cost)
    table.fixed_cost_cents[rows] = np.rint(numbers.fixed_cost_share * margin * CENTS)
    table.trade[rows], table.luck[rows] = 0.0, 1.0
    table.usual_orders[:, rows], table.is_listed[:, rows], table.age[rows] = 0.0, False, 0
