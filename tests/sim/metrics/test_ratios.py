"""Ratios of a week's totals: money in cents or in currency comes to the same, and each stands once in sim."""

import math
from pathlib import Path

import numpy as np
import pytest

from sim.metrics.ratios import (
    ConsumerTotals,
    MerchantTotals,
    PlatformTotals,
    WorkerTotals,
    consumer_ratios,
    injury_ratios,
    mean_over_orders,
    mean_posted_price,
    merchant_ratios,
    platform_ratios,
    worker_ratios,
)
from sim.metrics.registry import REGISTRY
from tests.economies import ROOT

ORDERS, SHARES = np.array([60, 30, 10]), np.array([0.5, 0.0, 1.0])
AGAIN = {"platform_profit_per_order", "platform_margin"}
"""Stated anew by `with_state`, which takes inspections' burden off a profit that is per 1,000 consumers by then."""


def of_platforms(money):
    return PlatformTotals(
        money,
        ORDERS,
        money * np.array([300, -20, 50]),
        80 * money,
        250 * money,
        80 * money,
        2420 * money,
        200 * money,
        5,
    )


def of_consumers(money):
    return ConsumerTotals(money, 50, 2600 * money, 100 * money, ORDERS + 10, ORDERS, np.array([30.0, 40.0, 50.0]), 75.0)


def of_merchants(money):
    return MerchantTotals(
        money,
        500 * money,
        20,
        (2000 * money, 400 * money),
        (1500 * money, 330 * money),
        (500 * money, 70 * money),
        100,
        80,
        18,
        9,
    )


RATIOS = {
    "platforms": lambda money: platform_ratios(of_platforms(money)),
    "consumers": lambda money: consumer_ratios(of_consumers(money)),
    "merchants": lambda money: merchant_ratios(of_merchants(money)),
}
MEASURED = {
    **RATIOS["platforms"](1.0),
    **RATIOS["consumers"](1.0),
    **RATIOS["merchants"](1.0),
    **worker_ratios(WorkerTotals(900.0, 30.0, 3, 10.0, 40.0)),
    **injury_ratios(ORDERS, SHARES, SHARES, SHARES),
}


@pytest.mark.parametrize("party", RATIOS)
def test_cents_and_currency_come_to_the_same(party):
    assert RATIOS[party](100) == pytest.approx(RATIOS[party](1.0), rel=1e-15)


def test_ratios_of_platforms_are_what_the_registry_says():
    found = MEASURED
    assert found["platform_take_rate"] == pytest.approx(330 / 2500)
    assert found["platform_revenue_per_order"] == pytest.approx(3.3)
    assert found["platform_margin"] == pytest.approx(80 / 330)
    assert found["platform_rider_cost_share"] == pytest.approx(200 / 2500)
    assert found["platform_leader_order_share"] == pytest.approx(0.6)
    assert found["platform_leader_revenue_share"] == pytest.approx(300 / 350)  # a loss counts as none
    assert found["platform_second_revenue_share"] == pytest.approx(50 / 350)
    assert found["platform_hhi_orders"] == pytest.approx(60**2 + 30**2 + 10**2)


def test_ratios_of_the_other_parties_are_what_the_registry_says():
    found = MEASURED
    assert found["consumer_delay"] == pytest.approx((60 * 30 + 30 * 40 + 10 * 50) / 100)
    assert found["consumer_price"] == pytest.approx(26.0)
    assert found["consumer_cancelled_share"] == pytest.approx(30 / 130)
    assert found["consumer_data_collected"] == pytest.approx(1.5)
    assert found["merchant_take_rate_independent"] == pytest.approx(0.22)
    assert found["merchant_take_rate_chain"] == pytest.approx(0.14)
    assert found["merchant_multihoming_share"] == pytest.approx(0.5)
    assert found["worker_hourly_earnings"] == pytest.approx(30.0)
    assert found["worker_weekly_earnings"] == pytest.approx(300.0)
    assert found["worker_rationed_share"] == pytest.approx(0.25)
    assert found["worker_insured_share"] == pytest.approx(0.4)
    assert found["worker_injury_loss_uncovered"] == pytest.approx((30 * 0.75 + 30) / 60)


def test_posted_prices_leave_out_platforms_on_which_nobody_is_listed():
    total, n_posted = np.array([60.0, 0.0, 90.0]), np.array([2, 0, 3])
    assert mean_posted_price(total, n_posted, ORDERS, 1.0) == pytest.approx(30.0)
    assert mean_over_orders(np.array([1.0, 2.0, 4.0]), ORDERS) == pytest.approx(1.6)
    assert math.isnan(mean_posted_price(total, 0 * n_posted, ORDERS, 1.0))


def test_no_ratio_is_worked_out_anywhere_else():
    """A metric's name before a colon is a place where its value is made: for these there is one, `ratios`."""
    assert MEASURED.keys() < REGISTRY.keys()
    text = {path.relative_to(ROOT): path.read_text("utf-8") for path in sorted((ROOT / "sim").rglob("*.py"))}
    found = {name: [p for p, s in text.items() if f'"{name}":' in s] for name in MEASURED.keys() - AGAIN}
    twice = {name: places for name, places in found.items() if set(places) - {Path("sim/metrics/ratios.py")}}
    assert not twice
