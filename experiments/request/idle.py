"""Rules that have nothing to act on in a market, or nobody to bind: refused before the run, or said beside others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.wording.numbers import counted, listed
from sim.errors import Problem
from sim.parameters import Sector
from sim.policy.instrument import AbstractInstrument
from sim.rules.hooks import Hook
from sim.scenario import Scenario

OF_MERCHANTS = frozenset({Hook.MERCHANT_TERMS, Hook.RANKING_TERMS, Hook.TAX_TERMS})
OF_WORKERS = frozenset({Hook.WORKER_TERMS, Hook.INSURANCE_TERMS})
OF_RULES = frozenset({Hook.SUPERVISION, Hook.SCOPE})
"""Hooks at which a rule acts on merchants, on workers, and on how other rules are enforced."""


def why_idle(rule: AbstractInstrument, sector: Sector, others: Iterable[AbstractInstrument]) -> str:
    """Why a rule can change nothing in this market; empty where it can."""
    if rule.hook in OF_MERCHANTS and not sector.merchants.n_per_zone:
        return "no merchants sell on these platforms, and it acts on what they pay or how they are shown"
    if rule.hook in OF_WORKERS and not sector.workers.n_per_zone:
        return "no workers are paid by these platforms, and it acts on what they are owed"
    if rule.hook is Hook.PRACTICES and not sector.practices_here & set(rule.practices):
        named = listed([practice.label.replace("_", " ") for practice in rule.practices], "or")
        return f"no platform here does what it forbids: {named}"
    if rule.hook in OF_RULES and all(other.hook in OF_RULES for other in others):
        return "it changes how far other rules bind and are enforced, and there is no other rule"
    return ""


def why_unbound(rule: AbstractInstrument, n_zones: int) -> str:
    """Why a pilot binds nobody in a population of so many zones; empty where it binds somebody."""
    if rule.zones_share == 1.0 or round(rule.zones_share * n_zones):
        return ""
    return f"so small a share of {counted(n_zones, 'zone')} is no zone, so that it binds nobody"


def problems_of(scenarios: Iterable[Scenario]) -> list[Problem]:
    """Pilots without a zone; and where no scenario has a rule with something to act on, every rule and why."""
    problems: dict[str, Problem] = {}
    idle: dict[str, Problem] = {}
    acts = False
    for scenario in scenarios:
        zones = scenario.population.n_zones
        for name, rule in scenario.policy.items():
            if why := why_unbound(rule, zones):
                asked, allowed = f"policy.{name}.zones_share", _smallest(zones)
                todo = "raise zones_share, or choose a population with more zones, such as population=city"
                problems[name] = Problem(asked, why, allowed, todo)
            why = why_idle(rule, scenario.sector, scenario.policy.values())
            acts = acts or not why or not rule.is_on
            if why:
                todo = f"add a rule that acts, such as policy=[{_example(scenario, rule)},{name}]"
                asked = f"policy={name} in {scenario.sector.name}"
                idle[asked] = Problem(asked, why, "rules with something to act on: platform-lab list instruments", todo)
    return [*problems.values(), *([] if acts else idle.values())]


def notes_of(scenarios: Iterable[Scenario]) -> list[str]:
    """A sentence a market about rules that have nothing to act on beside others that do."""
    by_market: dict[str, dict[str, str]] = {}
    for scenario in scenarios:
        for rule in scenario.policy.values():
            if why := why_idle(rule, scenario.sector, scenario.policy.values()):
                by_market.setdefault(scenario.sector.title, {})[rule.title.lower()] = why
    return [
        f"{market}: nothing to act on for {listed([f'{name} ({why})' for name, why in rules.items()])}."
        for market, rules in by_market.items()
    ]


def notes_of_pilots(scenario: Scenario, asked: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Where a pilot covers another share of zones than was asked, since it covers whole ones."""
    n, found = scenario.population.n_zones, []
    for name, rule in scenario.policy.items():
        share = asked.get(name, {}).get("zones_share", 1.0)
        if isinstance(share, int | float) and abs(share - rule.zones_share) > 1e-9:
            covered = round(rule.zones_share * n)
            found.append(f"policy.{name}.zones_share={share:g}: a pilot covers whole zones, here {covered} of {n}.")
    return found


def _smallest(n_zones: int) -> str:
    return "1 (all zones)" if n_zones == 1 else f"{1 / n_zones:g}, which is one zone, to 1"


def _example(scenario: Scenario, rule: AbstractInstrument) -> str:
    """A rule that acts in this market: one that the rule works beside, where it names some."""
    named = list(rule.beside) if rule.hook in OF_RULES else []
    return named[0] if named else "data_limit" if "data_limit" not in scenario.policy else "personal_pricing_ban"
