"""Synthetic distributions: groups within the parties that add up to the effects of `METRICS`."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tests.analysis._results import METRICS

# group: agents, effect and half-width a week each
GROUPS: dict[tuple[str, str], dict[str, tuple[float, float, float]]] = {
    ("consumers", "income quintile"): {
        **{"1": (2000, 0.21, 0.03), "2": (2000, 0.25, 0.05), "3": (2000, -0.02, 0.05)},
        **{"4": (2000, 0.3, 0.06), "5": (2000, 0.45, 0.05)},
    },
    ("merchants", "tier"): {"chain": (30, -36.0, 5.0), "independent": (110, 38.0, 5.0)},
    ("merchants", "size"): {
        **{"small": (45, 2.0, 4.0), "middle": (45, 15.0, 16.0)},
        **{"large": (45, 64.0, 70.0), "new": (5, -27.0, 98.0)},
    },
    ("workers", "activity"): {
        "regular": (10, 3.0, 6.0),
        "occasional": (30, 1.0, 2.0),
        "rare": (40, 0.1, 0.4),
    },
}
WHOLE = {
    "consumers": ("consumer_surplus", 10_000, 0.24),
    "merchants": ("merchant_profit", 140, 29.4),
    "workers": ("worker_surplus", 80, 1.1),
}


def distribution_frame() -> pd.DataFrame:
    """Groups within the parties; the last of a grouping takes what adds up to the effect of `METRICS` on 10,000."""
    rows = []
    for (party, grouping), members in GROUPS.items():
        metric, n_agents, effect = WHOLE[party]
        total = METRICS[metric][5] * 10_000 / 1000
        if not any(row["party"] == party for row in rows):
            rows.append(_group(party, "all", "all", (n_agents, effect, 2 * effect), total))
        for place, (group, numbers) in enumerate(members.items()):
            own = numbers[0] * numbers[1]
            is_last = place == len(members) - 1
            rows.append(_group(party, grouping, group, numbers, total if is_last else own))
            total -= own
    return pd.DataFrame(rows)


def _group(party: str, grouping: str, group: str, numbers: tuple[float, float, float], total: float) -> dict[str, Any]:
    n_agents, effect, half = numbers
    return (
        {"scenario": 0, "label": "a 12% cap", "party": party, "grouping": grouping, "group": group}
        | {"n_replicates": 20, "n_agents": float(n_agents), "baseline": 40.0, "effect": effect}
        | {"low": effect - half, "high": effect + half, "total_effect": total}
        | {"share_gain": 0.62, "share_gain_low": 0.60, "share_gain_high": 0.64}
        | {"share_lose": 0.03, "share_lose_low": 0.02, "share_lose_high": 0.04}
        | {"p5": effect - 2, "p10": effect - 1, "p25": effect - 0.5, "p50": effect, "p75": effect + 1}
        | {"p90": effect + 2, "p95": effect + 3, "p50_low": effect - half, "p50_high": effect + half}
        | {"threshold": 0.4}
    )
