"""What merchants ask."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.parameters import CENTS
from sim.world import World

LARGEST_SHARE = np.float32(0.9)
"""Own share at which the mark-up formula is read for a near monopolist of a zone."""


def price_meals(world: World) -> None:
    """Prices close part of the gap to the price that maximises profit, platform by platform.

    Reads: merchants, platforms (commission, openness), zones.buyer_sensitivity. Writes: merchants (price, price_cents).
    """
    merchants, numbers = world.merchants, world.sector.merchants
    usual = world.by_zone(merchants.usual_orders)
    total = usual.sum(axis=2, dtype=np.float64).astype(np.float32)
    own_share = np.minimum(usual / np.maximum(total, np.float32(1))[:, :, None], LARGEST_SHARE)
    unit_cost = (merchants.unit_cost_cents / CENTS).astype(np.float32)
    wanted = formulas.wanted_price(
        unit_cost.reshape(world.n_zones, world.n_slots),
        world.by_zone(world.charges_of_merchants()),
        world.zones.buyer_sensitivity[:, :, None],
        own_share,
        world.sector.consumers.merchant_scale,
    ).reshape(merchants.price.shape)
    merchants.price += np.float32(numbers.price_speed) * (wanted - merchants.price)
    merchants.price_cents[:] = np.rint(merchants.price * np.float32(CENTS))
