"""What a market of theory is: profits of all players from all their levers, and its surface around any point."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from sim.game.surface import Curvature, DecisionVariable, Response, curvature_of, scales

Array = np.ndarray
NEAR = 0.05
"""Step of differences for first derivatives, in units of a lever's scale."""


class Amount(NamedTuple):
    """A number that theory speaks of, and its unit."""

    value: float
    unit: str


class TheoryMarket(Protocol):
    """A market small enough to be solved; its levers are listed player by player."""

    @property
    def variables(self) -> list[DecisionVariable]:
        """(L): what players choose; tiers count sides, segments or places."""
        ...

    @property
    def start(self) -> Array:
        """(L): levers from which a search may go out."""
        ...

    def label(self, variable: DecisionVariable) -> str:
        """What economists call this lever, the same for all players."""
        ...

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and units sold (B, J) in B markets with these levers (B, L), once everybody has answered.

        Raises `BrokenMarket` where nobody's answer comes to rest.
        """
        ...

    def amounts(self, values: Array) -> dict[str, Amount]:
        """What theory says more of a market with these levers (L): shares, surplus."""
        ...

    def conflicts(self) -> list[str]:
        """What is wrong with the market's numbers that their ranges cannot tell, in words."""
        ...


class Vicinity:
    """A market of theory as its players feel it around one point (`sim.game.surface.Surface`)."""

    def __init__(self, market: TheoryMarket, values: Array) -> None:
        self.market, self.variables, self.values = market, market.variables, values
        self.scale = scales(self.variables)

    def at(self, moves: Array) -> tuple[Array, Array]:
        """Profits and units sold (B, J) where levers have moved by `moves` (B, L), in units of their scales."""
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
