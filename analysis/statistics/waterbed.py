"""The waterbed: how much of what a rule takes from an order platforms win back by their response, and how.

share = (adapted - direct) / (baseline - direct), in revenue an order over the weeks under the policy; the same in
profit an order is called *recovered*. Both are ratios of means over paired replicates, with intervals after Fieller.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.result import Frame
from analysis.statistics.effects import Array, Interval, mean_interval, paired_effects, ratio_interval, window_means

MEASURES = {"waterbed": "platform_revenue_per_order", "recovered": "platform_profit_per_order"}
"""What is won back, and the metric it is a share of."""
QUANTITIES = {"waterbed": "revenue", "recovered": "profit"}
WHOLE = "whole"
TIERS = ("independents", "chains")
LEAST_TAKEN = 0.005
"""Where the direct effect is less than this part of an order's revenue, a share of it would mean nothing."""
PARTS = ("direct", "behavioural", "total")


def decomposed(
    baseline: list[Any], direct: list[Any], adapted: list[Any], first_week: int, interval: Interval = mean_interval
) -> Frame:
    """Paired effects in three parts: the direct effect, the behavioural response of platforms, and the sum of both.

    Weekly frames of the same seeds in the same order: no policy; the policy with platforms that do not see it; the
    policy with platforms that do. Columns as in `paired_effects`, and `part`; baseline and policy are the levels on
    either side of the part. Replicate by replicate, total = direct + behavioural.
    """
    import pandas as pd

    sides = {"direct": (baseline, direct), "behavioural": (direct, adapted), "total": (baseline, adapted)}
    frames = [paired_effects(*sides[part], first_week, interval).assign(part=part) for part in PARTS]
    return pd.concat(frames, ignore_index=True)


def shares(baseline: list[Any], direct: list[Any], adapted: list[Any], first_week: int) -> Frame:
    """One row a measure and part: the share with its interval, what the rule takes, what comes back, or why no share.

    The parts of the revenue won back are the consumer fee, the rates of commission of independents and of chains, and
    the mix: other merchants, goods and prices at the same rates. Money is in currency an order.
    """
    import pandas as pd

    base, still, moved = (window_means(frames, first_week) for frames in (baseline, direct, adapted))
    rows = []
    for measure, metric in MEASURES.items():
        levels = [frame[metric].to_numpy() for frame in (base, still, moved)]
        whole = np.isfinite(np.sum(levels, axis=0))
        taken = (levels[0] - levels[1])[whole]
        parts = {WHOLE: levels[2] - levels[1]} | (by_component(still, moved) if measure == "waterbed" else {})
        revenue = base[MEASURES["waterbed"]].to_numpy()[whole]
        why = _why_not(taken, revenue, QUANTITIES[measure])
        for part, returned in parts.items():
            row = {"measure": measure, "part": part, "n_replicates": int(whole.sum()), "why": why}
            rows.append(row | _share(returned[whole], taken, is_reported=not why))
    return pd.DataFrame(rows)


def _share(returned: Array, taken: Array, *, is_reported: bool) -> dict[str, float]:
    nothing = (float("nan"),) * 3
    intervals = {
        "share": ratio_interval(returned, taken) if is_reported else nothing,
        "taken": mean_interval(taken) if len(taken) else nothing,
        "returned": mean_interval(returned) if len(taken) else nothing,
    }
    return {
        name + end: value
        for name, values in intervals.items()
        for end, value in zip(("", "_low", "_high"), values, strict=True)
    }


def _why_not(taken: Array, revenue: Array, quantity: str) -> str:
    """Why there is nothing to take a share of, in words; empty where there is."""
    if len(taken) < 2:
        return "with fewer than two replicates there is no interval"
    mean, low, high = mean_interval(taken)
    if low <= 0.0 <= high:
        return f"the direct effect of the rule on {quantity} per order is not distinguishable from zero"
    if mean < 0.0:
        return f"the direct effect of the rule raises {quantity} per order"
    if mean < LEAST_TAKEN * abs(float(np.mean(revenue))):
        return f"the direct effect lowers {quantity} per order by less than {100 * LEAST_TAKEN:g}% of revenue per order"
    return ""


def by_component(still: Frame, moved: Frame) -> dict[str, Array]:
    """Revenue an order that platforms' response adds through each component, one number a replicate; they add up.

    With rate t and goods g an order of a tier, its commission is c = t g, and c' - c = (t' - t) (g + g') / 2 + rest:
    the first is the rate's part, the rest the mix's.
    """
    fee = (moved["platform_fee_per_order"] - still["platform_fee_per_order"]).to_numpy()
    rates, mix = {}, np.zeros(len(fee))
    for tier in TIERS:
        (before, rate), (after, new_rate) = _commission(still, tier), _commission(moved, tier)
        goods, new_goods = _goods(before, rate), _goods(after, new_rate)
        goods, new_goods = (np.where(np.isfinite(g), g, h) for g, h in ((goods, new_goods), (new_goods, goods)))
        own = np.nan_to_num((new_rate - rate) * (goods + new_goods) / 2.0)
        rates[f"rates of {tier}"] = own
        mix = mix + (after - before) - own
    return {"consumer fee": fee, **rates, "mix": mix}


def _commission(frame: Frame, tier: str) -> tuple[Array, Array]:
    """Commission an order of a tier, and its rate; zero where the market has no such tier."""
    whole, own = (frame[f"platform_commission_per_order{end}"].to_numpy() for end in ("", "_independent"))
    is_own = tier == "independents"
    rate = frame[f"merchant_take_rate_{'independent' if is_own else 'chain'}"].to_numpy()
    return np.nan_to_num(own if is_own else whole - own), np.nan_to_num(rate)


def _goods(commission: Array, rate: Array) -> Array:
    """Goods value that a commission was charged on; not a number without a rate."""
    return np.divide(commission, rate, out=np.full(len(rate), np.nan), where=rate > 0.0)
