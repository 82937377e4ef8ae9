"""Platforms' decision variables as one vector, and what moving them does to the steady state of the market."""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.forecast.market import INNER, MeanField, State, Tangent
from sim.forecast.terms import MarketTerms
from sim.game.surface import Curvature, DecisionVariable, Response, curvature_of
from sim.kernels import algebra

Array = np.ndarray
NEAR = 0.05
"""Step of differences for first derivatives, in units of a variable's scale."""
ROUNDS = 4
"""Newton steps from one steady state to others near it, with the slope of the first."""
MOST_AT_ONCE = 400
"""Markets in one batch: what still fits a cache."""


def value_of(variable: DecisionVariable, terms: MarketTerms) -> Array:
    """(B): a decision variable in B markets."""
    values = getattr(terms, variable.name)[:, variable.platform]
    return values[:, variable.tier] if variable.name == "commission" else values


def part_of_value(variable: DecisionVariable, value_of_order: float, of_tiers: Array, of_independents: float) -> float:
    """A variable's scale as a part of what a platform sells: the unit in which adjustment costs are counted.

    A commission moves its tier's part of goods, a tilt of the ranking reshuffles s (1 - s) of them per log point, with
    s the part of independents; a point of utilisation counts as a thousandth.
    """
    # One unit for all: without adjustment costs "less commission, more fee" is a flat direction, and a cost for each
    # variable would be as many numbers without a source. In units of what is sold, one number (C-02) serves all.
    if variable.name == "commission":
        return variable.scale * float(of_tiers[variable.tier])
    if variable.name == "ranking_tilt":
        return variable.scale * of_independents * (1.0 - of_independents)
    return variable.scale / value_of_order if variable.name in ("net_fee", "piece_rate") else 0.1 * variable.scale


def variables_of(mean_field: MeanField, terms: MarketTerms, value_of_order: float) -> list[DecisionVariable]:
    """Decision variables that have an effect here, platform by platform.

    Commissions where merchants sell, ranking where kinds of them differ, piece rates where people work, rationing
    where hours may be rationed; the net fee always.
    """
    # Scales and bounds come from the sector file, never from present values: a scale that moves with its variable made
    # a limit cycle.
    sector, variables = mean_field.sector, []
    platforms = list(sector.platforms.values())
    tiers = list(sector.merchants.tiers.values()) if mean_field.merchants is not None else []
    kinds = {tier.is_independent for tier in tiers if tier.share > 0.0}
    for j in range(mean_field.n_platforms):
        variables += [
            DecisionVariable("commission", j, t, 0.01, 0.0, 0.6) for t, tier in enumerate(tiers) if tier.share > 0.0
        ]
        # A net fee is what coupons leave of the fee, so that it may be negative.
        variables.append(
            DecisionVariable("net_fee", j, 0, 0.002 * value_of_order, -value_of_order, 2.0 * value_of_order)
        )
        rate = platforms[j].piece_rate
        if mean_field.workforce is not None:
            variables.append(DecisionVariable("piece_rate", j, 0, max(0.01 * rate, 0.01), 0.2 * rate, 5.0 * rate))
        if len(kinds) > 1:
            variables.append(DecisionVariable("ranking_tilt", j, 0, 0.05, -3.0, 3.0))
        # Who owes nothing for hours has no reason to turn workers away: without a floor this is no choice.
        if mean_field.workforce is not None and terms.rationing[0, j] > 0.0:
            variables.append(DecisionVariable("busy_target", j, 0, 0.01, 0.2, 0.95))
    return variables


def values_of(variables: list[DecisionVariable], terms: MarketTerms) -> Array:
    """(B, L): every decision variable in its own unit."""
    return np.stack([value_of(variable, terms) for variable in variables], axis=1)


def set_variables(variables: list[DecisionVariable], terms: MarketTerms, values: Array) -> MarketTerms:
    """The markets with these values (B, L) of the decision variables."""
    names = dict.fromkeys(variable.name for variable in variables)
    changed = {name: getattr(terms, name).copy() for name in names}
    for variable, column in zip(variables, values.T, strict=True):
        where = (slice(None), variable.platform)
        changed[variable.name][(*where, variable.tier) if variable.name == "commission" else where] = column
    return dataclasses.replace(terms, **changed)


class Surroundings:
    """The steady state under some terms, and the market near them (a `sim.game.surface.Surface`)."""

    def __init__(
        self,
        mean_field: MeanField,
        variables: list[DecisionVariable],
        terms: MarketTerms,
        start: State,
        tangent: Tangent | None = None,
    ) -> None:
        self.mean_field, self.variables, self.terms = mean_field, variables, terms
        self.scale = np.array([variable.scale for variable in variables])
        self.values = values_of(variables, terms)[0]
        self.state, self.outcome = mean_field.solve(terms, start, tangent)
        self.tangent = mean_field.tangent(terms, self.state)

    def response(self) -> Response:
        """First derivatives of the steady state: d f / dl = f_l + f_x (1 - T_x)^-1 T_l.

        T is what the unknowns x imply for themselves; partial derivatives by differences in one batch.
        """
        # The implicit function theorem instead of solving the market anew for every variable: one batch of evaluations
        # and one linear system, with an error that does not depend on where a search happened to stop.
        n = len(self.variables)
        step = NEAR * np.eye(n)
        moves = np.concatenate([step, -step])
        terms = set_variables(self.variables, self.terms.repeat(2 * n), self.values + moves * self.scale)
        # Inner fixed points answer within each evaluation, here as in the tangent: both have to hold the same things
        # fixed. Between open platforms ten rounds leave part of the gap in listings, and slopes are not exact there.
        implied, _, outcome = self.mean_field.evaluate(terms, self.state.repeat(2 * n), INNER)
        partial = [(part[:n] - part[n:]) / (2.0 * NEAR) for part in (implied, outcome.profit, outcome.carried)]
        moved = algebra.solve(self.tangent.slope, partial[0].T)
        profit = partial[1].T + algebra.times(self.tangent.profit, moved)
        orders = partial[2].T + algebra.times(self.tangent.orders, moved)
        return Response(self.outcome.profit[0], self.outcome.carried[0], profit, orders)

    def at(self, moves: Array) -> tuple[Array, Array]:
        """Profits and orders (B, J) where variables have moved by `moves` (B, L), in units of their scales."""
        parts = [self._at(moves[i : i + MOST_AT_ONCE]) for i in range(0, len(moves), MOST_AT_ONCE)]
        return np.concatenate([p for p, _ in parts]), np.concatenate([o for _, o in parts])

    def _at(self, moves: Array) -> tuple[Array, Array]:
        values = self.values + moves * self.scale
        terms = set_variables(self.variables, self.terms.repeat(len(moves)), values)
        # One slope for all these markets (the chord method): a step leaves a part of the gap in proportion to the
        # distance moved. Between open platforms that part is seen in the second derivatives.
        _, outcome = self.mean_field.solve_near(terms, self.state, self.tangent.slope, ROUNDS)
        return outcome.profit, outcome.carried

    def curvature(self) -> Curvature:
        """Second derivatives, by central differences over all pairs of variables in one batch."""
        return curvature_of(self)
