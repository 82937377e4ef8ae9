"""What the rule does by itself and what platforms' answer adds, in words."""

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

TOPIC = "Platforms’ answer"
PER_ORDER = (
    *("platform_revenue_per_order", "platform_commission_per_order", "platform_fee_per_order"),
    *("platform_worker_cost_per_order", "platform_profit_per_order"),
)
BESIDES = (*PER_ORDER, "consumer_price", "consumer_orders", "merchant_take_rate", "worker_hourly_earnings")
"""Measures of the table besides the parties' money: agreed beforehand."""
HEADS = {"direct": "Rule by itself", "behavioural": "Platforms’ answer adds", "total": "Together"}
LEVERS = {
    "consumer fee": "the consumer fee",
    "rates of independents": "independents’ commission",
    "rates of chains": "chains’ commission",
    "mix": "the mix of orders and prices",
}
MOST = 0.5
"""From this part of what comes back on, it comes mostly through one lever."""


def focus_of(result: Result) -> Frame:
    """The parts of every effect in the scenario that moves most money; no rows where platforms do not answer."""
    frame = result.decomposition
    return frame if frame.empty else est.of_scenario(frame, est.focus(result.effects))


def of_part(frame: Frame, part: str) -> Frame:
    """The effects of one part."""
    return frame[frame["part"] == part]


def parts_of(frame: Frame, metrics: Sequence[str]) -> list[dict[str, Estimate]]:
    """Estimates by part, one entry a metric in the order asked; metrics without an effect are left out."""
    found = []
    for metric in metrics:
        rows = frame[(frame["metric"] == metric) & frame["effect"].notna()]
        if len(rows) == len(PARTS):
            found.append(dict(zip(rows["part"], est.estimates(rows), strict=True)))
    return found


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


def finding(result: Result) -> Finding | None:
    """What platforms win back, and who pays for it; None where platforms do not answer."""
    frame = focus_of(result)
    if frame.empty:
        return None
    details = filter(None, [paid_by(_reaction(frame)), recovered(main_rows(result))])
    return Finding(TOPIC, waterbed(main_rows(result)), tuple(details))


def sentences(result: Result) -> list[str]:
    """The finding in full: what is won back, through which levers, what is saved besides, and who pays for it."""
    frame = focus_of(result)
    if frame.empty:
        return []
    rows = main_rows(result)
    text = [waterbed(rows), waterbed_levers(rows), recovered(rows), outside(frame), paid_by(_reaction(frame))]
    return [words for words in text if words]


def _reaction(frame: Frame) -> list[Estimate]:
    return est.estimates(est.money(of_part(frame, "behavioural"), with_total=False))


def main_rows(result: Result) -> list[dict[str, Any]]:
    """The shares won back under the strategy of the headline, in the scenario that moves most money."""
    rows = result.waterbed
    if rows.empty:
        return []
    rows = est.of_scenario(rows, est.focus(result.effects))
    return rows[rows["is_main"].astype(bool)].to_dict("records")


def waterbed(rows: Sequence[Mapping[str, Any]]) -> str:
    """`Platforms win back 63% [55, 71] of the revenue the rule takes from an order, mostly through ...`."""
    whole = _whole(rows, "waterbed")
    if whole is None:
        return "What platforms win back was not recorded."
    if whole["why"]:
        return f"No share of revenue won back: {whole['why']}."
    share, low, high = (float(whole[key]) for key in ("share", "share_low", "share_high"))
    numbers, taken = percent(share, low, high), "the revenue the rule takes from an order"
    if low <= 0.0 <= high:
        return f"No revenue won back can be told from zero: the share is {numbers} of {taken}."
    if high < 0.0:
        verb = f"Platforms’ answer gives up another {percent(-share, -high, -low)} of {taken}"
    elif low > 1.0:
        verb = f"Platforms win back more than the rule takes from an order, {numbers} of that revenue"
    else:
        verb = f"Platforms win back {numbers} of {taken}"
    return sentence(verb + _through(rows, share))


def _whole(rows: Sequence[Mapping[str, Any]], measure: str) -> Mapping[str, Any] | None:
    return next((row for row in rows if row["measure"] == measure and row["part"] == WHOLE), None)


def _levers(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["measure"] == "waterbed" and row["part"] != WHOLE and not row["why"]]


def _told(row: Mapping[str, Any]) -> bool:
    return row["share_low"] > 0.0 or row["share_high"] < 0.0


def _through(rows: Sequence[Mapping[str, Any]], share: float) -> str:
    """`, mostly through the consumer fee`: the levers that pull the same way and can be told from zero."""
    same = [row for row in _levers(rows) if _told(row) and row["share"] * share > 0.0]
    if not same:
        return ""
    same.sort(key=lambda row: -abs(row["share"]))
    if same[0]["share"] / share > MOST:
        return f", mostly through {LEVERS[same[0]['part']]}"
    return f", through {listed([LEVERS[row['part']] for row in same[:2]])}"


