"""A competitive bottleneck: one side joins one of two platforms, the other may join both."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from sim.game.surface import Lever
from sim.parameters import Param, numbers
from sim.theory.market import Amount
from sim.theory.sides import Benefits, Costs, Spreads

Array = np.ndarray


@numbers
class Bottleneck:
    """Side 1 chooses on a line, u_1 = alpha_1 n_2 - p_1; of side 2 n_2 = (u_0 + alpha_2 n_1 - p_2) / t_2 join each.

    At rest p_2 = (u_0 + f_2) / 2 + (alpha_2 - alpha_1) / 4 and n_2 = (u_0 + (alpha_1 + alpha_2) / 2 - f_2) / (2 t_2).
    What side 1 pays depends on what platforms hold fixed when they think of each other: with prices (`conduct:
    prices`) p_1 = f_1 + t_1 - alpha_2 n_2 - alpha_1 alpha_2 / (2 t_2); with the utility that side 1 is offered
    (`conduct: utilities`, Armstrong 2006, section 5) p_1 = f_1 + t_1 - alpha_2 n_2. Units: currency; one person a
    side.
    """

    benefits: Benefits
    transport: Spreads
    costs: Costs
    alone: Annotated[float, Param("u_0, worth of a platform to side 2 by itself", "currency", -10.0, 10.0)]
    conduct: Literal["prices", "utilities"]

    @property
    def levers(self) -> list[Lever]:
        """What side 1 pays, or is offered, and what side 2 pays."""
        first = "price" if self.conduct == "prices" else "utility"
        found = [(first, 0), ("price", 1)]
        return [Lever(name, j, s, 0.01 * self.transport[s], -1e3, 1e3) for j in (0, 1) for name, s in found]

    @property
    def start(self) -> Array:
        """Side 1 pays cost and transport; side 2 half of what a platform is worth to it."""
        (f1, f2), half = self.costs, 0.5 * (self.alone + self.benefits[1] / 2.0)
        first = f1 + self.transport[0]
        return np.tile([first if self.conduct == "prices" else -first, f2 + half], 2)

    def label(self, lever: Lever) -> str:
        """Price or utility of a side."""
        return f"{lever.name}, side {lever.tier + 1}"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and members of side 1 (B, 2)."""
        prices, members = self.market(values)
        return ((prices - np.array(self.costs)) * members).sum(axis=2), members[:, :, 0]

    def market(self, values: Array) -> tuple[Array, Array]:
        """Prices and memberships (B, 2, 2), platform by side."""
        (a1, a2), (t1, t2) = self.benefits, self.transport
        chosen = values.reshape(-1, 2, 2)
        first, second = chosen[:, :, 0], chosen[:, :, 1]
        if self.conduct == "prices":
            # 2 t_1 d = alpha_1 (n_2 - n_2') - (p_1 - p_1') with n_2 - n_2' = (2 alpha_2 d - (p_2 - p_2')) / t_2.
            dearer = first[:, 0] - first[:, 1] + a1 * (second[:, 0] - second[:, 1]) / t2
            lead = -dearer / (2.0 * (t1 - a1 * a2 / t2))
        else:
            lead = (first[:, 0] - first[:, 1]) / (2.0 * t1)
        side_1 = 0.5 + np.stack([lead, -lead], axis=1)
        side_2 = (self.alone + a2 * side_1 - second) / t2
        paid = first if self.conduct == "prices" else a1 * side_2 - first
        return np.stack([paid, second], axis=2), np.stack([side_1, side_2], axis=2)

    def amounts(self, values: Array) -> dict[str, Amount]:
        """What side 1 pays, whatever platforms hold fixed, and part of side 2 on a platform."""
        prices, members = self.market(values[None])
        return {
            "paid by side 1": Amount(float(prices[0, :, 0].mean()), "currency"),
            "members of side 2": Amount(float(members[0, :, 1].mean()), "share of people"),
        }

    def misfits(self) -> list[str]:
        """Side 1 must not follow side 2 to one platform."""
        if self.transport[0] * self.transport[1] > self.benefits[0] * self.benefits[1]:
            return []
        return ["t_1 t_2 is not above alpha_1 alpha_2: side 1 follows side 2 to one platform"]
