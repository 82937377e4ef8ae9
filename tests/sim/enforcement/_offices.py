"""Departments at work on platforms that break rules as far as a test tells them to; towns whose platforms choose."""

import dataclasses
from typing import Any

import numpy as np

from sim.model import PlatformEconomy
from sim.parameters import Practice
from sim.rules.infringements import INFRINGEMENTS, N_INFRINGEMENTS
from sim.scenario import Scenario
from sim.world import World
from tests.economies import asked, economy_after, phase, put
from tests.sim.forecast._markets import sector_of

DEPARTMENTS = ("market_regulation", "cyberspace_and_data", "finance", "labour", "tax", "transport")
ALL_RICH = {
    f"departments.{name}.{what}": money
    for name in DEPARTMENTS
    for what, money in (("budget", 1e9), ("staff_cost", 1e4))
}
"""Numbers with which every department can visit every platform every week."""
SURE = {"enforcement.detection": 1.0, "enforcement.case_weeks": 1, "enforcement.false_alarm": 0.0}
"""Every breach that is looked at is proven, and decided a week later."""
BAN = {"exclusivity_ban": {}}
"""One rule about one practice."""


def at(practice: Practice) -> int:
    """Column of a practice among matters."""
    return next(i for i, infringement in enumerate(INFRINGEMENTS) if infringement.practice is practice)


def offices(policy: dict[str, Any], weeks: int = 3, **numbers: Any) -> PlatformEconomy:
    """A small economy of platforms that keep their levers, after some weeks under a policy."""
    found = {**ALL_RICH, **SURE, **{name.replace("__", "."): value for name, value in numbers.items()}}
    return economy_after(weeks, n_weeks=400, policy_week=1, policy=policy, numbers=found)


def table(world: World, name: str) -> np.ndarray:
    """A column of cases by platform and matter: a view."""
    return getattr(world.cases, name).reshape(world.n_platforms, N_INFRINGEMENTS)


def breach(world: World, practice: Practice, much: float = 1.0, platforms: Any = slice(None)) -> None:
    """Let platforms break the rules about a practice."""
    table(world, "breach")[platforms, at(practice)] = much


def work(model: PlatformEconomy, weeks: int = 1) -> None:
    """Let departments work for some weeks in which nothing else happens; the books close."""
    for _ in range(weeks):
        model.world.week += 1
        for name in ("open_books", "let_regulators_act", "close_books"):
            phase(model, name)


def counts(world: World) -> tuple[int, int, int, int]:
    """True and false positives, false and true negatives of a week."""
    names = ("true_positives", "false_positives", "false_negatives", "true_negatives")
    tp, fp, fn, tn = (int(getattr(world.departments, f"n_{name}").sum()) for name in names)
    return tp, fp, fn, tn


def town_asked(policy: dict[str, Any], weeks: int, conduct: dict[str, Any], numbers: dict[str, Any]) -> Scenario:
    """A town of the sector file whose platforms weigh what a breach earns against what it risks."""
    plain = asked(10_000, n_weeks=weeks, policy_week=3, policy=policy, seed=3)
    sector = dataclasses.asdict(sector_of("food_delivery"))
    for path, value in numbers.items():
        put(sector, path, value)
    return Scenario.from_dict({**plain, "sector": sector, "platforms": {"strategy": "gradient", **conduct}})


def town(
    policy: dict[str, Any],
    weeks: int = 16,
    *,
    conduct: dict[str, Any] | None = None,
    until: int | None = None,
    **numbers: Any,
) -> PlatformEconomy:
    """Such a town at the end of its weeks, or before."""
    found = {name.replace("__", "."): value for name, value in numbers.items()}
    model = PlatformEconomy(town_asked(policy, weeks, conduct or {}, found), kernels="plain")
    while model.world.week < (until or weeks):
        model.step()
    return model
