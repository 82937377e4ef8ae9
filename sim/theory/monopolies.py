"""Platforms and employers without rivals."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.game.surface import DecisionVariable
from sim.kernels import precise
from sim.parameters import Param, parameters
from sim.theory.market import Amount
from sim.theory.sides import Benefits, Costs, Spreads, within

Array = np.ndarray


@parameters
class MonopolyPlatform:
    """Of side k join n_k = (u_k + alpha_k n_l - p_k) / t_k; profit sum_k (p_k - f_k) n_k.

    In equilibrium p_k = f_k - alpha_l n_l + phi_k / phi_k', here t_k n_k: cost less what a member adds for the other
    side, and the usual mark-up (Armstrong 2006, section 3). Units: currency; one person a side.
    """

    benefits: Benefits
    spreads: Spreads
    alone: tuple[
        Annotated[float, Param("u_1, stand-alone value of the platform", "currency", -10.0, 10.0)],
        Annotated[float, Param("u_2, stand-alone value of the platform", "currency", -10.0, 10.0)],
    ]
    costs: Costs

    @property
    def variables(self) -> list[DecisionVariable]:
        """A price a side."""
        return [DecisionVariable("price", 0, side, 0.01 * self.spreads[side], -1e3, 1e3) for side in (0, 1)]

    @property
    def start(self) -> Array:
        """A tenth of either side joins, if nobody of the other does."""
        return np.array(self.alone) - 0.1 * np.array(self.spreads)

    def label(self, variable: DecisionVariable) -> str:
        """Price of a side."""
        return f"price, side {variable.tier + 1}"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profit and members (B, 1)."""
        members = self.memberships(values)
        return ((values - np.array(self.costs)) * members).sum(axis=1)[:, None], members.sum(axis=1)[:, None]

    def memberships(self, prices: Array) -> Array:
        """(B, 2): members of either side; t_k n_k - alpha_k n_l = u_k - p_k."""
        (a1, a2), (t1, t2) = self.benefits, self.spreads
        left = np.array(self.alone) - prices
        inside = np.stack([t2 * left[:, 0] + a1 * left[:, 1], t1 * left[:, 1] + a2 * left[:, 0]], axis=1)
        gain, spread = np.array(self.benefits), np.array(self.spreads)
        return within(inside / (t1 * t2 - a1 * a2), lambda members: (left + gain * members[:, ::-1]) / spread)

    def amounts(self, values: Array) -> dict[str, Amount]:
        """Members of either side, and what Armstrong's formula asks for at them."""
        members = self.memberships(values[None])[0]
        asked = np.array(self.costs) - np.array(self.benefits)[::-1] * members[::-1] + np.array(self.spreads) * members
        sizes = {f"members of side {s + 1}": Amount(float(members[s]), "share of people") for s in (0, 1)}
        ratios = {f"price over formula, side {s + 1}": Amount(float(values[s] / asked[s]), "ratio") for s in (0, 1)}
        return {**sizes, **ratios}

    def conflicts(self) -> list[str]:
        """The second-order condition."""
        (a1, a2), (t1, t2) = self.benefits, self.spreads
        if 4.0 * t1 * t2 > (a1 + a2) * (a1 + a2):
            return []
        return ["4 t_1 t_2 is not above (alpha_1 + alpha_2)^2: no prices are a maximum"]


@parameters
class TransactionPlatform:
    """Transactions D_B(p_B) D_S(p_S), D_k = (1 - p_k)^e_k, at a cost c each; profit (p_B + p_S - c) D_B D_S.

    In equilibrium, with eta_k = e_k p_k / (1 - p_k), (p - c) / p = 1 / (eta_B + eta_S) for p = p_B + p_S, and
    p_B / eta_B = p_S / eta_S (Rochet & Tirole 2003): 1 - p_k = e_k (2 - c) / (1 + e_B + e_S). Units: highest value 1.
    """

    steepness: tuple[
        Annotated[float, Param("e_B of buyers", "-", 0.1, 10.0)],
        Annotated[float, Param("e_S of sellers", "-", 0.1, 10.0)],
    ]
    cost: Annotated[float, Param("c, cost of a transaction", "currency", 0.0, 1.9)]

    @property
    def variables(self) -> list[DecisionVariable]:
        """A price a side."""
        return [DecisionVariable("price", 0, side, 0.005, -10.0, 0.999) for side in (0, 1)]

    @property
    def start(self) -> Array:
        """Half of the cost and a tenth each."""
        return np.full(2, min(0.5 * self.cost + 0.1, 0.98))

    def label(self, variable: DecisionVariable) -> str:
        """Price of a side."""
        return f"price, {('buyers', 'sellers')[variable.tier]}"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profit and transactions (B, 1)."""
        done = precise.power(np.maximum(1.0 - values, 1e-12), np.array(self.steepness)).prod(axis=1)
        return ((values.sum(axis=1) - self.cost) * done)[:, None], done[:, None]

    def amounts(self, values: Array) -> dict[str, Amount]:
        """Price level and Lerner's index against the sum of elasticities."""
        total, elasticity = values.sum(), (np.array(self.steepness) * values / (1.0 - values)).sum()
        lerner = (total - self.cost) / total * elasticity
        return {
            "price, both": Amount(float(total), "currency"),
            "Lerner index times elasticities": Amount(float(lerner), "ratio"),
        }

    def conflicts(self) -> list[str]:
        """Nothing more."""
        return []


@parameters
class Monopsony:
    """A single employer: hours offered w^epsilon at the wage w, of value MRP each; profit (MRP - w) w^epsilon.

    In equilibrium w = MRP epsilon / (1 + epsilon) (Robinson 1933). Units: currency an hour.
    """

    utility: Annotated[float, Param("marginal revenue product of an hour", "currency", 0.01, 1e4)]
    elasticity: Annotated[float, Param("epsilon of hours offered to the wage", "elasticity", 0.05, 100.0)]

    @property
    def variables(self) -> list[DecisionVariable]:
        """The wage."""
        return [DecisionVariable("wage", 0, 0, 0.01 * self.utility, 1e-6 * self.utility, self.utility)]

    @property
    def start(self) -> Array:
        """Half of the marginal revenue product."""
        return np.array([0.5 * self.utility])

    def label(self, variable: DecisionVariable) -> str:
        """Wage."""
        return "wage"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profit and hours (B, 1), in units of the hours offered at w = MRP."""
        hours = precise.power(np.maximum(values / self.utility, 1e-12), self.elasticity)
        return (self.utility - values) * hours, hours

    def amounts(self, values: Array) -> dict[str, Amount]:
        """The wage as a part of the marginal revenue product."""
        return {"wage over worth": Amount(float(values[0] / self.utility), "share")}

    def conflicts(self) -> list[str]:
        """Nothing more."""
        return []
