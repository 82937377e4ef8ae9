"""Licences: who holds one, whom platforms keep off, and who gets one."""

import numpy as np
import pytest

from sim.forecast.labour import open_to
from sim.forecast.market import MeanField
from sim.ledger.accounts import Account
from sim.market.labour import let_workers_choose_hours
from sim.market.licences import excluded_from, get_licences, weekly_earnings
from sim.market.settlement import settle_licences
from sim.market.surplus import weigh_surplus
from sim.metrics.workers import measure_workers
from sim.populations.consumers import app_flags
from tests.economies import BOOKS_OF_FAILURE, economy, economy_after, fingerprint, run

pytestmark = pytest.mark.long

ASKED = {"licences": {"licensed_share": 0.4}}
NEVER = {"licences": {"licensed_share": 0.4, "review_rate": 0.0}}
MANY = {"workers.n_per_zone": 2000, "workers.n_slots": 2000, "workers.leaving_rate": 0.0}
RULE = {"licensed_supply": {}}


def town(numbers=NEVER, excluded=1.0, **more):
    """Workers before the hours of the first week; all platforms keep off this part of those without a licence."""
    world = economy(2000, numbers={**MANY, **numbers, **more}).world
    world.week = 1
    world.platforms.excluded[:] = excluded
    return world


def test_a_licence_is_drawn_once_for_life_with_the_sectors_share():
    world = town()
    assert world.workers.is_licensed.mean() == pytest.approx(0.4, abs=0.04)
    again = economy_after(3, 2000, n_weeks=8, numbers={**MANY, **NEVER}).world
    assert np.array_equal(again.workers.is_licensed, world.workers.is_licensed)
    elsewhere = economy(200).world.workers
    assert elsewhere.is_licensed[elsewhere.is_active].all(), "nobody needs one where the sector says nothing"


def test_recruits_are_licensed_alike():
    world = economy_after(7, 2000, 20, n_weeks=8, numbers={**ASKED, "workers.leaving_rate": 0.2}).world
    recruits = world.workers.is_active & (world.workers.identity >= 2**31)
    assert recruits.sum() > 50
    assert world.workers.is_licensed[recruits].mean() == pytest.approx(0.4, abs=0.15)


def test_those_without_a_licence_are_kept_off_and_their_time_is_counted():
    free, ruled = town(excluded=0.0), town()
    for world in (free, ruled):
        let_workers_choose_hours(world)
    licensed, asked = free.workers.is_licensed, free.workers.minutes.sum(axis=0)
    assert not ruled.workers.minutes[:, ~licensed].any()
    assert np.array_equal(ruled.workers.minutes[:, licensed], free.workers.minutes[:, licensed])
    assert np.array_equal(ruled.workers.excluded_minutes, np.where(licensed, 0, asked))
    assert np.array_equal(ruled.workers.rationed_minutes, ruled.workers.excluded_minutes)
    assert not ruled.zones.rationed_minutes.any(), "nobody waits to be let in by lot"
    assert measure_workers(ruled)["worker_licensed_share"] == 1.0
    assert measure_workers(free)["worker_licensed_share"] == pytest.approx(0.4, abs=0.05)


def test_who_is_kept_off_by_some_platforms_goes_to_the_others():
    world = town(**{f"platforms.{name}.worker_reach": 1.0 for name in ("leader", "runner_up", "fringe")})
    world.platforms.excluded[1:] = 0.0
    let_workers_choose_hours(world)
    without = ~world.workers.is_licensed & (world.workers.minutes.sum(axis=0) > 0)
    assert without.any()
    assert not world.workers.minutes[0, without].any()


def test_in_part_always_the_same_are_kept_off():
    half, most = town(excluded=0.5), town(excluded=0.8)
    first, second = excluded_from(half), excluded_from(half)
    assert np.array_equal(first, second)
    assert not (first & ~excluded_from(most)).any()
    without = ~half.workers.is_licensed
    assert first[:, without].mean() == pytest.approx(0.5, abs=0.03)
    assert not first[:, ~without].any()


