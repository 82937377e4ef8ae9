"""The policy under several strategies of platforms: which are tried, and what is refused.

Nobody knows how platforms will answer a rule. With uncertainty=strategies the same policy is run under each strategy
with the same luck, every one against its own run without the policy, so that it can be seen which conclusions do not
depend on the answer.
"""

from __future__ import annotations

import dataclasses

from experiments.request.request import Request
from sim.agents.strategies import STRATEGIES
from sim.errors import Problem, RefusedScenario
from sim.scenario import Scenario
from sim.strict import nearest

LEARNERS = ("q_learning",)
"""Strategies that must be taught before a run: never tried unless they are named."""


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
    """Raise `RefusedScenario` with everything about strategies that cannot be."""
    named, found = request.asking.uncertainty.strategies, []
    if named is not None and not is_asked(request):
        why, todo = "one strategy is tried, that of platforms", "add uncertainty=strategies, or leave it out"
        found.append(Problem(f"uncertainty.strategies={named}", why, "with uncertainty=strategies", todo))
    if is_asked(request):
        found += _conflicts_of(chosen(request), request)
    for key in ("assumptions", "seeds_per_draw") if request.asking.uncertainty.over != "assumptions" else ():
        if (value := getattr(request.asking.uncertainty, key)) is not None:
            asked, todo = f"uncertainty.{key}={value}", "add uncertainty=assumptions"
            found.append(Problem(asked, "no assumption is drawn", "with uncertainty=assumptions", todo))
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
        asked, why = f"uncertainty.strategies=[{', '.join(names)}]", "one strategy has none to be compared with"
        found.append(Problem(asked, why, f"two or more of {', '.join(allowed)}", "name another one"))
    swept = [key for key in request.levers if key in ("platforms", "platforms.strategy", "platforms.sees_rules")]
    for key in swept:
        why, todo = "uncertainty=strategies tries several strategies by itself", "leave one of the two out"
        found.append(Problem(f"a sweep over {key}", why, "one of the two", todo))
    if not swept and not all(scenario.platforms.sees_rules for scenario in request.scenarios):
        why, todo = "platforms that do not see rules cannot answer them", "leave platforms.sees_rules out"
        found.append(Problem("platforms.sees_rules=false", why, "true with uncertainty=strategies", todo))
    return found
