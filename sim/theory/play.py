"""Let a strategy of the laboratory play a market of theory until it converges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.errors import BrokenMarket
from sim.game.climbing import uphill
from sim.game.objective import plain_profit
from sim.game.repeated import Game, profiles
from sim.game.strategies.answer import AbstractAnswer
from sim.game.surface import blocks, bounds, scales
from sim.theory.market import TheoryMarket, Vicinity

Array = np.ndarray
MOST_REVIEWS = 2_000
STILL = 1e-9
"""Largest move, in scales of its variable, that counts as none."""
DEVIATIONS = np.array([-100.0, -50.0, -20.0, -10.0, -5.0, -2.0, -1.0, 0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0])
"""Scales by which each player's deviations from where play converged are tried."""


class TheoryDecisionModel:
    """Players' reasoning about a market of theory, like `DecisionModel`: they maximise profit alone.

    Terms are desired values (L) of decision variables; a ceiling (L) binds what is in force. usual_margin: (J), profit
    a unit sold before whatever players answer to. offered: (m, L), the levels among which players with one variable
    each choose by trial.
    """

    def __init__(
        self,
        market: TheoryMarket,
        ceiling: Array | float = np.inf,
        usual_margin: Array | None = None,
        offered: Array | None = None,
    ) -> None:
        self.market, self.ceiling = market, ceiling
        self.offered = market.start[None] if offered is None else offered
        self._usual_margin = self.margin(market.start) if usual_margin is None else usual_margin

    def in_force(self, desired: Array) -> Array:
        """(L): what is charged."""
        return np.minimum(desired, self.ceiling)

    def review(self, desired: Array, week: int) -> Array:
        """Each player moves part of the way to the maximum of its own profit's quadratic approximation."""
        near = Vicinity(self.market, self.in_force(desired))
        response = near.response()
        objective = plain_profit(near.values, len(response.orders))
        return uphill(objective, near, objective.second(near.variables, response, near.curvature()), desired)

    def has_reason(self, desired: Array, week: int) -> bool:
        """Always: these players have no observed equilibrium to stay at."""
        return True

    def shortfall(self, desired: Array, week: int) -> Array:
        """(J): what a unit sold earns less than before."""
        return self._usual_margin - self.margin(self.in_force(desired))

    def charge(self, desired: Array, more: Array) -> Array:
        """Every price of a player this much (J) higher."""
        return desired + more[[variable.platform for variable in self.market.variables]]

    def game(self, week: int) -> Game:
        """The market over the levels offered."""
        m, n = self.offered.shape
        charged = self.in_force(self.offered[profiles(m, n), np.arange(n)])
        return Game.without_shocks(self.market.outcome(charged)[0], m)

    def levels_of(self, desired: Array) -> Array:
        """(J): the level that each variable is nearest to."""
        return np.abs(self.offered - desired).argmin(axis=0)

    def at_levels(self, desired: Array, levels: Array) -> Array:
        """Variables at their levels."""
        return self.offered[levels, np.arange(len(levels))]

    def margin(self, values: Array) -> Array:
        """(J): profit a unit sold."""
        profit, sold = self.market.outcome(values[None])
        return profit[0] / np.where(sold[0] == 0.0, np.nan, sold[0])


class Settled(NamedTuple):
    """Where play ended."""

    desired: Array
    """(L)."""
    n_reviews: int
    has_converged: bool


def settle(answer: AbstractAnswer[Array], market: TheoryMarket, start: Array) -> Settled:
    """Review upon review, until none moves anything; raises `BrokenMarket` where play diverges."""
    desired, scale = start, scales(market.variables)
    for n in range(MOST_REVIEWS):
        after = answer.after(desired, n)
        if not np.isfinite(after).all():
            raise BrokenMarket("play diverges")
        if np.abs((after - desired) / scale).max() <= STILL:
            return Settled(after, n, True)
        desired = after
    return Settled(desired, MOST_REVIEWS, False)


def ceilings(market: TheoryMarket, by_label: Mapping[str, float]) -> Array:
    """(L): upper limit of each variable, by what economists call it."""
    return np.array([by_label.get(market.label(variable), np.inf) for variable in market.variables])


def best_deviation(market: TheoryMarket, values: Array, ceiling: Array | float = np.inf) -> float:
    """Most that a player gains by deviating alone, as a share of its profit: pairs of variables are tried far and near.

    values: (L), in force. At an equilibrium nobody gains; a local search alone would not show that nothing far away is
    better.
    """
    scale, (low, high) = scales(market.variables), bounds(market.variables)
    high, gain = np.minimum(high, ceiling), 0.0
    base = market.outcome(values[None])[0][0]
    for j, own in enumerate(blocks(market.variables)):
        tried = []
        for a, first in enumerate(own):
            for second in own[a:] if len(own) <= 4 else own[a : a + 1]:
                for x in DEVIATIONS:
                    step = np.zeros((len(DEVIATIONS), len(values)))
                    step[:, first] = x
                    step[:, second] += DEVIATIONS if second != first else 0.0
                    tried.append(step)
        moved = np.minimum(np.maximum(values + np.concatenate(tried) * scale, low), high)
        best = float(market.outcome(moved)[0][:, j].max())
        gain = np.maximum(gain, (best - base[j]) / max(abs(base[j]), 1e-300))
    return float(gain)
