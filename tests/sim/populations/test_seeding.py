"""Who people are: drawn by identity, as often as the numbers say, and the same whoever else is there."""

import dataclasses

import numpy as np
import pytest

from sim.parameters import CENTS
from sim.populations.consumers import (
    MOST_OFTEN,
    app_flags,
    draw_apps,
    income_of_class,
    seed_consumers,
    sensitivity_of_class,
)
from sim.populations.departments import seed_departments
from sim.populations.merchants import FIRST_ENTRANT, draw_character
from sim.populations.platforms import seed_platforms
from sim.populations.workers import recruit, seed_workers
from sim.randomness.streams import Stream
from tests.economies import economy, scenario_of

SECTOR = scenario_of().sector
PLATFORMS = list(SECTOR.platforms.values())
BORN = ("zone", "income_class", "occasion_rate", "apps", "privacy_concern")


def consumers(n, n_zones=3, seed=1, **changes):
    return seed_consumers(dataclasses.replace(SECTOR.consumers, **changes), PLATFORMS, n, n_zones, seed)


def near(share, wanted, n):
    return abs(share - wanted) < 4.0 * np.sqrt(wanted * (1.0 - wanted) / n)


def test_consumers_are_sorted_by_zone_and_everybody_is_there_once():
    table = consumers(1000)
    assert np.all(np.diff(table.zone) >= 0)
    assert sorted(table.identity.tolist()) == list(range(1000))
    assert np.ptp(np.bincount(table.zone)) <= 1


@pytest.mark.parametrize("name", BORN)
def test_who_a_consumer_is_does_not_depend_on_how_many_there_are(name):
    few, many = consumers(700), consumers(1201)
    where = np.argsort(many.identity)
    assert np.array_equal(getattr(few, name), getattr(many, name)[where[few.identity]])


def test_incomes_are_twenty_equal_classes():
    counts = np.bincount(consumers(40_000).income_class, minlength=20)
    assert len(counts) == 20
    assert np.all(np.abs(counts - 2000) < 4.5 * np.sqrt(2000))


def test_wishes_to_order_have_the_mean_of_the_numbers_and_are_cut():
    rate = consumers(60_000, occasion_log_sd=0.5).occasion_rate.astype(np.float64)
    mean = SECTOR.consumers.occasion_rate
    assert abs(rate.mean() - mean) < 4.0 * mean * np.sqrt(np.expm1(0.25) / 60_000)
    assert consumers(5000, occasion_rate=5.0, occasion_log_sd=3.0).occasion_rate.max() == MOST_OFTEN


def test_apps_are_installed_as_widely_as_they_reach():
    reach = [0.9, 0.35, 0.6]
    flags = app_flags(draw_apps(reach, Stream.CONSUMER_APPS, np.arange(50_000), 1), 3)
    nobody = 0.1 * 0.65 * 0.4
    assert near(flags[0].mean(), 0.9 + nobody, 50_000), "who has none gets the app of widest reach"
    assert near(flags[1].mean(), 0.35, 50_000)
    assert near(flags[2].mean(), 0.6, 50_000)
    assert near((flags[1] & flags[2]).mean(), 0.35 * 0.6, 50_000), "each with its own chance"
    assert flags.any(axis=0).all()


def test_habits_start_as_shares_of_the_apps_a_consumer_has():
    table = consumers(2000)
    flags = app_flags(table.apps, len(PLATFORMS))
    reach = np.array([p.consumer_reach for p in PLATFORMS])[:, None] * flags
    np.testing.assert_allclose(table.habit, reach / reach.sum(axis=0), rtol=1e-5)


def test_price_sensitivity_has_the_given_mean_and_falls_with_income():
    a = sensitivity_of_class(SECTOR.consumers).astype(np.float64)
    income = income_of_class(SECTOR.consumers.income_log_sd).astype(np.float64)
    assert np.isclose(a.mean(), SECTOR.consumers.price_sensitivity, rtol=1e-5)
    assert np.isclose(income.mean(), 1.0, rtol=1e-5)
    slope = np.diff(np.log(a)) / np.diff(np.log(income))
    np.testing.assert_allclose(slope, -SECTOR.consumers.income_elasticity, rtol=1e-3)
    flat = dataclasses.replace(SECTOR.consumers, income_elasticity=0.0)
    np.testing.assert_allclose(sensitivity_of_class(flat), SECTOR.consumers.price_sensitivity, rtol=1e-6)


def test_riders_are_sorted_by_zone_and_belong_to_groups_by_share():
    numbers = dataclasses.replace(SECTOR.workers, n_per_zone=10_000, n_slots=10_000)
    table = seed_workers(numbers, PLATFORMS, 3, 1)
    assert np.array_equal(table.zone, np.repeat([0, 1, 2], 10_000))
    for g, group in enumerate(numbers.groups.values()):
        members = table.group == g
        assert near(members.mean(), group.share, 30_000)
        assert np.all(table.minutes_if_working[members] == round(60 * group.hours))
        spread = np.exp(-0.5 * numbers.reservation_log_sd**2)  # median of a lognormal of mean 1
        median = numbers.usual_earnings * group.reservation_ratio * spread
        assert abs(np.median(table.reservation[members]) / median - 1.0) < 0.03
    assert abs(table.productivity.mean(dtype=np.float64) - 1.0) < 0.01


