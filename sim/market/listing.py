"""On which platforms a merchant is found."""

from __future__ import annotations

import numpy as np

from sim.kernels import elementary
from sim.market.prospects import prospective_orders, weekly_gain
from sim.parameters import CENTS
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import World


def review_listings(world: World) -> None:
    """Some merchants reconsider each platform: listed with logit chance of the weekly gain over its noise.

    gain = orders ((1 - t) p - c - diversion (offline p - c)) - listing cost; orders are the usual ones where listed,
    the share that quality and price would attract elsewhere.

    Reads: merchants, platforms.commission, zones.buyer_sensitivity.
    Writes: merchants (is_listed, usual_orders).
    """
    merchants, numbers = world.merchants, world.sector.merchants
    elsewhere = prospective_orders(world, merchants.quality, merchants.price, merchants.zone)
    orders = np.where(merchants.is_listed, merchants.usual_orders, elsewhere)
    cost, offline = merchants.unit_cost_cents / CENTS, merchants.offline_price_cents / CENTS
    gain = weekly_gain(world, orders, merchants.price, cost, offline, world.commission_of_merchants())
    chance = elementary.logistic(gain / np.float32(numbers.listing_scale))
    for j in range(world.n_platforms):
        reviews = (
            draws.uniform(world.seed, Stream.LISTING, world.week, merchants.identity, 2 * j)
            < numbers.listing_review_rate
        )
        lists = draws.uniform(world.seed, Stream.LISTING, world.week, merchants.identity, 2 * j + 1) < chance[j]
        reviews &= merchants.is_active
        merchants.usual_orders[j] = np.where(
            reviews, np.where(lists, orders[j], np.float32(0)), merchants.usual_orders[j]
        )
        merchants.is_listed[j] = np.where(reviews, lists, merchants.is_listed[j])
