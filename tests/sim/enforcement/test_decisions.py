"""Decisions: what they cost, in worked numbers; wrong ones paid back; orders, lists, lessons."""

import dataclasses

import numpy as np
import pytest

from sim.agents.terms import stigma_of
from sim.enforcement.decisions import OTHERS, fine_of
from sim.ledger.accounts import Account
from sim.parameters import Practice
from sim.populations.cases import believed_chance
from sim.rules.infringements import N_INFRINGEMENTS
from sim.rules.sanctions import Sanction, heaviest
from tests.economies import phase
from tests.sim.enforcement._offices import BAN, at, breach, counts, offices, table, work

HERE = at(Practice.EXCLUSIVITY)
FINES = {"antitrust_fine": {"smallest_share": 0.0, "fine_rate": 0.05}}


def fined(sanction, *, revenue=1_000_000.0, priors=0, gained=0):
    """Cents that a decision costs the first platform in the first matter."""
    world = FINED.world
    world.platforms.trailing_revenue[:] = revenue
    world.cases.n_priors[:], world.cases.gained_cents[:] = priors, gained
    return int(fine_of(world, sanction)[0])


FINED = offices(BAN, 1)


@pytest.mark.parametrize(
    ("sanction", "how", "expected"),
    [
        (Sanction(revenue_share=0.03), {}, 1_560_000),  # 3% of 52 weeks of 10,000.00
        (Sanction(revenue_share=0.03, severity=2.0), {}, 3_120_000),
        (Sanction(revenue_share=0.03, severity=5.0, revenue_cap=0.1), {}, 5_200_000),  # a tenth, not 15%
        (Sanction(revenue_share=0.03), {"priors": 1}, 3_120_000),
        (Sanction(revenue_share=0.03), {"priors": 3}, 6_240_000),
        (Sanction(revenue_share=0.03), {"priors": 9}, 6_240_000),  # no more than three times
        (Sanction(revenue_share=0.03, revenue_cap=0.05), {"priors": 3}, 2_600_000),
        (Sanction(gain_multiple=2.0), {"gained": 777}, 1_554),
        (Sanction(gain_multiple=2.0), {"gained": 777, "priors": 3}, 1_554),  # gains do not repeat
        (Sanction(fixed=690.5e6), {}, 100_000),  # 1,000 of 690.5m people: 1,000.00 of 690.5m
        (Sanction(fixed=690.5e6, revenue_cap=0.0), {}, 0),
        (Sanction(revenue_share=0.01, fixed=690.5e6, gain_multiple=1.0), {"gained": 5}, 620_005),
        (Sanction(), {"gained": 10_000, "priors": 3}, 0),
    ],
)
def test_a_fine_is_what_its_parts_say(sanction, how, expected):
    assert len(FINED.world.consumers) == 1000
    assert fined(sanction, **how) == expected


def test_where_rules_forbid_the_same_thing_the_heaviest_sanction_counts_part_by_part():
    one, other = Sanction(revenue_share=0.03, order_weeks=10), Sanction(gain_multiple=2.0, order_weeks=156)
    assert heaviest([one, other]) == Sanction(revenue_share=0.03, gain_multiple=2.0, order_weeks=156)


def test_a_breach_is_decided_fined_and_ordered_to_stop():
    model = offices(FINES, enforcement__case_weeks=4)
    world = model.world
    breach(world, Practice.EXCLUSIVITY)
    work(model)
    opened = world.week
    breach(world, Practice.EXCLUSIVITY, 0.0)
    work(model, 3)
    assert not world.departments.n_decided.any()
    usual = world.platforms.trailing_revenue
    profit = world.platforms.profit_cents.copy()
    work(model)
    due = np.rint(0.05 * 52 * usual).astype(np.int64)
    assert world.week == opened + 4
    assert world.departments.n_decided[0] == world.departments.n_fined[0] == world.n_platforms
    assert world.platforms.fine_cents == pytest.approx(due, abs=1)
    assert world.ledger.flows[Account.FINES] == world.platforms.fine_cents.sum()
    spent = world.platforms.visit_cost_cents + world.platforms.fine_cents
    assert (profit - spent).tolist() == world.platforms.profit_cents.tolist()
    assert (table(world, "ordered_until")[:, HERE] == world.week + 156).all()
    assert (table(world, "n_priors")[:, HERE] == 1).all()
    assert (world.platforms.n_decisions == 1).all()
    assert not world.cases.is_open.any()


def test_a_second_decision_costs_twice_as_much():
    model = offices(FINES)
    world, cost = model.world, []
    for _ in range(5):
        breach(world, Practice.EXCLUSIVITY)
        work(model)
        breach(world, Practice.EXCLUSIVITY, 0.0)
        work(model)
        cost.append(int(world.platforms.fine_cents[0]) / world.platforms.trailing_revenue[0] / 52)
    assert cost == pytest.approx([0.05, 0.1, 0.15, 0.2, 0.2], abs=1e-4)


def wrongly_fined(appeal_weeks=3, case_weeks=1):
    """Platforms that keep to the rules and are suspected and fined every time."""
    return offices(
        FINES,
        1,
        enforcement__false_alarm=1.0,
        enforcement__wrong_decision=1.0,
        enforcement__case_weeks=case_weeks,
        enforcement__appeal_weeks=appeal_weeks,
        departments__market_regulation__budget=1e9,
    )


