"""What a platform adds to the weight of some merchants when it shows them."""

from __future__ import annotations

import numpy as np

from sim.world import Array, World


def lift_of_merchants(world: World) -> Array:
    """float32 (J, R): what a platform's leaning towards independents, and small ones of them, adds to their weight."""
    merchants, platforms = world.merchants, world.platforms
    lift = platforms.ranking_lift[:, None].astype(np.float32) * merchants.is_independent
    if platforms.small_lift.any():
        lift = lift + platforms.small_lift[:, None].astype(np.float32) * is_small_and_good(world)
    return lift


def is_small_and_good(world: World) -> Array:
    """Whether (J, R) merchants are good independents who sell little on a platform, among those listed there."""
    merchants, platforms = world.merchants, world.platforms
    most = np.full(world.n_platforms, np.inf, np.float32)
    for j in np.flatnonzero(platforms.small_lift):
        sold = merchants.usual_orders[j, merchants.is_listed[j]]
        if len(sold):
            most[j] = np.quantile(sold, platforms.small_below[j])
    is_good = merchants.quality >= quality_wanted(world)[:, None]
    return merchants.is_independent & is_good & (merchants.usual_orders <= most[:, None])


def quality_wanted(world: World) -> Array:
    """float32 (J): quality from which a merchant counts as good, by its quantile among those in business."""
    quality = world.merchants.quality[world.merchants.is_active]
    if not len(quality):
        return np.zeros(world.n_platforms, np.float32)
    return np.quantile(quality, world.platforms.quality_floor).astype(np.float32)
