"""Tips: who pays them, who gets them, and what they do to choices and expectations."""

import numpy as np
import pytest

from sim.ledger.accounts import Account
from sim.market.choice import let_consumers_order
from sim.market.labour import expected_pay, realised_earnings
from sim.market.settlement import settle_money
from sim.market.tips import offers_with_tips, settle_tips, tip_of_order
from tests.economies import copied, economy, economy_after, fingerprint, phase, run

TIPPED = {
    "consumers.tip_share": 0.1,
    "platforms.runner_up.tip_prompt": 0.5,
    "platforms.fringe.tip_prompt": 0.0,
}
PHASES = ("open_books", "rank_merchants", "let_workers_choose_hours", "let_consumers_order", "carry_orders")


def before_money(numbers, **kwargs):
    """A model in whose world orders were just carried and nothing was paid yet."""
    model = economy_after(4, 1500, 2, numbers={"carriage.cancel_share": 0.1, **numbers}, **kwargs)
    model.world.week += 1
    for name in PHASES:
        phase(model, name)
    return model


@pytest.fixture
def world():
    return before_money(TIPPED).world


def tip(world, i):
    """Cents on one order, as somebody with a pencil would reckon."""
    j, row = world.orders.placed.platform[i], world.orders.placed.merchant[i]
    return round((0.1, 0.05, 0.0)[j] * int(world.offer_cents[j, row]))


def test_riders_get_what_consumers_tip_and_cancelled_orders_pay_none(world):
    before, orders = copied(world), world.orders.placed
    paid, of_zone = np.zeros(len(world.consumers), np.int64), np.zeros(world.zones.tip_cents.shape, np.int64)
    for i in np.flatnonzero(~world.orders.is_cancelled):
        paid[orders.consumer[i]] += tip(world, i)
        of_zone[orders.platform[i], world.consumers.zone[orders.consumer[i]]] += tip(world, i)
    settle_tips(world)
    assert world.orders.is_cancelled.sum() > 20
    assert np.array_equal(before["consumers.balance_cents"] - world.consumers.balance_cents, paid)
    assert np.array_equal(world.zones.tip_cents, of_zone)
    assert of_zone[2].sum() == 0 < of_zone[1].sum() < of_zone[0].sum()
    gained = world.workers.balance_cents - before["workers.balance_cents"]
    assert np.array_equal(gained, world.workers.tip_cents)
    assert gained.sum() == paid.sum() == world.ledger.flows[Account.TIPS]


def test_tips_of_a_zone_are_shared_like_its_deliveries(world):
    settle_money(world)
    workers, zones = world.workers, world.zones
    fair = sum(workers.deliveries[j] * tip_share(world, j)[workers.zone] for j in range(world.n_platforms))
    assert np.abs(workers.tip_cents - fair).max() <= world.n_platforms, "whole cents: less than one a platform"
    assert np.array_equal(np.bincount(workers.zone, weights=workers.tip_cents), zones.tip_cents.sum(axis=0))


def tip_share(world, j):
    return world.zones.tip_cents[j] / np.maximum(world.zones.carried[j], 1)


def test_tips_are_pay_but_no_cost_of_platforms(world):
    settle_money(world)
    workers, platforms = world.workers, world.platforms
    pieces = (workers.deliveries * platforms.piece_rate_cents[:, None]).sum()
    assert workers.pay_cents.sum() == pieces + workers.tip_cents.sum()
    assert world.ledger.flows[Account.WORKER_PAY] == pieces
    carried = world.zones.carried.sum(axis=1)
    costs = carried * (platforms.piece_rate_cents + platforms.other_cost_cents)
    assert np.array_equal(platforms.profit_cents, platforms.revenue_cents - costs)


def test_earnings_rise_by_the_tip_of_every_order(world):
    hours = world.zones.effective_minutes / 60.0
    world.zones.tip_cents[:] = 0  # last week's
    without = realised_earnings(world)
    settle_money(world)
    earned = realised_earnings(world) - without
    np.testing.assert_allclose(earned * hours, world.zones.tip_cents / 100.0, rtol=1e-3, atol=0.05)
    mean = world.zones.tip_cents.sum(axis=1) / world.zones.carried.sum(axis=1) / 100.0
    np.testing.assert_allclose(tip_of_order(world), mean)


