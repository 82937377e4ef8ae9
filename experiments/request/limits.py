"""How large a question may be: refused before anything is expanded, so that nobody's memory or week is lost."""

from __future__ import annotations

from experiments.request.request import Asking
from sim.errors import Problem, RefusedScenario
from sim.scenario import Scenario

MOST_RUNS = 10_000_000
"""Pairs of runs of one question: what can be listed in a few gigabytes."""
MOST_CONSUMER_WEEKS = 10**14
"""Weeks of all runs times consumers: about a year on a hundred cores."""
LAST_SEED = 2**64 - 1


def refuse_too_many(n_points: int, asking: Asking, base: Scenario) -> None:
    """Raise `RefusedScenario` for more runs, or more consumer weeks, than anybody can wait for."""
    n_runs = n_points * asking.n_pairs
    n_consumers, n_weeks = base.population.n_consumers, base.horizon.n_weeks
    shown = f"{_counted(n_points, 'scenario')} x {_counted(asking.n_pairs, 'replicate')}"
    todo = "fewer values, fewer design.n_points, or fewer replicates"
    if n_runs > MOST_RUNS:
        why = f"that is {n_runs:,} pairs of runs"
        raise RefusedScenario([Problem(shown, why, f"at most {MOST_RUNS:,} pairs", todo)])
    work = n_runs * n_weeks * n_consumers
    if work > MOST_CONSUMER_WEEKS:
        asked = f"{shown} x {n_weeks:,} weeks x {n_consumers:,} consumers"
        why, todo = "it would compute for years", f"{todo}, a shorter horizon, or a smaller population"
        raise RefusedScenario([Problem(asked, why, f"at most {MOST_CONSUMER_WEEKS:,} consumer weeks", todo)])


def faults_of_seeds(scenarios: list[Scenario], asking: Asking) -> list[Problem]:
    """Seeds count up from the first, one a replicate; the last must be a seed too."""
    n_pairs = asking.n_pairs if asking.precision is None else max(asking.n_pairs, asking.most_replicates)
    largest = max(scenario.seed for scenario in scenarios)
    if largest + n_pairs - 1 <= LAST_SEED:
        return []
    why, allowed = f"replicates take the seeds {largest} and following", f"at most {LAST_SEED - n_pairs + 1} here"
    return [Problem(f"seed={largest} with {n_pairs} replicates", why, allowed, "choose a smaller seed")]


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
