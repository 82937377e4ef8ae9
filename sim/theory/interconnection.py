"""Networks with installed bases that interconnect better or worse and compete in quantities."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.game.surface import DecisionVariable
from sim.parameters import Param, parameters
from sim.theory.market import Amount

Array = np.ndarray


@parameters
class Interconnection:
    """p_i = 1 - q_1 - q_2 + v [b_i + q_i + theta (b_j + q_j)]; profit (p_i - c) q_i.

    In equilibrium q_i = {[2 (1 - c) + v (1 + theta) B] / [2 (1 - v) + 1 - theta v]
    + (1 - theta) v (b_i - b_j) / [2 (1 - v) - (1 - theta v)]} / 2 with B = b_1 + b_2: the larger network loses from
    quality theta of interconnection (Cremer, Rey & Tirole 2000). Units: highest valuation without a network 1.
    """

    bases: tuple[
        Annotated[float, Param("b_1, installed base", "buyers", 0.0, 10.0)],
        Annotated[float, Param("b_2, installed base", "buyers", 0.0, 10.0)],
    ]
    network: Annotated[float, Param("v, value of a unit of network", "currency", 0.0, 0.49)]
    quality: Annotated[float, Param("theta, quality of interconnection", "share", 0.0, 1.0)]
    cost: Annotated[float, Param("c, cost of a buyer", "currency", 0.0, 1.0)]

    @property
    def variables(self) -> list[DecisionVariable]:
        """A quantity each."""
        return [DecisionVariable("quantity", i, 0, 0.005, 0.0, 10.0) for i in (0, 1)]

    @property
    def start(self) -> Array:
        """A fifth each."""
        return np.array([0.2, 0.2])

    def label(self, variable: DecisionVariable) -> str:
        """Quantity."""
        return "quantity"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and quantities (B, 2)."""
        network = np.array(self.bases) + values
        reached = network + self.quality * network[:, ::-1]
        prices = 1.0 - values.sum(axis=1, keepdims=True) + self.network * reached
        return (prices - self.cost) * values, values

    def amounts(self, values: Array) -> dict[str, Amount]:
        """Part of all users that network 1 has."""
        users = np.array(self.bases) + values
        return {"users of network 1": Amount(float(users[0] / users.sum()), "share of users")}

    def conflicts(self) -> list[str]:
        """Both networks must be viable."""
        if 2.0 * (1.0 - self.network) > 1.0 - self.quality * self.network:
            return []
        return ["2 (1 - v) is not above 1 - theta v: one network takes all"]
