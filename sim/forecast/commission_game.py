"""Commissions as a game over a few levels: what platforms that learn by trial are trained on."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import BrokenMarket
from sim.forecast.decision_variables import Surroundings, values_of
from sim.forecast.market import Outcome
from sim.forecast.terms import MarketTerms
from sim.game.repeated import Game, profiles
from sim.parameters import CommissionLevels

if TYPE_CHECKING:
    from sim.forecast.equilibrium import Equilibrium

Array = np.ndarray
# 243: a third of the 729 profiles of three platforms with the nine levels of C-06.
ROUNDS, AT_ONCE = 20, 243
"""Newton steps from the steady state at home (profits to 1e-9 of themselves), and markets solved together."""
# Merchants ask c / (1 - t) and a mark-up: at a commission of 1 there is no such price.
HIGHEST = 0.95
"""Largest commission."""


def commissions(levels: CommissionLevels, home: Array) -> Array:
    """(m, J, T): commissions by level: those at home (J, T), and points added to all of a platform's tiers."""
    added = np.linspace(levels.lowest, levels.highest, levels.n_levels)
    return np.minimum(np.maximum(home + added[:, None, None], 0.0), HIGHEST)


def offers(levels: CommissionLevels, home: MarketTerms) -> MarketTerms:
    """One market for every profile of levels; other decision variables stay at home."""
    # Commissions alone: with as many levels of fees, three platforms would have 81^3 profiles to solve instead of 9^3.
    charged, n = commissions(levels, home.commission[0]), home.net_fee.shape[1]
    at = profiles(len(charged), n)
    return dataclasses.replace(home.repeat(len(at)), commission=charged[at, np.arange(n)])


def commission_game(equilibrium: Equilibrium, near: Surroundings, bound: MarketTerms, n_levels: int) -> Game:
    """What platforms maximise (`sim.game.objective`) in the steady state in which all keep their levels.

    bound: `offers` as the rules leave them; near: the market at home under the same rules. Raises `BrokenMarket` where
    the mean-field model does not converge.
    """
    outcomes = [_in_steady_state(near, bound, slice(i, i + AT_ONCE)) for i in range(0, bound.n_markets, AT_ONCE)]
    profit, orders = (np.concatenate([getattr(part, key) for part in outcomes]) for key in ("profit", "carried"))
    # The number of steps is fixed and no gap is tested: this catches divergence, not a market that needed a few more.
    if not np.isfinite(profit).all():
        raise BrokenMarket("the mean-field model does not converge at some level of commissions")
    objective, values = equilibrium.objective, values_of(equilibrium.variables, bound)
    # Learners are paid in the objective, not in profit: at profits alone the observed commissions are no equilibrium,
    # and what players learn first would be to undo the calibration.
    more = [
        objective.value_of_orders(o) + objective.held_by(equilibrium.variables, v)
        for o, v in zip(orders, values, strict=True)
    ]
    return Game.without_shocks(profit + np.array(more), n_levels)


def _in_steady_state(near: Surroundings, bound: MarketTerms, which: slice) -> Outcome:
    terms = MarketTerms(*(getattr(bound, field.name)[which] for field in dataclasses.fields(bound)))
    return near.mean_field.solve_near(terms, near.state, near.tangent.slope, ROUNDS)[1]
