"""The consumers' week in plain NumPy against the equations it stands for."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.kernels.engine import PlainEngine
from sim.kernels.ordering_plain import count_orders, expect_to_order, weigh_platforms
from tests.sim.kernels._markets import nested_logit, random_market


@pytest.mark.parametrize("rate", [0.05, 0.7, 1.6, 8.0, 40.0])
def test_numbers_of_orders_are_poisson(rate):
    n = 60_000
    count = count_orders(np.arange(n), np.full(n, rate, np.float32), 5, 18, (1, 0))
    seen = np.cumsum(np.bincount(count, minlength=61)) / n
    wanted = stats.poisson.cdf(np.arange(len(seen)), rate)
    assert np.abs(seen - wanted)[:59].max() < 1.95 / np.sqrt(n)  # Kolmogorov's bound at one in a thousand
    if rate < 40.0:  # where the count is not cut
        assert abs(count.mean() - rate) < 4.0 * np.sqrt(rate / n)
        assert abs(count.var() - rate) < 4.0 * np.sqrt((rate + 2.0 * rate**2) / n)


def test_a_consumer_without_occasions_never_orders():
    assert not count_orders(np.arange(5000), np.zeros(5000, np.float32), 5, 18, (1, 0)).any()


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_choice_of_platform_is_the_nested_logit(seed, n_platforms):
    market = random_market(seed, n_platforms, zone_sizes=(12, 9))
    for zone, rows in ((0, np.arange(12)), (1, np.arange(12, 21))):
        running = weigh_platforms(market.columns, rows, market.tables, market.weights, zone)
        inside, log_sum = expect_to_order(running[-1], market.weights)
        strength = np.diff(running, axis=0, prepend=0)
        for i, row in enumerate(rows):
            wanted, wanted_log_sum = nested_logit(market, row, zone)
            np.testing.assert_allclose(inside[i], wanted.sum(), atol=2e-5)
            if wanted.any():
                np.testing.assert_allclose(strength[:, i] / running[-1, i] * inside[i], wanted, atol=2e-5)
                np.testing.assert_allclose(log_sum[i], wanted_log_sum, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("nest", [0.0, 0.5, 0.95])
def test_who_can_reach_no_platform_buys_nothing_and_expects_nothing(nest):
    market = random_market(2, zone_sizes=(5,))
    columns = market.columns._replace(apps=np.zeros(5, np.uint16), occasion_rate=np.full(5, 40.0, np.float32))
    weights = market.weights._replace(inverse_nest=np.float32(1.0 / (1.0 - nest)), nest=np.float32(1.0 - nest))
    log_sum, orders, _ = market._replace(columns=columns, weights=weights).place(PlainEngine())
    assert len(orders.consumer) == 0
    assert np.all(log_sum == 0.0)


def test_shares_of_orders_are_the_nested_logit():
    n = 20_000
    market = random_market(5, n_platforms=3, zone_sizes=(n,), classes=1)
    same = market.columns._replace(
        occasion_rate=np.full(n, 3.0, np.float32),
        apps=np.full(n, 7, np.uint16),
        habit=np.full((3, n), 0.3, np.float32),
        profile=np.full((3, n), 4.0, np.float32),
        privacy_concern=np.full(n, 0.1, np.float32),
    )
    value = np.array([[[0.4], [0.1], [-0.6]]], np.float32)
    market = market._replace(columns=same, tables=market.tables._replace(platform_value=value))
    _, orders, _ = market.place(PlainEngine())
    wanted, _ = nested_logit(market, 0, 0)
    seen, mean = np.bincount(orders.platform, minlength=3), 3.0 * n * wanted
    assert wanted.min() > 0.05
    assert wanted.sum() < 0.9
    assert np.all(np.abs(seen - mean) < 4.0 * np.sqrt(mean)), "Poisson orders, as if occasions had been drawn"


def chances_of_merchants(weight, utility, n_candidates):
    """Chance of each merchant: candidates by weight with replacement, then logit among them; all cases listed."""
    total = np.zeros(len(weight))
    for shown in itertools.product(range(len(weight)), repeat=n_candidates):
        chance = np.prod(weight[list(shown)])
        for one in shown:
            total[one] += chance * utility[one] / utility[list(shown)].sum()
    return total


@pytest.mark.parametrize("n_candidates", [1, 2, 3, 7])
def test_choice_of_merchant_is_a_logit_among_candidates_shown_by_rank(n_candidates):
    n = 20_000
    market = random_market(8, n_platforms=1, n_slots=3, zone_sizes=(n,), classes=1)
    weight, utility = np.array([0.5, 0.2, 0.3]), np.array([1.0, 3.0, 0.6])
    sensitivity = np.float32(0.1)
    price = np.array([[20.0, 25.0, 15.0]], np.float32)
    tables = market.tables._replace(
        platform_value=np.full((1, 1, 1), 2.0, np.float32),
        is_reachable=np.ones((1, 1), np.uint8),
        sensitivity=np.array([sensitivity]),
        price=price,
        quality=(np.log(utility) + sensitivity * price[0]).astype(np.float32),
        ranking=weight[None, :].astype(np.float32),
    )
    columns = market.columns._replace(apps=np.ones(n, np.uint16), occasion_rate=np.full(n, 2.0, np.float32))
    _, orders, _ = market._replace(columns=columns, tables=tables).place(PlainEngine(), n_candidates)
    wanted = chances_of_merchants(weight, utility, n_candidates)
    n_orders = len(orders.merchant)
    seen = np.bincount(orders.merchant, minlength=3) / n_orders
    assert np.all(np.abs(seen - wanted) < 4.0 * np.sqrt(wanted * (1.0 - wanted) / n_orders))


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 12))
def test_orders_are_possible(seed, n_platforms, n_candidates):
    market = random_market(seed, n_platforms, zone_sizes=(60, 1, 30))
    log_sum, orders, placed = market.place(PlainEngine(), n_candidates)
    consumer, merchant = orders.consumer.astype(int), orders.merchant.astype(int)
    zone = np.repeat([0, 1, 2], [60, 1, 30])
    assert np.all(np.diff(consumer) >= 0), "orders stand in consumers' row order"
    number = np.bincount(consumer, minlength=91)
    assert np.array_equal(orders.turn, np.concatenate([np.arange(n) for n in number])), "turns count from zero"
    assert np.all((market.columns.apps[consumer] >> orders.platform) & 1), "only with the app"
    assert np.array_equal(merchant // market.n_slots, zone[consumer]), "only within the zone"
    assert np.all(market.tables.ranking[orders.platform, merchant] > 0.0), "only what is listed"
    cell = zone[consumer] * n_platforms + orders.platform
    assert np.array_equal(np.bincount(cell, minlength=3 * n_platforms).reshape(3, n_platforms), placed)
    assert np.all(np.isfinite(log_sum) & (log_sum >= 0.0))


@pytest.mark.parametrize("n_candidates", [1, 2, 5, 6, 10, 64])
def test_candidates_are_drawn_afresh(n_candidates):
    market = random_market(3, n_platforms=1, n_slots=50, zone_sizes=(400,), classes=1)
    quality = np.zeros(50, np.float32)
    price = np.full((1, 50), 30.0, np.float32)
    tables = market.tables._replace(
        quality=quality,
        price=price,
        ranking=np.ones((1, 50), np.float32),
        is_reachable=np.ones((1, 1), np.uint8),
        platform_value=np.full((1, 1, 1), 3.0, np.float32),
    )
    columns = market.columns._replace(apps=np.ones(400, np.uint16), occasion_rate=np.full(400, 8, np.float32))
    _, orders, _ = market._replace(columns=columns, tables=tables).place(PlainEngine(), n_candidates)
    counts = np.bincount(orders.merchant, minlength=50)
    expected = len(orders.merchant) / 50
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert stats.chi2.sf(chi_square, 49) > 1e-4, "equal merchants sell equally, however many are shown"
