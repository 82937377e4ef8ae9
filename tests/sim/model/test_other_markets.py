"""Markets in which nobody sells through platforms, or nobody works for them: the same week, other numbers."""

import math

import numpy as np
import pytest

from sim.ledger.accounts import Account
from sim.model import PlatformEconomy
from sim.parameters import Practice
from sim.populations.table import Table
from tests.economies import RULES, asked, columns_of, fingerprint, run, scenario_of

PLATFORMS = tuple(asked()["sector"]["platforms"])
OWN_SERVICE = {
    "merchants.n_per_zone": 0,
    "merchants.n_slots": 1,
    "merchants.entrant_rate": 0.0,
    "consumers.reference_variety": 1.0,
    "workers.n_per_zone": 150,
    "workers.n_slots": 200,
    **{f"platforms.{name}.net_fee": 21.38 for name in PLATFORMS},
    **{f"platforms.{name}.piece_rate": 18.98 for name in PLATFORMS},
}
"""A ride: the fare is the net fee, the driver's part the piece rate."""
PARCELS = {
    "workers.n_per_zone": 0,
    "workers.n_slots": 0,
    "workers.groups": {},
    "carriage.congestion": 0.0,
    "carriage.base_delay": 4320.0,
    "consumers.value_of_time": 0.001,
}
MARKETS = {"nobody sells": OWN_SERVICE, "nobody works": PARCELS, "neither": {**OWN_SERVICE, **PARCELS}}
AMOUNTS = {"n_consumers": 1000, "n_zones": 2, "n_weeks": 20, "policy_week": 11}
NOBODY_SELLS = (
    "merchant_profit_each",
    "merchant_take_rate",
    "merchant_price",
    "merchant_price_independent",
    "merchant_gini",
    "merchant_multihoming_share",
    "merchant_independent_share",
    "merchant_tax_gap",
)
NOBODY_WORKS = (
    "worker_hourly_earnings",
    "worker_weekly_earnings",
    "worker_hours",
    "worker_utilisation",
    "worker_earnings_gini",
    "worker_rationed_share",
    "worker_injuries",
    "worker_injury_loss_uncovered",
    "worker_insured_share",
    "worker_licensed_share",
)


