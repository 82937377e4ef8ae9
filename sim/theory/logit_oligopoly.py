"""Prices of firms among which buyers choose by logit, with or without an outside good."""

from __future__ import annotations

from typing import Annotated

import annotated_types
import numpy as np

from sim.game.surface import DecisionVariable
from sim.kernels import precise
from sim.parameters import Param, parameters
from sim.theory.market import Amount

Array = np.ndarray
MOST_FIRMS = 40
Cost = Annotated[float, Param("cost of a unit", "currency", 0.0, 100.0)]
Utility = Annotated[float, Param("value of a unit to the mean buyer", "currency", -100.0, 100.0)]
ROUNDS = 60
"""Halvings of an interval: nearly to the last bit."""


@parameters
class LogitOligopoly:
    """q_i = e^((a_i - p_i)/mu) / (sum_j e^((a_j - p_j)/mu) + e^(a_0/mu)); profit ((1 - tau) p_i - c_i) q_i.

    In equilibrium p_i = c_i / (1 - tau) + mu / (1 - q_i) (Anderson, de Palma & Thisse 1992); without an outside good
    and among equals c / (1 - tau) + mu n / (n - 1). Units: currency for prices, costs, intercepts and mu; one buyer.
    """

    costs: Annotated[list[Cost], annotated_types.Len(1, MOST_FIRMS)]
    intercepts: Annotated[list[Utility], annotated_types.Len(1, MOST_FIRMS)]
    mu: Annotated[float, Param("scale of buyers' tastes", "currency", 1e-3, 100.0)]
    outside: Annotated[float, Param("value of buying nothing", "currency", -100.0, 100.0)] | None = 0.0
    """a_0; None where everybody buys."""
    commission: Annotated[float, Param("share of the price that a platform keeps", "share", 0.0, 0.95)] = 0.0

    @property
    def variables(self) -> list[DecisionVariable]:
        """A price each."""
        return [DecisionVariable("price", i, 0, 0.04 * self.mu, -1e3, 1e3) for i in range(len(self.costs))]

    @property
    def start(self) -> Array:
        """Prices of mu above cost."""
        return self.costs_to_cover + self.mu

    @property
    def costs_to_cover(self) -> Array:
        """(n): c / (1 - tau)."""
        return np.array(self.costs) / (1.0 - self.commission)

    def label(self, variable: DecisionVariable) -> str:
        """Price."""
        return "price"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and units sold (B, n) at these prices."""
        sold = self.shares(values)
        return ((1.0 - self.commission) * values - np.array(self.costs)) * sold, sold

    def shares(self, prices: Array) -> Array:
        """(B, n): part of buyers that each firm has."""
        utility = (np.array(self.intercepts) - prices) / self.mu
        outside = -np.inf if self.outside is None else self.outside / self.mu
        top = np.maximum(utility.max(axis=1), outside)[:, None]
        weight = precise.exp(utility - top)
        others = 0.0 if self.outside is None else precise.exp(outside - top)
        return weight / (weight.sum(axis=1, keepdims=True) + others)

    def amounts(self, values: Array) -> dict[str, Amount]:
        """Part of buyers that a firm has, on average."""
        return {"share": Amount(float(self.shares(values[None])[0].mean()), "share of buyers")}

    def conflicts(self) -> list[str]:
        """A firm has a cost and an intercept; one firm needs an outside good to have a price."""
        if len(self.costs) != len(self.intercepts) or not self.costs:
            return [f"{len(self.costs)} costs for {len(self.intercepts)} intercepts: a firm has one of each"]
        if len(self.costs) == 1 and self.outside is None:
            return ["a monopoly from which everybody must buy has no best price: give it an outside good"]
        return []

    def competitive_prices(self) -> Array:
        """(n): the one-shot equilibrium, p_i = c_i / (1 - tau) + mu / (1 - q_i), by bisection on buyers' log-sum w.

        Given w, firm i's share x solves ln x + 1 / (1 - x) = (a_i - c_i) / mu - w; shares sum to 1. The log-sum is no
        less than the outside good's value, nor than the second strongest firm's less 2, since that has half of buyers
        at most.
        """
        strength = (np.array(self.intercepts) - self.costs_to_cover) / self.mu
        outside = -np.inf if self.outside is None else self.outside / self.mu
        second = np.sort(strength, kind="stable")[-2] - 2.0 if len(strength) > 1 else -np.inf
        low, high = max(outside, second), max(outside, strength.max()) + len(strength) + 1.0
        for _ in range(ROUNDS):
            log_sum = 0.5 * (low + high)
            left = 0.0 if self.outside is None else float(precise.exp(outside - log_sum))
            is_short = self._own_shares(strength - log_sum).sum() + left < 1.0
            low, high = (low, log_sum) if is_short else (log_sum, high)
        return self.costs_to_cover + self.mu / (1.0 - self._own_shares(strength - high))

    def _own_shares(self, ahead: Array) -> Array:
        """(n): shares x with ln x + 1 / (1 - x) = ahead, by bisection."""
        low, high = np.zeros_like(ahead), np.ones_like(ahead)
        for _ in range(ROUNDS):
            middle = 0.5 * (low + high)
            is_above = precise.log(middle) + 1.0 / np.maximum(1.0 - middle, 1e-16) > ahead
            low, high = np.where(is_above, low, middle), np.where(is_above, middle, high)
        return 0.5 * (low + high)

    def joint_prices(self) -> Array:
        """(n): prices that maximise the sum of profits: all add mu / q_0 to their costs, q_0 the outside good's part.

        By bisection on the margin; infinite without an outside good.
        """
        if self.outside is None:
            return np.full(len(self.costs), np.inf)
        low, high = self.mu, self.mu * 1e6
        for _ in range(ROUNDS):
            margin = 0.5 * (low + high)
            left = 1.0 - float(self.shares((self.costs_to_cover + margin)[None]).sum())
            low, high = (margin, high) if margin * left < self.mu else (low, margin)
        return self.costs_to_cover + 0.5 * (low + high)
