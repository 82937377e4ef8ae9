"""Platforms' conduct in a scenario, for the record: shadow values, stability, second-order conditions."""

from __future__ import annotations

from typing import Any

from sim.errors import BrokenMarket, RefusedScenario
from sim.forecast.conduct import DecisionModel
from sim.forecast.equilibrium import equilibrium_of
from sim.rules.rulebook import Rulebook
from sim.scenario import Scenario


def of_conduct(scenario: Scenario) -> dict[str, Any] | None:
    """Shadow value of an order by platform, joint stability in equilibrium, second-order conditions under the policy.

    None for platforms that never respond.
    """
    conduct, people = scenario.platforms, scenario.population
    if not conduct.may_answer:
        return None
    size = people.n_consumers / people.n_zones
    try:
        equilibrium = equilibrium_of(scenario.sector, size, conduct.adjustment_cost, conduct.value_curvature)
    except RefusedScenario:  # every run said so
        return None
    names = list(scenario.sector.platforms)
    found: dict[str, Any] = {
        "shadow_value_of_an_order": dict(zip(names, equilibrium.objective.shadow_value.round(4).tolist(), strict=True)),
        "value_curvature": conduct.value_curvature,
        "adjustment_cost": conduct.adjustment_cost,
        "spectral_radius": round(equilibrium.radius, 4),
    }
    if scenario.policy:
        try:
            decision_model = DecisionModel(equilibrium, Rulebook(tuple(scenario.policy.values())))
            found["is_maximum_under_policy"] = decision_model.is_maximum(scenario.horizon.n_weeks)
        except BrokenMarket as error:
            found["is_maximum_under_policy"] = str(error)
    return found


def caveats(found: dict[str, Any] | None) -> list[str]:
    """What a reader must know of platforms' second-order conditions under the policy."""
    maximum = (found or {}).get("is_maximum_under_policy", {})
    if isinstance(maximum, str):
        return [f"The response of platforms could not be checked: {maximum}."]
    failing = [name.replace("_", " ") for name, is_maximum in maximum.items() if not is_maximum]
    if not failing:
        return []
    who = " and ".join(failing)
    return [
        f"Where the rules bind, the second-order condition of {who} fails: its steps raise its profit, but "
        "other decisions may be as profitable, and how far it moves is not determined."
    ]
