"""Money changes hands for what was carried, and only for that."""

import numpy as np
import pytest

from sim.market.settlement import offline_demand, settle_money
from tests.economies import copied, economy_after, phase


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
    only_bad_luck = np.setdiff1d(
        orders.consumer[world.orders.is_cancelled], orders.consumer[~world.orders.is_cancelled]
    )
    assert len(only_bad_luck)
    assert not owed[only_bad_luck].any()


def test_commission_is_rounded_once_a_merchant_and_platform(week):
    world, _ = week
    sales = commission = 0
    for row in range(len(world.merchants)):
        s = [
            int(world.orders.n_carried[j, row] * world.merchants.price_cents[j, row]) for j in range(world.n_platforms)
        ]
        rates = world.platforms.commission[:, int(world.merchants.is_independent[row])]
        c = [int(np.rint(rate * of_platform)) for rate, of_platform in zip(rates, s, strict=True)]
        assert (world.merchants.sales_cents[row], world.merchants.commission_cents[row]) == (sum(s), sum(c))
        sales, commission = sales + sum(s), commission + sum(c)
    assert 0 < commission < sales


def test_a_merchants_profit_is_sales_less_every_cost(week):
    world, before = week
    merchants, numbers = world.merchants, world.sector.merchants
    carried = world.orders.n_carried.sum(axis=0)
    luck = merchants.luck.astype(float)
    offline = np.maximum(merchants.offline_orders.astype(float) * luck - numbers.diversion * carried, 0.0)
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
    assert platforms.revenue_cents.sum() == world.merchants.commission_cents.sum() + (
        carried * platforms.net_fee_cents
    ).sum()  # fmt: skip
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
    np.testing.assert_allclose(
        offline_demand(world), world.merchants.offline_orders.astype(float) * world.merchants.luck, rtol=1e-12
    )


def test_a_coupon_larger_than_the_fees_is_money_to_the_consumer():
    model = economy_after(1, numbers={f"platforms.{p}.net_fee": -3.0 for p in ("leader", "runner_up", "fringe")})
    world = model.world
    fees = -300 * world.zones.carried.sum()
    assert -world.consumers.balance_cents.sum() == world.merchants.sales_cents.sum() + fees
