"""The measures of averages mean what the registry's mean: agents in one large zone come to the same numbers."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
import pytest

from sim.forecast import measures
from sim.forecast.market import MeanField
from sim.forecast.nodes import COARSE, FINE, Resolution
from sim.forecast.terms import bind, configured_terms
from sim.metrics import credit, enforcement, flows
from sim.metrics.registry import REGISTRY
from sim.model import PlatformEconomy
from sim.policy.enforcement.coordination import Coordination
from sim.policy.structure.size_tiers import SizeTiers
from sim.rules.rulebook import Rulebook
from sim.scenario import Scenario
from tests.economies import asked

ZONE, LAST = 10_000, 30
UNKNOWN = {
    "owners_opening",
    "merchant_opening_cost",
    "merchant_active",
    "merchant_gini",
    "merchant_entries",
    "merchant_exits",
    "worker_earnings_gini",
    "state_breaches",
    "merchant_tax_gap",
    "state_subsidies",
    "platform_technology",
    "platform_reporting_cost",
    "platforms_open",
    "platform_failures",
    "platform_entries",
    "platform_opening_cost",
    *(metric.name for module in (credit, enforcement, flows) for metric in module.METRICS),
}
"""Metrics that averages do not know."""
MARGINS = {
    "platform_profit": ("platform_revenue", 1.0),
    "platform_profit_per_order": ("platform_revenue_per_order", 1.0),
    "platform_margin": ("platform_take_rate", 0.14),
    "state_net": ("state_tax", 1.0),
}
"""What is left of large sums is held against the sums: metric, and where a tolerance of it stands."""
ALIKE = {
    "merchants.quality_sd": 0.1,
    "merchants.unit_cost_log_sd": 0.02,
    "merchants.offline_log_sd": 0.1,
    "merchants.trade_shock_sd": 0.0,
    "workers.reservation_log_sd": 0.05,
    "workers.productivity_log_sd": 0.05,
    "workers.groups": {"all": {"share": 1.0, "reservation_ratio": 0.8, "hours": 20.0}},
}
"""Merchants and riders who hardly differ, so that few of them are as good as many."""


def frozen_zone(size: int, n_weeks: int, *, seed: int = 1, numbers: Any = None, policy: Any = None) -> Scenario:
    """One zone of so many consumers, merchants and riders in proportion, whom nobody joins and nobody leaves."""
    ratio = size // ZONE
    fixed = {
        "merchants.n_per_zone": 126 * ratio,
        "merchants.n_slots": 126 * ratio,
        "merchants.entrant_rate": 0.0,
        "merchants.exit_debt": 1e7,
        "workers.n_per_zone": 67 * ratio,
        "workers.n_slots": 67 * ratio,
        "workers.leaving_rate": 0.0,
        "consumers.reference_variety": 150.0 * ratio,
    }
    given = asked(size, 1, n_weeks, policy_week=1, seed=seed, policy=policy, numbers={**fixed, **(numbers or {})})
    return Scenario.from_dict(given)


def agents(scenario: Scenario, n_seeds: int) -> dict[str, float]:
    """Means over the last weeks and over seeds."""
    found: dict[str, list[float]] = {name: [] for name in REGISTRY}
    for seed in range(1, n_seeds + 1):
        economy = PlatformEconomy(dataclasses.replace(scenario, seed=seed))
        economy.run_all()
        for name in REGISTRY:
            found[name].append(float(np.mean(np.array(economy.weekly[name][-LAST:], float))))
    return {name: float(np.mean(values)) for name, values in found.items()}


def averages(scenario: Scenario, resolution: Resolution = FINE) -> dict[str, float]:
    """What the market of averages says of the same."""
    sector, rules = scenario.sector, Rulebook(list(scenario.policy.values()))
    mean_field, desired = MeanField(sector, scenario.population.n_consumers, resolution), configured_terms(sector)
    bound = bind(desired, sector, rules, scenario.horizon.n_weeks)
    _, outcome = mean_field.solve(bound)
    visits = measures.expected_visits(desired, sector, rules, scenario.horizon.n_weeks)
    return measures.with_state(measures.measures(mean_field, bound, outcome), sector, visits)


def gap(name: str, of: dict[str, float], seen: dict[str, float]) -> float:
    """Difference as a part of the level, or of the sums that the metric is what is left of."""
    whole, factor = MARGINS.get(name, (name, 1.0))
    size = abs(seen[whole]) / factor
    return abs(of[name] - seen[name]) / size if size else abs(of[name] - seen[name])


def beyond(of: dict[str, float], seen: dict[str, float], usual: float, wider: dict[str, float]) -> dict[str, float]:
    """Metrics outside their tolerance, with their gap."""
    found = {name: gap(name, of, seen) for name in of}
    return {name: round(value, 4) for name, value in found.items() if value > wider.get(name, usual)}


@functools.cache
def small() -> dict[str, float]:
    return averages(frozen_zone(ZONE, 10), COARSE)


def test_everything_that_averages_know_is_measured_and_nothing_else():
    assert set(REGISTRY) - set(small()) == UNKNOWN
    assert list(small()) == [name for name in REGISTRY if name in small()], "in the registry's order"
    assert all(type(value) is float and value == value for value in small().values())


def test_parties_add_up():
    parties = ("consumer_surplus", "merchant_profit", "worker_surplus", "platform_profit", "state_net")
    assert small()["welfare_total"] == pytest.approx(sum(small()[name] for name in parties))
    assert small()["worker_pay"] == pytest.approx(
        1000.0 * small()["consumer_orders"] * small()["platform_worker_cost_per_order"]
    )


def test_visits_go_to_platforms_that_would_breach_a_rule_as_far_as_money_goes():
    zone = frozen_zone(ZONE, 10, policy={"commission_cap": {"ceiling": 0.13}})
    rules, desired = Rulebook(list(zone.policy.values())), configured_terms(zone.sector)
    visits = measures.expected_visits(desired, zone.sector, rules, 10)
    assert visits["market_regulation"] == 2.0, "the fringe charges 10% at most"
    assert sum(visits.values()) == 2.0
    watched = Rulebook([*zone.policy.values(), Coordination(start_week=10), SizeTiers(start_week=10)])
    assert measures.expected_visits(desired, zone.sector, watched, 10) == visits, "they ask nothing of platforms"
    poor = frozen_zone(
        ZONE,
        10,
        policy={"commission_cap": {"ceiling": 0.13}},
        numbers={"departments.market_regulation.budget": 21_000.0},
    )
    assert measures.expected_visits(desired, poor.sector, rules, 10)["market_regulation"] == 0.5
    office = zone.sector.departments["market_regulation"]
    before, after = small(), measures.with_state(small(), zone.sector, visits)
    assert before["platform_profit"] - after["platform_profit"] == pytest.approx(2.0 * office.compliance_cost / 1000.0)
    assert before["state_net"] - after["state_net"] == pytest.approx(2.0 * office.inspection_cost / 1000.0)


def test_of_rules_on_credit_averages_know_the_visits():
    zone = frozen_zone(ZONE, 10, policy={"platform_credit": {}})
    found, usual = averages(zone, COARSE), small()
    office = zone.sector.departments["finance"]
    assert found["state_inspections"] == 3.0
    assert usual["platform_profit"] - found["platform_profit"] == pytest.approx(3.0 * office.compliance_cost / 1000.0)
    by_visits = {"platform_profit_per_order", "platform_margin", "state_net", "welfare_total"}
    moved = {name for name in found if found[name] != usual[name]}
    assert moved == {"state_inspections", "platform_profit", *by_visits}


MIX = {
    "merchant_independent_share": 0.06,
    "merchant_take_rate": 0.03,
    "platform_commission_per_order_independent": 0.06,
    "merchant_profit": 0.05,
    "merchant_profit_each": 0.05,
    "state_tax": 0.2,
    "state_tax_in_costs": 0.2,
    "state_net": 0.2,
}
"""Which tier a merchant is of, how good and costly he is and whether he declares, is drawn: so agents' mix differs."""
FEW = {"consumer_privacy_cost": 0.05}
"""Concern for privacy scatters widely: what few consumers give up says little of many."""
RARE = {"worker_injuries": 1.0}
"""A dozen in a million orders: agents' weeks hold a handful."""
ONE_BY_ONE = {
    "merchant_multihoming_share": 0.4,
    "platform_remote_share": 0.4,
    "merchant_listed": 0.06,
    "merchant_profit": 0.07,
    "merchant_profit_each": 0.07,
    "consumer_surplus": 0.07,
    "welfare_total": 0.07,
    "consumer_surplus_without_habit": 0.07,
    "consumer_privacy_cost": 0.06,
    "consumer_variety": 0.04,
    "platform_leader_order_share": 0.04,
    "platform_hhi_orders": 0.04,
    "platform_revenue": 0.04,
    "worker_surplus": 0.04,
}
"""Averages take listings on several platforms as independent; open platforms make one listing replace another."""
WIDER = {"interoperability": ONE_BY_ONE}


@pytest.mark.parametrize("policy", [{}, {"minimum_pay": {}}], ids=["no rule", "minimum pay"])
def test_agents_who_hardly_differ_come_to_the_averages(policy: dict[str, Any]):
    zone = frozen_zone(20_000, 130, numbers=ALIKE, policy=policy)
    assert beyond(averages(zone), agents(zone, 2), 0.03, {**MIX, **FEW, **RARE}) == {}


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["none", "commission_cap", "data_limit", "minimum_pay", "interoperability"])
def test_agents_of_every_kind_come_to_the_averages(rule: str):
    zone = frozen_zone(100_000, 150, policy={} if rule == "none" else {rule: {}})
    resolution = measures.READING if rule == "interoperability" else FINE
    wider = {**MIX, **RARE, **WIDER.get(rule, {})}
    assert beyond(averages(zone, resolution), agents(zone, 6), 0.02, wider) == {}
