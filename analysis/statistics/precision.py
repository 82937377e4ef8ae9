"""How many replicates a wanted precision takes.

The 95% interval of a mean over n replicates reaches t(n-1) s / sqrt(n) to either side, s being the standard deviation
of paired differences. Replicates are added until that is no more than the half-width wanted. When to stop is then a
matter of chance too: such a rule stops early where s happens to come out small, so that of intervals it stops at a few
less than 95 in 100 contain the true value; the share goes to 95 as the half-width wanted gets small (Chow & Robbins
1965).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.statistics.effects import CONFIDENCE

MOST = 10_000_000
"""More replicates than this are as good as never enough."""


@dataclass(frozen=True)
class PrecisionStatus:
    """How near one effect is to the precision wanted, in the metric's unit."""

    metric: str
    wanted: float
    half: float
    """Half-width of the interval now; not a number with fewer than two replicates."""
    n_replicates: int
    n_needed: float
    """Replicates that would do, as far as the present spread tells; infinite if none would."""

    @property
    def is_reached(self) -> bool:
        """Whether the interval is as narrow as wanted."""
        return self.half <= self.wanted

    @property
    def is_absent(self) -> bool:
        """Whether the metric has no value in this market, so that there is nothing to wait for."""
        return self.n_replicates > 1 and not math.isfinite(self.half)


def half_width(sd: float, n: int) -> float:
    """t(n-1) sd / sqrt(n): how far the 95% interval of a mean over n replicates reaches (Student 1908)."""
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2.0)) * sd / math.sqrt(n) if n > 1 else math.nan


def replicates_needed(sd: float, half: float) -> float:
    """The smallest n >= 2 with t(n-1) sd / sqrt(n) <= half; infinite beyond all reason, not a number without an sd."""
    if not math.isfinite(sd):
        return math.nan
    if sd == 0.0:
        return 2.0
    if half <= 0.0 or half_width(sd, MOST) > half:
        return math.inf
    low, high = 1, MOST  # not enough, enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if half_width(sd, middle) <= half else (middle, high)
    return float(high)


def status_of(metric: str, wanted: float, sd: float, half: float, n: int) -> PrecisionStatus:
    """How near an effect is, from its paired standard deviation and the half-width of its interval, however made.

    Where t says that n is enough and the interval is wider all the same, it is taken to shrink by the root of n.
    """
    needed = replicates_needed(sd, wanted)
    if needed <= n and half > wanted:
        needed = float(math.ceil(n * (half / wanted) ** 2))
    return PrecisionStatus(metric, wanted, half, n, needed)


def next_step(statuses: list[PrecisionStatus], n: int, most: int) -> int:
    """Replicates to go on to: as many as the neediest effect takes, at most twice as many and at most `most`.

    The number it is at already where nothing is left to do: all is reached, or `most` is.
    """
    open_ones = [one for one in statuses if not one.is_reached and not one.is_absent]
    if not open_ones or n >= most:
        return n
    needs = [one.n_needed for one in open_ones]
    needed = 2.0 * n if np.isnan(needs).any() else max(needs)
    return int(min(max(needed, n + 1), 2 * n, most))
