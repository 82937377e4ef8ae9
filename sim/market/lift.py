"""What a platform adds to the ranking weight of some merchants."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.world import Array, World


def lift_of_merchants(world: World) -> Array:
    """float32 (J, R): log weight that a platform adds for independents, and for small and good ones of them."""
    merchants, platforms = world.merchants, world.platforms
    is_favoured = is_small_and_good(world) if platforms.small_lift.any() else None
    tilt, small_lift = platforms.ranking_lift.astype(np.float32), platforms.small_lift.astype(np.float32)
    return formulas.ranking_lift(tilt, merchants.is_independent, small_lift, is_favoured)


def is_small_and_good(world: World) -> Array:
    """Whether (J, R) merchants are good independents who sell little on a platform, among those listed there."""
    merchants, platforms = world.merchants, world.platforms
    is_good = merchants.quality >= platforms.quality_wanted[:, None]
    return merchants.is_independent & is_good & (merchants.usual_orders <= platforms.small_most[:, None])


def draw_the_lines(world: World) -> None:
    """Orders up to which a merchant counts as small, and quality from which as good, by their quantiles this week.

    Writes: platforms (small_most, quality_wanted).
    """
    merchants, platforms = world.merchants, world.platforms
    quality = merchants.quality[merchants.is_active]
    if len(quality):
        # Of all merchants, listed or not: the line does not move with who lists here, as the next one does.
        platforms.quality_wanted[:] = np.quantile(quality, platforms.quality_floor)
    for j in np.flatnonzero(platforms.small_lift):
        sold = merchants.usual_orders[j, merchants.is_listed[j]]
        if len(sold):
            platforms.small_most[j] = np.quantile(sold, platforms.small_below[j])
