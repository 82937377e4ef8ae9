"""What a request and its rules are called: name, title, question, labels of its points, levers and caveats."""

from __future__ import annotations

import functools
import math
from typing import Any

from analysis.wording.numbers import capital, listed, uncapital
from experiments.request import naming, policy_names
from experiments.request.parameters import Declaration, parameter
from experiments.request.request import Request
from sim.parameters import Sector
from sim.policy.instrument import PENALTIES, AbstractInstrument

MOST_NAMED = 6
"""Rules up to which a title names each."""
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
PARTIES = "consumers, merchants, workers and platforms"
RULES = "rules"
"""The column of effects that names the rules of a point, where several policies are compared."""


def together(titles: list[str]) -> str:
    """`Commission cap`, `Commission cap and data limit`; from three rules on `Three rules together`."""
    if len(titles) < 3:
        return _in_full(tuple(titles)) or "No policy"
    return f"{capital(_count(len(titles)))} rules together"


def _count(n: int) -> str:
    return COUNTS[n] if n < len(COUNTS) else str(n)


def all_rules(request: Request) -> dict[str, AbstractInstrument]:
    """Every rule of any point, as it is where it comes first."""
    found: dict[str, AbstractInstrument] = {}
    for scenario in request.scenarios:
        found = {**scenario.policy, **found}
    return {name: found[name] for name in dict.fromkeys(n for s in request.scenarios for n in s.policy)}


def _has_policies(request: Request) -> bool:
    return len(request.levers.get("policy", [])) > 1


def default_name(request: Request) -> str:
    """Name of a result nobody named: its rules, or how many they are, and its population."""
    rules, population = list(all_rules(request)), request.scenarios[0].population.name
    own = (
        policy_names.chosen(request.policy)
        if policy_names.named(request.policy) and not _has_policies(request)
        else rules
    )
    name = f"{'-'.join(own) or 'no_policy'}-{population}"
    return name if not naming.fault_of(name) else f"{len(rules)}_rules-{population}"


def default_title(request: Request) -> str:
    """Title of a result nobody titled."""
    titles = [rule.title for rule in all_rules(request).values()]
    if _has_policies(request):
        named = list(dict.fromkeys(uncapital(words) for words in policies_named(request)))
        return f"{capital(_count(len(named)))} policies compared{_naming(named)}"
    markets = listed(list(dict.fromkeys(scenario.sector.title for scenario in request.scenarios)))
    if titles and (regime := policy_names.named(request.policy, in_full=True)):
        return f"{regime}: {markets}"
    if len(titles) > 2:
        return f"{together(titles)}{_naming([uncapital(title) for title in titles])}"
    return f"{together(titles)}: {markets}"


def _naming(words: list[str]) -> str:
    return f": {listed(words)}" if len(words) <= MOST_NAMED else ""


def default_question(request: Request) -> str:
    """Question of a result nobody worded: the rules with the parameters that are not swept, unless they are many."""
    found = all_rules(request)
    if not found:
        return "What happens in this market?"
    if _has_policies(request):
        return f"What does each of them do to {PARTIES}, and what do they do together?"
    if len(found) > 2:
        them = f"its {_count(len(found))} rules" if policy_names.named(request.policy) else "they"
        return f"What do {them} do together to {PARTIES}?"
    named = [_with_values(name, rule, request) for name, rule in found.items()]
    whole = listed([named[0], *map(uncapital, named[1:])])
    return f"{whole}: what {'does it do' if len(named) == 1 else 'do they do together'} to {PARTIES}?"


def _with_values(name: str, rule: AbstractInstrument, request: Request) -> str:
    sector, usual = request.scenarios[0].sector, type(rule)()
    values = [
        _worded(parameter(f"policy.{name}.{key}", sector), getattr(rule, key))
        for key in rule.parameters()
        if f"policy.{name}.{key}" not in request.levers
        and not (key in PENALTIES and getattr(rule, key) == getattr(usual, key))
    ]
    sentence = ", ".join(filter(None, values))
    return rule.title + (f" ({sentence})" if sentence else "")


