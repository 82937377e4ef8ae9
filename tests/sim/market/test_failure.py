"""Platforms that rules drive out, what is left of them, and who takes their place."""

import numpy as np
import pytest

from sim.ledger.accounts import Account
from sim.market.failure import founders, stop
from tests.economies import copied, economy_after, phase, run

pytestmark = pytest.mark.long

RUINOUS = {"minimum_pay": {"floor": 1000.0, "may_ration": False}}
QUICK = {"failure.failure_weeks": 4.0}


@pytest.fixture(scope="module")
def ruined():
    """Everybody stops within a few weeks of a floor that nobody can pay."""
    return run(1500, 2, n_weeks=16, policy_week=6, policy=RUINOUS, numbers=QUICK)


def closed(weeks=4, which=(1,), n_weeks=40, **kwargs):
    """An economy in which somebody has just stopped, without a rule."""
    model = economy_after(weeks, 1500, 2, n_weeks=n_weeks, **kwargs)
    fails = np.isin(np.arange(model.world.n_platforms), which)
    stop(model.world, fails)
    return model


def test_a_floor_that_nobody_can_pay_drives_platforms_out(ruined):
    weekly = ruined.weekly
    assert weekly["platforms_open"][:6] == [3.0] * 6
    assert weekly["platforms_open"][-1] == 0.0
    assert sum(weekly["platform_failures"]) == 3.0
    assert weekly["consumer_orders"][-1] == 0.0
    assert weekly["merchant_listed"][-1] == 0.0
    assert weekly["worker_pay"][-1] == 0.0
    assert not ruined.world.consumers.habit.any()


def test_owners_settle_what_failed_platforms_leave(ruined):
    world = ruined.world
    assert not world.platforms.balance_cents.any()
    assert sum(int(balance.sum()) for balance in world.ledger.balances.values()) == 0


def test_a_platform_stops_in_the_week_in_which_losses_reach_the_limit():
    model = economy_after(5, 1500, 2, n_weeks=20, policy_week=6, policy=RUINOUS, numbers=QUICK)
    usual, lost = model.world.platforms.revenue_before.copy(), np.zeros(3)
    for _ in range(6):
        was_open = model.world.platforms.is_open.copy()
        model.step()
        expected = was_open & (lost >= -4.0 * usual)
        assert np.array_equal(model.world.platforms.is_open, expected)
        lost += model.world.platforms.profit_cents - np.minimum(np.rint(model.world.platforms.profit_before), 0)
        usual = model.world.platforms.revenue_before.copy()


def test_losses_that_are_usual_are_borne_for_ever():
    numbers = {**QUICK, **{f"platforms.{p}.other_cost": 30.0 for p in ("leader", "runner_up", "fringe")}}
    for policy in ({}, {"data_limit": {}}):
        model = run(800, n_weeks=30, policy_week=9, policy=policy, numbers=numbers)
        assert max(model.weekly["platform_profit"]) < 0.0
        assert set(model.weekly["platforms_open"]) == {3.0}


def test_rules_that_were_always_there_are_part_of_the_market():
    model = run(800, n_weeks=12, policy_week=1, policy=RUINOUS, numbers=QUICK)
    assert max(model.weekly["platform_profit"]) < 0.0
    assert set(model.weekly["platforms_open"]) == {3.0}


@pytest.mark.parametrize("policy", [{}, {"commission_cap": {}}, {"minimum_pay": {}}], ids=str)
def test_nobody_stops_where_rules_are_mild(policy):
    model = run(1500, 2, n_weeks=60, policy_week=9, policy=policy)
    assert set(model.weekly["platforms_open"]) == {3.0}
    assert not any(model.weekly["platform_failures"])


@pytest.mark.parametrize("kernels", ["plain", "auto"])
def test_nobody_uses_a_platform_that_stopped(kernels):
    model = closed(kernels=kernels)
    for _ in range(6):
        model.step()
        world = model.world
        assert not world.zones.placed[1].any()
        assert world.zones.placed[[0, 2]].any()
        assert not world.workers.minutes[1].any()
        assert not world.merchants.is_listed[1].any()
        assert (world.home[1] < 0).all()
        assert not world.ranking[1].any()
        assert world.platforms.revenue_cents[1] == world.platforms.profit_cents[1] == 0
        assert np.isfinite(world.consumers.log_sum).all()


