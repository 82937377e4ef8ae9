"""The direct effect of a rule and the behavioural response of platforms, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.result import Frame, Result
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.statistics.waterbed import LEAST_TAKEN, PARTS, WHOLE
from analysis.wording.findings import Finding, silent_clause, who
from analysis.wording.groups import percent
from analysis.wording.numbers import estimate, listed, scale_of, sentence, size, uncapital, unit_text
from analysis.wording.parties import agree, party_title

TOPIC = "Platforms’ response"
PER_ORDER = (
    *("platform_revenue_per_order", "platform_commission_per_order", "platform_fee_per_order"),
    *("platform_worker_cost_per_order", "platform_profit_per_order"),
)
BESIDES = (*PER_ORDER, "consumer_price", "consumer_orders", "merchant_take_rate", "worker_hourly_earnings")
"""Measures of the table besides the parties' money: agreed beforehand."""
HEADS = {"direct": "Direct effect", "behavioural": "Behavioural response", "total": "Total effect"}
ACTS = {
    "fixed": "platforms stay put: the direct effect alone",
    "rule_of_thumb": "platforms answer by a rule of thumb",
    "gradient": "platforms answer",
    "q_learning": "platforms learn by trial",
}
"""What platforms do under a strategy, in a heading."""
COMPONENTS = {
    "consumer fee": "the consumer fee",
    "rates of independents": "independents’ commission",
    "rates of chains": "chains’ commission",
    "mix": "the mix of orders and prices",
}
"""What revenue an order is made of: decision variables of platforms, and the composition of orders."""
MOST = 0.5
"""From this part of what comes back on, it comes mostly through one component."""


def focus_of(result: Result) -> Frame:
    """Parts of every effect in the scenario with the largest gains and losses; no rows without a response."""
    frame = result.decomposition
    return frame if frame.empty else est.of_scenario(frame, est.focus(result.effects))


def of_part(frame: Frame, part: str) -> Frame:
    """The effects of one part."""
    return frame[frame["part"] == part]


def parts_of(frame: Frame, metrics: Sequence[str]) -> list[dict[str, Estimate]]:
    """Estimates by part, one entry a metric in the order asked; metrics without an effect are left out."""
    by_metric = []
    for metric in metrics:
        rows = frame[(frame["metric"] == metric) & frame["effect"].notna()]
        if len(rows) == len(PARTS):
            by_metric.append(dict(zip(rows["part"], est.estimates(rows), strict=True)))
    return by_metric


def table(result: Result) -> dict[str, Any]:
    """The parties' money and what an order brings: one column a part."""
    frame = focus_of(result)
    if frame.empty:
        return {"heads": [], "rows": []}
    rows = []
    for parts in parts_of(frame, [*est.MONEY.values(), *BESIDES]):
        first = parts["total"]
        scale = scale_of(first.unit)
        cells = [estimate(e.effect, e.low, e.high, factor=scale.factor) for e in (parts[part] for part in PARTS)]
        rows.append([party_title(first.party), first.title, *cells, scale.change])
    return {"heads": ["Party", "Measure", *HEADS.values(), "Unit"], "rows": rows}


def how_platforms_act(strategy: str) -> str:
    """`platforms answer (platforms=gradient)`: what stands beside every effect that depends on it."""
    return f"{ACTS.get(strategy, 'platforms act')} (platforms={strategy})"


def finding(result: Result) -> Finding | None:
    """What platforms win back, and who pays for it; None where platforms do not respond."""
    frame = focus_of(result)
    if frame.empty:
        return None
    details = filter(None, [paid_by(_behavioural(frame)), recovered(main_rows(result))])
    return Finding(TOPIC, waterbed(main_rows(result)), tuple(details))


def sentences(result: Result) -> list[str]:
    """The finding in full: what is won back, through which components, what else changes, and who pays for it."""
    frame = focus_of(result)
    if frame.empty:
        return []
    rows = main_rows(result)
    text = [waterbed(rows), waterbed_components(rows), recovered(rows), outside(frame), paid_by(_behavioural(frame))]
    return [words for words in text if words]


