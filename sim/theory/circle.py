"""Firms around a circle, each competing with its two neighbours."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.game.surface import DecisionVariable
from sim.parameters import Param, parameters
from sim.theory.market import Amount

Array = np.ndarray


@parameters
class Circle:
    """n firms at equal distances; q_i = 1/n + (p_left + p_right - 2 p_i) / (2 t); profit (p_i - c) q_i.

    In equilibrium p = c + t / n and profits are t / n^2, so that with a fixed cost F free entry brings
    n = sqrt(t / F) firms (Salop 1979). Units: currency; one buyer on a circle of length 1.
    """

    n_firms: Annotated[int, Param("firms", "firms", 2, 60)]
    transport: Annotated[float, Param("t", "currency a circle", 0.01, 100.0)]
    cost: Annotated[float, Param("c", "currency", 0.0, 100.0)] = 0.0

    @property
    def variables(self) -> list[DecisionVariable]:
        """A price each."""
        return [
            DecisionVariable("price", i, 0, 0.02 * self.transport / self.n_firms, -1e3, 1e3)
            for i in range(self.n_firms)
        ]

    @property
    def start(self) -> Array:
        """A mark-up half as large again as in equilibrium."""
        return np.full(self.n_firms, self.cost + 1.5 * self.transport / self.n_firms)

    def label(self, variable: DecisionVariable) -> str:
        """Price."""
        return "price"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and units sold (B, n)."""
        dearer = np.roll(values, 1, axis=1) + np.roll(values, -1, axis=1) - 2.0 * values
        sold = 1.0 / self.n_firms + dearer / (2.0 * self.transport)
        return (values - self.cost) * sold, sold

    def amounts(self, values: Array) -> dict[str, Amount]:
        """Nothing more than prices and profits."""
        return {}

    def conflicts(self) -> list[str]:
        """Nothing more."""
        return []
