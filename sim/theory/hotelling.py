"""Two platforms at the ends of a line, both sides of which join one of them."""

from __future__ import annotations

import numpy as np

from sim.game.surface import DecisionVariable
from sim.parameters import parameters
from sim.theory.market import Amount
from sim.theory.sides import Benefits, Costs, Spreads, within

Array = np.ndarray


@parameters
class Hotelling:
    """u_k = alpha_k n_l - p_k less t_k times the distance; profit sum_k (p_k - f_k) n_k.

    In equilibrium p_1 = f_1 + t_1 - alpha_2 and p_2 = f_2 + t_2 - alpha_1, with profits of
    (t_1 + t_2 - alpha_1 - alpha_2) / 2 each, provided 4 t_1 t_2 > (alpha_1 + alpha_2)^2 (Armstrong 2006, section 4).
    Units: currency; one person a side.
    """

    benefits: Benefits
    transport: Spreads
    costs: Costs

    @property
    def variables(self) -> list[DecisionVariable]:
        """A price a side."""
        return [
            DecisionVariable("price", j, side, 0.01 * self.transport[side], -1e3, 1e3)
            for j in (0, 1)
            for side in (0, 1)
        ]

    @property
    def start(self) -> Array:
        """Cost and transport."""
        return np.tile(np.array(self.costs) + np.array(self.transport), 2)

    def label(self, variable: DecisionVariable) -> str:
        """Price of a side."""
        return f"price, side {variable.tier + 1}"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and memberships (B, 2) at these prices."""
        prices = values.reshape(-1, 2, 2)
        members = self.memberships(prices)
        return ((prices - np.array(self.costs)) * members).sum(axis=2), members.sum(axis=2)

    def memberships(self, prices: Array) -> Array:
        """(B, 2, 2): part of every side on either platform.

        With d_k = n_k - 1/2 of platform 1 and D_k its price less the other's: 2 t_k d_k = 2 alpha_k d_l - D_k.
        """
        (a1, a2), (t1, t2) = self.benefits, self.transport
        dearer = prices[:, 0] - prices[:, 1]
        lead = np.stack([t2 * dearer[:, 0] + a1 * dearer[:, 1], t1 * dearer[:, 1] + a2 * dearer[:, 0]], axis=1)
        first = 0.5 - lead / (2.0 * (t1 * t2 - a1 * a2))

        def reply(first: Array) -> Array:
            gain, spread = np.array(self.benefits), np.array(self.transport)
            return 0.5 + (gain * (2.0 * first[:, ::-1] - 1.0) - dearer) / (2.0 * spread)

        first = within(first, reply)
        return np.stack([first, 1.0 - first], axis=1)

    def amounts(self, values: Array) -> dict[str, Amount]:
        """Part of a side on the larger platform."""
        members = self.memberships(values.reshape(1, 2, 2))[0].max(axis=0)
        return {f"largest share, side {s + 1}": Amount(float(x), "share of people") for s, x in enumerate(members)}

    def conflicts(self) -> list[str]:
        """Armstrong's condition for a market that is shared."""
        (a1, a2), (t1, t2) = self.benefits, self.transport
        if 4.0 * t1 * t2 > (a1 + a2) * (a1 + a2):
            return []
        return ["4 t_1 t_2 is not above (alpha_1 + alpha_2)^2: one platform takes all"]