def _behavioural(frame: Frame) -> list[Estimate]:
    return est.estimates(est.money(of_part(frame, "behavioural"), with_total=False))


def main_rows(result: Result) -> list[dict[str, Any]]:
    """The shares won back under the strategy of the headline, in the scenario with the largest gains and losses."""
    rows = result.waterbed
    if rows.empty:
        return []
    rows = est.of_scenario(rows, est.focus(result.effects))
    return rows[rows["is_main"].astype(bool)].to_dict("records")


def waterbed(rows: Sequence[Mapping[str, Any]]) -> str:
    """`Platforms win back 63% [55, 71] of the revenue per order that the rule takes, mostly through ...`."""
    whole = _whole(rows, "waterbed")
    if whole is None:
        return "The revenue won back was not recorded."
    if whole["why"]:
        return f"No share of revenue won back is reported: {whole['why']}."
    share, low, high = (float(whole[key]) for key in ("share", "share_low", "share_high"))
    numbers, taken = percent(share, low, high), "the revenue per order that the rule takes"
    if low <= 0.0 <= high:
        return f"The revenue won back is not distinguishable from zero: it is estimated at {numbers} of {taken}."
    if high < 0.0:
        verb = f"Platforms’ response loses another {percent(-share, -high, -low)} of {taken}"
    elif low > 1.0:
        verb = f"Platforms win back more revenue per order than the rule takes, {numbers} of it"
    else:
        verb = f"Platforms win back {numbers} of {taken}"
    return sentence(verb + _through(rows, share))


def _whole(rows: Sequence[Mapping[str, Any]], measure: str) -> Mapping[str, Any] | None:
    return next((row for row in rows if row["measure"] == measure and row["part"] == WHOLE), None)


def _components(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["measure"] == "waterbed" and row["part"] != WHOLE and not row["why"]]


def _is_clear(row: Mapping[str, Any]) -> bool:
    return row["share_low"] > 0.0 or row["share_high"] < 0.0


def _through(rows: Sequence[Mapping[str, Any]], share: float) -> str:
    """`, mostly through the consumer fee`: the components of the same sign that are distinguishable from zero."""
    same = [row for row in _components(rows) if _is_clear(row) and row["share"] * share > 0.0]
    if not same:
        return ""
    same.sort(key=lambda row: -abs(row["share"]))
    if same[0]["share"] / share > MOST:
        return f", mostly through {COMPONENTS[same[0]['part']]}"
    return f", through {listed([COMPONENTS[row['part']] for row in same[:2]])}"


def waterbed_components(rows: Sequence[Mapping[str, Any]]) -> str:
    """The share by component, largest first: those that are distinguishable from zero."""
    clear = sorted((row for row in _components(rows) if _is_clear(row)), key=lambda row: -abs(row["share"]))
    parts = [f"{COMPONENTS[row['part']]} {percent(row['share'], row['share_low'], row['share_high'])}" for row in clear]
    return sentence(f"By component, as shares of the revenue that the rule takes: {', '.join(parts)}") if parts else ""


def recovered(rows: Sequence[Mapping[str, Any]]) -> str:
    """How much of the profit that the rule takes from an order the response recovers."""
    whole = _whole(rows, "recovered")
    if whole is None:
        return ""
    if whole["why"]:
        return f"No share of profit recovered is reported: {whole['why']}."
    share, low, high = (float(whole[key]) for key in ("share", "share_low", "share_high"))
    numbers, taken = percent(share, low, high), "the profit per order that the rule takes"
    if low > 0.0:
        return f"Platforms recover {numbers} of {taken}."
    if high < 0.0:
        return f"Platforms recover none of {taken}, and lose more: the share is {numbers}."
    return f"The profit recovered is not distinguishable from zero: it is estimated at {numbers} of {taken}."


