"""Paired inference: effects are differences between runs that share every draw, levels come second."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Literal

import numpy as np

Array = np.ndarray
type Interval = Callable[[Array], tuple[float, float, float]]
"""Mean, low and high of numbers over replicates, shape (n,), in their own unit."""
type Method = Literal["t", "bootstrap"]
CONFIDENCE = 0.95
METHODS: dict[Method, str] = {
    "t": "Student's t over paired differences",
    "bootstrap": "bias-corrected and accelerated bootstrap (Efron 1987) over paired differences",
}
"""How the intervals of effects are made."""
N_RESAMPLES = 9999
FEWEST_RESAMPLED = 3
"""Pairs from which on resampling them says anything."""
NOTHING = 1e-12
"""A spread below this share of the numbers is what rounding leaves."""


def mean_interval(values: Array) -> tuple[float, float, float]:
    """Mean and 95% t-interval over replicates; the interval is not a number with fewer than two.

    mean +- t(n-1) s / sqrt(n) (Student 1908).
    """
    from scipy.special import stdtrit

    n, mean = len(values), float(np.mean(values))
    if n < 2:
        return mean, float("nan"), float("nan")
    half = float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2.0) * np.std(values, ddof=1) / np.sqrt(n))
    return mean, mean - half, mean + half


def is_constant(values: Array, size: float = 0.0) -> bool:
    """Whether numbers differ by no more than rounding leaves of them, or of numbers of a size that they came from."""
    return bool(np.ptp(values) <= NOTHING * max(float(np.abs(values).max()), size))


def bootstrap_interval(values: Array, seed: int = 0) -> tuple[float, float, float]:
    """Mean and 95% interval over replicates by the BCa bootstrap (Efron 1987); the same bits for the same seed.

    The ends are the quantiles of the means of 9,999 resamples at levels that correct for bias and for a spread that
    moves with the mean (acceleration, by the jackknife). With fewer than three replicates, where nothing varies, and
    where a number is missing, it is the t-interval. With few replicates it is narrower than it should be: of normal
    numbers it holds the mean in 87 of 100 cases with 8 replicates, in 91 with 16, in 93 with 32; t in 95 with any.
    """
    from scipy.stats import bootstrap

    if len(values) < FEWEST_RESAMPLED or not np.isfinite(values).all() or is_constant(values):
        return mean_interval(values)
    how: dict[str, Any] = {"n_resamples": N_RESAMPLES, "confidence_level": CONFIDENCE, "method": "BCa"}
    interval = bootstrap((values,), np.mean, rng=np.random.default_rng(seed), **how).confidence_interval
    return float(np.mean(values)), float(interval.low), float(interval.high)


def interval_of(method: Method, seed: int) -> Interval:
    """How intervals over replicates are made: `t`, or `bootstrap` with resamples drawn from a seed."""
    return mean_interval if method == "t" else partial(bootstrap_interval, seed=seed)


def pairing_gain(unpaired_sd: Array, paired_sd: Array) -> Array:
    """(unpaired_sd / paired_sd)^2: how many times the replicates independent draws on each side would need.

    The variance of a difference of independent runs over that of runs that share every draw; not a number where the
    pairs do not differ.
    """
    unpaired, paired = np.asarray(unpaired_sd, float), np.asarray(paired_sd, float)
    return (unpaired / np.where(paired > 0.0, paired, np.nan)) ** 2


def ratio_interval(above: Array, below: Array) -> tuple[float, float, float]:
    """Ratio of the means of paired numbers, and its 95% interval over replicates after Fieller (1954).

    The interval holds every r for which mean(above - r below) is not distinguishable from zero by Student's t. It is
    bounded only where mean(below) is itself distinguishable from zero; elsewhere, and with one replicate, it is NaN.
    """
    from scipy.special import stdtrit

    n, x, y = len(above), float(np.mean(above)), float(np.mean(below))
    ratio = x / y if y else float("nan")
    if n < 2:
        return ratio, float("nan"), float("nan")
    t = float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2.0))
    (xx, xy), (_, yy) = np.cov(above, below) * t * t / n
    a, b, c = y * y - yy, x * y - xy, x * x - xx
    if not a > 0.0:
        return ratio, float("nan"), float("nan")
    half = np.sqrt(max(b * b - a * c, 0.0))
    return ratio, float((b - half) / a), float((b + half) / a)


def window_means(frames: list[Any], first_week: int) -> Any:
    """Mean of every metric from a week on, one row a run."""
    import pandas as pd

    metrics = [column for column in frames[0].columns if column != "week"]
    rows = []
    for frame in frames:
        values = frame[metrics].to_numpy(dtype=float)[frame["week"].to_numpy() >= first_week]
        is_there = ~np.isnan(values)
        n, total = is_there.sum(axis=0), np.where(is_there, values, 0.0).sum(axis=0)
        rows.append(np.divide(total, n, out=np.full(len(metrics), np.nan), where=n > 0))
    return pd.DataFrame(rows, columns=metrics)


def paired_effects(baseline: list[Any], policy: list[Any], first_week: int, interval: Interval = mean_interval) -> Any:
    """Effects on every metric, averaged over weeks from `first_week` on.

    `baseline` and `policy` are weekly frames of the same seeds in the same order. Returns a frame: metric, baseline,
    policy, effect, low, high, paired_sd (of the difference over replicates), unpaired_sd (were the runs independent)
    and pairing_gain.
    """
    import pandas as pd

    before, after = window_means(baseline, first_week), window_means(policy, first_week)
    rows = [{"metric": m} | paired(before[m].to_numpy(), after[m].to_numpy(), interval) for m in before.columns]
    return pd.DataFrame(rows)


def paired(before: Array, after: Array, interval: Interval = mean_interval) -> dict[str, float]:
    """The effect on one metric from its means in pairs of runs, shape (replicates,): a row of `paired_effects`."""
    difference = after - before
    effect, low, high = interval(difference)
    row = {"n_replicates": len(before), "baseline": float(before.mean()), "policy": float(after.mean())}
    row |= {"effect": effect, "low": low, "high": high}
    size = max(float(np.abs(before).max()), float(np.abs(after).max()))
    paired_sd = 0.0 if len(before) > 1 and is_constant(difference, size) else spread(difference)
    unpaired_sd = float(np.hypot(spread(before), spread(after)))
    gain = float(pairing_gain(np.array(unpaired_sd), np.array(paired_sd)))
    return row | {"paired_sd": paired_sd, "unpaired_sd": unpaired_sd, "pairing_gain": gain}


def spread(values: Array) -> float:
    """Standard deviation over replicates; not a number with fewer than two."""
    return float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")


def paired_trajectories(baseline: list[Any], policy: list[Any], wanted: Iterable[str] | None = None) -> Any:
    """Paired difference of metrics, all or those wanted, by week: metric, week, baseline, policy, effect, low, high.

    The intervals are t-intervals whatever makes those of the effects: resampling every week would take longer than it
    is worth.
    """
    import pandas as pd
    from scipy.special import stdtrit

    metrics = [m for m in baseline[0].columns if m != "week" and (wanted is None or m in wanted)]
    a, b = (np.stack([frame[metrics].to_numpy() for frame in frames]) for frames in (baseline, policy))
    difference, n = b - a, len(a)
    effect = difference.mean(axis=0)
    half = np.full_like(effect, np.nan)
    if n > 1:
        half = stdtrit(n - 1, 0.5 + CONFIDENCE / 2.0) * difference.std(axis=0, ddof=1) / np.sqrt(n)
    weeks = baseline[0]["week"].to_numpy()
    columns = {"metric": np.tile(metrics, len(weeks)), "week": np.repeat(weeks, len(metrics))}
    levels = {"baseline": a.mean(axis=0), "policy": b.mean(axis=0)}
    estimates = {"effect": effect, "low": effect - half, "high": effect + half}
    return pd.DataFrame(columns | {name: values.ravel() for name, values in (levels | estimates).items()})
