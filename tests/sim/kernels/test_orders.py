"""Passes over the week's orders: compiled loops give the bits of their plain twins, and those mean what they say."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.kernels.engine import CompiledEngine, PlainEngine
from sim.kernels.layout import OrderColumns
from sim.kernels.order_layout import (
    Choosers,
    Draw,
    Memory,
    Porting,
    Renewal,
    SurplusColumns,
    Utility,
    chance_below,
)
from sim.kernels.orders_plain import loss_of_cancelled

PLAIN = PlainEngine()
N_CLASSES, N_SLOTS = 20, 6
ENGINES = {f"{n} threads": CompiledEngine(n) for n in (1, 2)}
THREADS = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
SIZES = st.lists(st.sampled_from([0, 1, 40, 700]), min_size=1, max_size=4).filter(any)
WEEKS = {"seed": st.integers(0, 2**32), "n_platforms": st.integers(1, 4), "sizes": SIZES}
DRAW = Draw(7, 20, (3, 4))


class Week(NamedTuple):
    """Consumers and their orders."""

    placed: OrderColumns
    is_cancelled: np.ndarray
    zone_ends: np.ndarray
    identity: np.ndarray
    income_class: np.ndarray
    rate: np.ndarray
    log_sum: np.ndarray
    concern: np.ndarray
    habit: np.ndarray
    profile: np.ndarray

    @property
    def shape(self):
        return len(self.habit), len(self.zone_ends)

    @property
    def orders(self):
        return self.placed, self.is_cancelled, self.zone_ends


def random_week(seed, n_platforms, sizes) -> Week:
    """Zones of given sizes, up to a dozen orders a consumer, a fifth cancelled; some consumers share their luck."""
    rng, n, f32 = np.random.default_rng(seed), sum(sizes), np.float32
    count = np.minimum(rng.poisson(rng.exponential(1.0, n)), 12) * (rng.random() < 0.95)
    who = np.repeat(np.arange(n), count)
    zone = np.repeat(np.arange(len(sizes)), sizes)
    placed = OrderColumns(
        who.astype(np.uint32),
        (zone[who] * N_SLOTS + rng.integers(0, N_SLOTS, len(who))).astype(np.uint32),
        rng.integers(0, n_platforms, len(who)).astype(np.uint8),
        (np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)).astype(np.uint8),
    )
    return Week(
        placed,
        rng.random(len(who)) < 0.2,
        np.cumsum(sizes),
        rng.integers(0, n, n).astype(np.uint32),
        rng.integers(0, N_CLASSES, n).astype(np.uint8),
        rng.exponential(2.0, n).astype(f32),
        (rng.exponential(0.5, n) * rng.integers(0, 2, n)).astype(f32),
        rng.lognormal(-3.0, 1.0, n).astype(f32),
        rng.dirichlet(np.ones(n_platforms), n).T.astype(f32).copy(),
        rng.exponential(5.0, (n_platforms, n)).astype(f32),
    )


def placed_by_zone(week):
    j, z = week.placed.platform, week.placed.merchant // N_SLOTS
    return np.array(
        [[np.count_nonzero((j == a) & (z == b)) for b in range(week.shape[1])] for a in range(week.shape[0])]
    )


def carry(engine, week, capacity, share=0.03):
    n_carried = np.zeros((week.shape[0], week.shape[1] * N_SLOTS), np.int64)
    is_cancelled = engine.carry_orders(
        week.placed, week.identity, week.zone_ends, placed_by_zone(week), capacity, chance_below(share), DRAW, n_carried
    )
    return is_cancelled, n_carried


def charge(engine, week, seed):
    rng = np.random.default_rng(seed)
    price = rng.integers(500, 9000, (week.shape[0], week.shape[1] * N_SLOTS))
    fee, balance = rng.integers(-300, 900, week.shape[0]), rng.integers(-(10**12), 10**12, len(week.identity))
    paid = engine.charge_consumers(*week.orders, price, fee, balance)
    return price, fee, balance, paid


def weigh(engine, week, seed):
    rng, (n_platforms, n_zones) = np.random.default_rng(seed), week.shape
    data = rng.random(n_platforms)
    cents, late = 100.0 / rng.uniform(0.02, 0.4, N_CLASSES), rng.normal(0.0, 1.0, (n_platforms, n_zones))
    utility = Utility(cents, late, 0.7 * data, data, habit=0.5)
    out = SurplusColumns(*(np.full(len(week.identity), 9, np.int32) for _ in range(3)))
    choosers = Choosers(week.income_class, week.rate, week.log_sum, week.concern, week.habit)
    engine.weigh_orders(*week.orders, choosers, utility, out)
    return utility, out


def renew(engine, week, share=0.0, consent=0.6):
    porting = None
    if share:
        shares = np.array([share, 0.0, 1.0, share][: week.shape[0]], np.float32)
        below = np.full(week.shape[0], chance_below(consent), np.uint64)
        porting = Porting(shares, below, week.identity, Draw(0, 23, (3, 4)))
    habit, profile = week.habit.copy(), week.profile.copy()
    data = np.array([1.0, 0.5, 2.0, 0.0][: week.shape[0]], np.float32)
    memory, renewal = Memory(week.income_class, habit, profile), Renewal(0.1, 0.03, data)
    n_buyers = engine.renew_consumers(*week.orders, memory, renewal, N_CLASSES, porting)
    return habit, profile, n_buyers


def bits(arrays):
    return [(array.dtype, array.shape, array.tobytes()) for array in arrays]


@THREADS
@settings(max_examples=25)
@given(**WEEKS, fullness=st.sampled_from([0.0, 0.5, 0.95, 2.0]), share=st.sampled_from([0.0, 0.03, 1.0]))
def test_carried_orders_have_the_same_bits(engine, seed, n_platforms, sizes, fullness, share):
    week = random_week(seed, n_platforms, sizes)
    capacity = (placed_by_zone(week) * fullness).astype(np.int64)
    assert bits(carry(engine, week, capacity, share)) == bits(carry(PLAIN, week, capacity, share))


@THREADS
@settings(max_examples=25)
@given(**WEEKS)
def test_payments_have_the_same_bits(engine, seed, n_platforms, sizes):
    week = random_week(seed, n_platforms, sizes)
    assert bits(charge(engine, week, seed)) == bits(charge(PLAIN, week, seed))


@THREADS
@settings(max_examples=25)
@given(**WEEKS)
def test_surplus_has_the_same_bits(engine, seed, n_platforms, sizes):
    week = random_week(seed, n_platforms, sizes)
    assert bits(weigh(engine, week, seed)[1]) == bits(weigh(PLAIN, week, seed)[1])


@THREADS
@settings(max_examples=25)
@given(**WEEKS, share=st.sampled_from([0.0, 0.3, 1.0]), consent=st.sampled_from([0.0, 0.6, 1.0]))
def test_memories_have_the_same_bits(engine, seed, n_platforms, sizes, share, consent):
    week = random_week(seed, n_platforms, sizes)
    assert bits(renew(engine, week, share, consent)) == bits(renew(PLAIN, week, share, consent))


@THREADS
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), n_platforms=st.integers(1, 4), sizes=SIZES)
def test_deliveries_have_the_same_bits(engine, seed, n_platforms, sizes):
    rng, n = np.random.default_rng(seed), sum(sizes)
    minutes = (rng.integers(0, 3000, (n_platforms, n)) * (rng.random((n_platforms, n)) < 0.5)).astype(np.int32)
    productivity = rng.lognormal(0.0, 0.4, n).astype(np.float32)
    effective = np.rint(minutes * productivity.astype(np.float64)).astype(np.int64)
    total = np.stack([part.sum(axis=1) for part in np.split(effective, np.cumsum(sizes)[:-1], axis=1)], axis=1)
    carried = rng.integers(0, 3000, total.shape) * (total > 0)
    arguments = (minutes, productivity, np.cumsum(sizes), carried, total)
    found, wanted = engine.share_deliveries(*arguments), PLAIN.share_deliveries(*arguments)
    assert bits([found]) == bits([wanted])
    assert np.array_equal(wanted.sum(axis=1), carried.sum(axis=1))


@given(seed=st.integers(0, 2**32), excess=st.integers(0, 60))
def test_capacity_takes_the_unluckiest_first(seed, excess):
    week = random_week(seed, 2, [60])
    placed = placed_by_zone(week)
    capacity = np.maximum(placed - excess, 0)
    few, n_carried = carry(PLAIN, week, capacity, 0.0)
    more, _ = carry(PLAIN, week, np.maximum(capacity - 3, 0), 0.0)
    assert np.array_equal(n_carried.sum(axis=1, keepdims=True), capacity)
    assert not (few & ~more).any(), "less capacity spares nobody"


@given(st.floats(0.0, 1.0), st.integers(0, 2**32 - 1))
def test_the_threshold_of_a_chance_is_exact(share, word):
    assert (word < chance_below(share)) == ((word + 0.5) * 2.0**-32 < share)


@given(st.integers(0, 2**32 - 1), st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]))
def test_the_threshold_is_exact_where_it_matters(word, step):
    share = (word + 0.5 + step) * 2.0**-32
    assert (word < chance_below(share)) == ((word + 0.5) * 2.0**-32 < share)


def test_who_pays_is_who_was_served():
    week = random_week(3, 3, [50, 40])
    before = charge(PLAIN, week._replace(is_cancelled=np.ones_like(week.is_cancelled)), 5)[2]
    price, fee, balance, (ordered, fees, refunds) = charge(PLAIN, week, 5)
    owed, goods = np.zeros(len(balance), np.int64), np.zeros(3, np.int64)
    for i, (who, merchant, j, _) in enumerate(zip(*week.placed, strict=True)):
        goods[j] += price[j, merchant]
        owed[who] += 0 if week.is_cancelled[i] else price[j, merchant] + fee[j]
    assert np.array_equal(before - balance, owed)
    assert np.array_equal(ordered, goods)
    assert np.array_equal(fees, fee * np.bincount(week.placed.platform, minlength=3))
    assert owed.sum() == (ordered + fees - refunds).sum()


def test_surplus_order_by_order():
    week = random_week(3, 3, [50, 40])
    utility, out = weigh(PLAIN, week, 6)
    zone = np.repeat([0, 1], [50, 40])
    cents = utility.cents[week.income_class]
    wanted = [np.rint(cents * week.rate.astype(float) * week.log_sum), *np.zeros((2, 90))]
    for i, (who, _, j, _) in enumerate(zip(*week.placed, strict=True)):
        given_up = float(week.concern[who])
        if week.is_cancelled[i]:
            log_sum = float(week.log_sum[who])
            loss = log_sum / (1.0 - np.exp(-log_sum)) if log_sum > 0.0 else 1.0
            wanted[0][who] -= cents[who] * loss
            continue
        wanted[0][who] -= np.rint(cents[who] * (utility.late[j, zone[who]] + utility.unseen[j] * given_up))
        wanted[1][who] += np.rint(cents[who] * 0.5 * week.habit[j, who])
        wanted[2][who] += np.rint(cents[who] * utility.data[j] * given_up)
    for found, amount in zip(out, wanted, strict=True):
        np.testing.assert_allclose(found, amount, rtol=1e-4, atol=8.0)
        assert np.count_nonzero(found) > 20


def test_the_loss_of_a_cancelled_order_is_smooth_at_nothing():
    log_sum = np.array([0.0, 9e-4, 1.1e-3, 0.5, 30.0], np.float32)
    exact = np.array([1.0, 1.0, 1.0, 0.5 / (1.0 - np.exp(-0.5)), 30.0])
    np.testing.assert_allclose(loss_of_cancelled(log_sum), exact, rtol=1e-3)


def test_memories_without_orders_only_fade():
    week = random_week(1, 3, [30])
    week = week._replace(is_cancelled=np.ones_like(week.is_cancelled))
    for share in (0.0, 0.5):
        habit, profile, n_buyers = renew(PLAIN, week, share)
        assert np.array_equal(habit, week.habit)
        assert np.array_equal(profile, week.profile * np.float32(0.97))
        assert not n_buyers.any()


def test_buyers_are_counted_where_they_live():
    week = random_week(2, 3, [50, 0, 40])
    n_buyers = renew(PLAIN, week)[2]
    wanted, zone = np.zeros_like(n_buyers), np.repeat([0, 2], [50, 40])
    for i in np.flatnonzero(~week.is_cancelled):
        who = week.placed.consumer[i]
        wanted[zone[who], week.placed.platform[i], week.income_class[who]] += 1
    assert np.array_equal(n_buyers, wanted)


def test_ported_data_close_the_gap_to_the_best_informed_platform():
    week = random_week(4, 3, [60])
    habit, profile = week.habit.astype(float), week.profile.astype(float) * 0.97
    moves, served = [0.3, 0.0, 1.0], set()
    for i in np.flatnonzero(~week.is_cancelled):
        who, j = week.placed.consumer[i], week.placed.platform[i]
        habit[:, who] *= 0.9
        habit[j, who] += 0.1
        usual = habit[:, who].argmax()
        moved = moves[j] * (habit[usual, who] - habit[j, who])
        habit[j, who] += moved
        habit[usual, who] -= moved
        profile[j, who] += [1.0, 0.5, 2.0][j]
        served.add((j, who))
    fullest = profile.max(axis=0)
    for j, who in served:
        profile[j, who] += moves[j] * (fullest[who] - profile[j, who])
    found = renew(PLAIN, week, 0.3, consent=1.0)
    np.testing.assert_allclose(found[0], habit, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found[1], profile, rtol=1e-4)
    assert not np.allclose(found[0], renew(PLAIN, week)[0])


def test_data_of_consumers_who_do_not_consent_stay():
    week = random_week(4, 3, [60])
    without = renew(PLAIN, week)
    for engine in (PLAIN, *ENGINES.values()):
        assert bits(renew(engine, week, 0.3, consent=0.0)) == bits(without)
