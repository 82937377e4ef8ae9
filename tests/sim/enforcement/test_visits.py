"""What visits and audits find, what they cost, and how supervision changes both."""

import numpy as np
import pytest

from sim.enforcement.oversight import chance_of_proof, infringements_in_force, supervision_of
from sim.ledger.accounts import Account
from sim.parameters import WEEKS_A_YEAR, Practice
from tests.sim.enforcement._offices import BAN, at, breach, counts, offices, table, work

BANS = {"exclusivity_ban": {}, "neutral_ranking": {}}
TWO_OFFICES = {"exclusivity_ban": {}, "work_rules": {}}
MARKET, LABOUR = 0, 3


def test_where_detection_is_sure_every_breach_that_is_visited_is_proven():
    model = offices(BAN)
    world = model.world
    breach(world, Practice.EXCLUSIVITY)
    work(model)
    assert counts(world) == (world.n_platforms, 0, 0, 0)
    assert table(world, "is_open")[:, at(Practice.EXCLUSIVITY)].all()
    assert world.cases.is_open.sum() == world.n_platforms
    assert not world.cases.is_wrong.any()


def test_where_nothing_is_detected_every_breach_is_missed():
    model = offices(BAN, enforcement__detection=0.0)
    breach(model.world, Practice.EXCLUSIVITY)
    work(model, 5)
    assert counts(model.world) == (0, 0, model.world.n_platforms, 0)
    assert not model.world.cases.is_open.any()


