"""Which merchants a platform shows."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.world import World


def rank_merchants(world: World) -> None:
    """Ranking weights by quality, past sales and price relative to the zone; merchants not listed weigh nothing.

    Past sales make sizes heavy-tailed: what sells is shown, and what is shown sells.

    Reads: merchants (quality, price, usual_orders, is_listed). Writes: ranking, zones.n_listed.
    """
    merchants, numbers = world.merchants, world.sector.ranking
    listed = world.by_zone(merchants.is_listed)
    n_listed = listed.sum(axis=2)
    price = world.by_zone(merchants.price)
    mean_price = (price * listed).sum(axis=2, dtype=np.float64) / np.maximum(n_listed, 1)
    relative = (price / np.maximum(mean_price, 0.01)[:, :, None].astype(np.float32)).reshape(merchants.price.shape)
    weight = formulas.ranking_weight(
        merchants.quality[None, :],
        merchants.usual_orders,
        relative,
        numbers.relevance,
        numbers.sales,
        numbers.price,
    )
    world.ranking = weight * merchants.is_listed
    world.zones.n_listed[:] = n_listed
