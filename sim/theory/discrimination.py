"""Sellers who know something of their buyers: prices by segment of a monopoly, and by place of two rivals."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.game.surface import DecisionVariable
from sim.kernels import precise
from sim.parameters import Param, parameters
from sim.theory.market import Amount

Array = np.ndarray


@parameters
class Segments:
    """Buyers' valuations are uniform on [0, 1]; a seller without costs distinguishes k equal segments of them.

    Segment j is (j/k, (j + 1)/k): its optimal price is the larger of its lower end and half its upper one. Profit grows
    with k to 1/2; consumers' surplus is 1/8, 5/32, 1/8, ... and falls to 0: it rises with the first data and falls
    with more (Pigou's third and first degree; derived in docs/theory.md). Units: highest valuation 1; one buyer.
    """

    n_segments: Annotated[int, Param("segments distinguished", "segments", 1, 50)]

    @property
    def variables(self) -> list[DecisionVariable]:
        """A price a segment."""
        return [DecisionVariable("price", 0, k, 0.004 / self.n_segments, 0.0, 1.0) for k in range(self.n_segments)]

    @property
    def start(self) -> Array:
        """A fifth from the top of every segment."""
        return (np.arange(self.n_segments) + 0.8) / self.n_segments

    def label(self, variable: DecisionVariable) -> str:
        """Price of a segment."""
        return f"price, segment {variable.tier + 1}"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profit and buyers (B, 1)."""
        bought = self._top - np.minimum(np.maximum(values, self._bottom), self._top)
        return (values * bought).sum(axis=1)[:, None], bought.sum(axis=1)[:, None]

    @property
    def _bottom(self) -> Array:
        return np.arange(self.n_segments) / self.n_segments

    @property
    def _top(self) -> Array:
        return (np.arange(self.n_segments) + 1.0) / self.n_segments

    def amounts(self, values: Array) -> dict[str, Amount]:
        """Consumer surplus: the area between valuation and price."""
        from_value = np.maximum(values, self._bottom)
        kept = (self._top - from_value) * (0.5 * (self._top + from_value) - values)
        return {"consumer surplus": Amount(float(kept.sum()), "currency")}

    def conflicts(self) -> list[str]:
        """Nothing more."""
        return []


@parameters
class PersonalPrices:
    """Two sellers at the ends of a line of length 1 ask every buyer an individual price, or all of them one.

    A buyer at x finds them t x and t (1 - x) away. In equilibrium the nearer asks t |1 - 2x| and the farther 0; prices
    paid are t / 2 on average and profits t / 4 each, half of what they are with one price for all, which is t (Thisse &
    Vives 1988). Buyers choose by logit of scale `blur`, with which prices approach the sharp ones. Units: currency; one
    buyer.
    """

    transport: Annotated[float, Param("t", "currency a line", 0.01, 100.0)]
    n_places: Annotated[int, Param("places on the line", "places", 1, 101)]
    is_personal: bool
    blur: Annotated[float, Param("scale of buyers' tastes", "currency", 1e-4, 1.0)]

    @property
    def variables(self) -> list[DecisionVariable]:
        """A price, or one a place."""
        n = self.n_places if self.is_personal else 1
        scale = max(0.002 * self.transport, self.blur if self.is_personal else 0.0)
        return [DecisionVariable("price", j, k, scale, 0.0, 10.0 * self.transport) for j in (0, 1) for k in range(n)]

    @property
    def start(self) -> Array:
        """Above what anybody will ask in the end."""
        return np.full(len(self.variables), 1.3 * self.transport)

    def label(self, variable: DecisionVariable) -> str:
        """Price at a place."""
        return f"price, place {variable.tier + 1}" if self.is_personal else "price"

    @property
    def _distance(self) -> Array:
        """(2, places)."""
        x = (np.arange(self.n_places) + 0.5) / self.n_places
        return self.transport * np.stack([x, 1.0 - x])

    def _sold(self, values: Array) -> tuple[Array, Array]:
        """Prices and parts of buyers (B, 2, places)."""
        prices = np.broadcast_to(values.reshape(len(values), 2, -1), (len(values), 2, self.n_places))
        cost = (prices + self._distance) / self.blur
        first = precise.logistic(cost[:, 1] - cost[:, 0])
        return prices, np.stack([first, 1.0 - first], axis=1)

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and buyers (B, 2)."""
        prices, sold = self._sold(values)
        return (prices * sold).mean(axis=2), sold.mean(axis=2)

    def amounts(self, values: Array) -> dict[str, Amount]:
        """Mean price paid."""
        prices, sold = self._sold(values[None])
        return {"price paid": Amount(float((prices * sold).sum(axis=1).mean()), "currency")}

    def conflicts(self) -> list[str]:
        """Nothing more."""
        return []