def _worded(about: Declaration, value: Any) -> str:
    words = uncapital(about.label)
    if isinstance(value, bool):
        return words if value else ""
    if not about.is_number:
        return f"{words} {value}"
    if about.unit.startswith("share"):
        return f"{words} {100 * value:g}%"
    unit = "" if about.unit in ("-", "ratio") else about.unit
    sentence = f"{value:,.0f}" if value >= 10_000 and float(value).is_integer() else f"{value:g}"
    return f"{words} {sentence} {unit}".strip()


def policies_named(request: Request) -> list[str]:
    """What the rules of every point are called: by their regime where one was chosen, else by their titles.

    Three rules or more by their number, unless that is not unique.
    """
    names = [tuple(rule.title for rule in scenario.policy.values()) for scenario in request.scenarios]
    n_all = len(all_rules(request))
    short = {own: together(list(own)) for own in names}
    for own in short:
        if len(short) > 1 and len(own) == n_all > 2:
            short[own] = f"All {uncapital(short[own])}"
    plain = [short[own] if list(short.values()).count(short[own]) == 1 else _in_full(own) for own in names]
    typed = [policy_names.named(str(point.get("policy", request.policy))) for point in request.points]
    return [regime if own and regime else words for regime, own, words in zip(typed, names, plain, strict=True)]


def policies_in_full(request: Request) -> dict[str, str]:
    """What regimes are called in a table, by what they are called in a sentence."""
    typed = [str(point.get("policy", request.policy)) for point in request.points]
    return {
        policy_names.named(text): policy_names.named(text, in_full=True) for text in typed if policy_names.named(text)
    }


def _in_full(titles: tuple[str, ...]) -> str:
    return listed([*titles[:1], *map(uncapital, titles[1:])])


def labels(request: Request) -> list[str]:
    """What every point of a request is called: its rules where policies are compared, and the values swept."""
    found = []
    for point, rules in zip(request.points, policies_named(request), strict=True):
        parts = [
            rules if key == "policy" else f"{uncapital(parameter(key).label)} {_worded_value(key, value)}"
            for key, value in point.items()
        ]
        found.append(", ".join(parts) or rules)
    return found


def lever_values(request: Request) -> list[dict[str, Any]]:
    """Value of every lever, one entry a point: the columns that tell the rows of a sweep apart."""
    named = policies_named(request)
    return [
        {column_of(key): words if key == "policy" else value for key, value in point.items()}
        for point, words in zip(request.points, named, strict=True)
    ]


def column_of(key: str) -> str:
    """Column of a lever among the effects, where `policy` is already the level under the policy."""
    return RULES if key == "policy" else key


def _worded_value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, float):
        return str(value)
    is_share = _is_share(key)
    scaled = 100 * value if is_share else value
    is_chosen = math.isclose(float(f"{scaled:g}"), scaled, rel_tol=1e-9)
    drawn = f"{scaled:.3g}" if abs(scaled) < 1000 else f"{scaled:.0f}"
    return (f"{scaled:g}" if is_chosen else drawn) + ("%" if is_share else "")


@functools.cache
def _is_share(key: str) -> bool:
    return parameter(key).unit.startswith("share")


def levers(request: Request) -> list[dict[str, Any]]:
    """Every swept key with title, unit, values and role."""
    sector = request.scenarios[0].sector
    found: list[dict[str, Any]] = [
        lever_of(key, values, sector) | {"role": request.roles.get(key)} for key, values in request.levers.items()
    ]
    for lever in found:
        lever["unit"] = "" if lever["unit"] == "-" or lever["unit"] in lever["title"].lower() else lever["unit"]
        if lever["key"] == RULES:
            lever["values"] = list(dict.fromkeys(policies_named(request)))
    return found


def lever_of(key: str, values: list[Any], sector: Sector | None = None) -> dict[str, Any]:
    """Title and unit of a swept key."""
    about = parameter(key, sector)
    title, unit = (RULES.capitalize(), "") if key == "policy" else (about.title, about.unit)
    return {"key": column_of(key), "title": title, "unit": unit, "values": values}
