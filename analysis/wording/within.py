"""Within each party, in words: which groups gain and lose, how many agents, and whether the groups add up."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.result import Frame, Result
from analysis.statistics import estimates as est
from analysis.statistics.distribution import GROUPINGS, MATERIAL_SHARE
from analysis.wording.groups import Group, groups_of, percent
from analysis.wording.numbers import capital, counted, listed, number, sentence, size

LARGEST_ROUNDING = 0.005
"""Currency a week: the groups of a party add up when they miss its effect by less than half a cent."""


def story(rows: Sequence[Group]) -> str:
    """Which groups of one grouping gain and which lose, without numbers; empty where no effect is distinguishable."""
    winners, losers = ([g for g in rows if g.sign == sign] for sign in (1, -1))
    parts = [f"{_named(side, rows)} {verb}" for side, verb in ((winners, "gain"), (losers, "lose")) if side]
    return ", ".join(parts)


def _named(side: Sequence[Group], rows: Sequence[Group]) -> str:
    """The groups of one side: by name if they are few, else how many of how many."""
    party, is_income = side[0].party, side[0].grouping == "income quintile"
    if len(side) == len(rows) and (len(rows) > 2 or party == "workers"):
        return f"all income groups of {party}" if is_income else f"all groups of {party}"
    if is_income and len(side) > 2:
        return f"{len(side)} of {len(rows)} income groups of {party}"
    if side[0].grouping in ("size", "activity") and not any(g.group == "new" for g in side):
        return f"{listed([g.title.lower() for g in side])} {party}"
    return listed([g.plural for g in side])


def stories(frame: Frame) -> list[str]:
    """The story of every party that has one; parties with gains and losses come first."""
    party_stories: list[tuple[bool, str]] = []
    for party, groupings in GROUPINGS.items():
        stories_of = [(rows, words) for name in groupings if (words := story(rows := groups_of(frame, party, name)))]
        if stories_of:
            rows, words = next((one for one in stories_of if _is_split(one[0])), stories_of[0])
            party_stories.append((not _is_split(rows), words))
    return [words for _, words in sorted(party_stories, key=lambda item: item[0])]


def finding(frame: Frame) -> str:
    """The one thing to remember, without numbers."""
    return capital("; ".join(stories(frame))) or "No effect on any group within a party is distinguishable from zero"


def _is_split(rows: Sequence[Group]) -> bool:
    return {1, -1} <= {g.sign for g in rows}


def sentences(frame: Frame, currency: str) -> list[str]:
    """One sentence a party: its first and last group with numbers, and the shares of agents who gain and who lose."""
    text = []
    for party, groupings in GROUPINGS.items():
        clauses = [words for name in groupings if (words := _ends(groups_of(frame, party, name), currency))]
        if not clauses:
            continue
        everybody = groups_of(frame, party, "all")
        shares = _shares(everybody[0]) if everybody else ""
        text.append(sentence("; ".join([*clauses, *([shares] if shares else [])])))
    return text


def _ends(rows: Sequence[Group], currency: str) -> str:
    """`the poorest fifth of consumers gains 0.21 [0.18, 0.24] yuan a week each, the richest fifth 0.45 [...]`."""
    clear = [g for g in rows if g.sign]
    if not clear:
        return ""
    shown = clear if len(clear) < 3 else [clear[0], clear[-1]]
    parts, text = [], 0
    for g in shown:
        verb = "" if g.sign == text else f" {g.verb('gain' if g.sign > 0 else 'lose')}"
        unit = f" {currency} a week each" if not parts else ""
        parts.append(f"{g.full if not parts else g.plural}{verb} {size(g.effect, g.low, g.high)}{unit}")
        text = g.sign
    return ", ".join(parts)


def _shares(everybody: Group) -> str:
    """`64% [48, 80] of consumers gain and 4% [3, 5] lose`; silent on a share whose interval reaches zero."""
    parts = []
    for verb, share in (("gain", everybody.gain), ("lose", everybody.lose)):
        if share[1] > 0:
            parts.append(f"{percent(*share)}{'' if parts else f' of {everybody.party}'} {verb}")
    return " and ".join(parts)


def accounting(result: Result, frame: Frame) -> str:
    """Whether the groups of every grouping add up to the party's effect among the estimates, in currency a week."""
    n_consumers = result.record.get("n_consumers")
    if not n_consumers or any(str(lever["key"]).startswith("population") for lever in result.levers):
        return ""
    scenario = frame["scenario"].iloc[0]
    effects = est.of_scenario(result.effects, scenario).set_index("metric")["effect"]
    missed, checked = [], []
    for party, groupings in GROUPINGS.items():
        if est.MONEY[party] not in effects or not groups_of(frame, party, "all"):
            continue
        opening = float(effects.get("merchant_opening_cost", 0.0)) if party == "merchants" else 0.0
        whole = (float(effects[est.MONEY[party]]) - opening) * int(n_consumers) / 1000.0
        checked.append(party)
        for name in ("all", *groupings):
            total = sum(g.total for g in groups_of(frame, party, name))
            if not math.isclose(total, whole, rel_tol=1e-9, abs_tol=LARGEST_ROUNDING):
                missed.append(f"{party} by {name}: {number(total, 2)} against {number(whole, 2)}")
                break
    if missed:
        return f"The groups do not add up to the effects on the parties above ({'; '.join(missed)} a week)."
    if not checked:
        return ""
    opening = " Merchants’ profit is here net of what owners spend on opening." if "merchants" in checked else ""
    return f"The groups of {listed(checked)} add up to the effects above, to the cent.{opening}"


def note(frame: Frame) -> str:
    """How to read the figure."""
    n = counted(int(frame["n_replicates"].max()), "paired replicate")
    return (
        f"Bars: means over {n}, money a week per agent. Whiskers: 95% intervals. Pale: not distinguishable from zero. "
        "An agent counts as gaining or losing if its money changes by more than "
        f"{100 * MATERIAL_SHARE:g}% of the average stake of similar agents; a few per cent on either side may be "
        "due to chance."
    )
