"""Riders work when it pays, on the apps they have, for the hours they have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels.trade_plain import split_whole
from sim.market.labour import (
    expected_pay,
    let_workers_choose_hours,
    realised_admission,
    realised_earnings,
)
from sim.metrics.workers import measure_workers
from sim.populations.consumers import app_flags
from sim.randomness import draws
from sim.randomness.streams import Stream
from tests.economies import economy, economy_after


def riders(n, **numbers):
    """Numbers with which a zone has this many riders, no room for more, and nobody leaves."""
    return {"workers.n_per_zone": n, "workers.n_slots": n, "workers.leaving_rate": 0.0, **numbers}


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
    world = economy(numbers=riders(n)).world
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
    world = economy(numbers=riders(4000)).world
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
    world = economy(numbers=riders(500)).world
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
    present = world.workers.is_active.copy()
    assert present.sum() == 30
    world.workers.is_active[:10] = False
    world.zones.expected_earnings[:] = 1e4
    let_workers_choose_hours(world)
    total = world.workers.minutes.sum(axis=0)
    assert not total[:10].any()
    assert total[10:][present[10:]].all()
    assert not total[~present].any(), "an empty slot has no rider"


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


def rationed(floor=20.0, share=1.0, usual=(90.0, 9.0), n=40):
    """Two zones in which everybody wants to work ten hours for all three platforms; the first owes a floor."""
    world = economy(n_zones=2, numbers=riders(n)).world
    workers, zones = world.workers, world.zones
    workers.apps[:], workers.minutes_if_working[:], workers.reservation[:] = 0b111, 600, 0.001
    zones.usual_placed[0] = usual
    world.platforms.floor_online[0], world.platforms.rationing[0] = floor, share
    world.week = 7
    let_workers_choose_hours(world)
    return world


def hours_needed(world, orders, floor):
    """The larger of what earns the floor and what carries the orders, a margin for chance included."""
    carriage = world.sector.carriage
    earns = orders * world.platforms.piece_rate_cents[0] / 100 / floor
    carries = (orders + 2 * orders**0.5) / (carriage.deliveries_per_hour * carriage.rationing_utilisation)
    return max(earns, carries)


@pytest.mark.parametrize("floor", [1.0, 8.0, 20.0, 1000.0])
@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_riders_are_admitted_in_the_order_of_the_lot_until_the_hours_needed_are_full(floor, share):
    free, world = rationed(floor, share=0.0), rationed(floor, share)
    workers = world.workers
    wanted = free.workers.minutes
    for zone, orders in enumerate((90.0, 9.0)):
        here = np.flatnonzero(workers.zone == zone)
        effective = np.rint(wanted[0, here] * workers.productivity[here].astype(float))
        needed = 60.0 * hours_needed(world, orders, floor)
        room = needed + (1.0 - share) * max(effective.sum() - needed, 0.0)
        draw = draws.uniform(world.seed, Stream.ADMISSION, world.week, workers.identity[here], 0)
        admitted, total = set(), 0.0
        for i in np.argsort(draw, kind="stable"):
            if total < room:
                admitted.add(int(i))
                total += effective[i]
        found = workers.minutes[0, here]
        assert set(np.flatnonzero(found).tolist()) == admitted
        assert np.array_equal(found[found > 0], wanted[0, here][found > 0]), "who is admitted works as he wished"
        assert world.zones.effective_minutes[0, zone] == total
        assert total >= min(room, effective.sum())
    assert np.array_equal(workers.minutes[1:], wanted[1:]), "the others admit everybody"


def test_a_full_rationing_fills_the_hours_needed_and_half_of_it_half_of_the_rest():
    all_in, half, none = (rationed(share=share).zones.effective_minutes[0] for share in (0.0, 0.5, 1.0))
    longest = 600 * 2.0
    world = rationed()
    for zone, orders in enumerate((90.0, 9.0)):
        needed = 60.0 * hours_needed(world, orders, 20.0)
        assert needed <= none[zone] < needed + longest < all_in[zone]
        middle = (needed + all_in[zone]) / 2
        assert middle <= half[zone] < middle + longest


def test_riders_who_are_locked_out_are_counted_with_the_time_they_wanted():
    free, world = rationed(share=0.0), rationed()
    workers, lost = world.workers, free.workers.minutes - world.workers.minutes
    assert not free.workers.rationed_minutes.any()
    assert not free.zones.rationed_minutes.any()
    assert np.array_equal(workers.rationed_minutes, lost.sum(axis=0))
    assert np.count_nonzero(workers.rationed_minutes) > 40
    for zone in range(2):
        here = workers.zone == zone
        assert world.zones.rationed_minutes[:, zone].tolist() == lost[:, here].sum(axis=1).tolist()
    assert not world.zones.rationed_minutes[1:].any()
    wanted = workers.minutes.sum() + workers.rationed_minutes.sum()
    found = measure_workers(world)
    assert found["worker_rationed_share"] == pytest.approx(workers.rationed_minutes.sum() / wanted)


def test_nobody_is_locked_out_where_there_is_work_for_all():
    world = rationed(floor=20.0, usual=(1e6, 1e6))
    assert not world.workers.rationed_minutes.any()


def test_where_nothing_is_ordered_no_hour_earns_a_floor():
    world = rationed(usual=(0.0, 90.0))
    minutes = world.workers.minutes[0]
    assert not minutes[world.workers.zone == 0].any()
    assert minutes[world.workers.zone == 1].any()
    assert not world.zones.capacity[0, 0]


def test_every_week_has_its_own_lot():
    world = rationed()
    first = world.workers.minutes[0] > 0
    world.week += 1
    let_workers_choose_hours(world)
    assert not np.array_equal(first, world.workers.minutes[0] > 0)


def test_expected_piece_earnings_are_those_of_an_effective_hour():
    world = economy_after(3).world
    zones, platforms = world.zones, world.platforms
    platforms.piece_rate_cents[:], platforms.floor_online[:] = [500, 400, 600], [0.0, 30.0, 0.0]
    zones.carried[:, 0], zones.placed[:, 0] = [40, 10, 0], [50, 10, 0]
    zones.effective_minutes[:, 0], zones.rationed_minutes[:, 0] = [600, 120, 0], [0, 240, 0]
    zones.top_up_cents[:, 0] = [0, 2000, 0]
    found = realised_earnings(world)[:, 0]
    assert found[0] == np.float32(40 * 5.0 / 10.0)
    assert found[1] == np.float32(10 * 4.0 / 2.0), "top-ups and waiting are apart"
    assert found[2] == np.float32(0.01), "no orders, no pay"


def test_a_first_rider_expects_a_full_bag_where_he_would_be_let_in():
    world = economy_after(3).world
    zones, platforms, carriage = world.zones, world.platforms, world.sector.carriage
    zones.carried[:], zones.effective_minutes[:] = 0, 0
    platforms.piece_rate_cents[:] = 500
    zones.placed[:, 0], zones.rationed_minutes[:, 0] = [5, 5, 0], [0, 60, 0]
    full = 0.98 * carriage.deliveries_per_hour * 5.0
    np.testing.assert_allclose(realised_earnings(world)[:, 0], [full, 0.01, 0.01], rtol=1e-6)


def test_admission_is_time_online_over_time_given_waiting_included():
    world = economy_after(3).world
    world.workers.minutes[:] = 0
    world.workers.minutes[:, 0] = [600, 120, 0]
    world.zones.rationed_minutes[:, 0] = [0, 240, 240]
    waiting = world.sector.workers.waiting_share
    assert waiting > 0.0
    found = realised_admission(world)[:, 0]
    np.testing.assert_allclose(found, [1.0, 120 / (120 + waiting * 240), 0.0], rtol=1e-6)
    world.zones.rationed_minutes[:] = 0
    assert realised_admission(world)[2, 0] == 1.0, "nobody asked, nobody was refused"


def test_riders_expect_the_floor_where_it_is_more_than_their_own_pieces():
    world = economy_after(3).world
    zones, platforms = world.zones, world.platforms
    piece = np.array([[10.0, 30.0]] * 3, np.float32)
    zone = np.zeros(2, int)
    assert expected_pay(world, piece, zone) is piece, "without a floor"
    platforms.floor_online[1], platforms.floor_engaged[2] = 20.0, 40.0
    full_hour = world.sector.carriage.deliveries_per_hour * platforms.piece_rate_cents[2] / 100
    zones.expected_earnings[2, 0], zones.expected_admission[:, 0] = 0.75 * full_hour, [1.0, 0.5, 1.0]
    found = expected_pay(world, piece, zone)
    np.testing.assert_allclose(found, [[10.0, 30.0], [10.0, 15.0], [30.0, 30.0]], rtol=1e-6)


def test_a_floor_brings_slow_riders_online_and_fast_ones_as_before():
    counts = []
    for floor in (0.0, 20.0):
        world = economy(numbers=riders(4000)).world
        world.workers.reservation[:] = 15.0
        world.workers.productivity[:2000], world.workers.productivity[2000:] = 0.5, 2.0
        world.zones.expected_earnings[:] = 15.0
        world.platforms.floor_online[:] = floor
        let_workers_choose_hours(world)
        is_working = world.workers.minutes.sum(axis=0) > 0
        counts.append((is_working[:2000].sum(), is_working[2000:].sum()))
    assert counts[1][0] > 1.5 * counts[0][0]
    assert counts[1][1] == counts[0][1], "they earn more than the floor by the piece"
