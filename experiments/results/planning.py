"""Plan: what a request asks to be run, how often, and where its answer will lie."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.request import labels, refusals, strategies
from experiments.request.request import Request
from experiments.results import stopping
from experiments.running import plan
from experiments.running.plan import Point
from experiments.storage import places
from sim.errors import Problem, RefusedScenario
from sim.scenario import Scenario

Say = Callable[[str], None]
"""Tells the user something: `print`, or nothing at all."""
MOST_WITH_AGENTS = 400
"""Runs up to which every agent's outcome is kept where nobody says: 60 kB a run of a town, ten times that of a city."""


@dataclass(frozen=True)
class Plan:
    """The runs that a request needs, and the address of its answer."""

    verb: str
    request: Request
    """With as many replicates as its precision takes."""
    precision: dict[str, Any] | None
    """What precision was asked for and what was reached; None where none was."""
    points: list[Point]
    runs: dict[str, Scenario]
    """By name; one that several pairs share once."""
    digest: str
    folder: Path


def planned(verb: str, request: Request, say: Say) -> Plan:
    """What is to be run; a request for a precision runs replicates until it is reached, to know how many it takes."""
    asked_besides = stopping.asked_besides(request)
    request, precision = stopping.settle(request, say)
    points = plan.of_request(request)
    runs = plan.runs_of(points)
    digest = digest_of(runs, asked_besides)
    return Plan(verb, request, precision, points, runs, digest, folder_of(verb, request, digest))


def digest_of(runs: Iterable[str], asked_besides: str) -> str:
    """Address of an answer: the names of its runs, and what was asked of them besides."""
    return hashlib.sha256("".join([*sorted(runs), asked_besides]).encode()).hexdigest()


def folder_of(verb: str, request: Request, digest: str) -> Path:
    """Where the answer to a request lies, or will."""
    return places.result_folder(verb, request.asking.name or labels.default_name(request), digest)


def keeps_agents(request: Request, n_runs: int) -> bool:
    """Whether every agent's outcome is kept."""
    asked = request.asking.agents
    return n_runs <= MOST_WITH_AGENTS if asked is None else asked


def say_whether_agents_are_kept(request: Request, n_runs: int, say: Say) -> None:
    """Tell the user what a large request leaves out, and what would keep it."""
    if request.asking.agents is None and n_runs > MOST_WITH_AGENTS:
        say(f"Who gains within each party is left out: {n_runs:,} runs would keep every agent. agents=true keeps them.")


def refuse_conflicts(verb: str, request: Request) -> None:
    """Raise `RefusedScenario` for what leaves no effects, or does not fit the verb."""
    refuse_no_policy(verb, request)
    refusals.refuse_snapshots(request, verb)
    strategies.refuse_conflicts(request)
    if verb != "compare":
        stopping.refuse_elsewhere(request, verb)
    stopping.refuse_conflicts(request)
    _refuse_currencies(request)
    _refuse_unknown_outcomes(request)


def refuse_no_policy(verb: str, request: Request) -> None:
    """Raise `RefusedScenario` where a scenario has no rule whose effect could be asked about."""
    if all(scenario.policy for scenario in request.scenarios):
        return
    todo = "add policy=commission_cap, or see platform-lab list instruments"
    problem = Problem(f"{verb} without a policy", "there is no effect without a rule", "policy=[...]", todo)
    raise RefusedScenario([problem])


def _refuse_currencies(request: Request) -> None:
    """Raise `RefusedScenario` for money in two currencies: no table adds it up and no axis holds it."""
    markets = {scenario.sector.name: scenario.sector.currency for scenario in request.scenarios}
    if len(set(markets.values())) > 1:
        asked = ", ".join(f"{name} in {currency}" for name, currency in markets.items())
        todo = f"ask once for every currency, first sector={next(iter(markets))}, and compare shares and per cents"
        why = "money of two currencies shares no table and no axis"
        raise RefusedScenario([Problem(f"markets with {asked}", why, "markets of one currency", todo)])


def _refuse_unknown_outcomes(request: Request) -> None:
    from sim.metrics.registry import REGISTRY
    from sim.strict import nearest

    unknown = [name for name in request.asking.outcomes or () if name not in REGISTRY]
    if unknown:
        allowed, why = f"{len(REGISTRY)} metrics, see platform-lab list metrics", "there is no such metric"
        raise RefusedScenario([Problem(f"outcomes={n}", why, allowed, nearest(n, list(REGISTRY))) for n in unknown])
