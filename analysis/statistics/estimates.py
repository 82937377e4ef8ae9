"""Estimates: which effects are distinguishable from zero, and which measures a report puts first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from analysis.result import Frame

NO_INTERVAL = "With one replicate there is no interval, so no effect is claimed"
FLOWS = "flows"
"""What stands for a party at the effects on payments between parties (`sim.metrics.flows`)."""
FAMILY_LEVEL = 0.05
"""Chance with which any sign is claimed of a family of estimates without an effect."""
PARTIES = ("consumers", "merchants", "workers", "platforms", "state")
MONEY = {
    "consumers": "consumer_surplus",
    "merchants": "merchant_profit",
    "workers": "worker_surplus",
    "platforms": "platform_profit",
    "state": "state_net",
    "owners": "owners_opening",
    "welfare": "welfare_total",
}
"""The parties' money, then what owners spend to open businesses, then the sum of all these rows."""
# Fixed in advance, so that figures are not chosen by how well they turned out.
HEADLINE_METRICS = (
    *("consumer_orders", "consumer_price", "merchant_take_rate_independent", "worker_hourly_earnings"),
    *("merchant_take_rate", "consumer_delay", "merchant_listed", "platform_margin"),
)
# What a reader looks for besides money, party by party; of very many measures only these are drawn.
KEY_METRICS = (
    *("consumer_orders", "consumer_price", "consumer_delay", "consumer_cancelled_share"),
    *("merchant_take_rate", "merchant_take_rate_independent", "merchant_price"),
    *("merchant_listed", "merchant_multihoming_share", "merchant_independent_share"),
    *("merchant_entries", "merchant_exits"),
    *("worker_hourly_earnings", "worker_weekly_earnings", "worker_hours", "worker_utilisation", "worker_active"),
    *("platform_take_rate", "platform_margin", "platform_profit_per_order", "platform_leader_order_share"),
    *("platform_hhi_orders", "platform_hhi_revenue", "state_inspections"),
)
MOST_DRAWN = 26


@dataclass(frozen=True)
class Estimate:
    """One effect: the mean paired difference and its 95% interval, with the levels on either side."""

    metric: str
    title: str
    party: str
    unit: str
    better: str
    n_replicates: int
    baseline: float
    policy: float
    effect: float
    low: float
    high: float

    @property
    def has_interval(self) -> bool:
        """Whether there were replicates enough for an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def sign(self) -> int:
        """+1 or -1 where the whole interval lies on one side of zero, else 0: no effect is claimed."""
        if not self.has_interval:
            return 0
        return 1 if self.low > 0 else -1 if self.high < 0 else 0

    @property
    def relative(self) -> tuple[float, float, float] | None:
        """Effect, low and high as shares of the level without the policy.

        None where that level is zero, or where the level changes its sign: a per cent would say nothing.
        """
        if not math.isfinite(self.baseline) or abs(self.baseline) < 1e-12 or self.baseline * self.policy < 0:
            return None
        base = abs(self.baseline)
        return self.effect / base, self.low / base, self.high / base

    @property
    def p_value(self) -> float:
        """Chance of an effect at least as large in absolute value if there is none, by Student's t; 1 without interval.

        Taken from the half-width of the 95% interval, so that it is below 0.05 exactly where a t-interval leaves out 0.
        """
        from scipy.special import stdtr, stdtrit

        if not self.has_interval or not self.effect:
            return 1.0
        n, half = self.n_replicates, (self.high - self.low) / 2
        return float(2 * stdtr(n - 1, -abs(self.effect) * stdtrit(n - 1, 0.975) / half)) if half else 0.0


def claimed(rows: Sequence[Estimate]) -> list[int]:
    """Signs that may be claimed of several estimates at once: +1, -1, or 0 where none is.

    Holm's step-down correction (1979): if no effect is different from zero, any sign is claimed in at most one family
    of estimates in twenty, however they depend on each other. One estimate alone is claimed where its interval leaves
    out zero.
    """
    order = sorted(range(len(rows)), key=lambda i: rows[i].p_value)
    signs = [0] * len(rows)
    for rank, i in enumerate(order):
        if rows[i].p_value * (len(rows) - rank) >= FAMILY_LEVEL:
            break
        signs[i] = rows[i].sign
    return signs


FIELDS = [field.name for field in fields(Estimate)]


def estimates(effects: Frame) -> list[Estimate]:
    """The rows of an effects frame, in its order; rows without an effect are left out."""
    kept = effects.loc[effects["effect"].notna(), FIELDS]
    return [Estimate(**row) for row in kept.to_dict("records")]


def of_scenario(effects: Frame, scenario: int) -> Frame:
    """The rows of one scenario."""
    return effects[effects["scenario"] == scenario]


def scenarios(effects: Frame) -> list[tuple[int, str]]:
    """Number and label of every scenario, in the order of their numbers."""
    pairs = effects[["scenario", "label"]].drop_duplicates("scenario").sort_values("scenario")
    return [(int(n), str(label)) for n, label in pairs.itertuples(index=False)]


def money(effects: Frame, *, with_total: bool = True) -> Frame:
    """What each party gains or loses in money, in the usual order, then opening and the total, or parties alone."""
    order = {metric: place for place, metric in enumerate(MONEY.values())}
    if not with_total:
        order = {MONEY[party]: order[MONEY[party]] for party in PARTIES}
    rows = effects[effects["metric"].isin(list(order))]
    keys = rows["metric"].map(order)
    return rows.assign(_place=keys).sort_values(["scenario", "_place"]).drop(columns="_place")


def measures(effects: Frame) -> Frame:
    """Everything that is neither the parties' money nor a payment between them."""
    rows = tabled(effects)
    return rows[~rows["metric"].isin(list(MONEY.values()))]


def flows(effects: Frame) -> Frame:
    """Payments between parties."""
    return effects[effects["party"] == FLOWS]


def tabled(effects: Frame) -> Frame:
    """What a table of all estimates holds: everything but payments, which have a figure of their own."""
    return effects[effects["party"] != FLOWS]


def key_measures(effects: Frame) -> Frame:
    """The measures worth drawing: all of them, or of very many those that were agreed beforehand."""
    rows = measures(effects)
    if rows["metric"].nunique() <= MOST_DRAWN:
        return rows
    agreed = rows[rows["metric"].isin(list(KEY_METRICS))]
    return rows if agreed.empty else agreed


def headline_metrics(available: Iterable[str], n: int = 4) -> list[str]:
    """The measures shown over time: the agreed ones first, others only to fill up."""
    present = list(dict.fromkeys(available))
    chosen = [metric for metric in HEADLINE_METRICS if metric in present]
    if "merchant_take_rate_independent" in chosen and "merchant_take_rate" in chosen:
        chosen.remove("merchant_take_rate")
    others = [m for m in present if m not in (*HEADLINE_METRICS, *MONEY.values())]
    return (chosen + others)[:n]


def focus(effects: Frame) -> int:
    """The scenario with the largest gains and losses of parties, counting effects distinguishable from zero only."""
    parties = [MONEY[party] for party in PARTIES]
    is_told = effects["metric"].isin(parties) & ((effects["low"] > 0) | (effects["high"] < 0))
    is_told &= np.isfinite(effects["low"]) & np.isfinite(effects["high"])
    moved = effects["effect"].abs().where(is_told, 0.0).groupby(effects["scenario"]).sum()  # by number of the scenario
    return int(moved.idxmax())
