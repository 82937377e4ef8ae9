"""Departments: a budget, visits it can pay for, and what a visit finds."""

import numpy as np

from sim.ledger.accounts import Account
from tests.economies import CAP, RICH, changed, copied, economy_after, phase, run

NEUTRAL = {"commission_cap": {"ceiling": 1.0}}


def acted(policy=CAP, n_weeks=1, **numbers):
    """A world whose departments have acted in one week."""
    return economy_after(n_weeks, n_weeks=20, policy_week=1, policy=policy, numbers=numbers).world


def costs(world):
    return {
        name: getattr(world.departments, f"{name}_cents").tolist()
        for name in ("budget", "staff_cost", "inspection_cost", "compliance_cost")
    }


def test_a_department_visits_as_many_platforms_as_it_can_pay():
    for n_paid, n_visits in ((0, 0), (1, 1), (2, 2), (3, 3), (7, 3)):
        budget = (1000.0 + n_paid * 2000.0) * 1000  # 1,000 consumers are a thousandth of a million
        world = acted(**{
            "departments.market_regulation.budget": budget, "departments.market_regulation.staff_cost": 1_000_000.0,
            "departments.market_regulation.inspection_cost": 2000.0,
        })  # fmt: skip
        assert world.departments.n_inspections.tolist() == [n_visits, 0, 0, 0, 0, 0]
        assert world.platforms.n_inspections.sum() == n_visits
        assert world.platforms.n_inspections.max() <= 1, "each platform at most once"


def test_no_rule_no_visit():
    assert not acted(policy={}, **RICH).departments.n_inspections.any()
    later = economy_after(3, n_weeks=20, policy_week=4, policy=CAP, numbers=RICH).world
    assert not later.departments.n_inspections.any()


def test_a_weeks_budget_is_spent_or_returned():
    world = acted(**RICH)
    flows, cost = world.ledger.flows, costs(world)
    n = world.departments.n_inspections
    assert not world.departments.balance_cents.any()
    assert flows[Account.APPROPRIATIONS] == sum(cost["budget"])
    assert flows[Account.STAFF] == sum(cost["staff_cost"])
    assert flows[Account.INSPECTIONS] == (n * cost["inspection_cost"]).sum() > 0
    assert flows[Account.LAPSED] == sum(cost["budget"]) - flows[Account.STAFF] - flows[Account.INSPECTIONS]
    assert flows[Account.COMPLIANCE] == (n * cost["compliance_cost"]).sum() > 0


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
    one_visit = {
        "departments.market_regulation.budget": 4e6, "departments.market_regulation.staff_cost": 2e6,
        "departments.market_regulation.inspection_cost": 1500.0,
    }  # fmt: skip
    visits = acted(n_weeks=20, **one_visit).platforms.n_inspections
    assert visits.sum() == 20
    assert visits.min() >= 1


def test_a_visit_finds_what_is_charged_above_the_rule():
    model = economy_after(2, n_weeks=20, policy_week=1, policy=CAP, numbers=RICH)
    world = model.world
    assert not world.departments.n_breaches.any(), "platforms that are bound break nothing"
    world.platforms.commission[0, 1] = 0.06
    world.platforms.commission[2, 1] = 0.30
    phase(model, "let_regulators_act")
    assert world.departments.n_breaches.tolist() == [2, 0, 0, 0, 0, 0]


def test_watching_a_rule_that_binds_nobody_costs_money_and_changes_nothing_else():
    kwargs = {"n_zones": 2, "n_weeks": 8, "policy_week": 3, "numbers": RICH}
    watched, free = run(policy=NEUTRAL, **kwargs), run(**kwargs)
    assert changed(copied(watched.world), copied(free.world)) == {
        "departments.n_inspections", "platforms.n_inspections", "platforms.profit_cents", "platforms.balance_cents",
    }  # fmt: skip
    differ = {name for name in free.weekly if repr(free.weekly[name]) != repr(watched.weekly[name])}
    assert differ == {
        *("platform_profit", "platform_profit_per_order", "platform_margin"),
        *("state_net", "state_inspections", "welfare_total"),
    }
