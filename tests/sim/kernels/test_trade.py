"""Sums of a week: compiled loops give the bits of their plain twins."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels.engine import CompiledEngine, PlainEngine
from sim.kernels.order_layout import ShopParameters, Shops

COMPILED, PLAIN = CompiledEngine(), PlainEngine()
MARKETS = {"seed": st.integers(0, 2**32), "n_platforms": st.integers(1, 4), "n_rows": st.integers(1, 60)}


def bits(arrays):
    return [(array.dtype, array.shape, array.tobytes()) for array in arrays]


def goods(engine, seed, n_platforms, n_rows):
    """Orders of merchants listed there, elsewhere or nowhere."""
    rng, shape = np.random.default_rng(seed), (n_platforms, n_rows)
    home = rng.integers(-1, n_platforms, shape).astype(np.int8)
    n_carried = rng.integers(0, 90, shape) * (rng.random(shape) < 0.6) * (home >= 0)
    price, rate = rng.integers(300, 9_000, shape), rng.random((n_platforms, 3))
    sales, commission = np.full(n_rows, 7), np.full(n_rows, 7)
    tier = rng.integers(0, 3, n_rows).astype(np.uint8)
    paid = engine.pay_for_goods(n_carried, price, home, rate, tier, sales, commission)
    return paid, sales, commission


def trade(engine, seed, n_platforms, n_rows):
    rng, shape = np.random.default_rng(seed), (n_platforms, n_rows)
    cents: Any = lambda most: rng.integers(0, most, n_rows)  # noqa: E731
    shops = Shops(
        n_carried=rng.integers(0, 90, shape),
        is_listed=rng.random(shape) < 0.5,
        is_active=rng.random(n_rows) < 0.8,
        offline_orders=rng.exponential(50.0, n_rows).astype(np.float32),
        shock=rng.lognormal(0.0, 0.3, n_rows).astype(np.float32),
        offline_price=cents(9_000),
        unit_cost=cents(4_000),
        fixed_cost=cents(90_000),
        sales=cents(500_000),
        commission=cents(90_000),
        profit=cents(2),
        balance=cents(2_000_000) - 1_000_000,
    )
    numbers = ShopParameters(0.4, 2_500, 100_000)
    return engine.trade_off_platforms(shops, numbers), shops


@given(**MARKETS)
def test_meals_have_the_same_bits(seed, n_platforms, n_rows):
    found = goods(COMPILED, seed, n_platforms, n_rows)
    assert bits(found) == bits(goods(PLAIN, seed, n_platforms, n_rows))
    paid, sales, commission = found
    assert (paid[0].sum(), paid[1].sum()) == (sales.sum(), commission.sum())


@given(**MARKETS)
def test_trade_has_the_same_bits(seed, n_platforms, n_rows):
    (total, shops), (wanted, twins) = (trade(engine, seed, n_platforms, n_rows) for engine in (COMPILED, PLAIN))
    assert bits([total, *shops]) == bits([wanted, *twins])
    income, ingredients, fixed, drawn = total
    gained = shops.profit.sum() - (shops.sales - shops.commission).sum()
    assert gained == income - ingredients - fixed
    assert shops.balance.sum() - trade_balance(seed, n_platforms, n_rows) == gained - drawn


def trade_balance(seed, n_platforms, n_rows):
    """What merchants have before: the same case, of shops that do nothing."""
    idle: Any = PlainEngine()
    idle.trade_off_platforms = lambda shops, numbers: None
    return trade(idle, seed, n_platforms, n_rows)[1].balance.sum()


@given(**MARKETS)
def test_hours_have_the_same_bits(seed, n_platforms, n_rows):
    rng = np.random.default_rng(seed)
    total = rng.integers(0, 4_000, n_rows).astype(np.int32)
    shares = (rng.dirichlet(np.ones(n_platforms), n_rows).T * rng.integers(0, 2, n_rows)).astype(np.float32)
    parts = COMPILED.split_whole(total, shares)
    assert bits([parts]) == bits([PLAIN.split_whole(total, shares)])
    assert np.array_equal(parts.sum(axis=0), total)
    minutes, productivity = parts.astype(np.int32), rng.lognormal(0.0, 0.4, n_rows).astype(np.float32)
    for n_zones in (n for n in range(1, n_rows + 1) if n_rows % n == 0):
        of_zones = [engine.effective_minutes(minutes, productivity, n_zones) for engine in (COMPILED, PLAIN)]
        assert bits(of_zones[:1]) == bits(of_zones[1:])


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
@pytest.mark.parametrize("n", [0, 1, 1_001])
def test_sums_do_not_overflow(dtype, n):
    cents = np.full(n, -(2**31), dtype)
    assert COMPILED.sum_of(cents) == PLAIN.sum_of(cents) == -(2**31) * n