def outside(frame: Frame) -> str:
    """What the response changes besides revenue: the cost of carriage, and the leader's share of orders."""
    responses = {e.metric: e for e in est.estimates(of_part(frame, "behavioural")) if e.sign}
    parts = []
    if carriage := responses.get("platform_worker_cost_per_order"):
        verb = "lowers" if carriage.sign < 0 else "raises"
        numbers = size(carriage.effect, carriage.low, carriage.high)
        parts.append(f"the response {verb} the cost of carriage by {numbers} {unit_text(carriage.unit)}")
    if leader := responses.get("platform_leader_order_share"):
        verb = "raises" if leader.sign > 0 else "lowers"
        numbers = size(leader.effect, leader.low, leader.high, factor=100.0)
        subject = "" if parts else "the response "
        parts.append(f"{subject}{verb} the leader’s share of orders by {numbers} percentage points")
    return sentence(f"Besides revenue, {' and '.join(parts)}") if parts else ""


def paid_by(response: Sequence[Estimate]) -> str:
    """Who gains and who loses through the response, with numbers; `response` is the parties' money."""
    if not any(e.has_interval for e in response):
        return sentence(est.NO_INTERVAL)
    moved = [
        f"{agree([e.party], 'gain' if e.sign > 0 else 'lose')} {size(e.effect, e.low, e.high)}"
        for e in sorted(response, key=lambda e: (-e.sign, -abs(e.effect)))
        if e.sign
    ]
    if not moved:
        return "The response has no effect on any party that is distinguishable from zero."
    return sentence(f"Through the response alone {listed(moved)} {unit_text(response[0].unit)}")


def title(response: Sequence[Estimate]) -> str:
    """The finding of the figure: who gains and who loses through platforms' response, which is no total."""
    if not any(e.sign for e in response):
        return "Platforms’ response has no effect on any party that is distinguishable from zero"
    words = f"Platforms’ response alone, apart from the direct effect: {uncapital(who(response))}"
    tail = silent_clause(response)
    return f"{words}; {tail}" if tail else words


def by_scenario(waterbed: Frame) -> dict[str, Any]:
    """Revenue won back and profit recovered, one row a scenario and strategy."""
    if waterbed.empty:
        return {"heads": [], "rows": []}
    wholes = waterbed[waterbed["part"] == WHOLE]
    rows = []
    for (_, label, strategy), own in wholes.groupby(["scenario", "label", "strategy"], sort=False):
        by_measure = {row["measure"]: row for row in own.to_dict("records")}
        cells = [_cell(by_measure.get(measure)) for measure in ("waterbed", "recovered")]
        taken = by_measure["waterbed"]
        numbers = estimate(*(float(taken[key]) for key in ("taken", "taken_low", "taken_high")), signed=False)
        rows.append([str(label), strategy.replace("_", " "), numbers, *cells])
    unit = unit_text(str(wholes["unit"].iloc[0]))
    heads = [
        "Policy",
        "Strategy",
        f"Revenue that the rule takes, {unit}",
        "Revenue won back, share",
        "Profit recovered, share",
    ]
    return {"heads": heads, "rows": rows}


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    return "none" if row["why"] else percent(row["share"], row["share_low"], row["share_high"])


def notes() -> list[str]:
    """What the parts are, and how the shares are had."""
    return [
        "Every replicate is run three times with the same random draws: without the policy; with it, while the "
        "decision variables of platforms stay as they would be without it and everybody else adjusts; and with it, "
        "while platforms respond. The direct effect is the second run less the first, the behavioural response the "
        "third less the second, the total effect the third less the first.",
        "Revenue won back, the waterbed share, is the revenue per order that the response adds, over the revenue per "
        "order that the rule takes by its direct effect. Profit recovered is the same for profit, which a lower cost "
        "of carriage raises as well. Both are ratios of means over replicates with intervals after Fieller; there is "
        f"no share where the direct effect is below {100 * LEAST_TAKEN:g}% of revenue per order or not "
        "distinguishable from zero.",
    ]
