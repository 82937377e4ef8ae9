"""Paired inference: effects are differences between runs that share every draw, levels come second."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray
CONFIDENCE = 0.95


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


def ratio_interval(above: Array, below: Array) -> tuple[float, float, float]:
    """Ratio of the means of paired numbers, and its 95% interval over replicates after Fieller (1954).

    The interval holds every r for which mean(above - r below) cannot be told from zero by Student's t. It is bounded
    only where mean(below) can be told from zero itself; elsewhere, and with one replicate, it is not a number.
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

    return pd.DataFrame([f[f["week"] >= first_week].drop(columns="week").mean() for f in frames])


def paired_effects(baseline: list[Any], policy: list[Any], first_week: int) -> Any:
    """Effects on every metric, averaged over weeks from `first_week` on.

    `baseline` and `policy` are weekly frames of the same seeds in the same order. Returns a frame: metric, baseline,
    policy, effect, low, high, paired_sd (of the difference over replicates), unpaired_sd (were the runs independent).
    """
    import pandas as pd

    def spread(values: Array) -> float:
        return float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")

    before, after = window_means(baseline, first_week), window_means(policy, first_week)
    rows = []
    for metric in before.columns:
        a, b = before[metric].to_numpy(), after[metric].to_numpy()
        effect, low, high = mean_interval(b - a)
        row = {"metric": metric, "n_replicates": len(a), "baseline": float(a.mean()), "policy": float(b.mean())}
        row |= {"effect": effect, "low": low, "high": high}
        rows.append(row | {"paired_sd": spread(b - a), "unpaired_sd": float(np.hypot(spread(a), spread(b)))})
    return pd.DataFrame(rows)


def paired_trajectories(baseline: list[Any], policy: list[Any]) -> Any:
    """Paired difference of every metric week by week: metric, week, baseline, policy, effect, low, high."""
    import pandas as pd
    from scipy.special import stdtrit

    metrics = [column for column in baseline[0].columns if column != "week"]
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
