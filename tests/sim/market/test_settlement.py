"""Money changes hands for what was carried, and only for that."""

from fractions import Fraction

import numpy as np
import pytest

from sim.ledger.accounts import Account
from sim.market.settlement import settle_money, top_ups
from tests.economies import copied, economy_after, phase, run


@pytest.fixture(scope="module")
def week():
    """A world just after its money was settled, and all its columns just before."""
    model = economy_after(4, 1500, 2, numbers={"carriage.cancel_share": 0.1})
    model.world.week += 1
    for name in ("open_books", "rank_merchants", "let_workers_choose_hours", "let_consumers_order", "carry_orders"):
        phase(model, name)
    before = copied(model.world)
    settle_money(model.world)
    assert model.world.orders.is_cancelled.sum() > 20
    return model.world, before


def test_consumers_pay_for_carried_orders_and_get_all_money_back_for_others(week):
    world, before = week
    orders = world.orders.placed
    owed = np.zeros(len(world.consumers), np.int64)
    for i in np.flatnonzero(~world.orders.is_cancelled):
        j = orders.platform[i]
        owed[orders.consumer[i]] += (
            world.merchants.price_cents[j, orders.merchant[i]] + world.platforms.net_fee_cents[j]
        )
    assert np.array_equal(world.consumers.balance_cents - before["consumers.balance_cents"], -owed)
    only_bad_chance = np.setdiff1d(
        orders.consumer[world.orders.is_cancelled], orders.consumer[~world.orders.is_cancelled]
    )
    assert len(only_bad_chance)
    assert not owed[only_bad_chance].any()


def test_commission_is_rounded_once_a_merchant_and_platform(week):
    world, _ = week
    sales = commission = 0
    for row in range(len(world.merchants)):
        s = [
            int(world.orders.n_carried[j, row] * world.merchants.price_cents[j, row]) for j in range(world.n_platforms)
        ]
        rates = world.platforms.commission[:, int(world.merchants.tier[row])]
        c = [int(np.rint(rate * of_platform)) for rate, of_platform in zip(rates, s, strict=True)]
        assert (world.merchants.sales_cents[row], world.merchants.commission_cents[row]) == (sum(s), sum(c))
        sales, commission = sales + sum(s), commission + sum(c)
    assert 0 < commission < sales


def test_a_merchants_profit_is_sales_less_every_cost(week):
    world, before = week
    merchants, numbers = world.merchants, world.sector.merchants
    carried = world.orders.n_carried.sum(axis=0)
    shock = merchants.shock.astype(float)
    offline = np.maximum(merchants.offline_orders.astype(float) * shock - numbers.diversion * carried, 0.0)
    offline *= merchants.is_active
    income = np.rint(offline * merchants.offline_price_cents)
    variable = carried * merchants.unit_cost_cents + np.rint(offline * merchants.unit_cost_cents)
    listing = merchants.is_listed.sum(axis=0) * round(100 * numbers.listing_cost)
    fixed = (merchants.fixed_cost_cents + listing) * merchants.is_active
    profit = merchants.sales_cents - merchants.commission_cents + income - variable - fixed
    assert np.array_equal(merchants.profit_cents, profit)
    kept = np.minimum(before["merchants.balance_cents"] + profit, round(100 * numbers.cash_buffer))
    assert np.array_equal(merchants.balance_cents, kept), "profit above the buffer is withdrawn"


def test_a_platforms_cash_changes_by_its_profit(week):
    world, before = week
    platforms = world.platforms
    carried = world.zones.carried.sum(axis=1)
    assert np.array_equal(platforms.balance_cents - before["platforms.balance_cents"], platforms.profit_cents)
    assert (
        platforms.revenue_cents.sum()
        == world.merchants.commission_cents.sum() + (carried * platforms.net_fee_cents).sum()
    )
    costs = carried * (platforms.piece_rate_cents + platforms.other_cost_cents)
    assert np.array_equal(platforms.profit_cents, platforms.revenue_cents - costs)


def test_riders_are_paid_by_the_piece(week):
    world, before = week
    pay = (world.workers.deliveries * world.platforms.piece_rate_cents[:, None]).sum(axis=0)
    assert np.array_equal(world.workers.pay_cents, pay)
    assert np.array_equal(world.workers.balance_cents - before["workers.balance_cents"], pay)
    assert pay.any()


def test_platform_orders_divert_some_offline_trade(week):
    world, _ = week
    merchants, carried = world.merchants, world.orders.n_carried.sum(axis=0)
    usual = merchants.offline_orders.astype(float) * merchants.shock * merchants.is_active
    lost = (usual * merchants.offline_price_cents).sum() - world.ledger.flows[Account.OFFLINE_SALES]
    most = world.sector.merchants.diversion * (carried * merchants.offline_price_cents).sum()
    assert 0.5 * most < lost <= most + 0.5 * len(merchants), "some have less trade to lose than orders would divert"


def test_a_coupon_larger_than_the_fees_is_money_to_the_consumer():
    model = economy_after(1, numbers={f"platforms.{p}.net_fee": -3.0 for p in ("leader", "runner_up", "fringe")})
    world = model.world
    fees = -300 * world.zones.carried.sum()
    assert -world.consumers.balance_cents.sum() == world.merchants.sales_cents.sum() + fees


def floored(policy, n_weeks=4, **kwargs):
    """A world under a pay floor from the first week, just after its money was settled."""
    return economy_after(n_weeks, 1500, 2, policy_week=1, policy={"minimum_pay": policy}, **kwargs).world


