"""The points of a sweep: how they lie, which parameter an effect depends on, and what one varied alone does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.result import Frame, Result, is_choice
from analysis.statistics import estimates as est
from analysis.statistics import ranks
from analysis.statistics.estimates import Estimate
from analysis.wording.draws import LEVEL
from analysis.wording.numbers import decimals_for, lever_value, listed, number, scale_of
from analysis.wording.parties import party_name

FEWEST = 8
"""Points from which on a rank correlation is tested."""
FULL = 0.5
"""Share of a grid that has to be there for it to be drawn as one: failed points leave holes, spread ones all but."""
SMALL = 0.05
"""An effect that varies by less than this share of the one that varies most is not worth a test."""
MOST_AXES = 2
"""Numeric levers up to which a grid is drawn whole: a curve or a map."""
GRID, SPREAD, ALONE = "grid", "spread", "one_at_a_time"


def shape(result: Result) -> str:
    """How the points lie: a grid (a line is one), spread over several levers, or one lever varied at a time."""
    keys = [lever["key"] for lever in result.levers]
    rows = result.effects.drop_duplicates("scenario").sort_values("scenario")
    if len(keys) < 2:
        return GRID
    n_varied = (rows[keys].iloc[1:] != rows[keys].iloc[0]).sum(axis=1)
    if rows["scenario"].iloc[0] == 0 and (n_varied == 1).all():
        return ALONE
    is_once = not rows.duplicated(keys).any()
    return GRID if is_once and len(rows) >= FULL * math.prod(rows[key].nunique() for key in keys) else SPREAD


def numeric(result: Result) -> list[dict[str, Any]]:
    """Levers that take numbers, so that their values have a place on an axis."""
    return [lever for lever in result.levers if not is_choice(lever)]


def named_outcomes(result: Result) -> list[str]:
    """The metrics besides money that a request names, as far as there is an effect on them."""
    known = set(result.effects.loc[result.effects["effect"].notna(), "metric"])
    return [m for m in result.record.get("outcomes") or [] if m in known and m not in est.MONEY.values()]


def name_of(lever: Mapping[str, Any]) -> str:
    """`Commission cap, ceiling`: a lever in front of a colon."""
    return str(lever["title"]).replace(": ", ", ")


def range_of(lever: Mapping[str, Any], values: Any) -> str:
    """`Price sensitivity from 0.03 to 0.08 1/yuan`: a lever and the ends of its values, the unit said once."""
    unit = str(lever["unit"])
    bare = "" if scale_of(unit).factor == 1.0 else unit
    return f"{lever['title']} from {lever_value(float(values.min()), bare)} to {lever_value(float(values.max()), unit)}"


@dataclass(frozen=True)
class Link:
    """The rank correlation of a lever with the effect on a metric over points, and which way the effects point."""

    metric: str
    title: str
    party: str
    sign: int
    correlation: float
    p_value: float
    n_tests: int

    @property
    def is_chance(self) -> bool:
        """Whether so many tests would find as much by chance (Bonferroni)."""
        return not self.p_value * self.n_tests < LEVEL

    @property
    def words(self) -> str:
        """`the higher, the less platforms lose (rank correlation +0.93)`."""
        rises = self.correlation > 0
        more = "more" if rises == (self.sign > 0) else "less"
        if self.metric in est.MONEY.values():
            who, is_total = party_name(self.party), self.party == "welfare"
            verbs = {1: "rise", -1: "fall", 0: "fare"} if is_total else {1: "gain", -1: "lose", 0: "fare"}
            verb = verbs[self.sign] + ("s" if self.party in ("state", "welfare") else "")
            more = more if self.sign else "better" if rises else "worse"
            text = f"the {more} {who} {verb}"
            if self.party == "owners":  # a cost, held as a loss: nobody gains or loses by the name of the row
                text = f"the {'less' if rises else 'more'} is spent on {who}"
        elif self.sign:
            text = f"the {more} the rule {'raises' if self.sign > 0 else 'lowers'} {inside(self.title)}"
        else:
            text = f"the {'higher' if rises else 'lower'} the change in {inside(self.title)}"
        return f"the higher, {text} (rank correlation {number(self.correlation, 2, signed=True)})"


def inside(title: str) -> str:
    """A title inside a sentence; abbreviations keep their capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def links(result: Result, metrics: Sequence[str]) -> dict[str, list[Link]]:
    """For every numeric lever the metrics that correlate with it, closest first, of equals the one that varies most.

    The levers with the strongest correlation come first.
    """
    levers = numeric(result)
    known = [m for m in metrics if (result.effects["metric"] == m).any()]
    frames = {m: result.effects[(result.effects["metric"] == m) & result.effects["effect"].notna()] for m in known}
    spans = {m: float(rows["effect"].max() - rows["effect"].min()) for m, rows in frames.items() if len(rows)}
    largest = {u: max(spans[m] for m in spans if _unit(frames[m]) == u) for u in {_unit(frames[m]) for m in spans}}
    n_tests = len(levers) * len(spans)
    by_lever = {}
    for lever in levers:
        tested = [m for m, span in spans.items() if span > SMALL * largest[_unit(frames[m])]]
        mine = [link for m in tested if (link := _link(frames[m], str(lever["key"]), n_tests))]
        by_lever[str(lever["key"])] = sorted(mine, key=lambda k: (-round(abs(k.correlation), 2), -spans[k.metric]))
    return dict(
        sorted(by_lever.items(), key=lambda item: -max((abs(link.correlation) for link in item[1]), default=0.0))
    )


