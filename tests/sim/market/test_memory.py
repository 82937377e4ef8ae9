"""What people and platforms remember of a week."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels.layout import OrderColumns
from sim.market import memory
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import WeeksOrders
from tests.economies import economy, economy_after, phase


@pytest.fixture(scope="module")
def world():
    return economy(60, 1).world


ORDERS = st.lists(st.tuples(st.integers(0, 59), st.integers(0, 2)), max_size=200).map(sorted)


@given(orders=ORDERS, seed=st.integers(0, 999))
def test_each_order_pulls_habit_towards_its_platform(world, orders, seed):
    shares = np.random.default_rng(seed).dirichlet(np.ones(4), 60).T[:3]
    world.consumers.habit[:] = shares
    wanted, speed = world.consumers.habit.astype(float), world.sector.consumers.habit_speed
    for consumer, platform in orders:
        wanted[:, consumer] *= 1.0 - speed
        wanted[platform, consumer] += speed
    remember(world, orders)
    np.testing.assert_allclose(world.consumers.habit, wanted, atol=2e-6)
    assert world.consumers.habit.min() >= 0.0
    assert world.consumers.habit.sum(axis=0, dtype=float).max() <= 1.0 + 1e-6


def remember(world, orders):
    """Let consumers remember some orders, in row order as the week has them; returns the buyers."""
    consumer, platform = (np.array([order[k] for order in orders], kind) for k, kind in ((0, np.uint32), (1, np.uint8)))
    placed = OrderColumns(consumer, np.zeros_like(consumer), platform, np.zeros_like(platform))
    world.orders = WeeksOrders(placed, np.zeros(len(consumer), bool), world.orders.n_carried)
    return memory.renew_consumers(world)


@given(orders=ORDERS)
def test_profiles_age_and_gain_the_data_of_each_order(world, orders):
    world.consumers.profile[:] = 7.0
    world.platforms.data_per_order[:] = [1.0, 0.5, 2.0]
    wanted = np.full((3, 60), 7.0 * (1.0 - world.sector.consumers.profile_decay))
    for consumer, platform in orders:
        wanted[platform, consumer] += [1.0, 0.5, 2.0][platform]
    remember(world, orders)
    np.testing.assert_allclose(world.consumers.profile, wanted, rtol=1e-5)


def test_data_move_for_consumers_who_consent(world):
    orders = [(who, who % 2) for who in range(60)]
    world.consumers.habit[:], world.consumers.profile[:] = 0.1, np.array([3.0, 3.0, 9.0])[:, None]
    world.platforms.data_per_order[:] = 1.0
    world.platforms.portability[:], world.platforms.consent[:] = [0.5, 0.0, 0.0], 0.5
    remember(world, orders)
    moved = world.consumers.profile[0] > 5.0
    consents = draws.uniform(world.seed, Stream.PORTING_CONSENT, 0, world.consumers.identity) < 0.5
    assert np.array_equal(moved, consents & (np.arange(60) % 2 == 0)), "half of who ordered where data may arrive"
    assert 5 < moved.sum() < 25
    full = 9.0 * (1.0 - world.sector.consumers.profile_decay)
    own = 3.0 * (1.0 - world.sector.consumers.profile_decay) + 1.0
    np.testing.assert_allclose(world.consumers.profile[0, moved], own + 0.5 * (full - own), rtol=1e-5)
    world.week += 30
    world.consumers.profile[:] = np.array([3.0, 3.0, 9.0])[:, None]
    remember(world, orders)
    assert np.array_equal(world.consumers.profile[0] > 5.0, moved), "who consents does so for life"
    world.platforms.portability[:] = 0.0


def after_carriage():
    model = economy_after(3, 2000, 2, numbers={"platforms.fringe.consumer_reach": 0.0})
    model.world.week += 1
    for name in ("rank_merchants", "let_workers_choose_hours", "let_consumers_order", "carry_orders"):
        phase(model, name)
    return model.world


def test_expected_delay_follows_the_zones_week():
    world = after_carriage()
    before, zones = world.zones.expected_delay.astype(float), world.zones
    memory.renew_expectations(world, memory.renew_consumers(world))
    speed = world.sector.consumers.delay_learning
    np.testing.assert_allclose(zones.expected_delay, before + speed * (zones.delay - before), rtol=1e-6)


def test_expected_earnings_follow_pay_an_hour_in_logs():
    world = after_carriage()
    zones = world.zones
    zones.effective_minutes[1, 0], zones.carried[1, 0], zones.placed[1, 0] = 0, 0, 9
    zones.effective_minutes[1, 1], zones.carried[1, 1], zones.placed[1, 1] = 0, 0, 0
    before, rate = zones.expected_earnings.astype(float), world.platforms.piece_rate_cents / 100
    earned = zones.carried * rate[:, None] / np.maximum(zones.effective_minutes, 1) * 60.0
    earned[1, 0] = 0.98 * world.sector.carriage.deliveries_per_hour * rate[1]  # orders wait and nobody is on line
    memory.renew_expectations(world, memory.renew_consumers(world))
    speed = world.sector.workers.earnings_learning
    wanted = before ** (1.0 - speed) * np.maximum(earned, 0.01) ** speed
    np.testing.assert_allclose(zones.expected_earnings, wanted, rtol=1e-4)
    assert earned[0].min() > 1.0


def test_buyers_tastes_are_those_of_who_was_served():
    world = after_carriage()
    kept = ~world.orders.is_cancelled
    consumer, platform = world.orders.placed.consumer[kept], world.orders.placed.platform[kept]
    before, speed = world.zones.buyer_sensitivity.astype(float), world.sector.merchants.sales_memory
    wanted = before.copy()
    for j in range(3):
        for zone in range(2):
            who = consumer[(platform == j) & (world.consumers.zone[consumer] == zone)]
            if len(who):
                mean = world.sensitivity[world.consumers.income_class[who]].mean(dtype=float)
                wanted[j, zone] += speed * (mean - before[j, zone])
    memory.renew_expectations(world, memory.renew_consumers(world))
    np.testing.assert_allclose(world.zones.buyer_sensitivity, wanted, rtol=1e-5)
    assert np.array_equal(wanted[2], before[2]), "nobody has the fringe's app: nothing is learnt of its buyers"
    assert not np.allclose(wanted[0], before[0])


def test_usual_orders_are_smoothed_where_a_merchant_is_on_offer():
    world = after_carriage()
    merchants = world.merchants
    world.home[:, 3] = -1
    before = merchants.usual_orders.astype(float)
    memory.renew_trade(world)
    step = world.sector.merchants.sales_memory * (world.orders.n_carried - before)
    seen = world.home >= 0
    assert seen.any()
    np.testing.assert_allclose(merchants.usual_orders, (before + step) * seen, rtol=1e-5, atol=1e-6)


def test_luck_persists_and_is_one_on_average():
    world = economy(numbers={"merchants.n_slots": 4000, "merchants.trade_shock_sd": 0.1}).world
    numbers, levels = world.sector.merchants, []
    before = world.merchants.trade.astype(float)
    for week in range(1, 151):
        world.week = week
        before = world.merchants.trade.astype(float)
        memory.renew_trade(world)
        levels.append(world.merchants.shock.mean(dtype=float))
    after = world.merchants.trade.astype(float)
    stationary_sd = 0.1 / np.sqrt(1.0 - numbers.trade_persistence**2)
    assert abs(np.corrcoef(before, after)[0, 1] - numbers.trade_persistence) < 0.01
    assert abs(after.std() / stationary_sd - 1.0) < 0.05
    assert abs(np.mean(levels[-20:]) - 1.0) < 4.0 * stationary_sd / np.sqrt(4000)
