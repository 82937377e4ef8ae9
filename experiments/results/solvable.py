"""Whether platforms can reason about the market that is asked: found out before anything runs, not in every run."""

from __future__ import annotations

from experiments.request.request import Request
from experiments.results import forecast
from sim.errors import Problem, RefusedScenario
from sim.forecast.equilibrium import equilibrium_of
from sim.scenario import Scenario

MOST_CHECKED = 4
"""Different markets of a request that are looked at; a sweep over a market's numbers has thousands."""
LARGER = (2, 4, 8, 16, 32)
"""Zones so many times as large are tried where those asked for are too small."""


def refuse_unsolvable(request: Request) -> None:
    """Raise `RefusedScenario` where the observed decisions of platforms are no equilibrium in a market of this size."""
    markets: dict[tuple[int, float, float, float], Scenario] = {}
    for scenario in request.scenarios:
        if scenario.platforms.answers_rules:
            markets.setdefault(_key(scenario), scenario)
    for scenario in list(markets.values())[:MOST_CHECKED]:
        forecast.choose_kernels(request.asking.runner, scenario)
        try:
            _solve(scenario)
        except RefusedScenario as refused:
            raise RefusedScenario([_with_size(problem, scenario) for problem in refused.problems]) from None


def _key(scenario: Scenario) -> tuple[int, float, float, float]:
    conduct = scenario.platforms
    return id(scenario.sector), _zone_size(scenario), conduct.adjustment_cost, conduct.value_curvature


def _zone_size(scenario: Scenario) -> float:
    return scenario.population.n_consumers / scenario.population.n_zones


def _solve(scenario: Scenario, times: int = 1) -> None:
    conduct = scenario.platforms
    equilibrium_of(scenario.sector, times * _zone_size(scenario), conduct.adjustment_cost, conduct.value_curvature)


def _with_size(problem: Problem, scenario: Scenario) -> Problem:
    """The problem with the smallest population, of those tried, in which platforms can reason."""
    for times in LARGER:
        try:
            _solve(scenario, times)
        except RefusedScenario:
            continue
        n = times * scenario.population.n_consumers
        size = f"{times * _zone_size(scenario):,.0f} consumers a zone"
        todo = f"set population.n_consumers={n} (found by doubling), or platforms=fixed"
        return Problem(problem.asked, f"{problem.why}, with {_zone_size(scenario):,.0f} consumers a zone", size, todo)
    return problem