def test_a_licence_is_bought_if_it_saves_more_than_it_costs():
    world = town({"licences": {"licensed_share": 0.0, "review_rate": 1.0}})
    workers, numbers = world.workers, world.sector.licences
    apps = app_flags(workers.apps, world.n_platforms)
    pay = world.zones.expected_earnings[:, workers.zone] * workers.productivity
    rows = np.arange(len(workers))
    saved = numbers.horizon_weeks * weekly_earnings(world, rows, pay, apps)
    get_licences(world, pay, apps, apps & True)
    got = workers.is_licensed
    assert 0.05 < got.mean() < 0.95
    assert (workers.licence_cents[got] <= np.rint(100.0 * saved[got]) + 1).all()
    assert not workers.licence_cents[~got].any()
    median = numbers.cost_weeks * world.sector.usual_weekly_pay
    chance = 1.0 / (1.0 + (median / saved.astype(float)) ** numbers.cost_spread)
    assert got.mean() == pytest.approx(chance.mean(), abs=0.03), "log-logistic costs"
    assert saved[got].mean() > saved[~got].mean()


def test_nobody_buys_what_saves_nothing():
    world = town({"licences": {"licensed_share": 0.0, "review_rate": 1.0}})
    apps = app_flags(world.workers.apps, world.n_platforms)
    pay = world.zones.expected_earnings[:, world.workers.zone] * world.workers.productivity
    get_licences(world, pay, apps, np.zeros_like(apps))
    assert not world.workers.is_licensed.any()


def test_a_licence_is_paid_for_once_and_taken_off_the_surplus():
    model = economy_after(4, 2000, n_weeks=8, policy_week=8, numbers={**MANY, **ASKED})
    world = model.world
    before = world.workers.surplus_cents.copy()
    world.workers.licence_cents[3] = 500
    settle_licences(world)
    weigh_surplus(world)
    assert world.ledger.flows[Account.LICENCES] == 500
    assert (before - world.workers.surplus_cents)[3] == 500
    let_workers_choose_hours(world)
    assert not world.workers.licence_cents.any()


def test_supply_shrinks_and_comes_back_in_part():
    wanted = {**MANY, "licences": {"licensed_share": 0.4, "review_rate": 0.2, "cost_weeks": 5.0}}
    free, ruled = (run(2000, n_weeks=20, policy_week=5, numbers=wanted, policy=policy) for policy in ({}, RULE))
    hours = [np.array(model.weekly["worker_hours"]) * model.weekly["worker_active"] for model in (free, ruled)]
    part = hours[1] / hours[0]
    assert (part[:4] == 1.0).all()
    assert part[4] == pytest.approx(0.4, abs=0.2)
    assert part[-1] > part[4] + 0.1
    assert ruled.weekly["worker_licensed_share"][-1] == 1.0
    assert sum(int(balance.sum()) for balance in ruled.world.ledger.balances.values()) == 0


def test_where_nobody_needs_a_licence_the_rule_finds_nobody():
    """What it costs to watch over it is left aside: no department has money to."""
    poor = {"departments.transport.budget": 0.0, "departments.transport.staff_cost": 0.0}
    kwargs = {"n_weeks": 10, "policy_week": 3, "numbers": poor}
    ours = {"platforms.intensity", "platforms.excluded", "departments.n_watched", "practice_unlicensed_supply"}
    ours |= BOOKS_OF_FAILURE
    assert fingerprint(run(policy=RULE, **kwargs), ours) == fingerprint(run(**kwargs), ours)


def test_in_averages_as_many_are_let_in_as_among_agents():
    world = town({"licences": {"licensed_share": 0.4, "review_rate": 1.0}})
    mean_field = MeanField(world.sector, 2000.0)
    nodes = mean_field.workforce
    assert nodes is not None
    n = len(nodes.weight)
    works = np.full((1, n, len(nodes.hours)), 0.5)
    share, mix = np.full((1, world.n_platforms, n), 1.0 / world.n_platforms), np.full((1, n), 20.0)
    closed = np.ones((1, world.n_platforms))
    let_in = open_to(nodes, world.sector, closed, (works, share, mix))
    saved = world.sector.licences.horizon_weeks * 0.5 * nodes.hours * 20.0
    cost = world.sector.licences.cost_weeks * world.sector.usual_weekly_pay
    gets = 1.0 / (1.0 + (cost / saved) ** world.sector.licences.cost_spread)
    weight = nodes.share * nodes.hours
    expected = 0.4 + 0.6 * (gets * weight).sum() / weight.sum()
    assert let_in == pytest.approx(np.full_like(let_in, expected))
    assert (open_to(nodes, world.sector, 0.0 * closed, (works, share, mix)) == 1.0).all()
