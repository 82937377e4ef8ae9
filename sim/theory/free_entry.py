"""Firms enter as long as the next one would earn its fixed cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, NamedTuple

import numpy as np

from sim.game.surface import blocks
from sim.parameters import Param, parameters
from sim.theory.circle import Circle
from sim.theory.logit_oligopoly import LogitOligopoly
from sim.theory.market import TheoryMarket

Array = np.ndarray


@parameters
class FreeEntry:
    """Firms on a circle (Salop 1979), n = sqrt(t / F), or among which all buyers choose by logit, n - 1 = mu / F."""

    market: Literal["circle", "logit"]
    differentiation: Annotated[float, Param("t of the circle, mu of the logit", "currency", 0.01, 100.0)]
    fixed_cost: Annotated[float, Param("F", "currency", 1e-6, 100.0)]
    cost: Annotated[float, Param("c, cost of a unit", "currency", 0.0, 100.0)] = 0.0
    most_firms: Annotated[int, Param("largest number of firms tried", "firms", 3, 60)] = 30

    def of(self, n_firms: int) -> TheoryMarket:
        """The market with so many firms."""
        if self.market == "circle":
            return Circle(n_firms, self.differentiation, self.cost)
        return LogitOligopoly([self.cost] * n_firms, [0.0] * n_firms, self.differentiation, None)


class Entered(NamedTuple):
    """Who is in the market once nobody wants to enter or leave."""

    n_firms: int
    n_where_profit_is_cost: float
    """Between that number and the next, by a straight line through profits less the fixed cost."""
    price: float


def enter(entry: FreeEntry, play: Callable[[TheoryMarket], Array]) -> Entered:
    """Firms enter one by one; play gives the prices (L) that a market converges to.

    Raises ValueError if two firms earn less than the fixed cost, or the largest number tried earn more.
    """
    before = None
    for n in range(2, entry.most_firms + 1):
        market = entry.of(n)
        values = play(market)
        profit = float(market.outcome(values[None])[0][0].mean()) - entry.fixed_cost
        price = float(np.mean([values[own].mean() for own in blocks(market.variables)]))
        if profit < 0.0:
            if before is None:
                raise ValueError("two firms earn less than the fixed cost")
            return Entered(n - 1, n - 1 + before[0] / (before[0] - profit), before[1])
        before = profit, price
    raise ValueError(f"{entry.most_firms} firms still earn more than the fixed cost")
