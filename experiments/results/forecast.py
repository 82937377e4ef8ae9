"""Forecasts of a request's policy by the mean-field model: what is refused, the command, and the table."""

from __future__ import annotations

import shlex
from typing import Any

from experiments.request.refusals import COMPARE
from experiments.request.request import Request, Runner
from sim.errors import Problem, RefusedScenario
from sim.forecast.long_run import REVIEWS, Forecast
from sim.kernels import cache, installation
from sim.metrics.registry import REGISTRY
from sim.scenario import Scenario


def choose_kernels(runner: Runner, scenario: Scenario) -> None:
    """Compiled functions where they save more time than it takes to load them: to follow platforms' response."""
    pays_off = scenario.platforms.answers_rules and cache.is_warm()
    if runner.kernels == "compiled" or (runner.kernels == "auto" and pays_off):
        installation.install()


def refuse_conflicts(request: Request) -> None:
    """Raise `RefusedScenario` for what no preview can forecast."""
    found, scenario = [], request.scenarios[0]
    refuse_strategy(scenario)
    if not scenario.policy:
        todo = "add policy=commission_cap, or see platform-lab list instruments"
        found.append(Problem("a preview without a policy", "there is no effect without a rule", "policy=[...]", todo))
    over = request.asking.uncertainty.over
    if over != "nothing":
        why, todo = "a preview is a forecast of one mean-field model", "leave one of the two out"
        found.append(Problem(f"preview=true with uncertainty={over}", why, "uncertainty=none", todo))
    if found:
        raise RefusedScenario(found)


def refuse_strategy(scenario: Scenario) -> None:
    """Raise `RefusedScenario` where no long-run response of platforms is known."""
    strategy, allowed = scenario.platforms.strategy, ("fixed", *REVIEWS)
    if strategy not in allowed:
        why, todo = "no equilibrium of this strategy is known", "leave preview out, or choose another one"
        raise RefusedScenario([Problem(f"preview=true with platforms={strategy}", why, ", ".join(allowed), todo)])


def command(request: Request, *, is_preview: bool = False) -> str:
    """The command for the same comparison with agents, or for its preview."""
    words = [word for word in request.words if word.split("=")[0] != "preview"]
    return " ".join([COMPARE, *(["preview=true"] if is_preview else []), *(shlex.quote(word) for word in words)])


def table(found: Forecast, scenario: Scenario) -> Any:
    """A frame with a row a metric: baseline, policy, effect, and the parts of the effect; as effects.parquet has it."""
    import pandas as pd

    total, rows = found.effects["total"], []
    for name, effect in total.items():
        metric = REGISTRY[name]
        rows.append(
            {
                "metric": name,
                "title": metric.title,
                "party": metric.party,
                "unit": metric.unit.format(currency=scenario.sector.currency),
                "better": metric.better,
                "baseline": found.baseline[name],
                "policy": found.baseline[name] + effect,
                "effect": effect,
                "direct": found.effects["direct"][name],
                "behavioural": found.effects["behavioural"][name],
            }
        )
    return pd.DataFrame(rows)
