"""Parameters of two sides, as in the markets of Armstrong (2006)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np

from sim.errors import BrokenMarket
from sim.parameters import Param

Array = np.ndarray
MOST_ROUNDS, STILL = 10_000, 1e-14

Benefits = tuple[
    Annotated[float, Param("alpha_1, gain of side 1 from all of side 2", "currency", -10.0, 10.0)],
    Annotated[float, Param("alpha_2, gain of side 2 from all of side 1", "currency", -10.0, 10.0)],
]
Spreads = tuple[
    Annotated[float, Param("t_1, spread of side 1's tastes", "currency", 0.01, 100.0)],
    Annotated[float, Param("t_2, spread of side 2's tastes", "currency", 0.01, 100.0)],
]
"""Transport cost of the whole line, or the spread of tastes between the most and the least willing to join."""
Costs = tuple[
    Annotated[float, Param("f_1", "currency a member", 0.0, 100.0)],
    Annotated[float, Param("f_2", "currency a member", 0.0, 100.0)],
]


def within(shares: Array, reply: Callable[[Array], Array]) -> Array:
    """Shares that are replies to themselves, within 0 and 1, starting from those of an interior solution.

    Where one side is at a corner, the other replies to that. Raises `BrokenMarket` where replies do not converge.
    """
    shares = np.minimum(np.maximum(shares, 0.0), 1.0)
    for _ in range(MOST_ROUNDS):
        before, shares = shares, np.minimum(np.maximum(reply(shares), 0.0), 1.0)
        if np.abs(shares - before).max() < STILL:
            return shares
    raise BrokenMarket("memberships do not converge")
