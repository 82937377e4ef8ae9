"""Rank correlations of few points: exact where Student's t is not to be trusted."""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np

Array = np.ndarray
FEWEST = 4
"""Points below which nothing is tested: with three, the smallest possible p-value is a third."""
MOST_EXACT = 9
"""Points up to which all orders are looked at. Beyond, Student's t is near at 0.05, too ready far below it."""
SLACK = 1e-9
"""Two correlations closer than this are the same."""


def p_value(correlation: float, n: int) -> float:
    """Chance of a rank correlation (Spearman's) at least so large in absolute value if any order is as likely.

    Exact over all n! orders for up to nine points (as if there were no ties); else by Student's t with n - 2 degrees of
    freedom. With four points even a correlation of 1 has 0.083.
    """
    from scipy.special import stdtr

    if n < FEWEST:
        return 1.0
    if n <= MOST_EXACT:
        null = _orders(n)
        return float((null >= abs(correlation) - SLACK).mean())
    t = abs(correlation) * math.sqrt((n - 2) / max(1.0 - correlation**2, 1e-12))
    return float(2.0 * stdtr(n - 2, -t))


@functools.cache
def _orders(n: int) -> Array:
    """Absolute rank correlations of 1 to n with every order of 1 to n."""
    ranks = np.arange(n, dtype=np.int8)
    others = np.array(list(itertools.permutations(ranks)), dtype=np.int8)
    distance = ((others.astype(np.int16) - ranks) ** 2).sum(axis=1)
    return np.abs(1.0 - 6.0 * distance / (n * (n * n - 1)))
