"""What a market of theory is: profits of all players from all their levers, and its surface around any point."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from sim.game.surface import Curvature, DecisionVariable, Response, curvature_of, scales

Array = np.ndarray
NEAR = 0.05
"""Step of differences for first derivatives, in units of a variable's scale."""


class Amount(NamedTuple):
    """A number that theory states, and its unit."""

    value: float
    unit: str


class TheoryMarket(Protocol):
    """A market small enough to be solved; its decision variables are listed player by player."""

    @property
    def variables(self) -> list[DecisionVariable]:
        """(L): what players choose; tiers count sides, segments or places."""
        ...

    @property
    def start(self) -> Array:
        """(L): values from which a search may start."""
        ...

    def label(self, variable: DecisionVariable) -> str:
        """What economists call this variable, the same for all players."""
        ...

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and units sold (B, J) in B markets with these values (B, L), once everybody else has answered.

        Raises `BrokenMarket` where these answers do not converge.
        """
        ...

    def amounts(self, values: Array) -> dict[str, Amount]:
        """Further results of theory at these values (L): shares, surplus."""
        ...

    def conflicts(self) -> list[str]:
        """What is wrong with the market's parameters beyond their ranges, in words."""
        ...


class Vicinity:
    """A market of theory around one point, as its players see it (`sim.game.surface.Surface`)."""

    def __init__(self, market: TheoryMarket, values: Array) -> None:
        self.market, self.variables, self.values = market, market.variables, values
        self.scale = scales(self.variables)

    def at(self, moves: Array) -> tuple[Array, Array]:
        """Profits and units sold (B, J) where variables have moved by `moves` (B, L), in units of their scales."""
        return self.market.outcome(self.values + moves * self.scale)

    def response(self) -> Response:
        """First derivatives, by central differences in one batch."""
        n = len(self.variables)
        step = NEAR * np.eye(n)
        profit, sold = self.at(np.concatenate([np.zeros((1, n)), step, -step]))
        slopes = [((part[1 : n + 1] - part[n + 1 :]) / (2.0 * NEAR)).T for part in (profit, sold)]
        return Response(profit[0], sold[0], *slopes)

    def curvature(self) -> Curvature:
        """Second derivatives."""
        return curvature_of(self)
