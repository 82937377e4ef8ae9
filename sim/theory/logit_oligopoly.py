"""Prices of firms among which buyers choose by logit, with or without an outside good."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.game.surface import Lever
from sim.kernels import precise

Array = np.ndarray


@dataclass(frozen=True)
class LogitOligopoly:
    """q_i = e^((a_i - p_i)/mu) / (sum_j e^((a_j - p_j)/mu) + e^(a_0/mu)); profit ((1 - tau) p_i - c_i) q_i.

    At the symmetric equilibrium p = c / (1 - tau) + mu / (1 - q) (Anderson, de Palma & Thisse 1992). Without an outside
    good p = c / (1 - tau) + mu n / (n - 1). Units: currency for prices, costs, intercepts and mu; one buyer.
    """

    costs: tuple[float, ...]
    intercepts: tuple[float, ...]
    mu: float
    outside: float | None = 0.0
    """a_0; None where everybody buys."""
    commission: float = 0.0
    """tau, share of the price that a platform keeps."""

    @property
    def levers(self) -> list[Lever]:
        """A price each."""
        return [Lever("price", i, 0, 0.01, -100.0, 100.0) for i in range(len(self.costs))]

    @property
    def start(self) -> Array:
        """Prices of mu above cost."""
        return np.array(self.costs) / (1.0 - self.commission) + self.mu

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and units sold (B, n) at these prices."""
        sold = self.shares(values)
        return ((1.0 - self.commission) * values - np.array(self.costs)) * sold, sold

    def shares(self, prices: Array) -> Array:
        """(B, n): part of buyers that each firm has."""
        worth = (np.array(self.intercepts) - prices) / self.mu
        outside = -np.inf if self.outside is None else self.outside / self.mu
        top = np.maximum(worth.max(axis=1), outside)[:, None]
        weight = precise.exp(worth - top)
        others = 0.0 if self.outside is None else precise.exp(outside - top)
        return weight / (weight.sum(axis=1, keepdims=True) + others)
