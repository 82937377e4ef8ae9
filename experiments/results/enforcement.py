"""What the rules of a scenario ask of platforms, and how they are enforced, point by point."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.statistics import funnel
from analysis.statistics.effects import Interval
from experiments.running.plan import Point
from sim.parameters import Practice
from sim.policy.instrument import AbstractInstrument
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.infringements import INFRINGEMENTS
from sim.scenario import Scenario

ASKING = frozenset(infringement.hook for infringement in INFRINGEMENTS)
"""Hooks at which rules ask something of a platform that it may fail to do."""


def table(point: Point, with_policy: list[Any], interval: Interval) -> Any:
    """The funnel of a point as a frame; None where no rule asks anything of platforms."""
    rules, sector = asking(point.scenario), point.scenario.sector
    if not rules:
        return None
    asked = asked_of_practices(rules, [name.upper() for name in sector.practices.effects])
    return funnel.funnel(
        with_policy, point.scenario.first_policy_week, len(sector.platforms), asked, interval, sector.currency
    )


def asking(scenario: Scenario) -> list[AbstractInstrument]:
    """Rules that a platform may break."""
    return [rule for rule in scenario.policy.values() if rule.is_on and rule.hook in ASKING]


def asked_of_practices(rules: list[AbstractInstrument], known: list[str]) -> dict[str, float]:
    """What rules, whole in force, leave of every practice that any of them is about, by the name of its metric."""
    terms = PracticeTerms(np.zeros(len(Practice), np.int64), np.array(list(Practice)), np.ones(len(Practice)))
    about = [rule for rule in rules if rule.hook is Hook.PRACTICES]
    for rule in about:
        rule.apply(terms)
    named = {practice for rule in about for practice in rule.practices if practice.name in known}
    return {f"{funnel.PRACTICE}{one.label}": float(terms.intensity[int(one)]) for one in Practice if one in named}
