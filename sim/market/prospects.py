"""What a merchant can expect of a platform: orders, and what one of them brings."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.kernels import elementary
from sim.market.access import find_homes, seen_at_home, visibility
from sim.world import Array, World

RANKING_STEPS = 6
"""Steps of the fixed point between a newcomer's orders and ranking: enough for 0.1% where past sales weigh 0.2."""


def survey_offers(world: World) -> None:
    """What a newcomer would compete with on every platform and in every zone, and for how many orders.

    An offer is worth its ranking weight times its attraction at the mean buyer's price sensitivity, as far as it is
    seen. Orders in play are the usual ones of all of them.

    Reads: merchants (price, price_cents, quality, usual_orders, is_listed), platforms.reach, zones.buyer_sensitivity.
    Writes: zones (mean_price, rivals, orders_in_play).
    """
    merchants, zones = world.merchants, world.zones
    home = find_homes(world)
    asked = seen_at_home(world, home, merchants.price)
    n_listed = np.maximum(world.by_zone(merchants.is_listed).sum(axis=2), 1)
    zones.mean_price[:] = _sum_by_zone(world, merchants.price * merchants.is_listed) / n_listed
    worth = world.by_zone(renown(world, merchants.usual_orders) * visibility(world, home)) * worth_unsold(
        world,
        merchants.quality.reshape(world.n_zones, -1),
        world.by_zone(asked),
        zones.mean_price[:, :, None],
        zones.buyer_sensitivity[:, :, None],
    )
    zones.rivals[:] = worth.sum(axis=2, dtype=np.float64)
    zones.orders_in_play[:] = _sum_by_zone(world, merchants.usual_orders)


def prospective_orders(world: World, quality: Array, price: Array, zone: Array) -> Array:
    """float32 (J, n): orders a week that a merchant not listed would win from the offers surveyed.

    Orders in play are shared by worth. Orders raise the ranking that brings them, so the share is found by a few steps
    of that fixed point. quality, zone (n); price (J, n).
    """
    zones = world.zones
    unsold = worth_unsold(world, quality, price, zones.mean_price[:, zone], zones.buyer_sensitivity[:, zone])
    rivals, orders, found = zones.rivals[:, zone], zones.orders_in_play[:, zone], np.zeros_like(price)
    for _ in range(RANKING_STEPS):
        own = unsold * renown(world, found)
        found = orders * own / np.maximum(rivals + own, np.float32(1e-20))
    return found


def worth_unsold(world: World, quality: Array, price: Array, mean_price: Array, sensitivity: Array) -> Array:
    """Ranking weight before any sale times attraction; quality (...), the others (J, ...)."""
    relative, ranking = price / np.maximum(mean_price, np.float32(0.01)), world.sector.ranking
    nothing = np.zeros_like(relative)
    weight = formulas.ranking_weight(quality, nothing, relative, ranking.relevance, ranking.sales, ranking.price)
    return weight * formulas.attraction(quality, price, sensitivity, world.sector.consumers.merchant_scale)


def renown(world: World, usual_orders: Array) -> Array:
    """Part of the ranking weight that past sales bring."""
    return elementary.power(np.float32(1) + usual_orders, world.sector.ranking.sales)


def _sum_by_zone(world: World, values: Array) -> Array:
    """float32 (J, Z)."""
    return world.by_zone(values).sum(axis=2, dtype=np.float64).astype(np.float32)


def margin_of_order(world: World, price: Array, unit_cost: Array, offline_price: Array, commission: Array) -> Array:
    """Currency that one more order on a platform brings: margin less the offline margin that it diverts."""
    diverted = world.sector.merchants.diversion * (offline_price - unit_cost)
    return ((1.0 - commission) * price - unit_cost - diverted).astype(np.float32)