def _unit(rows: Frame) -> str:
    return str(rows["unit"].iloc[0])


def _link(rows: Frame, key: str, n_tests: int) -> Link | None:
    from scipy.stats import spearmanr

    rows = rows[rows[key].notna()]
    if len(rows) < FEWEST or rows[key].nunique() < 2 or rows["effect"].nunique() < 2:
        return None
    rank_test: Any = spearmanr(rows[key].astype(float), rows["effect"])
    correlation = float(rank_test[0])
    signs = [e.sign for e in est.estimates(rows)]
    clear = {s for s in signs if s}
    is_one_sided = len(clear) == 1 and 2 * sum(map(abs, signs)) >= len(signs)
    words = {name: str(rows[name].iloc[0]) for name in ("metric", "title", "party")}
    sign = clear.pop() if is_one_sided else 0
    return Link(
        **words, sign=sign, correlation=correlation, p_value=ranks.p_value(correlation, len(rows)), n_tests=n_tests
    )


def sentences(result: Result, metrics: Sequence[str]) -> list[str]:
    """What is significantly correlated with each lever, the closest first; last the levers with which nothing is."""
    if result.effects["scenario"].nunique() < FEWEST:
        return []
    by_lever = links(result, metrics)
    names = {str(lever["key"]): name_of(lever) for lever in numeric(result)}
    clear = {key: [link for link in mine if not link.is_chance] for key, mine in by_lever.items()}
    text = [f"{names[key]}: {mine[0].words}" for key, mine in clear.items() if mine]
    silent = [inside(names[key]) for key, mine in clear.items() if not mine]
    return [*text, *([f"No effect is significantly correlated with {listed(silent, 'or')}"] if silent else [])]


@dataclass(frozen=True)
class End:
    """The effect at the low or high end of a lever that is varied alone."""

    lever: Mapping[str, Any]
    value: float
    estimate: Estimate
    base: Estimate

    @property
    def is_clear(self) -> bool:
        """Whether the change from the base point is distinguishable from zero.

        Tested as if the two were independent; common random numbers make the change more precise than that.
        """
        both = (self.estimate, self.base)
        half = math.hypot(*((e.high - e.low) / 2 for e in both))
        return all(e.has_interval for e in both) and abs(self.estimate.effect - self.base.effect) > half

    @property
    def place(self) -> str:
        """`price sensitivity of 0.08 1/yuan`."""
        name = inside(str(self.lever["title"]).split(": ")[-1])
        return f"{name} of {lever_value(self.value, str(self.lever['unit']))}"


def ends(result: Result, metric: str) -> tuple[Estimate, list[list[End]]] | None:
    """The effect at the base point, and at both ends of every numeric lever, those that change it most first."""
    rows = result.effects[(result.effects["metric"] == metric) & result.effects["effect"].notna()]
    rows = rows.sort_values("scenario")
    if rows.empty or rows["scenario"].iloc[0] != 0:
        return None
    base, by_lever = est.estimates(rows)[0], []
    first, others = rows.iloc[0], rows.iloc[1:]
    for lever in numeric(result):
        key = str(lever["key"])
        varied = others[others[key] != first[key]].sort_values(key)
        varied = varied.iloc[[0, -1]] if len(varied) > 1 else varied
        mine = zip(varied[key].astype(float), est.estimates(varied), strict=True)
        by_lever.append([End(lever, value, e, base) for value, e in mine])
    by_lever = [mine for mine in by_lever if mine]
    return base, sorted(by_lever, key=lambda mine: -max(abs(end.estimate.effect - base.effect) for end in mine))


def decisive(base: Estimate, by_lever: Sequence[Sequence[End]]) -> str:
    """The parameter that changes an effect most when varied alone, and from where to where; or that none does."""
    whose = party_name("welfare") if base.metric == est.MONEY["welfare"] else inside(base.title)
    clear = [end for mine in by_lever for end in mine if end.is_clear]
    if not clear:
        return f"No parameter varied alone changes the effect on {whose} significantly"
    end = max(clear, key=lambda end: abs(end.estimate.effect - base.effect))
    scale = scale_of(base.unit)
    before, after = base.effect * scale.factor, end.estimate.effect * scale.factor
    decimals = decimals_for(before, after, spread=(base.high - base.low) / 2 * scale.factor)
    values = (number(v, decimals, signed=True) for v in (before, after))
    return f"The effect on {whose} changes most with a {end.place}: from {' to '.join(values)}{scale.change_suffix}"
