"""Several strategies of platforms: which conclusions hold under all of them, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.result import Frame, Result
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording import behaviour
from analysis.wording.findings import Finding
from analysis.wording.groups import percent
from analysis.wording.numbers import capital, counted, estimate, listed, number, scale_of, sentence
from analysis.wording.parties import agree, party_name, party_title

TOPIC = "Other strategies of platforms"
AGREEMENT = {
    "firm": "same sign, all distinguishable from zero",
    "same": "same sign, not all distinguishable from zero",
    "differ": "signs differ",
    "none": "no effect",
}
"""How the effects under several strategies compare, the most robust first."""
IN_SHORT = AGREEMENT | {"firm": "same sign under all", "same": "same sign, some not distinguishable"}
"""The same where there is little room."""


def agreement(estimates: Sequence[Estimate]) -> str:
    """Whether strategies agree on an effect: a key of `AGREEMENT`."""
    directions = {(e.effect > 0) - (e.effect < 0) for e in estimates}
    if directions <= {0}:
        return "none"
    if len(directions) > 1:
        return "differ"
    return "firm" if all(e.sign for e in estimates) else "same"


def with_agreement(frame: Frame) -> Frame:
    """Effects under several strategies with a column that says whether they agree, metric by metric."""
    verdicts = {key: agreement(est.estimates(rows)) for key, rows in frame.groupby(["scenario", "metric"], sort=False)}
    keys = zip(frame["scenario"], frame["metric"], strict=True)
    return frame.assign(agreement=[verdicts[key] for key in keys])


def strategy_title(name: str) -> str:
    """A strategy in words: `rule of thumb`."""
    return name.replace("_", " ")


def tried(frame: Frame) -> list[str]:
    """Strategies of a frame, the main one first."""
    return list(dict.fromkeys(frame["strategy"]))


def rows_of(frame: Frame) -> list[tuple[dict[str, Estimate], str]]:
    """Estimates by strategy and the verdict, for the parties' money and the key measures of one scenario."""
    key = est.measures(frame)
    shown = [*est.MONEY.values(), *(m for m in est.KEY_METRICS if m in set(key["metric"]))]
    measures = []
    for metric in shown:
        rows = frame[(frame["metric"] == metric) & frame["effect"].notna()]
        if len(rows):
            by_strategy = dict(zip(rows["strategy"], est.estimates(rows), strict=True))
            measures.append((by_strategy, str(rows["agreement"].iloc[0])))
    return measures


def focus_of(result: Result) -> Frame:
    """Effects by strategy in the scenario with the largest gains and losses; no rows where one strategy was run."""
    frame = result.strategies
    return frame if frame.empty else est.of_scenario(frame, est.focus(result.effects))


def table(result: Result) -> dict[str, Any]:
    """One row a measure, one column a strategy, and whether they agree."""
    frame = focus_of(result)
    if frame.empty:
        return {"heads": [], "rows": []}
    names, rows = tried(frame), []
    for by_strategy, verdict in rows_of(frame):
        first = next(iter(by_strategy.values()))
        scale = scale_of(first.unit)
        cells = [_cell(by_strategy.get(name), scale.factor) for name in names]
        rows.append([party_title(first.party), first.title, scale.change, *cells, AGREEMENT[verdict]])
    heads = ["Party", "Measure", "Unit of the effect", *(capital(strategy_title(n)) for n in names), "Verdict"]
    return {"heads": heads, "rows": rows}


def _cell(e: Estimate | None, factor: float) -> str:
    return estimate(e.effect, e.low, e.high, factor=factor) if e else ""


def sentences(result: Result) -> list[str]:
    """Who gains and loses under every strategy, for whom it depends, and what is won back under each strategy."""
    frame = focus_of(result)
    if frame.empty:
        return []
    n = len(tried(frame))
    return [
        finding(frame),
        *won_back(result),
        f"Strategies compared: {listed([strategy_title(s) for s in tried(frame)])}.",
        _count(frame, n),
    ]


def finding(frame: Frame) -> str:
    """Whose gain or loss does not depend on the strategy; `frame` holds one scenario."""
    n = len(tried(frame))
    money = [(rows, verdict) for rows, verdict in rows_of(frame) if _metric(rows) in est.MONEY.values()]
    parties = [
        (rows, verdict) for rows, verdict in money if _metric(rows) in [est.MONEY[party] for party in est.PARTIES]
    ]
    firm = [next(iter(rows.values())) for rows, verdict in parties if verdict == "firm"]
    sides = [([e.party for e in firm if e.sign == sign], verb) for sign, verb in ((1, "gain"), (-1, "lose"))]
    who = ", ".join(agree(names, verb) for names, verb in sides if names)
    every = "both strategies" if n == 2 else f"all {number(n, 0)} strategies"
    parts = [f"{who} under {every}" if who else f"no party’s gain or loss is distinguishable from zero under {every}"]
    for verdict, words in (
        ("same", "the sign is the same but the effect not always distinguishable from zero"),
        ("differ", "the sign differs between strategies"),
    ):
        if names := [party_name(_party(rows)) for rows, its_verdict in parties if its_verdict == verdict]:
            parts.append(f"for {listed(names)} {words}")
    return sentence("; ".join(parts))


def card(result: Result) -> Finding | None:
    """The finding for the head of the page; None where one strategy was run."""
    frame = focus_of(result)
    return None if frame.empty else Finding(TOPIC, finding(frame), tuple(won_back(result)))


def won_back(result: Result) -> list[str]:
    """The revenue won back under each strategy that responds."""
    rows = result.waterbed
    if rows.empty:
        return []
    rows = est.of_scenario(rows, est.focus(result.effects))
    rows = rows[(rows["measure"] == "waterbed") & (rows["part"] == behaviour.WHOLE)]
    text = [
        f"{percent(row['share'], row['share_low'], row['share_high'])} under {strategy_title(row['strategy'])}"
        for row in rows.to_dict("records")
        if not row["why"]
    ]
    return (
        [sentence(f"Of the revenue per order that the rule takes, platforms win back {listed(text)}")] if text else []
    )


def _count(frame: Frame, n: int) -> str:
    verdicts = est.tabled(frame).drop_duplicates("metric")["agreement"].value_counts()
    parts = [f"{number(int(verdicts.get(key, 0)), 0)} {words}" for key, words in AGREEMENT.items()]
    return f"Of {counted(int(verdicts.sum()), 'measure')} under {number(n, 0)} strategies: {'; '.join(parts)}."


def _metric(rows: dict[str, Estimate]) -> str:
    return next(iter(rows.values())).metric


def _party(rows: dict[str, Estimate]) -> str:
    return next(iter(rows.values())).party
