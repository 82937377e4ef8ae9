"""How a platform chooses its decision variables: one strategy a file."""

from __future__ import annotations

from collections.abc import Callable

from sim.agents.strategies.fixed import keep_levers
from sim.agents.strategies.reviews import Reviews
from sim.forecast.conduct import DecisionModel
from sim.forecast.equilibrium import equilibrium_of
from sim.game.strategies.answer import AbstractAnswer
from sim.game.strategies.gradient import ClimbGradient
from sim.game.strategies.q_learning import LearnByTrial
from sim.game.strategies.rule_of_thumb import KeepMargin
from sim.parameters import ConductParameters, Sector
from sim.rules.rulebook import Rulebook
from sim.world import World

Strategy = Callable[[World, int], None]
"""Sets what the platform of a row desires this week."""

ANSWERING: dict[str, type[AbstractAnswer]] = {"rule_of_thumb": KeepMargin, "gradient": ClimbGradient}
"""Strategies that answer rules by reasoning, by name."""
STRATEGIES: tuple[str, ...] = ("fixed", *ANSWERING, "q_learning")
"""Every strategy by name."""


def decision_model_of(
    conduct: ConductParameters, sector: Sector, zone_size: float, rulebook: Rulebook
) -> DecisionModel | None:
    """What platforms reason with; none where they keep their decision variables fixed.

    Raises `RefusedScenario` if the sector's prices are no equilibrium of the conduct asked for.
    """
    if conduct.strategy == "fixed":
        return None
    equilibrium = equilibrium_of(sector, zone_size, conduct.adjustment_cost, conduct.value_curvature)
    return DecisionModel(equilibrium, rulebook if conduct.sees_rules else Rulebook(()), conduct.levels)


def strategy_of(conduct: ConductParameters, decision_model: DecisionModel | None, seed: int) -> Strategy:
    """The strategy of a scenario's platforms, one for all of them."""
    if decision_model is None:
        return keep_levers
    answer = (
        LearnByTrial(decision_model, conduct.learning, seed)
        if conduct.strategy == "q_learning"
        else ANSWERING[conduct.strategy](decision_model)
    )
    return Reviews(answer, conduct.review_weeks)