def owed_cents(world, j, row):
    """Floor x hours on line or on deliveries, whichever is more, in exact fractions of a cent."""
    workers, platforms, carriage = world.workers, world.platforms, world.sector.carriage
    online = Fraction(float(platforms.floor_online[j])) * int(workers.minutes[j, row]) / 60
    speed = Fraction(carriage.deliveries_per_hour) * Fraction(float(workers.productivity[row]))
    engaged = Fraction(float(platforms.floor_engaged[j])) * int(workers.deliveries[j, row]) / speed
    return 100 * max(online, engaged)


FLOORS = {
    "on line": {"floor": 25.3},
    "on line, nobody kept off": {"floor": 25.3, "may_ration": False},
    "on deliveries": {"floor": 31.7, "basis": "engaged"},
    "above everything": {"floor": 1000.0},
    "above everything, on deliveries": {"floor": 1000.0, "basis": "engaged"},
    "below everything": {"floor": 0.01},
}


@pytest.mark.parametrize("policy", FLOORS.values(), ids=FLOORS)
def test_top_ups_raise_every_riders_pay_to_the_floor_to_the_cent(policy):
    world = floored(policy)
    workers, platforms = world.workers, world.platforms
    piece = workers.deliveries * platforms.piece_rate_cents[:, None]
    added = top_ups(world, piece)
    n_topped = 0
    for j, row in np.argwhere(workers.minutes > 0):
        owed = owed_cents(world, j, row)
        if added[j, row]:
            assert abs(piece[j, row] + added[j, row] - owed) <= Fraction(1, 2) + Fraction(1, 10**6)
            n_topped += 1
        else:
            assert piece[j, row] >= owed - Fraction(1, 2) - Fraction(1, 10**6)
    assert not added[workers.minutes == 0].any()
    assert n_topped > 3 or policy["floor"] < 1.0


@pytest.mark.parametrize("policy", FLOORS.values(), ids=FLOORS)
def test_top_ups_are_paid_by_the_platform_that_owes_them(policy):
    world = floored(policy)
    workers, platforms = world.workers, world.platforms
    piece = workers.deliveries * platforms.piece_rate_cents[:, None]
    added = top_ups(world, piece)
    assert np.array_equal(workers.top_up_cents, added.sum(axis=0))
    assert np.array_equal(workers.pay_cents, piece.sum(axis=0) + added.sum(axis=0))
    assert world.ledger.flows[Account.TOP_UPS] == added.sum()
    assert world.ledger.flows[Account.WORKER_PAY] == piece.sum()
    for zone in range(2):
        assert np.array_equal(world.zones.top_up_cents[:, zone], added[:, workers.zone == zone].sum(axis=1))
    costs = world.zones.carried.sum(axis=1) * platforms.other_cost_cents + platforms.visit_cost_cents
    assert np.array_equal(
        platforms.profit_cents, platforms.revenue_cents - piece.sum(axis=1) - added.sum(axis=1) - costs
    )


def test_with_a_floor_above_everything_riders_earn_exactly_the_floor():
    world = floored({"floor": 1000.0})
    workers = world.workers
    hours = workers.minutes.sum(axis=0) / 60
    assert np.abs(workers.pay_cents - 100_000 * hours).max() <= world.n_platforms * 0.5
    assert workers.pay_cents.any()
    assert world.platforms.profit_cents.sum() < 0, "platforms pay and stay"


@pytest.mark.parametrize(
    ("minutes", "deliveries", "online", "engaged", "wanted"),
    [
        (600, 20, 20.0, 0.0, 20_000 - 10_000),  # ten hours at 20 less twenty deliveries at 5
        (600, 50, 20.0, 0.0, 0),  # earns 25 an hour
        (600, 40, 20.0, 0.0, 0),  # earns the floor
        (600, 20, 0.0, 30.0, 12_000 - 10_000),  # twenty deliveries at five an hour are four hours
        (600, 0, 0.0, 30.0, 0),  # waiting is not paid
        (600, 20, 11.0, 30.0, 12_000 - 10_000),  # the larger of 110 and 120
        (600, 20, 13.0, 30.0, 13_000 - 10_000),
        (0, 0, 20.0, 30.0, 0),
    ],
)
def test_what_is_added_by_hand(minutes, deliveries, online, engaged, wanted):
    world = economy_after(1, numbers={"carriage.deliveries_per_hour": 5.0, "workers.productivity_log_sd": 0.0}).world
    workers, platforms = world.workers, world.platforms
    workers.minutes[:], workers.deliveries[:] = 0, 0
    workers.minutes[1, 3], workers.deliveries[1, 3] = minutes, deliveries
    platforms.piece_rate_cents[1], platforms.floor_online[1], platforms.floor_engaged[1] = 500, online, engaged
    added = top_ups(world, workers.deliveries * platforms.piece_rate_cents[:, None])
    assert added[1, 3] == wanted
    assert added.sum() == wanted


def test_a_fast_rider_needs_less_time_for_a_delivery():
    world = economy_after(1, numbers={"carriage.deliveries_per_hour": 5.0}).world
    workers = world.workers
    workers.minutes[:], workers.deliveries[:], workers.productivity[:] = 600, 0, 2.0
    workers.deliveries[0, 0], world.platforms.floor_engaged[0] = 20, 80.0
    added = top_ups(world, workers.deliveries * 500)
    assert added[0, 0] == 80_00 * 2 - 10_000, "twenty deliveries at ten an hour are two hours"


def test_without_a_floor_nothing_is_added():
    model = run(600, n_weeks=4)
    assert not any(model.weekly["worker_top_up"])
    assert model.world.ledger.flows[Account.TOP_UPS] == 0
