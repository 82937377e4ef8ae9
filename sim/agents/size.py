"""Platforms that stay small on purpose: just below the size from which rules bind them."""

from __future__ import annotations

import numpy as np

from sim.rules.hooks import Hook
from sim.rules.infringements import N_INFRINGEMENTS
from sim.rules.rulebook import Rule
from sim.world import Array, World

BAND = 0.1
"""Part of a threshold by which a platform may lie above it and still think of shrinking (assumption C-12)."""
STEP = 0.005
"""Change of the net fee in a review, share of order value (assumption C-12)."""


def keep_under(world: World, infringements: dict[int, list[Rule]], gain: Array) -> None:
    """Near a threshold of size, charge more while that loses less than rules cost; below it, charge less again.

    Above a threshold s0, and by no more than a tenth of it, a platform of share s raises its fee as long as what rules
    take from it, sum of G (J, M) over the infringement types that bind by size, exceeds the revenue of the orders that
    it sheds, (s - s0) / s of it. Fees come down once it is smaller than the threshold by half the band.

    Reads: platforms (order_share, trailing_revenue). Writes: platforms.size_premium.
    """
    # Apart from the review of prices, which takes sizes as given: its slopes do not contain the step at a threshold.
    # Half a band between raising and lowering keeps fees from alternating there.
    platforms, smallest = world.platforms, thresholds(world, infringements)
    by_size = np.flatnonzero(smallest > 0.0)
    if not len(by_size):
        platforms.size_premium[:] = 0.0
        return
    limit = float(smallest[by_size].min())
    share, step = platforms.order_share, STEP * world.sector.usual_order_value
    shed = np.maximum(share - limit, 0.0) / np.maximum(share, 1e-9) * platforms.trailing_revenue
    is_near = (share >= limit) & (share <= (1.0 + BAND) * limit)
    wants_less = is_near & (gain[:, by_size].sum(axis=1) > shed)
    may_grow = (share < (1.0 - 0.5 * BAND) * limit) | (share > (1.0 + BAND) * limit)
    platforms.size_premium += np.where(wants_less, step, np.where(may_grow, -step, 0.0))
    np.maximum(platforms.size_premium, 0.0, out=platforms.size_premium)


def thresholds(world: World, infringements: dict[int, list[Rule]]) -> Array:
    """Share of orders from which rules bind, by infringement type (M); 0 where they bind all, or there are none."""
    scope = max((rule.binds_from for rule in world.rulebook.in_force(world.week, hook=Hook.SCOPE)), default=0.0)
    shares = np.zeros(N_INFRINGEMENTS)
    for position, rules in infringements.items():
        shares[position] = max(scope, min(rule.smallest_share for rule in rules))
    return shares
