"""Effects over draws of the assumptions: spread, split into chance and assumptions, and its sensitivity."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from analysis.statistics import ranks
from analysis.statistics.effects import Interval, mean_interval, paired, window_means
from analysis.statistics.variance import split
from experiments.running.assumption_draws import Draw, parameter_of

Array = np.ndarray


def effects_over_draws(
    baseline: list[Any], policy: list[Any], first_week: int, interval: Interval = mean_interval
) -> Any:
    """As `analysis.statistics.effects.paired_effects`, over draws in which a metric has a value: one frame a draw.

    Adds draw_low and draw_high (2.5th and 97.5th percentile of the effect over draws) and sign_share (draws in which
    the effect has the sign of its mean).
    """
    import pandas as pd

    before, after = window_means(baseline, first_week), window_means(policy, first_week)
    rows = []
    for metric in before.columns:
        a, b = before[metric].to_numpy(), after[metric].to_numpy()
        whole = np.isfinite(a) & np.isfinite(b)
        a, b = a[whole], b[whole]
        row: dict[str, Any] = {"metric": metric, "n_replicates": len(a)}
        if len(a):
            row |= paired(a, b, interval)
            draw_low, draw_high = np.quantile(b - a, (0.025, 0.975))
            same_sign = float((np.sign(b - a) == np.sign(row["effect"])).mean())
            row |= {"draw_low": float(draw_low), "draw_high": float(draw_high), "sign_share": same_sign}
        rows.append(row)
    return pd.DataFrame(rows)


def splits(baseline: list[Any], policy: list[Any], first_week: int, draws: list[int]) -> Any:
    """Chance and assumptions in the effect on every metric: one frame a pair, whose draws are `draws`.

    A row a metric, in the order of `effects_over_draws`, with the columns of `analysis.statistics.variance.Split`.
    """
    import pandas as pd

    before, after = window_means(baseline, first_week), window_means(policy, first_week)
    size = np.fmax(before.abs().max(), after.abs().max())
    found = [split((after[m] - before[m]).to_numpy(), draws, size[m]) for m in before.columns]
    return pd.DataFrame([dataclasses.asdict(one) for one in found])


def sensitivity(draws: list[Draw], baseline: list[Any], policy: list[Any], first_week: int) -> Any:
    """Rank correlation (Spearman 1904) of every drawn assumption with the effect on every metric, over draws.

    One row an assumption and metric: their names, parameter, correlation, p_value (`analysis.statistics.ranks`),
    n_draws. Pairs with fewer than four draws, or where nothing varies, are left out.
    """
    import pandas as pd
    from scipy.stats import rankdata

    effects = window_means(policy, first_week) - window_means(baseline, first_week)
    names = list(draws[0].values) if draws else []
    drawn = np.array([[next(iter(one.values[name].values())) for name in names] for one in draws])
    rows = []
    for metric in effects.columns:
        effect = effects[metric].to_numpy()
        whole = np.isfinite(effect)
        n = int(whole.sum())
        if n < ranks.FEWEST or not names:
            continue
        y = _centred(rankdata(effect[whole])[:, None])
        x = _centred(rankdata(drawn[whole], axis=0))
        scale = np.sqrt((x * x).sum(axis=0) * (y * y).sum())
        for name, product, size in zip(names, (x * y).sum(axis=0), scale, strict=True):
            if size > 0:
                r = float(np.clip(product / size, -1.0, 1.0))
                row = {"assumption": name, "parameter": parameter_of(draws[0], name), "metric": metric}
                rows.append(row | {"correlation": r, "p_value": ranks.p_value(r, n), "n_draws": n})
    return pd.DataFrame(rows, columns=["assumption", "parameter", "metric", "correlation", "p_value", "n_draws"])


def _centred(ranks: Array) -> Array:
    return ranks - ranks.mean(axis=0)
