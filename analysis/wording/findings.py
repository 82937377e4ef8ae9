"""Findings in sentences, generated from the numbers.

Where a 95% interval covers zero, and where an effect does not outlast a correction for the number of parties or points
(Holm 1979), no gain and no loss is claimed. After a verb that says the direction, sizes
are positive: "platforms lose 390 [360, 420]".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.result import Result
from analysis.statistics import estimates as est
from analysis.statistics.estimates import NO_INTERVAL, Estimate
from analysis.wording import chance, draws, patterns, points, within
from analysis.wording.numbers import (
    capital,
    counted,
    decimals_for,
    estimate,
    listed,
    number,
    quantity,
    scale_of,
    sentence,
    size,
    uncapital,
    unit_text,
)
from analysis.wording.parties import agree, party_name

SUM = "Total welfare is the sum of the parties and of what owners spend to open businesses."


FAMILY = (
    "Sentences claim a gain or a loss only where it outlasts a correction for the number of parties (Holm 1979); one "
    "interval in twenty leaves out zero by chance."
)


@dataclass(frozen=True)
class Finding:
    """One finding: what it is about, what to remember, and the numbers behind it."""

    topic: str
    lead: str
    details: tuple[str, ...] = ()


def who(money: Sequence[Estimate]) -> str:
    """Who gains and who loses, without numbers; `money` is that of the parties, without the total."""
    if not any(e.has_interval for e in money):
        return NO_INTERVAL
    signs = list(zip(money, est.claimed(money), strict=True))
    groups = [([e.party for e, own in signs if own == sign], verb) for sign, verb in ((1, "gain"), (-1, "lose"))]
    clauses = [agree(parties, verb) for parties, verb in groups if parties]
    return capital(", ".join(clauses)) if clauses else "No effect on any party is distinguishable from zero"


def silent_clause(money: Sequence[Estimate]) -> str:
    """`no effect on workers or the state is distinguishable from zero`, or nothing if every effect is."""
    signs = zip(money, est.claimed(money), strict=True)
    silent = [party_name(e.party) for e, sign in signs if not sign and e.has_interval]
    return f"no effect on {listed(silent, 'or')} is distinguishable from zero" if silent else ""


def money_finding(money: Sequence[Estimate]) -> Finding:
    """Who gains and loses how much, with intervals; the parties' unit is said once."""
    topic = "Effects by party"
    if not any(e.has_interval for e in money):
        return Finding(topic, sentence(NO_INTERVAL))
    signs = list(zip(money, est.claimed(money), strict=True))
    moved = [
        f"{agree([e.party], 'gain' if sign > 0 else 'lose')} {size(e.effect, e.low, e.high)}"
        for e, sign in sorted(signs, key=lambda pair: (-pair[1], -abs(pair[0].effect)))
        if sign
    ]
    silent = [f"{party_name(e.party)} ({estimate(e.effect, e.low, e.high)})" for e, sign in signs if not sign]
    unit = unit_text(money[0].unit)
    rest = f"No effect on {listed(silent, 'or')} is distinguishable from zero{'' if moved else f', in {unit}'}."
    if not moved:
        return Finding(topic, "No effect on any party is distinguishable from zero.", (rest,))
    return Finding(topic, sentence(f"{listed(moved)} {unit}"), (rest,) if silent else ())


def total_finding(totals: Sequence[Estimate]) -> Finding:
    """How total welfare changes."""
    topic = "Total welfare"
    if not totals:
        return Finding(topic, "Total welfare was not recorded.")
    total = totals[0]
    if not total.has_interval:
        return Finding(topic, sentence(NO_INTERVAL))
    if not total.sign:
        numbers = f"The estimate is {estimate(total.effect, total.low, total.high)} {unit_text(total.unit)}."
        return Finding(topic, "The effect on total welfare is not distinguishable from zero.", (numbers,))
    verb = "rises" if total.sign > 0 else "falls"
    numbers = f"{size(total.effect, total.low, total.high)} {unit_text(total.unit)}"
    return Finding(topic, f"Total welfare {verb} by {numbers}.", (SUM,))