@pytest.mark.parametrize(("appeal_weeks", "case_weeks"), [(3, 1), (3, 10), (1, 1), (26, 24), (26, 2)])
def test_a_wrong_fine_is_counted_and_paid_back_to_the_cent(appeal_weeks, case_weeks):
    """However long appeals and cases are: what was paid for nothing comes back."""
    model = wrongly_fined(appeal_weeks, case_weeks)
    world = model.world
    paid = back = 0
    for week in range(60):
        if week == 25:
            nobody = dataclasses.replace(world.sector.enforcement, false_alarm=0.0)
            world.sector = dataclasses.replace(world.sector, enforcement=nobody)
        work(model)
        if week < 25:
            assert counts(world)[1] == world.n_platforms * 2
        paid += world.ledger.flows[Account.FINES]
        back += world.ledger.flows[Account.FINES_PAID_BACK]
    assert paid == back > 0
    assert not world.cases.appeal_cents.any()
    assert not world.cases.n_priors.any()
    assert not world.platforms.n_decisions.any()


def test_a_wrong_fine_comes_back_after_so_many_weeks():
    model = wrongly_fined(appeal_weeks=5, case_weeks=200)
    world = model.world
    world.cases.due_week[world.cases.is_open] = world.week + 1
    work(model)
    due = world.platforms.fine_cents.copy()
    assert (due > 0).all()
    work(model, 4)
    assert not world.ledger.flows[Account.FINES_PAID_BACK]
    work(model)
    assert world.ledger.flows[Account.FINES_PAID_BACK] == due.sum()
    assert world.platforms.fine_cents.tolist() == (-due).tolist()


def test_a_false_alarm_is_dropped_where_decisions_are_right():
    model = offices(BAN, enforcement__false_alarm=1.0, enforcement__wrong_decision=0.0)
    decided, departments = 0, model.world.departments
    for _ in range(4):
        work(model)
        decided += departments.n_decided[0]
        assert departments.n_fined[0] == 0
        assert not model.world.ledger.flows[Account.FINES]
    assert decided > 0


def test_everybody_learns_from_a_sanction_and_its_target_most():
    model = offices(BAN)
    world = model.world
    before = believed_chance(world.cases).reshape(-1, N_INFRINGEMENTS).copy()
    breach(world, Practice.EXCLUSIVITY, platforms=0)
    work(model)
    breach(world, Practice.EXCLUSIVITY, 0.0)
    seen = table(world, "sanctions_seen").copy()
    work(model)
    rise = table(world, "sanctions_seen") - seen
    assert rise[:, HERE].tolist() == [1.0, OTHERS, OTHERS]
    assert not np.delete(rise, HERE, axis=1).any()
    after = believed_chance(world.cases).reshape(-1, N_INFRINGEMENTS)
    assert (after[:, HERE] > before[:, HERE]).all()
    assert after[0, HERE] > after[1, HERE]


def test_after_enough_decisions_a_platform_is_listed_and_distrusted_for_a_time():
    policy = {**BAN, "credit_lists": {"strikes": 2.0, "weeks": 10.0, "stigma": 0.04}}
    model = offices(policy)
    world = model.world
    for n in (1, 2):
        breach(world, Practice.EXCLUSIVITY, platforms=1)
        work(model)
        breach(world, Practice.EXCLUSIVITY, 0.0)
        work(model)
        assert world.platforms.n_decisions.tolist() == [0, n, 0]
        assert world.platforms.listed_until[1] == (world.week + 10 if n == 2 else 0)
    assert stigma_of(world) == pytest.approx(0.04 * world.sector.usual_order_value)
    others = world.platforms.misperceived_value[[0, 2]].copy()
    world.platforms.misperceived_value[:] = 0.0
    phase(model, "let_platforms_decide")
    shown = world.platforms.misperceived_value
    assert shown[1] - shown[0] == pytest.approx(stigma_of(world))
    assert shown[[0, 2]].tolist() == others.tolist()
    world.week += 11
    phase(model, "let_platforms_decide")
    assert world.platforms.misperceived_value[1] == world.platforms.misperceived_value[0]


def test_a_case_about_a_rule_that_has_ended_is_dropped():
    model = offices({"exclusivity_ban": {"end_week": 5}}, enforcement__case_weeks=4)
    breach(model.world, Practice.EXCLUSIVITY)
    work(model)
    assert model.world.cases.is_open.any()
    breach(model.world, Practice.EXCLUSIVITY, 0.0)
    work(model, 6)
    assert not model.world.ledger.flows[Account.FINES]
    assert not model.world.platforms.n_decisions.any()


def test_breaches_are_not_sanctioned_while_platforms_are_given_time():
    model = offices({"exclusivity_ban": {"grace_weeks": 12}})
    world = model.world
    breach(world, Practice.EXCLUSIVITY)
    while world.week < 12:
        work(model)
        assert not world.cases.is_open.any()
        assert not world.ledger.flows[Account.FINES]
    work(model)
    assert table(world, "is_open")[:, HERE].all()
