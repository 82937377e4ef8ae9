"""Sensitivity to the assumptions: what the draws of the assumptions say, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.result import Frame, Result
from analysis.statistics import estimates as est
from analysis.wording.groups import percent
from analysis.wording.numbers import (
    capital,
    counted,
    decimals_for,
    lever_value,
    listed,
    number,
    sentence,
    uncapital,
    unit_text,
)
from analysis.wording.parties import agree, party_name
from sim.parameters import label_of

MAIN = est.MONEY["welfare"]
"""What the figure of assumptions explains: fixed in advance, so that it is not chosen by its result."""
LEVEL = 0.05
FIRM = 0.9
"""From this share of draws with one sign on, the direction hardly depends on the assumptions."""
OPEN = 2 / 3
"""Below this share of draws with one sign, the direction is uncertain."""
N_SHOWN = 10
SPLIT_HEADS = (
    *("Effect on", "Due to assumptions (reduced by evidence only)", "Due to chance (reduced by replicates)"),
    *("Standard deviation from assumptions", "Standard deviation from chance"),
)
TABLE_HEADS = ("Party", "Assumption", "Drawn from", "Name", "Rank correlation", "With all tests counted")


@dataclass(frozen=True)
class Spread:
    """One effect over draws: its mean with the interval of that mean, the range of 95% of the draws, and the signs."""

    party: str
    unit: str
    n_draws: int
    effect: float
    low: float
    high: float
    draw_low: float
    draw_high: float
    share: float

    @property
    def sign(self) -> int:
        """The direction of the mean over draws."""
        return (self.effect > 0) - (self.effect < 0)

    @property
    def n_same(self) -> int:
        """Draws with the sign of the mean."""
        return round(self.share * self.n_draws)


@dataclass(frozen=True)
class Part:
    """How much of the variance of one effect from run to run assumptions make, with the 95% interval of that share."""

    party: str
    title: str
    unit: str
    seed_sd: float
    assumption_sd: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Link:
    """The rank correlation of an assumption with an effect over draws."""

    assumption: str
    parameter: str
    label: str
    meaning: str
    drawn: str
    correlation: float
    p_value: float
    n_tests: int

    @property
    def is_chance(self) -> bool:
        """Whether so many tests would find as much by chance (Bonferroni)."""
        return not self.p_value * self.n_tests < LEVEL

    @property
    def name(self) -> str:
        """`price sensitivity`: the label inside a sentence."""
        return uncapital(self.label)


def spreads(result: Result) -> list[Spread]:
    """The parties' money over draws, in the scenario with the largest gains and losses; none without draws."""
    if "draw_low" not in result.effects.columns:
        return []
    rows = est.money(est.of_scenario(result.effects, est.focus(result.effects)))
    rows = rows[rows["effect"].notna() & rows["draw_low"].notna()]
    return [
        Spread(
            str(row["party"]),
            str(row["unit"]),
            int(row["n_replicates"]),
            *(float(row[key]) for key in ("effect", "low", "high", "draw_low", "draw_high", "sign_share")),
        )
        for row in rows.to_dict("records")
    ]


def parts(effects: Frame) -> list[Part]:
    """Chance and assumptions in the effects on the parties' money, of one scenario; none without several seeds."""
    if "assumption_share" not in effects.columns:
        return []
    rows = est.money(effects)
    rows = rows[rows["assumption_share"].notna()]
    keys = ("seed_sd", "assumption_sd", "assumption_share", "assumption_share_low", "assumption_share_high")
    return [
        Part(str(row["party"]), str(row["title"]), str(row["unit"]), *(float(row[key]) for key in keys))
        for row in rows.to_dict("records")
    ]


def split_sentence(splits: Sequence[Part]) -> str:
    """For whom more replicates would help, and for whom only evidence; empty where nothing was split."""
    groups = [
        ("for {} it is mostly the assumptions, which only evidence can narrow", [p for p in splits if p.low > 0.5]),
        ("for {} it is mostly chance, which more replicates reduce", [p for p in splits if p.high < 0.5]),
        ("for {} the draws do not show which is larger", [p for p in splits if p.low <= 0.5 <= p.high]),
    ]
    text = [words.format(listed([party_name(p.party) for p in members])) for words, members in groups if members]
    return f"Sources of uncertainty: {'; '.join(text)}." if text else ""


