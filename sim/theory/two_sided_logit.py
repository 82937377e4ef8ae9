"""Platforms that people of several sides join by logit, each liking the presence of the others."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.errors import BrokenMarket
from sim.game.surface import DecisionVariable
from sim.kernels import algebra, precise
from sim.parameters import Param, parameters
from sim.theory.market import Amount

Array = np.ndarray
STILL, MOST_ROUNDS = 1e-14, 20_000


@parameters
class TwoSidedLogit:
    """x_js = softmax_j([(1 - theta) sum_l A_sl x_jl - p_js] / mu_s); profit sum_s (p_js - c_s) x_js.

    Everybody joins one platform; A_sl is what side s gains from all of side l; under interoperability theta a part of
    it is had on any platform. Among n equals p_s = c_s + mu_s n / (n - 1) - (1 - theta) sum_k A_ks / (n - 1): what a
    member of side s adds for others is handed on (Armstrong 2006 for two; Tan & Zhou 2021 for more). Of people's
    equilibria the one that is reached from equal shares. Units: currency; one person a side.
    """

    n_platforms: Annotated[int, Param("platforms", "platforms", 2, 20)]
    benefits: list[list[Annotated[float, Param("gain of a side from all of a side", "currency", -10.0, 10.0)]]]
    """A, a row a side that gains."""
    scales: list[Annotated[float, Param("scale of tastes, side by side", "currency", 1e-3, 100.0)]]
    costs: list[Annotated[float, Param("cost of a member, side by side", "currency", 0.0, 100.0)]]
    interoperability: Annotated[float, Param("part of benefits had on any platform", "share", 0.0, 1.0)] = 0.0

    @property
    def variables(self) -> list[DecisionVariable]:
        """A price a side."""
        return [
            DecisionVariable("price", j, side, 0.02 * mu, -1e3, 1e3)
            for j in range(self.n_platforms)
            for side, mu in enumerate(self.scales)
        ]

    @property
    def start(self) -> Array:
        """Prices of mu above cost."""
        return np.tile(np.array(self.costs) + np.array(self.scales), self.n_platforms)

    def label(self, variable: DecisionVariable) -> str:
        """Price of a side."""
        return f"price, side {variable.tier + 1}"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and memberships (B, J) at these prices."""
        prices = values.reshape(len(values), self.n_platforms, len(self.scales))
        members = self.memberships(prices)
        return ((prices - np.array(self.costs)) * members).sum(axis=2), members.sum(axis=2)

    def memberships(self, prices: Array) -> Array:
        """(B, J, S): part of every side on every platform once nobody wants to change."""
        share = np.full(prices.shape, 1.0 / self.n_platforms)
        benefits, scale = (1.0 - self.interoperability) * np.array(self.benefits), np.array(self.scales)
        # With negative benefits (congestion) whole steps would oscillate without end.
        pace = 1.0 / (1.0 + np.abs(benefits / scale[:, None]).sum(axis=1).max() / self.n_platforms)
        for _ in range(MOST_ROUNDS):
            utility = ((share[:, :, None, :] * benefits).sum(axis=3) - prices) / scale
            weight = precise.exp(utility - utility.max(axis=1, keepdims=True))
            wanted = weight / weight.sum(axis=1, keepdims=True)
            if np.abs(wanted - share).max() < STILL:
                return wanted
            share = share + pace * (wanted - share)
        raise BrokenMarket("memberships do not converge")

    def amounts(self, values: Array) -> dict[str, Amount]:
        """Part of a side on the largest platform."""
        members = self.memberships(values.reshape(1, self.n_platforms, -1))[0].max(axis=0)
        return {f"largest share, side {s + 1}": Amount(float(x), "share of people") for s, x in enumerate(members)}

    def conflicts(self) -> list[str]:
        """Every side has a scale, a cost and a row of benefits from each side; the market does not tip."""
        n = len(self.scales)
        if not n or len(self.costs) != n or [len(row) for row in self.benefits] != [n] * n:
            return ["each side needs a scale, a cost, and a row of benefits with one number from every side"]
        strength = (1.0 - self.interoperability) * np.array(self.benefits) / np.array(self.scales)[:, None]
        if (strength >= 0.0).all() and algebra.spectral_radius(strength) >= self.n_platforms:
            return ["benefits are so strong against tastes that equal shares are unstable: the market tips"]
        return []
