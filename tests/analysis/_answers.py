"""Synthetic results of platforms that respond: parts of effects, shares won back, and several strategies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from analysis.statistics.waterbed import MEASURES, PARTS, WHOLE
from analysis.wording.conduct import with_agreement
from tests.analysis._results import compare_doses, effects_frame, leave

RESPONSE = {
    "consumer_surplus": (-120.0, 20.0),
    "merchant_profit": (-30.0, 10.0),
    "worker_surplus": (3.0, 8.0),
    "platform_profit": (210.0, 15.0),
    "state_net": (0.0, 0.5),
    "owners_opening": (0.0, 2.0),
    "welfare_total": (63.0, 30.0),
}
"""What the response adds to each party's money, with half of its interval."""
LEVERS = {"consumer fee": 0.5, "rates of independents": 0.0, "rates of chains": 0.1, "mix": 0.03}
PER_ORDER = {
    "platform_revenue_per_order": ("Revenue per order", 8.0, -1.0, 0.63),
    "platform_worker_cost_per_order": ("Cost of carriage per order", 6.0, 0.0, -0.2),
    "platform_profit_per_order": ("Profit per order", 0.4, -0.9, 0.8),
}


def decomposition(label: str = "a 12% cap") -> pd.DataFrame:
    """Every effect of a comparison in its three parts; what the response adds comes from `RESPONSE`."""
    total = pd.concat([effects_frame(compare_doses()), _per_order()], ignore_index=True)
    frames = []
    for part in PARTS:
        frame = total.assign(part=part, label=label)
        for metric in frame["metric"]:
            own = frame["metric"] == metric
            effect = float(frame.loc[own, "effect"].iloc[0])
            half = float((frame.loc[own, "high"] - frame.loc[own, "low"]).iloc[0]) / 2
            added = RESPONSE[metric][0] if metric in RESPONSE else PER_ORDER[metric][3] if metric in PER_ORDER else 0.0
            if part == "behavioural":
                effect, half = added, RESPONSE.get(metric, (0.0, 0.05))[1]
            elif part == "direct":
                effect -= added
            frame.loc[own, ["effect", "low", "high"]] = [effect, effect - half, effect + half]
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _per_order() -> pd.DataFrame:
    rows = [
        {"scenario": 0, "label": "a 12% cap", "metric": metric, "title": title, "party": "platforms"}
        | {"unit": "yuan an order", "better": "neutral", "n_replicates": 20, "baseline": level}
        | {"policy": level + direct + added, "effect": direct + added, "paired_sd": 0.1, "unpaired_sd": 0.3}
        | {"low": direct + added - 0.05, "high": direct + added + 0.05}
        for metric, (title, level, direct, added) in PER_ORDER.items()
    ]
    return pd.DataFrame(rows)


def share_rows(
    share: float = 0.63,
    low: float = 0.55,
    high: float = 0.71,
    why: str = "",
    levers: dict[str, float] | None = None,
    strategy: str = "gradient",
    *,
    is_main: bool = True,
    scenario: int = 0,
) -> list[dict[str, Any]]:
    """Rows of waterbed.parquet of one scenario; every lever is known to within two points."""
    rows = []
    for measure in MEASURES:
        parts = {WHOLE: (share, low, high)}
        if measure == "waterbed":
            parts |= {k: (v, v - 0.02, v + 0.02) for k, v in (LEVERS if levers is None else levers).items()}
        for part, (middle, lowest, highest) in parts.items():
            numbers = {"share": middle, "share_low": lowest, "share_high": highest}
            rows.append(
                {"scenario": scenario, "label": "a 12% cap", "strategy": strategy, "is_main": is_main}
                | {"measure": measure, "part": part, "n_replicates": 20, "why": why, "unit": "yuan an order"}
                | {key: float("nan") if why else value for key, value in numbers.items()}
                | {"taken": 1.0, "taken_low": 0.95, "taken_high": 1.05}
                | {"returned": middle, "returned_low": lowest, "returned_high": highest}
            )
    return rows


def leave_answer(folder: Path, **changed: Any) -> Path:
    """A comparison in which platforms answered; `changed` are arguments of `share_rows`."""
    leave(folder, caveats=["Platforms answer the rule."], strategy="gradient")
    decomposition().to_parquet(folder / "decomposition.parquet")
    pd.DataFrame(share_rows(**changed)).to_parquet(folder / "waterbed.parquet")
    return folder


DOSES = {"gradient": 1.0, "rule_of_thumb": 0.6, "fixed": 0.1}


def strategies_frame() -> pd.DataFrame:
    """Effects under three strategies; under `fixed` consumers gain, elsewhere they lose."""
    frames = []
    for strategy, dose in DOSES.items():
        consumers = (80.0 if strategy == "fixed" else -80.0, 20.0)
        frame = effects_frame(
            [("a 12% cap", {}, 1.0)], consumer_surplus=consumers, merchant_profit=(412.0 * dose, 32.0)
        )
        frames.append(frame.assign(strategy=strategy))
    return with_agreement(pd.concat(frames, ignore_index=True))


def leave_strategies(folder: Path) -> Path:
    """A comparison under three strategies."""
    leave_answer(folder)
    strategies_frame().to_parquet(folder / "strategies.parquet")
    other = share_rows(0.4, 0.3, 0.5, strategy="rule_of_thumb", is_main=False)
    pd.DataFrame([*share_rows(), *other]).to_parquet(folder / "waterbed.parquet")
    return folder
