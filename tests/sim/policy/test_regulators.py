"""Departments: a budget, visits it can pay for, and what a visit finds."""

import numpy as np
import pytest

from sim.ledger.accounts import Account
from tests.economies import CAP, RICH, changed, copied, economy_after, phase, run

NEUTRAL = {"commission_cap": {"ceiling": 1.0}}


def acted(weeks=1, policy=CAP, **numbers):
    """A world whose departments have acted for some weeks under a policy in force from the first."""
    return economy_after(weeks, n_weeks=40, policy_week=1, policy=policy, numbers=numbers).world


def with_money_for(visits, each=2000.0):
    """Numbers that leave the market regulator this many visits' worth a week after paying its staff."""
    per_million = 1000  # the test's people are a thousandth of a million
    return {
        "departments.market_regulation.staff_cost": 1000.0 * per_million,
        "departments.market_regulation.budget": (1000.0 + visits * each) * per_million,
        "departments.market_regulation.inspection_cost": each * per_million,
    }


@pytest.mark.parametrize(("paid", "n_visits"), [(0.9, 0), (1, 1), (2.5, 2), (3, 3), (7, 3)])
def test_a_department_visits_as_many_platforms_as_it_can_pay(paid, n_visits):
    world = acted(**with_money_for(paid))
    assert world.departments.n_inspections.tolist() == [n_visits, 0, 0, 0, 0, 0]
    assert world.platforms.n_inspections.sum() == n_visits
    assert world.platforms.n_inspections.max(initial=0) <= 1, "each platform at most once a week"


@pytest.mark.parametrize("weeks", [1, 3, 4, 8])
def test_money_saved_pays_for_visits_of_later_weeks(weeks):
    world = acted(weeks, **with_money_for(0.25))
    assert world.platforms.n_inspections.sum() == weeks // 4


def test_no_rule_no_visit():
    assert not acted(policy={}, **RICH).platforms.n_inspections.any()
    later = economy_after(3, n_weeks=20, policy_week=4, policy=CAP, numbers=RICH).world
    assert not later.platforms.n_inspections.any()


@pytest.mark.parametrize("weeks", [1, 5])
def test_a_budget_is_spent_kept_for_the_rules_to_watch_or_returned(weeks):
    world = acted(weeks, **with_money_for(1.5))
    departments, flows = world.departments, world.ledger.flows
    budget, staff = departments.budget_cents, departments.staff_cost_cents
    spent = world.platforms.n_inspections.sum() * departments.inspection_cost_cents[0]
    assert flows[Account.APPROPRIATIONS] == budget.sum()
    assert flows[Account.STAFF] == staff.sum()
    assert flows[Account.INSPECTIONS] == departments.n_inspections[0] * departments.inspection_cost_cents[0] > 0
    assert departments.balance_cents[0] == weeks * (budget[0] - staff[0]) - spent
    assert not departments.balance_cents[1:].any(), "without a rule to watch over, what is left lapses"
    assert flows[Account.LAPSED] == (budget - staff)[1:].sum()


def test_being_inspected_costs_the_platform_its_compliance_cost():
    model = economy_after(2, n_weeks=20, policy_week=1, policy=CAP, numbers=RICH)
    before = copied(model.world)
    phase(model, "let_regulators_act")
    after, burden = model.world.platforms, model.world.departments.compliance_cost_cents[0]
    visits = after.n_inspections - before["platforms.n_inspections"]
    assert visits.tolist() == [1, 1, 1]
    assert np.array_equal(before["platforms.balance_cents"] - after.balance_cents, visits * burden)
    assert np.array_equal(before["platforms.profit_cents"] - after.profit_cents, visits * burden)


def test_platforms_are_visited_in_turn_by_lot():
    visits = acted(30, **with_money_for(1)).platforms.n_inspections
    assert visits.sum() == 30
    assert visits.min() >= 3


def test_a_visit_finds_what_is_charged_above_the_rule():
    model = economy_after(2, n_weeks=20, policy_week=1, policy=CAP, numbers=RICH)
    world = model.world
    assert not world.departments.n_breaches.any(), "platforms that are bound break nothing"
    world.platforms.commission[0, 1] = 0.06
    world.platforms.commission[2, 1] = 0.30
    phase(model, "let_regulators_act")
    assert world.departments.n_breaches.tolist() == [2, 0, 0, 0, 0, 0]


def test_only_platforms_that_would_break_the_rule_are_visited():
    world = acted(4, policy={"commission_cap": {"ceiling": 0.11}}, **RICH)
    assert world.platforms.n_inspections.tolist() == [4, 4, 0], "the fringe charges 10% of its own will"


def test_a_rule_that_binds_nobody_changes_nothing_however_rich_the_state():
    kwargs = {"n_zones": 2, "n_weeks": 8, "policy_week": 3, "numbers": RICH}
    watched, free = run(policy=NEUTRAL, **kwargs), run(**kwargs)
    assert not changed(copied(watched.world), copied(free.world))
    assert repr(free.weekly) == repr(watched.weekly)