def split_table(splits: Sequence[Part]) -> list[list[str]]:
    """A row a party, as in `SPLIT_HEADS`."""
    rows = []
    for p in splits:
        decimals = decimals_for(p.seed_sd, p.assumption_sd)
        sds = number(p.assumption_sd, decimals), number(p.seed_sd, decimals)
        rows.append([p.title, percent(p.share, p.low, p.high), _percent(1.0 - p.share), *sds])
    return rows


def _percent(share: float) -> str:
    return f"{number(100.0 * share, 0)}%"


def links(result: Result, metric: str = MAIN) -> list[Link]:
    """Assumptions by the size of their rank correlation with the effect on a metric, largest first."""
    rows = result.sensitivity
    if rows.empty:
        return []
    rows = est.of_scenario(rows, est.focus(result.effects))
    rows = rows[rows["metric"] == metric]
    n_tests = len(rows) * (1 if metric == MAIN else len(est.PARTIES))
    known = {str(row["assumption"]): row for row in result.record.get("assumptions") or []}
    places = {name: place for place, name in enumerate(known)}
    correlations = []
    for row in rows.to_dict("records"):
        name, parameter = str(row["assumption"]), str(row["parameter"])
        about = known.get(name, {})
        label, meaning = str(about.get("label") or label_of(name.split(".")[-1], None)), str(about.get("meaning") or "")
        numbers = float(row["correlation"]), float(row["p_value"]), n_tests
        correlations.append(Link(name, parameter, label, meaning, _range(about, result.record), *numbers))
    return sorted(correlations, key=lambda link: (-abs(link.correlation), places.get(link.assumption, len(places))))


