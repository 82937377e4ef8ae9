"""The policy under several strategies of platforms: which are tried, and what is refused.

How platforms will respond to a rule is uncertain. With uncertainty=strategies the same policy is run under each
strategy with the same random draws, and compared with a run without the policy under the same strategy. This shows
which conclusions do not depend on how platforms respond.
"""

from __future__ import annotations

import dataclasses

from experiments.request.request import Request
from sim.agents.strategies import STRATEGIES
from sim.errors import Problem, RefusedScenario
from sim.scenario import Scenario
from sim.strict import nearest

LEARNERS = ("q_learning",)
"""Strategies that are trained before a run: tried only where they are named."""


def is_asked(request: Request) -> bool:
    """Whether the policy is tried under several strategies."""
    return request.asking.uncertainty.over == "strategies"


def chosen(request: Request) -> list[str]:
    """Strategies that are tried, in the order of the code or as named."""
    return list(request.asking.uncertainty.strategies or [name for name in STRATEGIES if name not in LEARNERS])


def variants(scenario: Scenario, request: Request) -> list[Scenario]:
    """The scenario under every strategy that is tried; its own first, or else the first one named."""
    if not is_asked(request):
        return [scenario]
    names, own = chosen(request), scenario.platforms.strategy
    ordered = [own, *(name for name in names if name != own)] if own in names else names
    return [
        dataclasses.replace(scenario, platforms=dataclasses.replace(scenario.platforms, strategy=n)) for n in ordered
    ]


def headlines(request: Request) -> list[str]:
    """Strategies under which a request's effects are reported first; one, unless they are swept."""
    return list(dict.fromkeys(variants(one, request)[0].platforms.strategy for one in request.scenarios))


def refuse_conflicts(request: Request) -> None:
    """Raise `RefusedScenario` with every conflict about strategies."""
    named, found = request.asking.uncertainty.strategies, []
    if named is not None and not is_asked(request):
        why, todo = "only the strategy of platforms=... is tried", "add uncertainty=strategies, or leave it out"
        found.append(Problem(f"uncertainty.strategies={named}", why, "with uncertainty=strategies", todo))
    if is_asked(request):
        found += _conflicts_of(chosen(request), request)
    for key in ("assumptions", "seeds_per_draw") if request.asking.uncertainty.over != "assumptions" else ():
        if (value := getattr(request.asking.uncertainty, key)) is not None:
            asked, todo = f"uncertainty.{key}={value}", "add uncertainty=assumptions"
            found.append(Problem(asked, "no assumptions are drawn", "with uncertainty=assumptions", todo))
    if found:
        raise RefusedScenario(found)


def _conflicts_of(names: list[str], request: Request) -> list[Problem]:
    found, allowed = [], list(STRATEGIES)
    for name in dict.fromkeys(names):
        if name not in allowed:
            asked, why = f"uncertainty.strategies={name}", "there is no such strategy"
            found.append(Problem(asked, why, ", ".join(allowed), nearest(name, allowed)))
        if names.count(name) > 1:
            asked, why = f"uncertainty.strategies={name}", "it is named twice"
            found.append(Problem(asked, why, "each strategy once", "name it once"))
    if len(names) < 2 and not found:
        asked, why = f"uncertainty.strategies=[{', '.join(names)}]", "there is nothing to compare one strategy with"
        found.append(Problem(asked, why, f"two or more of {', '.join(allowed)}", "name a second one"))
    swept = [key for key in request.levers if key in ("platforms", "platforms.strategy", "platforms.sees_rules")]
    for key in swept:
        why, todo = "uncertainty=strategies already tries several strategies", "leave one of the two out"
        found.append(Problem(f"a sweep over {key}", why, "one of the two", todo))
    if not swept and not all(scenario.platforms.sees_rules for scenario in request.scenarios):
        why, todo = "platforms that do not see rules cannot respond to them", "leave platforms.sees_rules out"
        found.append(Problem("platforms.sees_rules=false", why, "true with uncertainty=strategies", todo))
    return found