def level_decimals(e: Estimate) -> int:
    """Decimals in which the levels without and with the policy are worth printing."""
    factor = scale_of(e.unit).factor
    spread = (e.high - e.low) * factor / 2
    return min(decimals_for(e.baseline * factor, e.policy * factor, spread=spread), 3)


def levels(e: Estimate, word: str = "to") -> str:
    """`48.80 to 49.54 yuan per order`: without and with the policy."""
    factor, decimals = scale_of(e.unit).factor, level_decimals(e)
    percent = "%" if factor != 1.0 else ""
    return f"{number(e.baseline * factor, decimals)}{percent} {word} {quantity(e.policy, e.unit, decimals)}"


def change(e: Estimate) -> str:
    """`18.1% to 15.0% (−3.1 [−3.2, −3.0] percentage points)`, or that there is no distinguishable effect."""
    scale = scale_of(e.unit)
    numbers = estimate(e.effect, e.low, e.high, factor=scale.factor)
    if not e.sign:
        return f"no effect distinguishable from zero ({numbers}{scale.change_suffix})"
    return f"{levels(e)} ({numbers}{' percentage points' if scale.suffix == '%' else ''})"


def measures_finding(measures: Sequence[Estimate], at: str = "") -> Finding:
    """What changes besides money: the measures agreed beforehand, in their order."""
    topic = f"Other outcomes{', ' if at else ''}{at}"
    agreed = est.headline_metrics(e.metric for e in measures)
    shown = sorted((e for e in measures if e.metric in agreed), key=lambda e: agreed.index(e.metric))
    if not shown:
        return Finding(topic, "No other outcome was recorded.")
    moved = [f"{e.title[:1].lower()}{e.title[1:]} {'up' if e.sign > 0 else 'down'}" for e in shown if e.sign]
    if moved:
        lead = ", ".join(moved)
    elif not any(e.has_interval for e in shown):
        lead = NO_INTERVAL
    else:
        lead = "no effect on the main outcomes is distinguishable from zero"
    return Finding(topic, sentence(lead), tuple(f"{e.title}: {change(e)}." for e in shown))


def headline(result: Result) -> str:
    """The answer in one sentence without numbers: over all scenarios of a sweep, or of the one comparison."""
    if any(lever["key"] == "rules" for lever in result.levers):
        focus = est.of_scenario(result.effects, est.focus(result.effects))
        label, text = str(focus["label"].iloc[0]), who(est.estimates(est.money(focus, with_total=False)))
        return sentence(f"The gains and losses are largest under {uncapital(label)}: {uncapital(text)}")
    if result.is_sweep:
        return sentence(_across(result))
    if result.has_draws and (words := draws.headline(result)):
        return words
    money = est.estimates(est.money(result.effects, with_total=False))
    tail = silent_clause(money) if any(est.claimed(money)) else ""
    return sentence(f"{who(money)}{'; ' if tail else ''}{tail}")


def _across(result: Result) -> str:
    """Who gains and loses where in a sweep, and what becomes of the whole: first what is claimed, then what is not."""
    whole, who_where = patterns.of_metric(result, est.MONEY["welfare"]), patterns.who_across(patterns.by_party(result))
    if whole is None or whole.kind != "value" or not any(e.has_interval for e in whole.rows):
        return who_where
    clause = patterns.whole_clause(whole)
    return f"{capital(clause)}; {uncapital(who_where)}" if any(whole.signs) else f"{who_where}; {clause}"


def findings(result: Result) -> list[Finding]:
    """Three findings: the parties' money, the total, and what changes besides money."""
    focus = est.of_scenario(result.effects, est.focus(result.effects))
    others = est.estimates(est.measures(focus))
    if not result.is_sweep:
        money = est.estimates(est.money(focus))
        parties = [e for e in money if e.party in est.PARTIES]
        totals = [e for e in money if e.party == "welfare"]
        by_party = money_finding(parties)
        return [_with_groups(by_party, result), total_finding(totals), measures_finding(others)]
    return [
        _sweep_money(result),
        _sweep_total(patterns.of_metric(result, est.MONEY["welfare"])),
        measures_finding(others, at=str(focus["label"].iloc[0])),
    ]


