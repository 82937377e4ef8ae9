"""How an effect changes over the scenarios of a sweep, in words."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from analysis.result import Frame, Result, is_choice
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording import points
from analysis.wording.numbers import capital, counted, lever_value, listed, sentence, size, unit_text
from analysis.wording.parties import party_name

FEW = 3  # so many places are listed one by one
NAMED = ("value", "policy")  # kinds whose places have short names
NOWHERE = "is distinguishable from zero anywhere"


@dataclass(frozen=True)
class Pattern:
    """One metric over the scenarios: the estimates, each with the words for where it holds.

    `kind` is what one scenario is called: "value" of one lever, "policy" where rules are compared, "combination" of
    several levers, "point" where the combinations form no grid, or "scenario".
    """

    party: str
    title: str
    unit: str
    kind: str
    places: list[str]
    rows: list[Estimate]

    @functools.cached_property
    def signs(self) -> list[int]:
        """Signs that are claimed, corrected for the number of scenarios."""
        return est.claimed(self.rows)

    @property
    def at(self) -> str:
        """The preposition of several: at values, under policies, in combinations."""
        return {"value": "at", "point": "at", "policy": "under"}.get(self.kind, "in")

    @property
    def near(self) -> str:
        """The preposition of one: at a value, under a policy, with a combination."""
        return {"value": "at", "policy": "under"}.get(self.kind, "with")

    @property
    def moved(self) -> float:
        """All that is gained and lost over the scenarios, counting effects distinguishable from zero only."""
        return sum(abs(e.effect) for e, sign in zip(self.rows, self.signs, strict=True) if sign)

    def count(self, sign: int) -> int:
        """In how many scenarios this sign is claimed of the effect (0: none is)."""
        return self.signs.count(sign)

    def where(self, sign: int, *, is_later: bool = False) -> str:
        """`at every value tried`, `at 8% and 10%`, `from 8% to 15%`, `in 7 of 12 combinations`.

        With `is_later`, where the number of combinations has been said before: `in 5`.
        """
        chosen = [i for i, own in enumerate(self.signs) if own == sign]
        if not chosen:
            return "nowhere"
        if len(chosen) == len(self.rows):
            return f"{self.at} every {self.kind} tried"
        is_many = self.kind == "policy" and len(chosen) > FEW
        if self.kind not in NAMED or is_many:
            plural = "policies" if self.kind == "policy" else None
            return f"{self.at} {len(chosen)}{'' if is_later else f' of {counted(len(self.rows), self.kind, plural)}'}"
        names = [self.places[i] for i in chosen]
        is_run = chosen == list(range(chosen[0], chosen[-1] + 1))
        return f"from {names[0]} to {names[-1]}" if is_run and len(chosen) > FEW else f"{self.at} {listed(names)}"

    def peak(self, sign: int, *, with_place: bool = True) -> str:
        """`(390 [360, 420])`, or the largest of several estimates and where it is."""
        chosen = [i for i, own in enumerate(self.signs) if own == sign]
        best = max(chosen, key=lambda i: abs(self.rows[i].effect))
        numbers = size(self.rows[best].effect, self.rows[best].low, self.rows[best].high)
        what = "" if len(chosen) == 1 else "largest estimate "
        if not with_place or (len(chosen) == 1 and self.kind in NAMED):
            return f"({what}{numbers})"
        return f"({what}{numbers} {self.near} {self.places[best]})"

    def clauses(self, up: str, down: str, *, numbers: bool, with_place: bool = True) -> list[str]:
        """`gain at 8% and 10% (largest estimate 412 [380, 444] at 8%)`, one clause a direction."""
        parts = []
        for sign, verb in ((1, up), (-1, down)):
            if self.count(sign):
                peak = f" {self.peak(sign, with_place=with_place)}" if numbers else ""
                parts.append(f"{verb} {self.where(sign, is_later=bool(parts))}{peak}")
        return parts

    def story(self) -> str:
        """The clauses without sizes; `{s}` is the ending of the verb."""
        return " and ".join(self.clauses("gain{s}", "lose{s}", numbers=False))


def _places(effects: Frame, result: Result) -> tuple[list[int], list[str], str]:
    """Scenarios in the order of the lever, the words for each, and what one of them is called."""
    labels = dict(est.scenarios(effects))
    if len(result.levers) == 1 and is_choice(result.levers[0]):
        places = [words[:1].lower() + words[1:] for words in labels.values()]
        return list(labels), places, "policy" if result.levers[0]["key"] == "rules" else "scenario"
    if len(result.levers) == 1:
        lever = result.levers[0]
        values = effects.drop_duplicates("scenario").set_index("scenario")[lever["key"]].sort_values()
        if values.is_unique and values.notna().all():
            unit = str(lever["unit"])
            return [int(i) for i in values.index], [lever_value(float(v), unit) for v in values], "value"
    several = "combination" if points.shape(result) == points.GRID else "point"
    return list(labels), list(labels.values()), several if len(result.levers) > 1 else "scenario"


def of_metric(result: Result, metric: str) -> Pattern | None:
    """The pattern of one metric, or None if it was not recorded."""
    rows = result.effects[(result.effects["metric"] == metric) & result.effects["effect"].notna()]
    by_scenario = {int(n): e for n, e in zip(rows["scenario"], est.estimates(rows), strict=True)}
    numbers, places, kind = _places(result.effects, result)
    kept = [(place, by_scenario[n]) for n, place in zip(numbers, places, strict=True) if n in by_scenario]
    if not kept:
        return None
    first = kept[0][1]
    return Pattern(first.party, first.title, first.unit, kind, [p for p, _ in kept], [e for _, e in kept])


def by_party(result: Result) -> list[Pattern]:
    """The parties' money, in the usual order of the parties."""
    patterns = [of_metric(result, est.MONEY[party]) for party in est.PARTIES]
    return [pattern for pattern in patterns if pattern]


