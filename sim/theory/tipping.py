"""Networks that tip: members of equally good platforms move to the one with more members."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.kernels import precise
from sim.parameters import Param, parameters

Array = np.ndarray
NUDGE, FULL = 1e-3, 0.999
"""Part of people by which one platform is ahead at first, and part of them on it where the market has tipped."""
STILL, MOST_REVIEWS = 1e-9, 600.0
"""Largest move in a week, of those who review, that counts as none; and most reviews before a search is given up."""
EXACT = 1e-3
"""Part of a threshold to which it is found."""


@parameters
class Tipping:
    """Every week some people review where they are: x_js moves towards softmax_j[(1 - theta) b sum_l A_sl x_jl / mu_s].

    b is the strength that is searched for. With one side and A = mu = 1, equal shares are unstable above
    b (1 - theta) = n; a tipped market holds its own already above 2 (n = 2), 2.7456 (3), 3.2187 (4), 3.5645 (5), so
    that installed bases decide in between. With two sides, equal shares are unstable above
    b (1 - theta) sqrt(A_12 A_21) = n sqrt(mu_1 mu_2). Units: A and mu in currency.
    """

    n_platforms: Annotated[int, Param("platforms", "platforms", 2, 20)]
    benefits: list[list[Annotated[float, Param("gain of a side from all of a side, at b = 1", "currency", 0.0, 10.0)]]]
    scales: list[Annotated[float, Param("scale of tastes, side by side", "currency", 1e-3, 100.0)]]
    interoperability: Annotated[float, Param("part of benefits had on any platform", "share", 0.0, 0.99)] = 0.0
    reviewing: Annotated[float, Param("people who review where they are", "share a week", 0.01, 1.0)] = 0.2
    strongest: Annotated[float, Param("largest strength tried", "ratio", 0.1, 1e4)] = 40.0

    def lead(self, strength: float, first: float) -> float:
        """By how much the first platform's part exceeds an equal one in the end, if it starts with `first`."""
        others = (1.0 - first) / (self.n_platforms - 1)
        share = np.full((self.n_platforms, len(self.scales)), others)
        share[0] = first
        gain, scale = strength * (1.0 - self.interoperability) * np.array(self.benefits), np.array(self.scales)
        for _ in range(int(MOST_REVIEWS / self.reviewing)):
            utility = (share[:, None, :] * gain).sum(axis=2) / scale
            weight = precise.exp(utility - utility.max(axis=0))
            move = self.reviewing * (weight / weight.sum(axis=0) - share)
            share = share + move
            if np.abs(move).max() < STILL * self.reviewing:
                break
        return float((share[0] - 1.0 / self.n_platforms).min())

    def threshold(self, first: float, ahead: float) -> float:
        """Least strength with which the first platform, starting at `first`, ends up ahead by more than `ahead`.

        Not a number where none up to the strongest does.
        """
        low, high = 0.0, self.strongest
        if not self.lead(high, first) > ahead:
            return float("nan")
        while high - low > EXACT * high:
            middle = 0.5 * (low + high)
            low, high = (low, middle) if self.lead(middle, first) > ahead else (middle, high)
        return 0.5 * (low + high)

    def unstable_from(self) -> float:
        """Strength above which a small lead grows."""
        equal = 1.0 / self.n_platforms
        return self.threshold(equal + NUDGE, 2.0 * NUDGE)

    def tipped_from(self) -> float:
        """Strength above which a market on one platform stays there."""
        return self.threshold(FULL, 2.0 * NUDGE)

    def conflicts(self) -> list[str]:
        """Every side has a scale and a row of benefits from each side."""
        n = len(self.scales)
        if n and [len(row) for row in self.benefits] == [n] * n:
            return []
        return ["each side needs a scale, and a row of benefits with one number from every side"]
