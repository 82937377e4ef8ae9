"""Riders work when it pays, on the apps they have, for the hours they have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.market.labour import let_workers_choose_hours, split_whole
from sim.populations.consumers import app_flags
from tests.economies import economy, economy_after

TOTALS_AND_WEIGHTS = st.integers(1, 5).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 100_000), min_size=n, max_size=n),
        st.lists(st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4).filter(any), min_size=n, max_size=n),
    )
)


@given(TOTALS_AND_WEIGHTS)
def test_whole_numbers_are_split_without_remainder(case):
    total, weight = np.array(case[0]), np.array(case[1]).T
    weight = np.where(weight < 1e-6, 0.0, weight) + (weight.max(axis=0) < 1e-6)
    shares = (weight / weight.sum(axis=0)).astype(np.float32)
    parts = split_whole(total, shares)
    assert np.array_equal(parts.sum(axis=0), total)
    assert parts.min() >= 0
    assert np.abs(parts - shares.astype(float) * total).max() <= 1.0 + 1e-6 * total.max()
    assert not parts[shares == 0.0].any(), "nothing for an app that a rider does not have"


@pytest.mark.parametrize("ratio", [0.3, 0.8, 1.0, 1.3, 4.0])
def test_riders_work_with_the_chance_of_the_supply_curve(ratio):
    n = 8000
    world = economy(numbers={"workers.n_per_zone": n}).world
    world.workers.apps[:] = 0b011
    world.zones.expected_earnings[:] = 12.0
    world.workers.reservation[:] = 12.0 / ratio
    world.workers.productivity[:] = 1.0
    worked = 0
    for week in range(5):
        world.week = week
        let_workers_choose_hours(world)
        worked += int((world.workers.minutes.sum(axis=0) > 0).sum())
    eta = world.sector.workers.supply_elasticity
    chance = ratio**eta / (1.0 + ratio**eta)
    assert abs(worked / (5 * n) - chance) < 4.0 * np.sqrt(chance * (1.0 - chance) / (5 * n))


def test_productive_riders_work_more():
    world = economy(numbers={"workers.n_per_zone": 4000}).world
    world.workers.reservation[:] = 15.0
    world.workers.productivity[:2000] = 0.7
    world.workers.productivity[2000:] = 1.4
    let_workers_choose_hours(world)
    is_working = world.workers.minutes.sum(axis=0) > 0
    assert is_working[2000:].mean() > is_working[:2000].mean() + 0.1


def test_hours_stay_within_the_cap_and_on_the_apps_installed():
    model = economy_after(4, n_zones=3)
    workers = model.world.workers
    total = workers.minutes.sum(axis=0)
    assert np.all((total == 0) | (total == workers.minutes_if_working))
    assert not workers.minutes[~app_flags(workers.apps, model.world.n_platforms)].any()
    assert total.any()


def test_higher_expected_earnings_draw_hours_from_other_apps():
    world = economy(numbers={"workers.n_per_zone": 500}).world
    world.workers.apps[:] = 0b111
    world.zones.expected_earnings[:] = 20.0
    let_workers_choose_hours(world)
    before = world.workers.minutes.sum(axis=1)
    appeal = world.platforms.worker_appeal.astype(float)
    np.testing.assert_allclose(before / before.sum(), appeal / appeal.sum(), atol=2e-3)
    world.zones.expected_earnings[1] = 24.0
    let_workers_choose_hours(world)
    after = world.workers.minutes.sum(axis=1)
    ratio = (after[1] / after[0]) / (before[1] / before[0])
    assert np.isclose(ratio, 1.2**world.sector.workers.app_elasticity, rtol=0.02)


def test_nobody_off_duty_rides():
    world = economy().world
    world.workers.is_active[:10] = False
    world.zones.expected_earnings[:] = 1e4
    let_workers_choose_hours(world)
    assert not world.workers.minutes[:, :10].any()
    assert world.workers.minutes[:, 10:].sum(axis=0).all()


def test_capacity_is_effective_hours_times_deliveries_an_hour():
    world = economy_after(2, n_zones=2).world
    workers, zones = world.workers, world.zones
    for j in range(world.n_platforms):
        for zone in range(2):
            here = workers.zone == zone
            minutes = np.rint(workers.minutes[j, here] * workers.productivity[here].astype(float)).sum()
            assert zones.effective_minutes[j, zone] == minutes
            wanted = np.floor(minutes / 60.0 * world.sector.carriage.deliveries_per_hour)
            assert zones.capacity[j, zone] == wanted
    assert zones.capacity.any()