def _range(known: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """The range that an assumption was drawn from, from the record."""
    ends = [known.get(key) for key in ("low", "high")]
    if not all(isinstance(v, int | float) and math.isfinite(v) for v in ends):
        return ""
    unit = str(known.get("unit") or "").replace("currency", str(record.get("currency") or "currency"))
    low, high = (float(v) for v in ends if v is not None)
    bare = "share" if unit.split(" ")[0] == "share" else ""
    return f"{lever_value(low, bare)} to {lever_value(high, '' if unit == '-' else unit)}"


def headline(result: Result) -> str:
    """Who gains and who loses in how many draws; empty where nothing was drawn."""
    ranges = [s for s in spreads(result) if s.party in est.PARTIES]
    if not ranges:
        return ""
    firm = [s for s in ranges if s.sign and s.share >= FIRM]
    leaning = [s for s in ranges if s.sign and OPEN <= s.share < FIRM]
    rest = [s for s in ranges if s not in firm and s not in leaning]
    parts = []
    if firm:
        sides = [([s.party for s in firm if s.sign == sign], verb) for sign, verb in ((1, "gain"), (-1, "lose"))]
        who = ", ".join(agree(parties, verb) for parties, verb in sides if parties)
        fewest = min(s.n_same for s in firm)
        n = firm[0].n_draws
        parts.append(f"{who} in {'all' if fewest == n else f'at least {fewest} of'} {counted(n, 'draw')}")
    for s in sorted(leaning, key=lambda s: -s.share):
        of = "" if parts else f" of {counted(s.n_draws, 'draw')}"
        parts.append(f"{agree([s.party], _verb(s))} in {s.n_same}{of}")
    if rest:
        parts.append(f"for {listed([party_name(s.party) for s in rest])} the direction is uncertain")
    return sentence("; ".join(parts))


def _verb(s: Spread) -> str:
    up, down = ("rise", "fall") if s.party == "welfare" else ("gain", "lose")
    return up if s.sign > 0 else down


def title(ranges: Sequence[Spread]) -> str:
    """The finding of the figure of ranges: whose direction does not depend on the assumptions."""
    clear = [s for s in ranges if s.sign and s.n_same == s.n_draws and s.party in est.PARTIES]
    if not clear:
        return "No party gains, and none loses, in every draw"
    sides = [([s.party for s in clear if s.sign == sign], verb) for sign, verb in ((1, "gain"), (-1, "lose"))]
    who = capital(", ".join(agree(parties, verb) for parties, verb in sides if parties))
    others = [party_name(s.party) for s in ranges if s.party in est.PARTIES and s not in clear]
    rest = f"; for {listed(others)} it depends on the draw" if others else ""
    return f"{who} in all {counted(clear[0].n_draws, 'draw')}{rest}"


def sentences(result: Result) -> list[str]:
    """One a party: draws with the same sign, the range of the draws, and what the effect depends on most."""
    text = []
    for s in (s for s in spreads(result) if s.party != "owners"):
        ends = f"[{number(s.draw_low)}, {number(s.draw_high)}]"
        n = counted(s.n_draws, "draw")
        of = f"In all {n}" if s.n_same == s.n_draws else f"In {s.n_same} of {n}"
        unit = f" {unit_text(s.unit)}" if not text else ""
        who = agree([s.party], _verb(s))
        text.append(f"{of} {who}; 95% of the draws lie in {ends}{unit}. {_decides(result, s.party)}")
    return text


def _decides(result: Result, party: str) -> str:
    correlations = links(result, est.MONEY[party])
    clear = [link for link in correlations if not link.is_chance]
    if clear:
        return f"The effect depends most on {listed([_with_correlation(link) for link in clear[:2]])}."
    if correlations:
        return f"No assumption is significantly correlated with it (closest: {_with_correlation(correlations[0])})."
    return ""


def _with_correlation(link: Link) -> str:
    return f"{link.name} (rank correlation {number(link.correlation, 2, signed=True)})"


def decisive(correlations: Sequence[Link]) -> str:
    """The finding of the figure of assumptions."""
    clear = [link for link in correlations if not link.is_chance]
    if not clear:
        most = f"; the closest is {correlations[0].name}" if correlations else ""
        return f"No assumption is significantly correlated with the effect on total welfare{most}"
    return f"The effect on total welfare depends most on {listed([link.name for link in clear[:3]])}"


def notes(result: Result) -> list[str]:
    """What the draws contain and what they do not: chance, multiple tests, failed draws."""
    drawn = result.record.get("uncertainty") or {}
    paragraphs = [
        f"Each draw takes a random value of every assumption within its range and {_chance(result)}. The range of the "
        "draws shows where the effect in a single market may lie; the narrower interval shows how precisely the mean "
        "over draws is known.",
    ]
    if tested := links(result):
        n, n_parties = len(tested), len(est.PARTIES)
        paragraphs.append(
            f"{counted(n, 'assumption')} are tested, so that a few would seem to matter by chance alone. A "
            f"correlation counts as significant here if its p-value is below {LEVEL:g} even when multiplied by the "
            f"number of tests (Bonferroni): {number(n, 0)} for total welfare, {number(n * n_parties, 0)} for the "
            f"{number(n_parties, 0)} parties. It shows association, not how much of the effect is due to an assumption."
        )
    if n_failed := int(drawn.get("n_failed_draws") or 0):
        n_draws = int(drawn.get("n_draws") or 0)
        why = sorted({str(one["why"]).splitlines()[0] for one in drawn.get("failed_draws") or []})
        paragraphs.append(
            f"{number(n_failed, 0)} of {counted(n_draws, 'draw')} failed and {'is' if n_failed == 1 else 'are'} left "
            f"out ({'; '.join(why[:2])}): the results hold only for draws in which the market survives."
        )
    if n_incomplete := int(drawn.get("n_incomplete_draws") or 0):
        paragraphs.append(
            f"In {counted(n_incomplete, 'draw')} some runs failed; the remaining runs represent the draw."
        )
    return paragraphs


def _chance(result: Result) -> str:
    """How far the spread between draws is chance."""
    k = int((result.record.get("uncertainty") or {}).get("seeds_per_draw") or 1)
    total = [p for p in parts(est.of_scenario(result.effects, est.focus(result.effects))) if p.party == "welfare"]
    if k < 2 or not total:
        return "has its own random shocks: part of the spread between draws is chance"
    chance = total[0].seed_sd ** 2 / k
    left = chance / (chance + total[0].assumption_sd ** 2)
    return (
        f"is run with {counted(k, 'seed')}, of which the mean is used: of the variance between draws of the effect on "
        f"total welfare, {_percent(left)} is still due to chance"
    )


def table(result: Result, n: int = 3) -> list[list[str]]:
    """For every party the assumptions that its effect depends on most: as in `TABLE_HEADS`."""
    rows = []
    for party, metric in est.MONEY.items():
        for link in links(result, metric)[:n]:
            verdict = "not significant" if link.is_chance else "significant"
            correlation = number(link.correlation, 2, signed=True)
            named = f"{link.label}: {link.meaning}" if link.meaning else link.label
            rows.append([capital(party_name(party)), named, link.drawn, link.assumption, correlation, verdict])
    return rows


def n_drawn(frame: Frame) -> int:
    """Draws that a table of draws holds."""
    return 0 if frame.empty else int(np.unique(frame["draw"]).size)
