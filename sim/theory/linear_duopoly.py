"""Two firms with linear demand for goods that are more or less alike."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.game.surface import DecisionVariable
from sim.parameters import Param, parameters
from sim.theory.market import Amount

Array = np.ndarray


@parameters
class LinearDuopoly:
    """q_i = min{1 - p_i, [1 - g - p_i + g p_j] / (1 - g^2)}, at least 0 (Singh & Vives 1984); costs are none.

    In equilibrium p = (1 - g) / (2 - g); jointly firms would charge 1/2. Units: highest valuation 1.
    """

    similarity: Annotated[float, Param("g, 0 for unrelated goods, 1 for the same", "-", 0.0, 0.999)]

    @property
    def variables(self) -> list[DecisionVariable]:
        """A price each."""
        return [DecisionVariable("price", i, 0, 0.01 * (1.0 - self.similarity), 0.0, 1.0) for i in (0, 1)]

    @property
    def start(self) -> Array:
        """What a monopoly would charge."""
        return np.array([0.5, 0.5])

    def label(self, variable: DecisionVariable) -> str:
        """Price."""
        return "price"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and units sold (B, 2)."""
        g = self.similarity
        shared = (1.0 - g - values + g * values[:, ::-1]) / (1.0 - g * g)
        sold = np.maximum(np.minimum(1.0 - values, shared), 0.0)
        return values * sold, sold

    def amounts(self, values: Array) -> dict[str, Amount]:
        """Nothing more than prices and profits."""
        return {}

    def conflicts(self) -> list[str]:
        """Nothing more."""
        return []

    def competitive_prices(self) -> Array:
        """(2): the one-shot equilibrium."""
        return np.full(2, (1.0 - self.similarity) / (2.0 - self.similarity))

    def joint_prices(self) -> Array:
        """(2): the joint optimum."""
        return np.array([0.5, 0.5])
