"""The levers of platforms as one vector, and what moving them would do once the market has come to rest again."""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.forecast.market import INNER, State, Tangent, Twin
from sim.forecast.terms import MarketTerms
from sim.game.surface import Curvature, Lever, Response, curvature_of
from sim.kernels import algebra

Array = np.ndarray
NEAR = 0.05
"""Step of differences for first derivatives, in units of a lever's scale."""
ROUNDS = 4
MOST_AT_ONCE = 400
"""Markets in one batch: what still fits a cache."""


def value_of(lever: Lever, terms: MarketTerms) -> Array:
    """(B): a lever in B markets."""
    values = getattr(terms, lever.name)[:, lever.platform]
    return values[:, lever.tier] if lever.name == "commission" else values


def part_of_value(lever: Lever, value_of_order: float, of_tiers: Array, of_independents: float) -> float:
    """A lever's scale as a part of what a platform sells: what leaving home is reckoned by.

    A commission moves its tier's part of goods, a tilt of the ranking reshuffles s (1 - s) of them per log point, with
    s the part of independents; a point of utilisation is reckoned as a thousandth.
    """
    if lever.name == "commission":
        return lever.scale * float(of_tiers[lever.tier])
    if lever.name == "ranking_tilt":
        return lever.scale * of_independents * (1.0 - of_independents)
    return lever.scale / value_of_order if lever.name in ("net_fee", "piece_rate") else 0.1 * lever.scale


def levers_of(twin: Twin, terms: MarketTerms, value_of_order: float) -> list[Lever]:
    """Levers that matter here, platform by platform.

    Commissions where merchants sell, ranking where kinds of them differ, piece rates where riders ride, rationing where
    hours may be rationed; the net fee always.
    """
    sector, found = twin.sector, []
    platforms = list(sector.platforms.values())
    tiers = list(sector.merchants.tiers.values()) if twin.merchants is not None else []
    kinds = {tier.is_independent for tier in tiers if tier.share > 0.0}
    for j in range(twin.n_platforms):
        found += [
            Lever("commission", j, t, 0.01, 0.0, 0.6) for t, tier in enumerate(tiers) if tier.share > 0.0
        ]  # fmt: skip
        found.append(Lever("net_fee", j, 0, 0.002 * value_of_order, -value_of_order, 2.0 * value_of_order))
        rate = platforms[j].piece_rate
        if twin.riders is not None:
            found.append(Lever("piece_rate", j, 0, max(0.01 * rate, 0.01), 0.2 * rate, 5.0 * rate))
        if len(kinds) > 1:
            found.append(Lever("ranking_tilt", j, 0, 0.05, -3.0, 3.0))
        if twin.riders is not None and terms.rationing[0, j] > 0.0:
            found.append(Lever("busy_target", j, 0, 0.01, 0.2, 0.95))
    return found


def values_of(levers: list[Lever], terms: MarketTerms) -> Array:
    """(B, L): every lever in its own unit."""
    return np.stack([value_of(lever, terms) for lever in levers], axis=1)


def set_levers(levers: list[Lever], terms: MarketTerms, values: Array) -> MarketTerms:
    """The markets with these values (B, L) of the levers."""
    names = dict.fromkeys(lever.name for lever in levers)
    changed = {name: getattr(terms, name).copy() for name in names}
    for lever, column in zip(levers, values.T, strict=True):
        where = (slice(None), lever.platform)
        changed[lever.name][(*where, lever.tier) if lever.name == "commission" else where] = column
    return dataclasses.replace(terms, **changed)


class Surroundings:
    """The market at rest under some terms, and near them."""

    def __init__(
        self, twin: Twin, levers: list[Lever], terms: MarketTerms, start: State, tangent: Tangent | None = None
    ) -> None:
        self.twin, self.levers, self.terms = twin, levers, terms
        self.scale = np.array([lever.scale for lever in levers])
        self.values = values_of(levers, terms)[0]
        self.state, self.outcome = twin.solve(terms, start, tangent)
        self.tangent = twin.tangent(terms, self.state)

    def response(self) -> Response:
        """First derivatives with the market at rest again: d f / dl = f_l + f_x (1 - T_x)^-1 T_l.

        T is what the unknowns x imply for themselves; partial derivatives by differences in one batch.
        """
        n = len(self.levers)
        step = NEAR * np.eye(n)
        moves = np.concatenate([step, -step])
        terms = set_levers(self.levers, self.terms.repeat(2 * n), self.values + moves * self.scale)
        implied, _, outcome = self.twin.evaluate(terms, self.state.repeat(2 * n), INNER)
        by_lever = [(part[:n] - part[n:]) / (2.0 * NEAR) for part in (implied, outcome.profit, outcome.carried)]
        moved = algebra.solve(self.tangent.slope, by_lever[0].T)
        profit = by_lever[1].T + algebra.times(self.tangent.profit, moved)
        orders = by_lever[2].T + algebra.times(self.tangent.orders, moved)
        return Response(self.outcome.profit[0], self.outcome.carried[0], profit, orders)

    def at(self, moves: Array) -> tuple[Array, Array]:
        """Profits and orders (B, J) where levers have moved by `moves` (B, L), in units of their scales."""
        parts = [self._at(moves[i : i + MOST_AT_ONCE]) for i in range(0, len(moves), MOST_AT_ONCE)]
        return np.concatenate([p for p, _ in parts]), np.concatenate([o for _, o in parts])

    def _at(self, moves: Array) -> tuple[Array, Array]:
        values = self.values + moves * self.scale
        terms = set_levers(self.levers, self.terms.repeat(len(moves)), values)
        _, outcome = self.twin.solve_near(terms, self.state, self.tangent.slope, ROUNDS)
        return outcome.profit, outcome.carried

    def curvature(self) -> Curvature:
        """Second derivatives, by central differences over all pairs of levers in one batch."""
        return curvature_of(self)
