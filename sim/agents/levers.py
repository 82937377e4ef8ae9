"""Levers of the platforms' table as the market of averages knows them, and back."""

from __future__ import annotations

import numpy as np

from sim.parameters import CENTS
from sim.twin.terms import MarketTerms
from sim.world import World

CHOSEN = {
    "commission": "commission_chosen",
    "net_fee": "net_fee_chosen",
    "piece_rate": "piece_rate_chosen",
    "ranking_tilt": "ranking_tilt",
    "busy_target": "busy_target",
    "data_per_order": "data_chosen",
}
"""Columns that hold what platforms wish, by lever."""
LAID_DOWN = ("floor_online", "floor_engaged", "rationing", "reach", "portability", "access_charge", "consent")
"""What only rules ask for: nobody wishes it."""


def levers_wished(world: World) -> MarketTerms:
    """What all platforms wish, as one market of averages (B = 1)."""
    nothing = np.zeros((1, world.n_platforms))
    wished = {lever: getattr(world.platforms, column)[None].copy() for lever, column in CHOSEN.items()}
    return MarketTerms(**wished, **{name: nothing for name in LAID_DOWN})


def wish_levers(world: World, row: int, terms: MarketTerms) -> None:
    """Let one platform wish its levers of these."""
    for lever, column in CHOSEN.items():
        getattr(world.platforms, column)[row] = getattr(terms, lever)[0, row]


def post_prices(world: World) -> None:
    """Fees and piece rates as they are charged and paid: whole cents."""
    platforms = world.platforms
    platforms.net_fee_cents[:] = np.rint(CENTS * platforms.net_fee_chosen)
    platforms.piece_rate_cents[:] = np.rint(CENTS * platforms.piece_rate_chosen)


def set_off(world: World, ratio: float) -> None:
    """Start with prices away from those of the sector file."""
    for column in ("commission_chosen", "net_fee_chosen", "piece_rate_chosen"):
        getattr(world.platforms, column)[...] *= ratio
