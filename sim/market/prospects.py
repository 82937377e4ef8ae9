"""What a merchant can expect of a platform: orders, and what one of them brings."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.kernels import elementary
from sim.market.access import find_homes, seen_at_home, visibility
from sim.world import Array, World

RANKING_STEPS = 6
"""Steps of the fixed point between a newcomer's orders and ranking: enough for 0.1% where past sales weigh 0.2."""


def prospective_orders(world: World, quality: Array, price: Array, zone: Array) -> Array:
    """float32 (J, n): orders a week that a merchant not listed would win against those on offer in the zone.

    The platform's orders, those for merchants reached elsewhere included, are shared by ranking weight times attraction
    at the mean buyer's price sensitivity. Orders raise the ranking that brings them, so the share is found by a few
    steps of that fixed point. quality, zone (n); price (J, n).
    """
    merchants = world.merchants
    total = world.by_zone(merchants.price * merchants.is_listed).sum(axis=2, dtype=np.float64)
    mean_price = (total / np.maximum(world.by_zone(merchants.is_listed).sum(axis=2), 1)).astype(np.float32)

    def worth_unsold(quality: Array, price: Array, zone: Array) -> Array:
        """Ranking weight before any sale times attraction."""
        relative, ranking = price / np.maximum(mean_price[:, zone], np.float32(0.01)), world.sector.ranking
        weight = formulas.ranking_weight(
            quality[None, :], np.zeros_like(price), relative, ranking.relevance, ranking.sales, ranking.price
        )
        sensitivity = world.zones.buyer_sensitivity[:, zone]
        return weight * formulas.attraction(quality[None, :], price, sensitivity, world.sector.consumers.merchant_scale)

    def renown(usual: Array) -> Array:
        return elementary.power(np.float32(1) + usual, world.sector.ranking.sales)

    home = find_homes(world)
    asked, usual = (seen_at_home(world, home, values) for values in (merchants.price, merchants.usual_orders))
    incumbents = worth_unsold(merchants.quality, asked, merchants.zone) * renown(usual) * visibility(world, home)
    rivals = _sum_by_zone(world, incumbents)
    own_orders = _sum_by_zone(world, merchants.usual_orders * merchants.is_listed)
    of_own = _sum_by_zone(world, incumbents * merchants.is_listed)
    all_orders = own_orders * (rivals / np.maximum(of_own, np.float32(1e-20)))
    rivals, orders = rivals[:, zone], all_orders[:, zone]
    unsold, found = worth_unsold(quality, price, zone), np.zeros_like(price)
    for _ in range(RANKING_STEPS):
        own = unsold * renown(found)
        found = orders * own / np.maximum(rivals + own, np.float32(1e-20))
    return found


def _sum_by_zone(world: World, values: Array) -> Array:
    """float32 (J, Z)."""
    return world.by_zone(values).sum(axis=2, dtype=np.float64).astype(np.float32)


def margin_of_order(world: World, price: Array, unit_cost: Array, offline_price: Array, commission: Array) -> Array:
    """Currency that one more order on a platform brings: margin less the offline margin that it diverts."""
    diverted = world.sector.merchants.diversion * (offline_price - unit_cost)
    return ((1.0 - commission) * price - unit_cost - diverted).astype(np.float32)