def waterbed_levers(rows: Sequence[Mapping[str, Any]]) -> str:
    """The share by lever, largest first: those that can be told from zero."""
    told = sorted((row for row in _levers(rows) if _told(row)), key=lambda row: -abs(row["share"]))
    parts = [f"{LEVERS[row['part']]} {percent(row['share'], row['share_low'], row['share_high'])}" for row in told]
    return sentence(f"Lever by lever, of what the rule takes: {', '.join(parts)}") if parts else ""


def recovered(rows: Sequence[Mapping[str, Any]]) -> str:
    """How much of the profit that the rule takes from an order the answer recovers."""
    whole = _whole(rows, "recovered")
    if whole is None:
        return ""
    if whole["why"]:
        return f"No share of profit recovered: {whole['why']}."
    share, low, high = (float(whole[key]) for key in ("share", "share_low", "share_high"))
    numbers, taken = percent(share, low, high), "the profit the rule takes from an order"
    if low > 0.0:
        return f"Platforms recover {numbers} of {taken}."
    if high < 0.0:
        return f"Platforms recover nothing of {taken}, and lose more: the share is {numbers}."
    return f"No profit recovered can be told from zero: the share is {numbers} of {taken}."


def outside(frame: Frame) -> str:
    """What the answer changes that is no revenue: the cost of carriage, and whom people order from."""
    found = {e.metric: e for e in est.estimates(of_part(frame, "behavioural")) if e.sign}
    parts = []
    if carriage := found.get("platform_worker_cost_per_order"):
        verb = "saves" if carriage.sign < 0 else "costs"
        numbers = size(carriage.effect, carriage.low, carriage.high)
        parts.append(f"the answer {verb} them {numbers} {unit_text(carriage.unit)} in pay for carriage")
    if leader := found.get("platform_leader_order_share"):
        verb = "raises" if leader.sign > 0 else "lowers"
        numbers = size(leader.effect, leader.low, leader.high, factor=100.0)
        parts.append(f"{'it' if parts else 'the answer'} {verb} the leader’s share of orders by {numbers} points")
    return sentence(f"Outside revenue, {' and '.join(parts)}") if parts else ""


def paid_by(reaction: Sequence[Estimate]) -> str:
    """Who gains and who loses by the answer, with numbers; `reaction` is the parties' money."""
    if not any(e.has_interval for e in reaction):
        return sentence(est.NO_INTERVAL)
    moved = [
        f"{agree([e.party], 'gain' if e.sign > 0 else 'lose')} {size(e.effect, e.low, e.high)}"
        for e in sorted(reaction, key=lambda e: (-e.sign, -abs(e.effect)))
        if e.sign
    ]
    if not moved:
        return "No effect of the answer on any party can be told from zero."
    return sentence(f"By the answer {listed(moved)} {unit_text(reaction[0].unit)}")


def title(reaction: Sequence[Estimate]) -> str:
    """The finding of the figure: who gains and who loses by platforms' answer."""
    if not any(e.sign for e in reaction):
        return "What platforms’ answer adds to the rule cannot be told from zero for any party"
    words = f"By answering the rule, {uncapital(who(reaction))}"
    tail = silent_clause(reaction)
    return f"{words}; {tail}" if tail else words


def by_scenario(waterbed: Frame) -> dict[str, Any]:
    """Revenue won back and profit recovered, one row a scenario and strategy."""
    if waterbed.empty:
        return {"heads": [], "rows": []}
    wholes = waterbed[waterbed["part"] == WHOLE]
    rows = []
    for (_, label, strategy), own in wholes.groupby(["scenario", "label", "strategy"], sort=False):
        found = {row["measure"]: row for row in own.to_dict("records")}
        cells = [_cell(found.get(measure)) for measure in ("waterbed", "recovered")]
        taken = found["waterbed"]
        numbers = estimate(*(float(taken[key]) for key in ("taken", "taken_low", "taken_high")), signed=False)
        rows.append([str(label), strategy.replace("_", " "), numbers, *cells])
    unit = unit_text(str(wholes["unit"].iloc[0]))
    heads = ["Policy", "Strategy", f"Revenue the rule takes, {unit}", "Revenue won back", "Profit recovered"]
    return {"heads": heads, "rows": rows}


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    return "none" if row["why"] else percent(row["share"], row["share_low"], row["share_high"])


def notes() -> list[str]:
    """What the parts are, and how the shares are had."""
    return [
        "Every replicate is run three times with the same luck: without the policy; with it, while platforms do what "
        "they would do without it (the rule by itself: everybody else adjusts); and with it, while they answer.",
        "Revenue won back, the waterbed share, is what their answer adds to the revenue of an order over what the rule "
        "by itself takes from it. Recovered is the same of profit, which cheaper carriage raises as well. Both are "
        "ratios of means over replicates with intervals after Fieller; where the rule takes less than "
        f"{100 * LEAST_TAKEN:g}% of an order’s revenue, or nothing that can be told from zero, there is no share.",
    ]