@pytest.mark.parametrize("much", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("false_alarm", [0.0, 0.5, 1.0])
def test_every_look_is_true_or_false_positive_or_negative(much, false_alarm):
    model = offices(BANS, enforcement__false_alarm=false_alarm, enforcement__detection=0.5)
    world = model.world
    breach(world, Practice.EXCLUSIVITY, much)
    for _ in range(6):
        work(model)
        tp, fp, fn, tn = counts(world)
        inspections = int(world.departments.n_inspections.sum()) * len(infringements_in_force(world))
        assert tp + fp + fn + tn == inspections > 0
        assert tp + fn == (world.n_platforms if much else 0)
        if false_alarm in (0.0, 1.0):
            assert fp == false_alarm * (inspections - tp - fn)


def test_the_chance_of_proof_is_a_product_of_what_it_says():
    model = offices(BAN, enforcement__detection=0.02, enforcement__lead_weight=3.0)
    world, where = model.world, at(Practice.EXCLUSIVITY)
    supervision = supervision_of(world)
    breach(world, Practice.EXCLUSIVITY, 0.5)
    table(world, "effect")[:, where], table(world, "visibility")[:, where] = 0.7, 0.3
    world.cases.has_lead[:] = False
    table(world, "has_lead")[0, where] = True
    found = chance_of_proof(world, MARKET, supervision)
    assert found[0, where] == pytest.approx(0.02 * 0.5 * 0.7 * 0.3 * 4.0)
    assert found[1, where] == pytest.approx(0.02 * 0.5 * 0.7 * 0.3)
    assert not np.delete(found, where, axis=1).any()
    world.platforms.scrutiny[1] = 2.0
    supervision.technology[MARKET] = 5.0
    assert chance_of_proof(world, MARKET, supervision)[1, where] == pytest.approx(0.02 * 10 * 0.5 * 0.7 * 0.3)
    supervision.technology[MARKET] = 1e6
    assert chance_of_proof(world, MARKET, supervision)[:, where].tolist() == [1.0] * world.n_platforms


def test_twice_the_money_pays_for_twice_the_visits_up_to_all():
    visits, proven = [], []
    for money in (0.0, 1.0, 2.0, 4.0, 8.0):
        numbers = {"staff_cost": 1e6, "budget": 1e6 + 2e6 * money, "inspection_cost": 2e6}
        model = offices(BAN, 1, **{f"departments__market_regulation__{name}": value for name, value in numbers.items()})
        breach(model.world, Practice.EXCLUSIVITY)
        work(model)
        visits.append(int(model.world.departments.n_inspections[MARKET]))
        proven.append(counts(model.world)[0])
    assert visits == [0, 1, 2, model.world.n_platforms, model.world.n_platforms]
    assert proven == visits


def test_those_with_complaints_are_visited_first():
    """Money for one visit: whoever has a lead is visited, whatever the lot says."""
    numbers = {"staff_cost": 1e6, "budget": 3e6, "inspection_cost": 2e6}
    for platform in range(3):
        model = offices(
            BAN,
            1,
            enforcement__report_rate=1.0,
            **{f"departments__market_regulation__{name}": value for name, value in numbers.items()},
        )
        world = model.world
        world.platforms.order_share[:] = 1.0
        world.departments.balance_cents[MARKET] = 0
        world.zones.carried[:] = 0.0  # shares stay as they are put
        before = world.platforms.n_inspections.copy()
        breach(world, Practice.EXCLUSIVITY, platforms=platform)
        work(model)
        assert (world.platforms.n_inspections - before).tolist() == [int(j == platform) for j in range(3)]


def test_better_instruments_prove_more():
    proven = []
    for gain in (1.0, 4.0, 20.0):
        model = offices({**BANS, "digital_monitoring": {"gain": gain}}, enforcement__detection=0.05)
        for practice in (Practice.EXCLUSIVITY, Practice.SELF_PREFERENCE):
            breach(model.world, practice)
        total = 0
        for _ in range(20):
            work(model)
            total += counts(model.world)[0]
        proven.append(total)
    assert proven[0] < proven[1] < proven[2] == 20 * 2 * 3


def test_a_visit_that_is_recognised_saves_a_visit_and_money_and_finds_the_same():
    plain, spared = (offices({**TWO_OFFICES, "inspection_recognition": {"recognition": share}}) for share in (0.0, 1.0))
    cost = []
    for model in (plain, spared):
        for practice in (Practice.EXCLUSIVITY, Practice.OPAQUE_DISPATCH):
            breach(model.world, practice)
        work(model)
        cost.append(model.world.ledger.flows[Account.INSPECTIONS] + model.world.ledger.flows[Account.COMPLIANCE])
    n = plain.world.n_platforms
    assert plain.world.departments.n_inspections[[MARKET, LABOUR]].tolist() == [n, n]
    assert spared.world.departments.n_inspections[[MARKET, LABOUR]].tolist() == [n, 0]
    assert cost[1] == cost[0] / 2 > 0
    assert counts(spared.world) == counts(plain.world)
    assert spared.world.cases.is_open.tolist() == plain.world.cases.is_open.tolist()


def test_a_part_is_recognised_by_luck():
    model = offices({**TWO_OFFICES, "inspection_recognition": {"recognition": 0.5}})
    visits = []
    for _ in range(60):
        work(model)
        visits.append(int(model.world.departments.n_inspections[LABOUR]))
    assert 0.3 * 180 < sum(visits) < 0.7 * 180


def test_leads_are_passed_on_where_departments_share():
    """A complaint about exclusivity makes the labour office look harder at the same platform, and at no other."""
    found = {}
    for sharing in (0.0, 1.0):
        policy = {**TWO_OFFICES, "coordination": {"sharing": sharing}}
        model = offices(policy, enforcement__report_rate=1.0)
        world = model.world
        world.zones.carried[:] = 0.0
        world.platforms.order_share[:] = 1.0
        breach(world, Practice.EXCLUSIVITY, platforms=1)
        work(model)
        found[sharing] = table(world, "has_lead").copy()
        assert not found[sharing][[0, 2]].any()
        assert world.departments.n_leads[MARKET] == 1
        assert (world.departments.n_leads[LABOUR] > 0) == bool(sharing)
        asked = list(infringements_in_force(world))
        assert found[sharing][1, asked].all() == bool(sharing)
        assert not np.delete(found[sharing], asked, axis=1).any()
    assert found[0.0].sum() == 1


@pytest.mark.parametrize(("haste", "weeks"), [(0.0, 20), (0.3, 14), (0.5, 10), (0.9, 2)])
def test_departments_that_decide_together_are_faster(haste, weeks):
    model = offices({**BAN, "coordination": {"haste": haste}}, enforcement__case_weeks=20)
    breach(model.world, Practice.EXCLUSIVITY)
    work(model)
    due = table(model.world, "due_week")[:, at(Practice.EXCLUSIVITY)]
    assert due.tolist() == [model.world.week + weeks] * model.world.n_platforms


def test_an_audit_costs_what_it_says_and_proves_what_departments_miss():
    policy = {**BAN, "compliance_audit": {"audits": 52.0, "power": 1.0, "cost": 0.001}}
    model = offices(policy, enforcement__detection=0.0)
    world = model.world
    breach(world, Practice.EXCLUSIVITY)
    profit, burden = world.platforms.profit_cents.copy(), world.platforms.burden_cents.copy()
    work(model)
    visits = world.platforms.visit_cost_cents
    cost = np.rint(0.001 * WEEKS_A_YEAR * world.platforms.trailing_revenue).astype(np.int64)
    assert world.ledger.flows[Account.AUDITS] == cost.sum() > 0
    assert (profit - visits - cost).tolist() == world.platforms.profit_cents.tolist()
    assert (burden + cost).tolist() == world.platforms.burden_cents.tolist()
    tp, fp, fn, tn = counts(world)
    assert (tp, fp, fn, tn) == (world.n_platforms, 0, world.n_platforms, 0), "the visit missed what the audit proved"
    assert world.cases.is_open.sum() == world.n_platforms


def test_audits_are_as_many_as_asked_for_and_spread_over_the_year():
    model = offices(
        {**BAN, "compliance_audit": {"audits": 4.0}},
        departments__market_regulation__inspection_cost=1e7,
        departments__market_regulation__budget=1e4,
    )
    inspections = []
    for _ in range(52):
        work(model)
        inspections.append(sum(counts(model.world)))
    assert sum(inspections) == 4 * model.world.n_platforms
    assert max(inspections) == 1, "one platform at a time"


def test_a_closed_platform_is_not_visited():
    model = offices(BAN)
    model.world.platforms.is_open[1] = False
    before = model.world.platforms.n_inspections.copy()
    work(model)
    assert (model.world.platforms.n_inspections - before).tolist() == [1, 0, 1]
