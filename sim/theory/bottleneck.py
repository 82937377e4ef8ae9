"""A competitive bottleneck: one side joins one of two platforms, the other may join both."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from sim.game.surface import DecisionVariable
from sim.parameters import Param, parameters
from sim.theory.market import Amount
from sim.theory.sides import Benefits, Costs, Spreads, within

Array = np.ndarray


@parameters
class Bottleneck:
    """Side 1 chooses on a line, u_1 = alpha_1 n_2 - p_1; of side 2 n_2 = (u_0 + alpha_2 n_1 - p_2) / t_2 join each.

    In equilibrium p_2 = (u_0 + f_2) / 2 + (alpha_2 - alpha_1) / 4 and n_2 = (u_0 + (alpha_1 + alpha_2) / 2 - f_2) / (2
    t_2). What side 1 pays depends on what platforms hold fixed when they think of each other: with prices (`conduct:
    prices`) p_1 = f_1 + t_1 - alpha_2 n_2 - alpha_1 alpha_2 / (2 t_2); with the utility that side 1 is offered
    (`conduct: utilities`, Armstrong 2006, section 5) p_1 = f_1 + t_1 - alpha_2 n_2. Units: currency; one person a side.
    """

    benefits: Benefits
    transport: Spreads
    costs: Costs
    alone: Annotated[float, Param("u_0, stand-alone value of a platform to side 2", "currency", -10.0, 10.0)]
    conduct: Literal["prices", "utilities"]

    @property
    def variables(self) -> list[DecisionVariable]:
        """What side 1 pays, or is offered, and what side 2 pays."""
        first = "price" if self.conduct == "prices" else "utility"
        named_sides = [(first, 0), ("price", 1)]
        return [
            DecisionVariable(name, j, s, 0.01 * self.transport[s], -1e3, 1e3) for j in (0, 1) for name, s in named_sides
        ]

    @property
    def start(self) -> Array:
        """Side 1 pays cost and transport; of side 2 a tenth joins."""
        first = self.costs[0] + self.transport[0]
        second = self.alone + self.benefits[1] / 2.0 - 0.1 * self.transport[1]
        return np.tile([first if self.conduct == "prices" else -first, second], 2)

    def label(self, variable: DecisionVariable) -> str:
        """Price or utility of a side."""
        return f"{variable.name}, side {variable.tier + 1}"

    def outcome(self, values: Array) -> tuple[Array, Array]:
        """Profits and members of side 1 (B, 2)."""
        prices, members = self.market(values)
        return ((prices - np.array(self.costs)) * members).sum(axis=2), members[:, :, 0]

    def market(self, values: Array) -> tuple[Array, Array]:
        """Prices and memberships (B, 2, 2), platform by side."""
        (a1, a2), (t1, t2) = self.benefits, self.transport
        chosen = values.reshape(-1, 2, 2)
        first, second = chosen[:, :, 0], chosen[:, :, 1]
        # With prices fixed side 1 answers to side 2's members; utilities offered hold them harmless.
        answer, sign = (a1, 1.0) if self.conduct == "prices" else (0.0, -1.0)
        dearer, second_dearer = sign * (first[:, :1] - first[:, 1:]), second[:, :1] - second[:, 1:]

        def joining(side_1: Array) -> Array:
            own = np.concatenate([side_1, 1.0 - side_1], axis=1)
            return np.minimum(np.maximum((self.alone + a2 * own - second) / t2, 0.0), 1.0)

        def reply(side_1: Array) -> Array:
            members = joining(side_1)
            return 0.5 + (answer * (members[:, :1] - members[:, 1:]) - dearer) / (2.0 * t1)

        inside = 0.5 - (dearer + answer * second_dearer / t2) / (2.0 * (t1 - answer * a2 / t2))
        side_1 = within(inside, reply)
        side_2 = joining(side_1)
        side_1 = np.concatenate([side_1, 1.0 - side_1], axis=1)
        paid = first if self.conduct == "prices" else a1 * side_2 - first
        return np.stack([paid, second], axis=2), np.stack([side_1, side_2], axis=2)

    def amounts(self, values: Array) -> dict[str, Amount]:
        """What side 1 pays, whatever platforms hold fixed, and part of side 2 on a platform."""
        prices, members = self.market(values[None])
        return {
            "paid by side 1": Amount(float(prices[0, :, 0].mean()), "currency"),
            "members of side 2": Amount(float(members[0, :, 1].mean()), "share of people"),
        }

    def conflicts(self) -> list[str]:
        """A platform's own profit must have a maximum."""
        (a1, a2), (t1, t2) = self.benefits, self.transport
        least = a1 * a1 + (6.0 if self.conduct == "prices" else 2.0) * a1 * a2 + a2 * a2
        if 8.0 * t1 * t2 > least and t1 * t2 > a1 * a2:
            return []
        cross = "6" if self.conduct == "prices" else "2"
        return [f"8 t_1 t_2 is not above alpha_1^2 + {cross} alpha_1 alpha_2 + alpha_2^2: no prices are a maximum"]
