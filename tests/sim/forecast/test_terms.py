"""The same rules on averages as on agents."""

import dataclasses

import numpy as np
import pytest

from sim.agents.decision_variables import desired_variables
from sim.forecast.decision_variables import values_of
from sim.forecast.terms import bind, configured_terms, known_to_mean_field
from sim.policy.catalogue import CATALOGUE
from sim.rules.rulebook import Rulebook
from tests.economies import economy, phase
from tests.sim.forecast._markets import around, sector_of, solved


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_rule_binds_averages_as_it_binds_agents(name):
    model = economy(n_weeks=4, policy_week=1, policy={name: {"phase_in_weeks": 2}})
    model.world.week = 2
    desired = desired_variables(model.world)
    phase(model, "let_platforms_decide")
    bound = bind(desired, model.world.sector, model.world.rulebook, 2)
    for variable in ("commission", "data_per_order", "floor_online", "floor_engaged", "rationing", "visibility",
                  "access_charge", "portability", "consent"):  # fmt: skip
        assert np.array_equal(getattr(bound, variable)[0], getattr(model.world.platforms, variable)), variable


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_rule_binds_many_markets_at_once_like_each_alone(name):
    sector = sector_of("food_delivery")
    rulebook = Rulebook((CATALOGUE[name](start_week=1),))
    one = configured_terms(sector)
    three = bind(one.repeat(3), sector, rulebook, 5)
    alone = bind(one, sector, rulebook, 5)
    for variable in ("commission", "data_per_order", "floor_online", "visibility"):
        assert np.array_equal(getattr(three, variable), np.repeat(getattr(alone, variable), 3, axis=0)), variable


def test_a_rule_off_or_still_to_come_leaves_terms_as_they_are():
    sector, terms = sector_of("food_delivery"), configured_terms(sector_of("food_delivery"))
    for rule in (CATALOGUE["commission_cap"](start_week=9), CATALOGUE["commission_cap"](start_week=1, is_on=False)):
        assert bind(terms, sector, Rulebook((rule,)), 5) is terms


@pytest.mark.parametrize(
    ("name", "values", "reads", "sign"),
    [
        ("commission_cap", {"ceiling": 0.10}, lambda out: out.commission.sum(), -1),
        ("data_limit", {"ceiling": 0.5}, lambda out: out.demand.profile.sum(), -1),
        ("minimum_pay", {"floor": 25.3}, lambda out: out.hours.rationed_hours.sum(), +1),
        ("interoperability", {"visibility": 0.8}, lambda out: out.supply.remote.sum(), +1),
        ("interoperability", {"visibility": 0.8}, lambda out: out.supply.variety.sum(), +1),
        ("interoperability", {"visibility": 0.0, "portability": 0.5}, lambda out: out.demand.habit[0, 0].sum(), -1),
    ],
)
def test_rules_move_the_averages_the_way_they_move_agents(name, values, reads, sign):
    mean_field, terms, state, before = solved("food_delivery")
    bound = bind(terms, mean_field.sector, Rulebook((CATALOGUE[name](start_week=1, **values),)), 5)
    after = mean_field.solve(bound, None if bound.visibility.any() else state)[1]
    assert sign * (reads(after) - reads(before)) > 0.0


def test_values_of_levers_are_those_in_force():
    near = around("food_delivery")
    rulebook = Rulebook((CATALOGUE["commission_cap"](ceiling=0.05, start_week=1, independents_only=False),))
    bound = bind(near.terms, near.mean_field.sector, rulebook, 5)
    commissions = [v for v, variable in zip(values_of(near.variables, bound)[0], near.variables, strict=True)
                   if variable.name == "commission"]  # fmt: skip
    assert max(commissions) == 0.05


def test_a_rule_on_credit_is_nothing_to_think_about():
    """Averages do not know credit: terms are the very same, and nobody who reasons reviews because of such a rule."""
    sector, terms = sector_of("food_delivery"), configured_terms(sector_of("food_delivery"))
    credit = CATALOGUE["platform_credit"](start_week=1)
    assert bind(terms, sector, Rulebook((credit,)), 5) is terms
    cap = CATALOGUE["commission_cap"](start_week=1)
    both, one = (bind(terms, sector, Rulebook(rules), 5) for rules in ((credit, cap), (cap,)))
    assert all(np.array_equal(getattr(both, f.name), getattr(one, f.name)) for f in dataclasses.fields(terms))
    assert known_to_mean_field(Rulebook((credit, cap))).rules == (cap,)
