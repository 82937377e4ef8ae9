"""Ranking of merchants by platforms."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.market.access import find_homes, seen_at_home, visibility
from sim.market.lift import lift_of_merchants
from sim.world import World


def rank_merchants(world: World) -> None:
    """Ranking weights by quality, past sales and price relative to the zone; merchants not on offer have weight 0.

    Past sales make sizes heavy-tailed: what sells is shown, and what is shown sells. Merchants reached through another
    platform have their home's price, and the weight of a listing times the platform's visibility. Where nobody sells
    through platforms, each shows a service of its own.

    Reads: merchants (quality, is_independent, price, price_cents, usual_orders, is_listed), platforms (visibility,
    ranking_lift, small_lift, small_most, quality_wanted, is_open).
    Writes: ranking, home, offer_cents, zones (n_listed, variety).
    """
    if not world.has_merchants:
        show_own_services(world)
        return
    merchants, parameters = world.merchants, world.sector.ranking
    world.home = home = find_homes(world)
    world.offer_cents = seen_at_home(world, home, merchants.price_cents).copy()
    visible = visibility(world, home)
    variety = world.by_zone(visible).sum(axis=2)
    price = seen_at_home(world, home, merchants.price)
    total = world.by_zone(price * visible).sum(axis=2, dtype=np.float64)
    # Weighted by visibility, since it is what is on show that a price is compared with.
    mean_price = np.maximum(total / np.maximum(variety, 1e-9), 0.01).astype(np.float32)
    relative = (world.by_zone(price) / mean_price[:, :, None]).reshape(price.shape)
    weight = formulas.ranking_weight(
        merchants.quality[None, :],
        merchants.usual_orders,
        relative,
        lift_of_merchants(world),
        parameters.relevance,
        parameters.sales,
        parameters.price,
    )
    world.ranking = weight * visible
    world.zones.n_listed[:] = world.by_zone(merchants.is_listed).sum(axis=2)
    world.zones.variety[:] = variety


def show_own_services(world: World) -> None:
    """The first slot of every zone stands for the platform's own service: no goods to pay for, a variety of one.

    No merchant holds that slot, so that no money is booked for it.
    """
    # A slot, and no second kind of order: one kernel serves markets with and without merchants.
    zones, shape = world.zones, (world.n_platforms, world.n_zones, world.n_slots)
    is_service = np.broadcast_to(np.arange(world.n_slots) == 0, shape) & world.platforms.is_open[:, None, None]
    is_service = is_service.reshape(world.n_platforms, -1)
    own = np.arange(world.n_platforms, dtype=np.int8)[:, None]
    world.home = np.where(is_service, own, np.int8(-1))
    world.offer_cents = np.zeros(is_service.shape, np.int64)
    world.ranking = is_service.astype(np.float32)
    zones.n_listed[:], zones.variety[:] = 0, 1.0