def deciding(result: Result) -> list[Finding]:
    """Which parameter the effects depend on, where all vary at once or one at a time; nothing elsewhere."""
    how, topic = points.shape(result), "What the effects depend on"
    if how == points.ALONE and (base_and_ends := points.ends(result, est.MONEY["welfare"])):
        how_varied = "One parameter varied at a time, from the first point."
        return [Finding(topic, sentence(points.decisive(*base_and_ends)), (how_varied,))]
    is_crossed = how != points.ALONE and len(points.numeric(result)) > 1
    text = points.sentences(result, list(est.MONEY.values())) if is_crossed else []
    how_many = counted(result.effects["scenario"].nunique(), "point")
    tested = f"Rank correlations over {how_many}, with all parameters varying."
    return [Finding(topic, sentence(text[0]), (*map(sentence, text[1:]), tested))] if text else []


def _with_groups(by_party: Finding, result: Result) -> Finding:
    """The parties' money, and which groups within them gain and lose: a party that gains may hold many who lose."""
    stories = within.stories(result.distribution)
    if not stories:
        return by_party
    return Finding(
        by_party.topic, by_party.lead, (*by_party.details, sentence(f"Within these parties, {'; '.join(stories)}"))
    )


def _sweep_money(result: Result) -> Finding:
    spoken = patterns.most_moved(patterns.by_party(result))
    if not spoken:
        return Finding("Effects by party", "No money of any party was recorded.")
    topic = "Effects by party"
    if not any(e.has_interval for p in spoken for e in p.rows):
        return Finding(topic, sentence(NO_INTERVAL))
    with_place = spoken[0].kind in patterns.NAMED
    rest = tuple(patterns.pattern_sentence(p, with_place=with_place) for p in spoken[1:])
    if spoken[0].kind in ("point", "combination"):
        rest += (f"By chance alone the interval excludes zero {spoken[0].at} about one {spoken[0].kind} in twenty.",)
    return Finding(topic, patterns.pattern_sentence(spoken[0]), rest)


def _sweep_total(pattern: patterns.Pattern | None) -> Finding:
    if pattern is None:
        return Finding("Total welfare", "Total welfare was not recorded.")
    topic = "Total welfare"
    if not any(e.has_interval for e in pattern.rows):
        return Finding(topic, sentence(NO_INTERVAL))
    if any(pattern.signs):
        lead = patterns.pattern_sentence(pattern, "rise", "fall", numbers=False)
        return Finding(topic, lead, (patterns.pattern_sentence(pattern, "rise", "fall"),))
    best = max(range(len(pattern.rows)), key=lambda i: abs(pattern.rows[i].effect))
    e = pattern.rows[best]
    where = f"{pattern.near} {pattern.places[best]}"
    numbers = f"The largest estimate in absolute value is {estimate(e.effect, e.low, e.high)}, {where}."
    return Finding(topic, f"No effect on total welfare {patterns.NOWHERE}.", (numbers,))


def reading_note(result: Result) -> str:
    """How many replicates stand behind the estimates, what the brackets contain, and the unit of money."""
    fewest, most = int(result.effects["n_replicates"].min()), int(result.effects["n_replicates"].max())
    units, brackets = est.money(result.effects)["unit"].unique(), f"{chance.kind(result.record)}s"
    money = f" Money of all parties is in {unit_text(str(units[0]))}." if len(units) == 1 else ""
    n = counted(most, "draw" if result.has_draws else "paired replicate")
    over = n if fewest == most else f"{fewest} to {n}"
    if not result.has_draws:
        return f"Means of {over}; brackets contain {brackets}.{money}"
    return (
        f"Means over {over} of the assumptions, each with its own random shocks; brackets contain {brackets} of these "
        f"means, not the range of effects in a single market (see “Sensitivity to the assumptions”).{money}"
    )
