"""Which merchants a platform shows."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.market.access import find_homes, seen_at_home, visibility
from sim.world import World


def rank_merchants(world: World) -> None:
    """Ranking weights by quality, past sales and price relative to the zone; who is not on offer weighs nothing.

    Past sales make sizes heavy-tailed: what sells is shown, and what is shown sells. Merchants reached through
    another platform have their home's price, and the weight of a listing times the platform's reach.

    Reads: merchants (quality, price, price_cents, usual_orders, is_listed), platforms.reach.
    Writes: ranking, home, offer_cents, zones (n_listed, variety).
    """
    merchants, numbers = world.merchants, world.sector.ranking
    world.home = home = find_homes(world)
    world.offer_cents = seen_at_home(world, home, merchants.price_cents).copy()
    visible = visibility(world, home)
    variety = world.by_zone(visible).sum(axis=2)
    price = seen_at_home(world, home, merchants.price)
    total = world.by_zone(price * visible).sum(axis=2, dtype=np.float64)
    mean_price = np.maximum(total / np.maximum(variety, 1e-9), 0.01).astype(np.float32)
    relative = (world.by_zone(price) / mean_price[:, :, None]).reshape(price.shape)
    weight = formulas.ranking_weight(
        merchants.quality[None, :],
        merchants.usual_orders,
        relative,
        numbers.relevance,
        numbers.sales,
        numbers.price,
    )
    world.ranking = weight * visible
    world.zones.n_listed[:] = world.by_zone(merchants.is_listed).sum(axis=2)
    world.zones.variety[:] = variety
