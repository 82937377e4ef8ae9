"""What a platform maximises besides this week's profit, and how that changes with its decision variables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.game.surface import Curvature, DecisionVariable, Response, blocks, owners, scales
from sim.kernels import precise

Array = np.ndarray


@dataclass(frozen=True)
class Objective:
    """What platforms maximise: profit + Psi(orders) + omega (l - l0) - kappa (l - l0)^2 / 2, a week and zone.

    Psi'(O) = X (O / O0)^-psi is the shadow value of an order. X makes the net fee's first-order condition hold where
    the market is observed, omega those of the other decision variables. None of it enters profit, welfare or taxes.
    """

    # A shadow value that falls with orders (psi > 0): a constant X would pin the margin of an order and hand a capped
    # commission back in full. Adjustment costs (kappa), because psi alone leaves the direction "less commission, more
    # fee" flat, and a tilt of the ranking convex.

    shadow_value: Array
    """(J): X, currency an order."""
    usual_orders: Array
    """(J): O0, orders carried a week."""
    pull: Array
    """(L): omega, currency a week and scale."""
    adjustment_cost: Array
    """(L): kappa, currency a week and scale squared."""
    home: Array
    """(L): l0."""
    curvature: float
    """psi."""

    def marginal_value(self, orders: Array) -> Array:
        """(J): Psi'(O)."""
        return self.shadow_value * precise.power(np.maximum(orders, 1e-9) / self.usual_orders, -self.curvature)

    def value_of_orders(self, orders: Array) -> Array:
        """(J): Psi(O) - Psi(O0) = X O0 ((O / O0)^(1 - psi) - 1) / (1 - psi), its limit X O0 ln(O / O0) at psi = 1."""
        ratio, power = np.maximum(orders, 1e-9) / self.usual_orders, 1.0 - self.curvature
        # Normalised to 0 at usual orders, which moves no optimum; the quotient has no digits left close to psi = 1.
        growth = precise.log(ratio) if abs(power) < 1e-9 else (precise.power(ratio, power) - 1.0) / power
        return self.shadow_value * self.usual_orders * growth

    def held_by(self, variables: list[DecisionVariable], values: Array) -> Array:
        """(J): omega (l - l0) - kappa (l - l0)^2 / 2, added up by platform."""
        away = (values - self.home) / scales(variables)
        part = self.pull * away - 0.5 * self.adjustment_cost * away * away
        return np.array([part[own].sum() for own in blocks(variables)])

    def slope(self, variables: list[DecisionVariable], values: Array, response: Response) -> Array:
        """(L): derivative of the objective of every variable's owner, in units of scales."""
        owner, scale = owners(variables), scales(variables)
        own = np.arange(len(variables))
        payoff = self.marginal_value(response.orders)[owner]
        away = (values - self.home) / scale
        return (
            response.profit_slope[owner, own]
            + payoff * response.orders_slope[owner, own]
            + self.pull
            - self.adjustment_cost * away
        )

    def second(self, variables: list[DecisionVariable], response: Response, bend: Curvature) -> Array:
        """(L, L): row a is how the slope of variable a, for its owner, changes with every variable."""
        owner, own = owners(variables), np.arange(len(variables))
        payoff = self.marginal_value(response.orders)
        fall = -self.curvature * payoff / np.maximum(response.orders, 1e-9)
        steep = response.orders_slope[owner]
        # The second derivative of Psi(O(l)): what orders bend, valued at Psi', and Psi'' times both slopes of orders.
        rows = bend.profit[owner, own] + payoff[owner, None] * bend.orders[owner, own]
        rows = rows + (fall[owner] * response.orders_slope[owner, own])[:, None] * steep
        return rows - np.diag(self.adjustment_cost)


def plain_profit(home: Array, n_players: int) -> Objective:
    """Nothing but profit: what players of textbook markets maximise. home: (L), of n_players."""
    nothing = np.zeros_like(home)
    # Where an order has no value beyond profit, its curvature plays no part: any number does.
    return Objective(np.zeros(n_players), np.ones(n_players), nothing, nothing, home, 1.0)
