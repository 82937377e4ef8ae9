"""What a merchant can expect of a platform: orders, and the margin on one of them."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.market.access import find_homes, seen_at_home, visibility
from sim.market.lift import draw_the_lines, lift_of_merchants
from sim.world import Array, World


def survey_offers(world: World) -> None:
    """What a newcomer would compete with on every platform and in every zone, and for how many orders.

    An offer counts with its ranking weight times its attraction at the mean buyer's price sensitivity, times its
    visibility. Orders in play are the usual ones of all offers.

    Reads: merchants (price, price_cents, quality, is_independent, usual_orders, is_listed), platforms (visibility,
    ranking_lift, small_lift, small_below, quality_floor, is_open), zones.buyer_sensitivity.
    Writes: zones (mean_price, rivals, orders_in_play), platforms (small_most, quality_wanted).
    """
    merchants, zones = world.merchants, world.zones
    if world.platforms.small_lift.any():
        draw_the_lines(world)
    home = find_homes(world)
    asked = seen_at_home(world, home, merchants.price)
    n_listed = np.maximum(world.by_zone(merchants.is_listed).sum(axis=2), 1)
    zones.mean_price[:] = _sum_by_zone(world, merchants.price * merchants.is_listed) / n_listed
    # Rivals count with the ranking that their sales bring, a newcomer with what it would come to have.
    known = formulas.renown(merchants.usual_orders, world.sector.ranking.sales)
    utility = world.by_zone(known * visibility(world, home)) * utility_unsold(
        world,
        merchants.quality.reshape(world.n_zones, -1),
        world.by_zone(lift_of_merchants(world)),
        world.by_zone(asked),
        zones.mean_price[:, :, None],
        zones.buyer_sensitivity[:, :, None],
    )
    zones.rivals[:] = utility.sum(axis=2, dtype=np.float64)
    zones.orders_in_play[:] = _sum_by_zone(world, merchants.usual_orders)


def prospective_orders(world: World, quality: Array, is_independent: Array, price: Array, zone: Array) -> Array:
    """float32 (J, n): orders a week that a merchant not listed would win from the offers surveyed.

    quality, is_independent, zone (n); price (J, n).
    """
    zones = world.zones
    platforms = world.platforms
    is_favoured = None
    if platforms.small_lift.any():  # who sells nothing yet is small
        is_favoured = (quality >= platforms.quality_wanted[:, None]) & is_independent
    tilt, small_lift = platforms.ranking_lift.astype(np.float32), platforms.small_lift.astype(np.float32)
    lift = formulas.ranking_lift(tilt, is_independent, small_lift, is_favoured)
    mean_price, taste = zones.mean_price[:, zone], zones.buyer_sensitivity[:, zone]
    unsold = utility_unsold(world, quality, lift, price, mean_price, taste)
    rivals, orders = zones.rivals[:, zone], zones.orders_in_play[:, zone]
    return formulas.newcomers_orders(unsold, rivals, orders, world.sector.ranking.sales)


def utility_unsold(
    world: World, quality: Array, lift: Array, price: Array, mean_price: Array, sensitivity: Array
) -> Array:
    """What offers weigh before any sale; quality (...), the others (J, ...)."""
    ranking, scale = world.sector.ranking, world.sector.consumers.merchant_scale
    return formulas.value_unsold(quality, price, mean_price, lift, sensitivity, ranking, scale)


def _sum_by_zone(world: World, values: Array) -> Array:
    """float32 (J, Z)."""
    return world.by_zone(values).sum(axis=2, dtype=np.float64).astype(np.float32)


def margin_of_order(world: World, price: Array, unit_cost: Array, offline_price: Array, commission: Array) -> Array:
    """Currency that one more order on a platform brings: margin less the offline margin that it diverts."""
    diversion = world.sector.merchants.diversion
    return formulas.margin_of_order(price, unit_cost, offline_price, commission, diversion).astype(np.float32)