def most_moved(patterns: list[Pattern]) -> list[Pattern]:
    """Patterns by the size of their largest effect that is distinguishable from zero."""
    return sorted(patterns, key=_largest_claimed, reverse=True)


def _largest_claimed(pattern: Pattern) -> float:
    return max((abs(e.effect) for e, sign in zip(pattern.rows, pattern.signs, strict=True) if sign), default=0.0)


def whole_clause(pattern: Pattern) -> str:
    """What a sweep does to the total, and where it is best: `total welfare falls at every value, least at 11%`."""
    if not any(pattern.signs):
        return f"no effect on total welfare {NOWHERE}"
    best = max(range(len(pattern.rows)), key=lambda i: pattern.rows[i].effect)
    e, sign = pattern.rows[best], pattern.signs[best]
    text = " and ".join(pattern.clauses("rises", "falls", numbers=False))
    numbers = f"{size(e.effect, e.low, e.high)} {unit_text(e.unit)}"
    if sign > 0:
        return f"total welfare {text}, most {pattern.near} {pattern.places[best]} (by {numbers})"
    if pattern.count(-1) == len(pattern.rows):
        return f"total welfare {text}, least {pattern.near} {pattern.places[best]} (by {numbers})"
    return f"total welfare {text}"


def pattern_sentence(
    pattern: Pattern, up: str = "gain", down: str = "lose", *, numbers: bool = True, with_place: bool = True
) -> str:
    """One party's gains and losses over the sweep."""
    name = party_name(pattern.party)
    s = "s" if pattern.party in ("state", "welfare") else ""
    parts = pattern.clauses(f"{up}{s}", f"{down}{s}", numbers=numbers, with_place=with_place)
    if not parts:
        return sentence(f"no effect on {name} {NOWHERE}")
    where = "under the others" if pattern.kind == "policy" else pattern.where(0, is_later=True)
    rest = f"; none distinguishable from zero {where}"
    return sentence(f"{name} {' and '.join(parts)}{rest if pattern.count(0) and numbers else ''}")


def who_across(patterns: list[Pattern]) -> str:
    """Who gains and who loses where in the sweep, without sizes; of combinations the largest effects first."""
    if not any(e.has_interval for p in patterns for e in p.rows):
        return est.NO_INTERVAL
    groups: dict[str, list[str]] = {}
    by_size = bool(patterns) and patterns[0].kind not in NAMED
    for pattern in sorted(patterns, key=lambda p: -p.moved) if by_size else patterns:
        groups.setdefault(pattern.story(), []).append(pattern.party)
    silent = groups.pop("", [])
    if not groups:
        return f"No effect on any party {NOWHERE}"
    parts = []
    for story in sorted(groups, key=lambda words: not by_size and words.startswith("lose")):
        s = "s" if groups[story] == ["state"] else ""
        parts.append(f"{listed([party_name(p) for p in groups[story]])} {story.replace('{s}', s)}")
    if silent:
        parts.append(f"no effect on {listed([party_name(p) for p in silent], 'or')} {NOWHERE}")
    of_all = f" of {counted(len(patterns[0].rows), patterns[0].kind)}"
    first, text, later = "; ".join(parts).partition(of_all)
    return capital(first + text + later.replace(of_all, ""))
