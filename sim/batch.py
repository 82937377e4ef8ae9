"""A scenario from the keywords of `mesa.batch_run` and other callers: a base, a seed and values that differ."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.errors import Problem, RefusedScenario
from sim.scenario import Scenario

NO_RULE = "none"


def asked(base: Any, rng: Any, values: Mapping[str, Any]) -> Scenario:
    """The scenario of a model: the base itself where nothing differs; raises RefusedScenario with every problem.

    `rng` is the seed, as Mesa calls it; the base's own if None.
    """
    if not isinstance(base, Scenario):
        why, todo = "an economy is built from a whole scenario", "compose one first, as docs/mesa.md shows"
        allowed = "a Scenario, and keywords for what differs from it"
        raise RefusedScenario([Problem(f"scenario={reprlib.repr(base)}", why, allowed, todo)])
    if rng is not None and values.get("seed", rng) != rng:
        problem = Problem(f"rng={rng} with seed={values['seed']}", "both are the seed", "one of them", "leave one out")
        raise RefusedScenario([problem])
    words = values if rng is None else {**values, "seed": rng}
    return changed(base, words) if words else base


def changed(base: Scenario, values: Mapping[str, Any]) -> Scenario:
    """A scenario with other values under dotted names; raises RefusedScenario with every problem.

    Rules of the base keep the week in which they start there; a `horizon.policy_week` moves only rules that the values
    add. `policy` may also be the name of a rule, names of several or "none": these rules only, at their defaults.
    Groups come first, whatever the order: a value under a longer name is not lost.
    """
    plain = base.to_dict()
    if problems := [_composed(key, value) for key, value in values.items() if is_word(key, value)]:
        raise RefusedScenario(problems)
    for key, value in sorted(values.items(), key=lambda item: item[0].count(".")):
        *steps, last = key.split(".")
        place = plain
        for step in steps:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                why, todo = f"{step} is a value, not a group of keys", "name a key that there is"
                raise RefusedScenario([Problem(f"{key}={value}", why, "the keys of the scenario", todo)])
        plainly = value.item() if isinstance(value, np.generic) else value
        place[last] = rules_of(plainly) if key == "policy" else plainly
    return Scenario.from_dict(plain)


def is_word(key: str, value: Any) -> bool:
    """Whether a whole group of a scenario is asked for by the name of a file."""
    return key in ("sector", "population", "platforms", "horizon") and isinstance(value, str)


def _composed(key: str, value: str) -> Problem:
    why, allowed = "files of configuration are not read here", f"values such as {key}.<name>, or a whole group of them"
    return Problem(f"{key}={value}", why, allowed, f"compose the scenario with {key}={value} first")


def rules_of(policy: Any) -> Any:
    """Names of rules as rules at their defaults; anything else as it is."""
    names = [policy] if isinstance(policy, str) else policy
    if not isinstance(names, list | tuple):
        return policy
    return {name: {} for name in names if name != NO_RULE}