@pytest.fixture(scope="module", params=MARKETS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def model(kind):
    return run(numbers=MARKETS[kind], **AMOUNTS)


def is_nothing(values):
    return all(value == 0.0 or math.isnan(value) for value in values)


def test_orders_flow_and_books_close(model):
    world = model.world
    assert min(model.weekly["consumer_orders"]) > 0.0
    assert sum(int(balance.sum()) for balance in world.ledger.balances.values()) == 0
    for name, values in columns_of(world).items():
        assert values.dtype.kind != "f" or np.isfinite(values).all(), name


def test_only_what_has_nobody_behind_it_is_not_a_number(model, kind):
    """The fifth week knows every other measure."""
    missing = {name for name, values in model.weekly.items() if math.isnan(values[4])}
    expected = set()
    if kind != "nobody works":
        expected |= {*NOBODY_SELLS, *(name for name in model.weekly if name.startswith("merchant_take_rate"))}
    if kind != "nobody sells":
        expected |= set(NOBODY_WORKS)
    expected |= {f"practice_{one.label}" for one in set(Practice) - model.world.sector.practices_here}
    assert {name for name in missing if not name.startswith(("consumer_tip", "worker_tip"))} == expected


def test_nobodys_money_stands_still(model, kind):
    if kind != "nobody works":
        merchants = model.world.merchants
        assert not merchants.is_active.any()
        assert not merchants.balance_cents.any()
        assert all(is_nothing(v) for name, v in model.weekly.items() if name.startswith("merchant_"))
    if kind != "nobody sells":
        assert not model.world.workers.is_active.any()
        assert all(is_nothing(v) for name, v in model.weekly.items() if name.startswith("worker_"))


def test_a_ride_is_paid_for_with_the_fare_and_shared_between_driver_and_platform():
    model = run(numbers=OWN_SERVICE, **AMOUNTS)
    world, flows = model.world, model.world.ledger.flows
    carried = int(world.zones.carried.sum())
    assert flows[Account.GOODS_PAID] == flows[Account.COMMISSION] == flows[Account.PARCELS] == 0
    assert flows[Account.NET_FEES] - flows[Account.REFUNDS] == 2138 * carried
    assert world.workers.pay_cents.sum() == flows[Account.WORKER_PAY] == 1898 * carried
    assert model.weekly["platform_rider_cost_share"][-1] == pytest.approx(18.98 / 21.38)
    assert model.weekly["platform_take_rate"][-1] == 1.0
    assert model.moments["kept_share"] == pytest.approx(1.0 - 18.98 / 21.38)
    assert model.weekly["consumer_variety"][-1] == 1.0
    assert np.isnan(model.moments["merchant_gini"])


def test_a_parcel_is_carried_outside_at_the_piece_rate_without_limit():
    model = run(numbers=PARCELS, **AMOUNTS)
    world, flows = model.world, model.world.ledger.flows
    carried = world.zones.carried.sum(axis=1)
    assert flows[Account.PARCELS] == (carried * world.platforms.piece_rate_cents).sum() > 0
    assert flows[Account.WORKER_PAY] == flows[Account.TOP_UPS] == 0
    assert set(world.zones.delay.ravel()) == {4320.0}
    assert not world.zones.utilisation.any()
    failed = np.mean(model.weekly["consumer_cancelled_share"])
    assert failed == pytest.approx(asked()["sector"]["carriage"]["cancel_share"], abs=0.01), "chance alone"
    assert model.moments["delivery_days"] == pytest.approx(3.0)


def test_a_dearer_ride_is_taken_less_often():
    dear = {**OWN_SERVICE, **{f"platforms.{name}.net_fee": 25.0 for name in PLATFORMS}}
    cheap_orders, dear_orders = (
        np.mean(run(numbers=numbers, **AMOUNTS).weekly["consumer_orders"]) for numbers in (OWN_SERVICE, dear)
    )
    assert dear_orders < 0.95 * cheap_orders


def test_every_rule_can_be_tried(kind):
    model = run(numbers=MARKETS[kind], policy=RULES, **AMOUNTS)
    assert min(model.weekly["consumer_orders"]) > 0.0
    assert sum(int(balance.sum()) for balance in model.world.ledger.balances.values()) == 0


def test_compiled_loops_give_the_same_bits(kind):
    amounts = {**AMOUNTS, "n_weeks": 6, "policy_week": 3}
    plain, compiled = (
        run(numbers=MARKETS[kind], policy=RULES, kernels=kernels, **amounts) for kernels in ("plain", "compiled")
    )
    assert fingerprint(compiled) == fingerprint(plain)


def test_a_snapshot_goes_on_to_the_same_bits(kind, tmp_path):
    scenario = scenario_of(numbers=MARKETS[kind], policy=RULES, **AMOUNTS)
    whole = PlatformEconomy(scenario, kernels="plain")
    for _ in range(13):
        whole.step()
    whole.save_snapshot(tmp_path / "week.npz")
    whole.run_all()
    resumed = PlatformEconomy.resume(tmp_path / "week.npz", scenario, kernels="plain")
    resumed.run_all()
    assert fingerprint(resumed) == fingerprint(whole)
    assert repr(resumed.moments) == repr(whole.moments)


def test_no_slot_that_stands_for_a_service_is_a_merchant(model, kind):
    world = model.world
    assert world.has_merchants == (kind == "nobody works")
    assert world.has_workers == (kind == "nobody sells")
    assert isinstance(world.merchants, Table)
    if not world.has_merchants:
        assert not world.zones.n_listed.any()
        assert {int(row) for row in world.home.ravel()} == set(range(world.n_platforms))


def test_moments_of_trips_are_those_of_the_weeks_seen():
    """Weeks 1 to 10 are seen; hours from the workers' columns of the last of them."""
    model = run(numbers={**OWN_SERVICE, "workers.productivity_log_sd": 0.0}, **{**AMOUNTS, "n_weeks": 10})
    weekly, moments = model.weekly, model.moments
    spent = np.mean(weekly["consumer_orders"]) * np.mean(weekly["consumer_price"])
    assert moments["consumer_value"] == pytest.approx(np.mean(weekly["consumer_surplus"]) / 1000 / spent)
    trips, hours = (np.array(weekly[name]) for name in ("consumer_orders", "worker_hours"))
    an_hour = 1000 * trips / (hours * np.array(weekly["worker_active"]) * 1000 / 10_000)
    assert moments["orders_per_hour"] == pytest.approx(an_hour.mean(), rel=0.01)
    assert moments["weekly_hours"] == pytest.approx(hours.mean())
    assert np.isnan(moments["active_month_share"]), "less than a year was seen"
