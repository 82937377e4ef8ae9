"""Injuries: how many, what they cost, who pays, and what of it counts as a gain."""

import numpy as np
import pytest

from sim.forecast.market import MeanField
from sim.forecast.terms import bind, configured_terms
from sim.ledger.accounts import Account, Party
from sim.market.injuries import loss_relieved, settle_injuries
from sim.metrics.workers import measure_workers
from tests.economies import economy, economy_after, run

pytestmark = pytest.mark.long

OFTEN = {"injuries": {"hazard": 1000.0}}
DAYS = {"n_zones": 2, "n_weeks": 12, "policy_week": 4}
OBEYED = {"injury_cover": {"premium": 0.5, "replacement": 0.6}}


def many_deliveries(n=20_000, each=50, hazard=2000.0):
    """A world of workers who have carried so many orders each for the first platform."""
    small = {"workers.n_per_zone": n, "workers.n_slots": n, "workers.leaving_rate": 0.0, "injuries": {"hazard": hazard}}
    world = economy(200, numbers=small).world
    world.week = 1
    world.workers.deliveries[0] = each
    world.zones.carried[0, 0] = n * each
    return world


def test_a_worker_is_hurt_with_the_chance_of_his_deliveries():
    world = many_deliveries()
    settle_injuries(world)
    chance = 1.0 - np.exp(-2000e-6 * 50)
    n = len(world.workers)
    assert np.count_nonzero(world.workers.injury_cents) == pytest.approx(n * chance, abs=4.0 * (n * chance) ** 0.5)
    assert set(np.unique(world.workers.injury_cents)) == {0, round(100.0 * world.sector.loss_from_injury)}


def test_deliveries_of_all_platforms_count_and_those_who_carry_nothing_are_safe():
    world = many_deliveries(hazard=1e5)
    world.workers.deliveries[:, :10_000] = 0
    world.workers.deliveries[1, :5_000] = 50
    settle_injuries(world)
    hurt = world.workers.injury_cents > 0
    assert not hurt[5_000:10_000].any()
    assert hurt[:5_000].mean() == pytest.approx(1.0 - np.exp(-5.0), abs=0.01)


def test_where_riding_is_safer_some_of_those_hurt_are_spared_and_nobody_else_is_hurt():
    worlds = [many_deliveries() for _ in range(2)]
    worlds[1].platforms.safety[:] = 0.4
    for world in worlds:
        settle_injuries(world)
    before, after = (world.workers.injury_cents > 0 for world in worlds)
    assert not (after & ~before).any()
    assert after.sum() / before.sum() == pytest.approx(0.6, abs=0.05)


def test_the_loss_is_weeks_of_usual_pay():
    world = economy(200).world
    numbers, workers = world.sector.injuries, world.sector.workers
    hours = sum(group.share * group.hours for group in workers.groups.values())
    weeks = numbers.medical_weeks + numbers.lost_weeks
    assert world.sector.loss_from_injury == pytest.approx(weeks * hours * workers.usual_earnings)


def test_without_cover_the_worker_bears_it_and_with_cover_the_insurer_a_part():
    plain, covered = many_deliveries(), many_deliveries()
    covered.platforms.coverage[:], covered.platforms.premium[:], covered.platforms.replacement[:] = 0.5, 0.07, 0.8
    for world in (plain, covered):
        settle_injuries(world)
    lost = plain.workers.injury_cents
    assert np.array_equal(plain.workers.balance_cents, -lost)
    assert np.array_equal(covered.workers.injury_cents, lost)
    assert np.array_equal(covered.workers.balance_cents, np.rint(0.4 * lost).astype(np.int64) - lost)
    premiums = round(100 * 0.5 * 0.07 * 20_000 * 50)
    flows = covered.ledger.flows
    assert flows[Account.PREMIUMS] == premiums == covered.platforms.burden_cents[0]
    assert covered.platforms.profit_cents[0] == -premiums
    assert covered.ledger.balances[Party.INSURERS][0] == premiums - flows[Account.INJURY_BENEFITS]
    covered.ledger.close_week(1)


def test_cover_counts_by_the_risk_that_was_run_for_each_platform():
    world = many_deliveries(hazard=1e5)
    world.workers.deliveries[1] = 150
    world.platforms.coverage[0], world.platforms.replacement[0] = 1.0, 1.0
    settle_injuries(world)
    lost, kept = world.workers.injury_cents, world.workers.injury_cents + world.workers.balance_cents
    assert np.array_equal(kept, np.rint(0.25 * lost))


@pytest.mark.parametrize(("safety", "cover", "spared"), [(0.4, 0.0, 0.4), (0.0, 0.8, 0.8), (0.4, 0.8, 0.88)])
def test_what_is_spared_is_what_the_observed_hazard_would_have_cost_less_what_is_left(safety, cover, spared):
    world = many_deliveries()
    world.platforms.safety[:], world.platforms.coverage[:], world.platforms.replacement[:] = safety, 1.0, cover
    expected = 50 * 2000e-6 * 100.0 * world.sector.loss_from_injury
    assert np.array_equal(loss_relieved(world), np.full(len(world.workers), round(spared * expected)))


def test_as_observed_nothing_is_spared():
    assert not loss_relieved(many_deliveries()).any()


def test_workers_surplus_counts_what_is_spared_and_not_who_was_lucky():
    base, ruled = (run(numbers=OFTEN, policy=policy, **DAYS) for policy in ({}, OBEYED))
    weeks = slice(3, 12)
    assert np.array_equal(base.weekly["consumer_orders"], ruled.weekly["consumer_orders"])
    gained = np.array(ruled.weekly["worker_surplus"][weeks]) - np.array(base.weekly["worker_surplus"][weeks])
    loss = 0.6 * 1000e-6 * base.world.sector.loss_from_injury
    assert gained == pytest.approx(1000.0 * loss * np.array(base.weekly["consumer_orders"][weeks]), rel=1e-3)
    paid = np.array(ruled.weekly["platform_burden"][weeks])
    assert paid == pytest.approx(1000.0 * 0.5 * np.array(base.weekly["consumer_orders"][weeks]), rel=1e-3)


def test_how_often_workers_are_hurt_moves_nothing_but_their_own_money():
    rare, often = (run(numbers={"injuries": {"hazard": hazard}}, **DAYS) for hazard in (0.0, 5000.0))
    moved = {name for name in rare.weekly if repr(rare.weekly[name]) != repr(often.weekly[name])}
    assert moved == {"worker_injuries", "flow_injuries", "flow_taken_along"}
    assert sum(often.weekly["worker_injuries"]) > 0.0


def test_measures_of_cover():
    world = economy_after(3, policy={"injury_cover": {"coverage": 0.5, "replacement": 0.8}}, policy_week=2).world
    found = measure_workers(world)
    assert found["worker_insured_share"] == pytest.approx(0.5)
    assert found["worker_injury_loss_uncovered"] == pytest.approx(1.0 - 0.5 * 0.8)


def test_a_premium_costs_platforms_as_much_in_averages():
    scenario = economy(10_000, n_weeks=4, policy_week=1, policy={"injury_cover": {"start_week": 1}})
    sector, mean_field = scenario.world.sector, MeanField(scenario.world.sector, 10_000.0)
    free = configured_terms(sector)
    ruled = bind(free, sector, scenario.world.rulebook, 2)
    state, before = mean_field.solve(free)
    after = mean_field.evaluate(ruled, state, 10)[2]
    assert before.profit - after.profit == pytest.approx(0.07 * before.carried, rel=1e-6)
    assert bind(free, sector, scenario.world.rulebook, 0).coverage.sum() == 0.0
