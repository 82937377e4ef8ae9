"""Let a strategy of the laboratory play a market of theory until nothing moves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.agents.strategies.answer import AbstractAnswer
from sim.game.climbing import uphill
from sim.game.objective import plain_profit
from sim.theory.market import TheoryMarket, Vicinity

Array = np.ndarray
MOST_REVIEWS = 1_000


class TheoryMind:
    """Players' reasoning about a market of theory (`sim.game.mind.Mind`): they maximise profit and nothing else.

    Terms are levers (L) as wished; a ceiling (L) binds what is in force. usual_margin: (J), profit a unit sold before
    whatever players answer to.
    """

    def __init__(
        self, market: TheoryMarket, ceiling: Array | float = np.inf, usual_margin: Array | None = None
    ) -> None:
        self.market, self.ceiling = market, ceiling
        self._usual_margin = self._margin(market.start) if usual_margin is None else usual_margin

    def review(self, wished: Array, week: int) -> Array:
        """Each player moves part of the way to the top of its own profit as it looks from here."""
        near = Vicinity(self.market, np.minimum(wished, self.ceiling))
        found = near.response()
        objective = plain_profit(near.values, found.orders)
        return uphill(objective, near, objective.second(near.levers, found, near.curvature()), wished)

    def has_reason(self, wished: Array, week: int) -> bool:
        """Players of textbooks always have."""
        return True

    def shortfall(self, wished: Array, week: int) -> Array:
        """(J): what a unit sold earns less than before."""
        return self._usual_margin - self._margin(np.minimum(wished, self.ceiling))

    def charge(self, wished: Array, more: Array) -> Array:
        """Every price of a player this much (J) higher."""
        return wished + more[[lever.platform for lever in self.market.levers]]

    def _margin(self, values: Array) -> Array:
        profit, sold = self.market.outcome(values[None])
        return profit[0] / sold[0]


class Settled(NamedTuple):
    """Where play came to."""

    wished: Array
    """(L)."""
    n_reviews: int
    is_at_rest: bool


def settle(answer: AbstractAnswer[Array], start: Array) -> Settled:
    """Review upon review, until none moves anything."""
    wished = start
    for n in range(MOST_REVIEWS):
        after = answer.after(wished, n)
        if np.array_equal(after, wished):
            return Settled(wished, n, True)
        wished = after
    return Settled(wished, MOST_REVIEWS, False)