def test_the_first_slots_of_every_zone_have_riders_and_the_others_can_be_computed_with():
    numbers = dataclasses.replace(SECTOR.workers, n_per_zone=7, n_slots=10)
    table = seed_workers(numbers, PLATFORMS, 3, 1)
    assert len(table) == 30
    assert table.is_active.tolist() == ([True] * 7 + [False] * 3) * 3
    assert table.zone.tolist() == [0] * 10 + [1] * 10 + [2] * 10
    empty = ~table.is_active
    assert not table.minutes_if_working[empty].any()
    assert np.all(table.productivity[empty] == 1.0)
    assert np.all(table.apps[empty] == 0b111)


@pytest.mark.parametrize("n_slots", [0, 4])
def test_a_zone_may_have_no_riders(n_slots):
    table = seed_workers(dataclasses.replace(SECTOR.workers, n_per_zone=0, n_slots=n_slots), PLATFORMS, 2, 1)
    assert len(table) == 2 * n_slots
    assert not table.is_active.any()


def test_who_a_rider_is_goes_by_identity():
    few, many = (
        seed_workers(dataclasses.replace(SECTOR.workers, n_per_zone=n, n_slots=20), PLATFORMS, 2, 1) for n in (7, 15)
    )
    there = few.is_active
    for name in ("identity", "group", "reservation", "minutes_if_working", "productivity", "apps"):
        assert np.array_equal(getattr(few, name)[there], getattr(many, name)[there]), name


def test_a_recruit_in_a_used_slot_is_who_he_would_be_in_a_new_one():
    numbers = dataclasses.replace(SECTOR.workers, n_per_zone=5, n_slots=8)
    used, new = (seed_workers(numbers, PLATFORMS, 1, 1) for _ in range(2))
    recruit(used, np.array([2]), np.array([2**31 + 9], np.uint32), numbers, PLATFORMS, 1)
    recruit(new, np.array([6]), np.array([2**31 + 9], np.uint32), numbers, PLATFORMS, 1)
    for name in ("identity", "is_active", "group", "reservation", "minutes_if_working", "productivity", "apps"):
        assert getattr(used, name)[2] == getattr(new, name)[6], name
    others = [0, 1, 3, 4, 5, 6, 7]
    before = seed_workers(numbers, PLATFORMS, 1, 1)
    for name, values in used.arrays().items():
        assert np.array_equal(values[..., others], getattr(before, name)[..., others]), name


def test_merchants_character_goes_by_identity():
    identity = np.array([5, 3, FIRST_ENTRANT + 9, 77], np.uint32)
    together = draw_character(SECTOR.merchants, SECTOR.consumers, identity, 1)
    for i in range(4):
        alone = draw_character(SECTOR.merchants, SECTOR.consumers, identity[i : i + 1], 1)
        assert all(a[0] == b[i] for a, b in zip(alone, together, strict=True))


def test_merchants_are_as_the_numbers_say():
    numbers = dataclasses.replace(SECTOR.merchants, quality_sd=0.0)
    born = draw_character(numbers, SECTOR.consumers, np.arange(40_000, dtype=np.uint32), 1)
    cost = born.unit_cost.astype(np.float64)
    for t, tier in enumerate(numbers.tiers.values()):
        who, mean = born.tier == t, numbers.unit_cost * tier.cost_ratio
        assert near(who.mean(), tier.share, 40_000)
        error = mean * np.sqrt(np.expm1(numbers.unit_cost_log_sd**2) / who.sum())
        assert abs(cost[who].mean() - mean) < 4.0 * error
        utility = 0.05 * (cost[who] - mean) + tier.quality
        np.testing.assert_allclose(born.quality[who], utility, atol=1e-5, err_msg="dearer meals are better meals")


def test_first_slots_of_every_zone_are_in_business_and_listed_everywhere():
    world = economy(n_zones=3).world
    merchants, n_slots = world.merchants, world.n_slots
    slot = np.arange(len(merchants)) % n_slots
    assert np.array_equal(merchants.is_active, slot < world.sector.merchants.n_per_zone)
    assert np.array_equal(merchants.is_listed, np.broadcast_to(merchants.is_active, merchants.is_listed.shape))
    assert np.array_equal(merchants.zone, np.arange(len(merchants)) // n_slots)
    buffer = round(CENTS * world.sector.merchants.cash_buffer)
    assert np.array_equal(merchants.balance_cents, buffer * merchants.is_active)
    assert merchants.identity.max() < FIRST_ENTRANT


def test_platforms_levers_are_in_cents_and_the_rules_may_bind_their_own_copy():
    table = seed_platforms(PLATFORMS, ["independent", "chain"])
    assert table.net_fee_cents.tolist() == [round(100 * p.net_fee) for p in PLATFORMS]
    assert table.piece_rate_cents.tolist() == [round(100 * p.piece_rate) for p in PLATFORMS]
    assert table.other_cost_cents.tolist() == [round(100 * p.other_cost) for p in PLATFORMS]
    for t, tier in enumerate(["independent", "chain"]):
        assert table.commission_chosen[:, t].tolist() == [p.commission[tier] for p in PLATFORMS]
    assert not np.shares_memory(table.commission, table.commission_chosen)


def test_departments_money_goes_with_the_population_and_staff_fits_the_budget():
    department = dataclasses.replace(SECTOR.departments["tax"], budget=300.0, staff_cost=500.0, inspection_cost=20.0)
    table = seed_departments([department], 2_000_000)
    assert (table.budget_cents[0], table.staff_cost_cents[0]) == (60_000, 60_000)
    assert table.inspection_cost_cents[0] == 4000
