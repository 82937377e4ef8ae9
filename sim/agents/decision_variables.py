"""Decision variables of the platforms' table in the form of the mean-field model, and back."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from sim.forecast.terms import MarketTerms
from sim.parameters import CENTS, Practice
from sim.populations.cases import works
from sim.rules.rulebook import is_about_size
from sim.world import World

CHOSEN = {
    "commission": "commission_chosen",
    "net_fee": "net_fee_chosen",
    "piece_rate": "piece_rate_chosen",
    "ranking_tilt": "ranking_tilt",
    "busy_target": "busy_target",
    "data_per_order": "data_chosen",
}
"""Columns that hold what platforms desire, by decision variable."""
STEPS_OF_SIZE = 100.0
"""Whole per cents in which platforms take each other's sizes, so that replicates share their reasoning."""


def desired_variables(world: World) -> MarketTerms:
    """What all platforms desire, as terms of one market (B = 1)."""
    desired = {variable: getattr(world.platforms, column)[None].copy() for variable, column in CHOSEN.items()}
    n_platforms, rules = world.n_platforms, world.rulebook.rules
    desired["intensity"] = np.ones((1, n_platforms, len(Practice)))
    desired["breach"] = works(world.cases).reshape(1, n_platforms, -1)
    if is_about_size(rules):
        desired["order_share"] = np.rint(STEPS_OF_SIZE * world.platforms.order_share[None]) / STEPS_OF_SIZE
    nothing = {f.name: np.zeros((1, n_platforms)) for f in fields(MarketTerms) if f.name not in desired}
    return MarketTerms(**desired, **nothing)


def set_desired(world: World, row: int, terms: MarketTerms) -> None:
    """Write one platform's part of these terms into its columns of what is desired."""
    for variable, column in CHOSEN.items():
        getattr(world.platforms, column)[row] = getattr(terms, variable)[0, row]


def post_prices(world: World, net_fee: np.ndarray, piece_rate: np.ndarray) -> None:
    """Charge and pay these fees and piece rates (J), currency, and the premium of who stays small: whole cents."""
    # Chosen values keep their fractions and only what is posted is rounded: rounded choices would stop where a review
    # moves them by less than half a cent.
    platforms = world.platforms
    platforms.net_fee_cents[:] = np.rint(CENTS * (net_fee + platforms.size_premium))
    platforms.piece_rate_cents[:] = np.rint(CENTS * piece_rate)


def set_off(world: World, ratio: float) -> None:
    """Start with prices away from those of the sector file."""
    for column in ("commission_chosen", "net_fee_chosen", "piece_rate_chosen"):
        getattr(world.platforms, column)[...] *= ratio