def test_consumers_reckon_with_the_tip():
    """A tip of a tenth is a price of eleven tenths: the same orders."""
    tipped, dearer = (economy_after(3, 1500).world for _ in range(2))
    tipped.sector = economy(numbers={"consumers.tip_share": 0.5}).world.sector
    tipped.platforms.tip_prompt[:] = 0.2
    for world in (tipped, dearer):
        world.week += 1
        world.offer_cents = world.offer_cents // 10 * 10
    assert np.array_equal(offers_with_tips(tipped), dearer.offer_cents // 10 * 11)
    dearer.offer_cents = dearer.offer_cents // 10 * 11
    for world in (tipped, dearer):
        let_consumers_order(world)
    assert len(tipped.orders.placed.consumer) > 100
    for ours, theirs in zip(tipped.orders.placed, dearer.orders.placed, strict=True):
        assert np.array_equal(ours, theirs)
    assert np.array_equal(tipped.consumers.log_sum, dearer.consumers.log_sum)


def test_a_floor_counts_what_the_app_pays_and_no_tip():
    rule = {"minimum_pay": {"floor": 40.0, "may_ration": False}}
    model = before_money(TIPPED, policy_week=2, policy=rule)
    world = model.world
    pieces = (world.workers.deliveries * world.platforms.piece_rate_cents[:, None]).sum(axis=0)
    settle_money(world)
    workers = world.workers
    owed = np.rint(4000 * world.workers.minutes / 60.0).sum(axis=0)
    assert workers.top_up_cents.sum() > 0
    assert np.all(pieces + workers.top_up_cents >= owed - world.n_platforms)
    assert np.array_equal(workers.pay_cents, pieces + workers.top_up_cents + workers.tip_cents)
    expected = world.zones.expected_earnings
    pay = expected_pay(world, expected, np.arange(world.n_zones)) / world.zones.expected_admission
    rate = world.platforms.piece_rate_cents / 100.0
    tips = expected * (1.0 - rate / (rate + tip_of_order(world)))[:, None]
    np.testing.assert_allclose(pay, np.maximum(expected - tips, 40.0) + tips, rtol=1e-5)


def test_apps_that_do_not_ask_leave_every_bit_as_it_was():
    silent = {f"platforms.{name}.tip_prompt": 0.0 for name in ("leader", "runner_up", "fringe")}
    without = {"platforms.tip_prompt"}
    plain = fingerprint(run(500, 2), without=without)
    assert fingerprint(run(500, 2, numbers={"consumers.tip_share": 0.3, **silent}), without=without) == plain
    assert fingerprint(run(500, 2, numbers=TIPPED), without=without) != plain


def test_compiled_loops_share_the_same_cents():
    a, b = (run(800, 3, numbers=TIPPED, kernels=kernels) for kernels in ("plain", "compiled"))
    assert fingerprint(a) == fingerprint(b)
    assert a.weekly["worker_tips"][-1] > 0


def test_tips_in_the_weekly_numbers():
    model = run(800, numbers=TIPPED)
    world, weekly = model.world, {name: values[-1] for name, values in model.weekly.items()}
    carried, tips = world.zones.carried.sum(), world.zones.tip_cents.sum() / 100.0
    assert weekly["worker_tips"] == pytest.approx(tips / 0.8)
    assert weekly["consumer_tip"] == pytest.approx(tips / carried)
    goods, fees = world.merchants.sales_cents.sum(), (world.zones.carried.sum(axis=1) * 98).sum()
    assert weekly["consumer_price"] == pytest.approx((goods + fees) / 100.0 / carried + tips / carried)
    pay = (world.workers.pay_cents.sum() - world.workers.tip_cents.sum()) / (goods + fees)
    assert weekly["platform_rider_cost_share"] == pytest.approx(pay)


def test_without_riders_nobody_is_tipped():
    model = run(300, numbers={**TIPPED, "workers.n_per_zone": 0, "workers.n_slots": 0})
    assert set(model.weekly["worker_tips"]) == {0.0}
