"""What part of the spread of an effect over draws is chance, and what part assumptions.

One-way random-effects analysis of variance (Searle, Casella & McCulloch 1992, ch. 3): draw i of the assumptions is run
with k_i seeds, and the effect in run j of draw i is y_ij = mean + assumptions_i + chance_ij. With a draws, N runs,

    MSB = sum k_i (mean_i - mean)^2 / (a - 1),   MSW = sum (y_ij - mean_i)^2 / (N - a),
    k0 = (N - sum k_i^2 / N) / (a - 1),   s2_seed = MSW,   s2_assumptions = max(0, (MSB - MSW) / k0).

k0 is k where every draw has k runs. Draws of which runs failed count with those that are left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from analysis.statistics.effects import CONFIDENCE, Array, is_constant


@dataclass(frozen=True)
class Split:
    """Spread of an effect in its unit, and the share of its variance that assumptions make (intraclass correlation)."""

    seed_sd: float = math.nan
    """Between seeds of one draw: chance."""
    assumption_sd: float = math.nan
    """Between draws, chance apart."""
    assumption_share: float = math.nan
    assumption_share_low: float = math.nan
    assumption_share_high: float = math.nan


COLUMNS = tuple(asdict(Split()))


def split(values: Array, draws: Sequence[int], size: float = 0.0) -> Split:
    """Chance and assumptions in numbers of shape (runs,) by the draw of each run; what is not finite is left out.

    The interval of the share is exact for normal numbers and as many seeds in every draw: with F = MSB / MSW and
    F_p the p-quantile of F(a - 1, N - a), ((F / F_p) - 1) / ((F / F_p) + k0 - 1) for p = 0.975 and 0.025, cut at zero.
    Not a number where no draw has two runs or there is one draw only, or where nothing varies but by the rounding of
    numbers of a `size`.
    """
    from scipy.special import fdtri

    whole = np.isfinite(values)
    y, of = values[whole], np.unique(np.asarray(draws)[whole], return_inverse=True)[1]
    k = np.bincount(of) if len(y) else np.zeros(0)
    n, a = len(y), len(k)
    if a < 2 or n <= a or is_constant(y, size):
        return Split()
    means = np.bincount(of, weights=y) / k
    msb = float((k * (means - y.mean()) ** 2).sum()) / (a - 1)
    msw = float(((y - means[of]) ** 2).sum()) / (n - a)
    k0 = (n - float((k * k).sum()) / n) / (a - 1)
    between = max(0.0, (msb - msw) / k0)
    ratio = msb / msw if msw > 0.0 else math.inf
    ends = [_share(ratio / float(fdtri(a - 1, n - a, p)), k0) for p in (0.5 + CONFIDENCE / 2, 0.5 - CONFIDENCE / 2)]
    return Split(math.sqrt(msw), math.sqrt(between), between / (between + msw), *ends)


def _share(f: float, k0: float) -> float:
    return max(0.0, (f - 1.0) / (f + k0 - 1.0)) if math.isfinite(f) else 1.0
