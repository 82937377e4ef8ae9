"""Orders become deliveries: who carries them, which fail, how late they come."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import BrokenMarket
from sim.market.dispatch import cancel_orders, carry_orders, share_deliveries
from tests.economies import economy, economy_after, phase


def ordered(n_weeks=3, **kwargs):
    """A world in the middle of a week: orders are placed, none is carried yet."""
    model = economy_after(n_weeks, 2000, 2, **kwargs)
    model.world.week += 1
    for name in ("rank_merchants", "let_workers_choose_hours", "let_consumers_order"):
        phase(model, name)
    return model.world


def cancelled(world):
    """Which of the orders placed are cancelled."""
    cancel_orders(world)
    return world.orders.is_cancelled


SPLIT = economy(n_zones=3, numbers={"workers.n_per_zone": 7, "workers.n_slots": 7}).world


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_deliveries_sum_to_the_orders_carried_and_go_to_riders_online(seed):
    rng = np.random.default_rng(seed)
    workers, zones = SPLIT.workers, SPLIT.zones
    workers.minutes[:] = rng.integers(0, 3000, workers.minutes.shape) * (rng.random(workers.minutes.shape) < 0.5)
    effective = np.rint(workers.minutes * workers.productivity).astype(np.int64)
    by_zone = effective.reshape(SPLIT.n_platforms, 3, 7)
    zones.effective_minutes[:] = by_zone.sum(axis=2)
    zones.carried[:] = rng.integers(0, 500, zones.carried.shape) * (zones.effective_minutes > 0)
    deliveries = share_deliveries(SPLIT)
    assert np.array_equal(deliveries.reshape(SPLIT.n_platforms, 3, 7).sum(axis=2), zones.carried)
    assert deliveries.min() >= 0
    assert not deliveries[effective == 0].any()
    exact = zones.carried[:, workers.zone] * effective / np.maximum(zones.effective_minutes[:, workers.zone], 1)
    assert np.abs(deliveries - exact).max() < 1.0 + 1e-9, "in proportion to effective time"


def test_without_riders_every_order_is_cancelled():
    world = ordered()
    world.zones.capacity[:], world.workers.minutes[:], world.zones.effective_minutes[:] = 0, 0, 0
    carry_orders(world)
    assert world.zones.placed.sum() > 50
    assert world.orders.is_cancelled.all()
    assert not world.orders.n_carried.any()
    assert not world.workers.deliveries.any()
    assert np.array_equal(world.zones.cancelled, world.zones.placed)


def test_with_idle_riders_only_chance_cancels():
    share, n_cancelled, n_orders = 0.03, 0, 0
    world = ordered(numbers={"carriage.cancel_share": share})
    world.zones.capacity[:] = 10**6
    for week in range(10, 50):
        world.week = week
        is_cancelled = cancelled(world)
        n_cancelled, n_orders = n_cancelled + is_cancelled.sum(), n_orders + len(is_cancelled)
    assert n_orders > 10_000
    assert abs(n_cancelled / n_orders - share) < 4.0 * np.sqrt(share * (1.0 - share) / n_orders)


def test_capacity_is_hard_and_used_to_the_last_order():
    world = ordered(numbers={"carriage.cancel_share": 0.0})
    placed = world.zones.placed.copy()
    world.zones.capacity[:] = placed // 2
    world.zones.capacity[0, 1] = placed[0, 1] + 5
    carry_orders(world)
    assert np.array_equal(world.zones.carried, np.minimum(placed, world.zones.capacity))
    assert np.array_equal(world.zones.carried + world.zones.cancelled, placed)


def test_carried_orders_are_counted_where_they_were_placed():
    world = ordered()
    carry_orders(world)
    orders = world.orders.placed
    n_carried, carried = np.zeros_like(world.orders.n_carried), np.zeros_like(world.zones.carried)
    for i in np.flatnonzero(~world.orders.is_cancelled):
        n_carried[orders.platform[i], orders.merchant[i]] += 1
        carried[orders.platform[i], world.consumers.zone[orders.consumer[i]]] += 1
    assert np.array_equal(world.orders.n_carried, n_carried)
    assert np.array_equal(world.zones.carried, carried)


def test_delay_and_utilisation_follow_from_orders_and_capacity():
    world = ordered()
    world.zones.capacity[0] = 0
    carry_orders(world)
    zones, numbers = world.zones, world.sector.carriage
    u = np.where((zones.capacity == 0) & (zones.placed > 0), 1.0, zones.carried / np.maximum(zones.capacity, 1))
    np.testing.assert_allclose(zones.utilisation, u, rtol=1e-6)
    cut = np.minimum(u, 0.98)
    np.testing.assert_allclose(zones.delay, numbers.base_delay + numbers.congestion * cut**4 / (1 - cut), rtol=1e-5)
    assert zones.utilisation.max() <= 1.0


def test_one_orders_bad_luck_is_its_own():
    """Chance failures are keyed by consumer and turn: fewer orders elsewhere change none of them."""
    world = ordered(numbers={"carriage.cancel_share": 0.2})
    world.zones.capacity[:] = 10**6
    everybody = cancelled(world)
    kept = world.orders.placed.consumer % 3 == 0
    world.orders.placed = type(world.orders.placed)(*(column[kept] for column in world.orders.placed))
    assert np.array_equal(cancelled(world), everybody[kept])
    assert everybody.any()


def test_an_order_that_is_lost_or_counted_twice_is_noticed():
    world = ordered()
    world.zones.placed[0, 0] -= 1
    world.zones.capacity[:] = 10**6
    with pytest.raises(BrokenMarket, match="orders placed"):
        carry_orders(world)
