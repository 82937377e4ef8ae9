"""What a merchant can expect of a platform: orders and weekly gain."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.world import Array, World

RANKING_STEPS = 6
"""Steps of the fixed point between a newcomer's orders and ranking: enough for 0.1% where past sales weigh 0.2."""


def prospective_orders(world: World, quality: Array, price: Array, zone: Array) -> Array:
    """float32 (J, n): orders a week that a merchant not listed would win against those listed in the zone.

    The platform's orders are shared by ranking weight times attraction at the mean buyer's price sensitivity. Orders
    raise the ranking that brings them, so the share is found by a few steps of that fixed point. quality, zone (n);
    price (J, n).
    """
    merchants = world.merchants
    total = world.by_zone(merchants.price * merchants.is_listed).sum(axis=2, dtype=np.float64)
    mean_price = (total / np.maximum(world.by_zone(merchants.is_listed).sum(axis=2), 1)).astype(np.float32)

    def worth(quality: Array, price: Array, usual: Array, zone: Array) -> Array:
        relative = price / np.maximum(mean_price[:, zone], np.float32(0.01))
        ranking = world.sector.ranking
        weight = formulas.ranking_weight(
            quality[None, :], usual, relative, ranking.relevance, ranking.sales, ranking.price
        )
        sensitivity = world.zones.buyer_sensitivity[:, zone]
        return weight * formulas.attraction(quality[None, :], price, sensitivity, world.sector.consumers.merchant_scale)

    incumbents = worth(merchants.quality, merchants.price, merchants.usual_orders, merchants.zone)
    rivals = world.by_zone(incumbents * merchants.is_listed).sum(axis=2, dtype=np.float64).astype(np.float32)
    orders = (
        world.by_zone(merchants.usual_orders * merchants.is_listed).sum(axis=2, dtype=np.float64).astype(np.float32)
    )
    found = np.zeros_like(price)
    for _ in range(RANKING_STEPS):
        own = worth(quality, price, found, zone)
        found = orders[:, zone] * own / np.maximum(rivals[:, zone] + own, np.float32(1e-20))
    return found


def weekly_gain(
    world: World, orders: Array, price: Array, unit_cost: Array, offline_price: Array, commission: Array
) -> Array:
    """Currency a week that a listing brings: margin less diverted offline margin less the cost of being listed."""
    numbers = world.sector.merchants
    margin = (1.0 - commission) * price - unit_cost - numbers.diversion * (offline_price - unit_cost)
    return (orders * margin - numbers.listing_cost).astype(np.float32)
