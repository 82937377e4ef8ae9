"""A market as its players see it: decision variables, profits around where they are, slopes and second derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

Array = np.ndarray
APART = 0.5
"""Step of differences for second derivatives, in units of a variable's scale."""


class DecisionVariable(NamedTuple):
    """One number that a platform chooses."""

    name: str
    platform: int
    tier: int
    """Which of several values of one name; 0 for variables that have one value."""
    scale: float
    """A natural step."""
    low: float
    high: float


class Response(NamedTuple):
    """The market around one point: L decision variables of all platforms, in units of their scales."""

    profit: Array
    """(J)."""
    orders: Array
    """(J): what is sold a week."""
    profit_slope: Array
    """(J, L): of every platform's profit, between steady states."""
    orders_slope: Array
    """(J, L)."""


class Curvature(NamedTuple):
    """Second derivatives around one point, in units of scales."""

    profit: Array
    """(J, L, L)."""
    orders: Array
    """(J, L, L)."""


class Surface(Protocol):
    """The market around one point, once everybody but players has answered."""

    variables: list[DecisionVariable]
    scale: Array
    """(L)."""
    values: Array
    """(L): values in force at the point."""

    def response(self) -> Response:
        """First derivatives."""
        ...

    def at(self, moves: Array) -> tuple[Array, Array]:
        """Profits and orders (B, J) where variables have moved by `moves` (B, L), in units of their scales."""
        ...

    def curvature(self) -> Curvature:
        """Second derivatives."""
        ...


def curvature_of(near: Surface) -> Curvature:
    """Second derivatives, by central differences over all pairs of variables in one batch.

    f_ab = (f(+a+b) + f(-a-b) - f(+a) - f(-a) - f(+b) - f(-b) + 2 f) / (2 h^2).
    """
    # Pairs are moved in the same direction only: half as many markets as with all four combinations of signs, for an
    # error of the same order.
    n = len(near.variables)
    unit = APART * np.eye(n)
    a, b = np.triu_indices(n, 1)
    pair = unit[a] + unit[b]
    moves = np.concatenate([np.zeros((1, n)), unit, -unit, pair, -pair])
    return Curvature(*(_second(values, n, a, b) for values in near.at(moves)))


def _second(values: Array, n: int, a: Array, b: Array) -> Array:
    centre, up, down = values[0], values[1 : n + 1], values[n + 1 : 2 * n + 1]
    both, neither = np.split(values[2 * n + 1 :], 2)
    # Single moves serve the diagonal and all cross terms: n (n + 1) + 1 markets in all.
    single = up + down - 2.0 * centre
    second = np.zeros((values.shape[1], n, n))
    second[:, np.arange(n), np.arange(n)] = single.T / (APART * APART)
    cross = (both + neither - 2.0 * centre - single[a] - single[b]).T / (2.0 * APART * APART)
    second[:, a, b], second[:, b, a] = cross, cross
    return second


def owners(variables: Sequence[DecisionVariable]) -> Array:
    """(L): the player who owns each variable."""
    return np.array([variable.platform for variable in variables])


def scales(variables: Sequence[DecisionVariable]) -> Array:
    """(L): natural step of each."""
    return np.array([variable.scale for variable in variables])


def bounds(variables: Sequence[DecisionVariable]) -> tuple[Array, Array]:
    """(L) and (L): lower and upper bounds."""
    return np.array([variable.low for variable in variables]), np.array([variable.high for variable in variables])


def blocks(variables: Sequence[DecisionVariable]) -> list[Array]:
    """Positions of each player's variables."""
    owner = owners(variables)
    return [np.flatnonzero(owner == j) for j in range(int(owner.max()) + 1)]