def test_what_a_platform_leaves_goes_to_its_rivals():
    with_three, with_two = economy_after(12, 1500, 2, n_weeks=40), closed()
    for _ in range(8):
        with_two.step()
    three, two = (m.world.zones.carried.sum(axis=1) for m in (with_three, with_two))
    assert two[0] > three[0]
    assert two.sum() < three.sum(), "some no longer order"


def test_open_doors_do_not_lead_through_a_closed_platform():
    model = closed(policy={"interoperability": {"visibility": 1.0}}, policy_week=2)
    for _ in range(3):
        model.step()
    assert not model.world.ranking[1].any()
    assert not model.world.zones.placed[1].any()
    assert not model.world.zones.variety[1].any()


def test_a_service_of_its_own_is_closed_too():
    names = ("leader", "runner_up", "fringe")
    numbers = {
        "merchants.n_per_zone": 0,
        "merchants.n_slots": 1,
        "merchants.entrant_rate": 0.0,
        **{f"platforms.{name}.net_fee": 20.0 for name in names},
    }
    model = closed(numbers=numbers, which=(0,))
    model.step()
    assert not model.world.zones.placed[0].any()
    assert model.world.zones.placed.any()


def test_with_nobody_left_the_week_goes_on_without_orders():
    model = closed(which=(0, 1, 2))
    for _ in range(3):
        model.step()
    assert model.weekly["consumer_orders"][-1] == 0.0
    assert not model.world.workers.minutes.any()
    assert np.isfinite(model.weekly["welfare_total"][-1])


CERTAIN = {"failure.entrant_rate": 1.0, "failure.vacant_weeks": 2, "failure.entry_cost_weeks": 0.1}


def test_somebody_takes_the_place_where_profit_covers_the_cost():
    model = closed(numbers=CERTAIN)
    before = int(model.world.platforms.identity[1])
    while not model.world.platforms.is_open[1]:
        assert model.world.week < 12
        model.step()
    assert model.weekly["platforms_open"][-3:] == [2.0, 2.0, 3.0]
    assert model.weekly["platform_entries"][-1] == 1.0
    assert model.world.platforms.identity[1] == before + 3
    assert model.world.ledger.flows[Account.FOUNDING] == model.world.platforms.opening_cents[1] > 0
    assert model.weekly["platform_opening_cost"][-1] > 0.0
    for _ in range(8):
        model.step()
    assert model.world.zones.carried[1].sum() > 0, "it finds merchants, riders and consumers"
    assert model.weekly["platform_opening_cost"][-1] == 0.0


def test_nobody_founds_a_platform_that_would_not_pay():
    model = closed(numbers={**CERTAIN, "failure.entry_cost_weeks": 1e4})
    for _ in range(8):
        model.step()
    assert not model.world.platforms.is_open[1]
    model.world.platforms.profit_cents[:] = -1
    assert not founders(model.world)[0].any()


def test_a_place_stays_empty_for_a_while_and_founders_come_by_chance():
    model = closed(numbers={**CERTAIN, "failure.vacant_weeks": 5})
    for _ in range(5):
        model.step()
        assert not model.world.platforms.is_open[1]
    model.step()
    assert model.world.platforms.is_open[1]
    rare = closed(numbers={**CERTAIN, "failure.entrant_rate": 0.0})
    for _ in range(6):
        rare.step()
    assert not rare.world.platforms.is_open[1]


def test_nothing_is_written_but_memory_while_all_are_open():
    model = economy_after(4, 500, n_weeks=9)
    model.world.week += 1
    before = copied(model.world)
    phase(model, "let_platforms_fail")
    after = copied(model.world)
    moved = {name for name in before if not np.array_equal(before[name], after[name])}
    assert moved == {"platforms.revenue_before", "platforms.profit_before"}
