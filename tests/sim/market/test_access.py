"""Merchants of one platform reached from another: homes, visibility and who pays whom."""

import numpy as np
import pytest

from sim.ledger.accounts import Account
from sim.market.access import find_homes, gain_under_access, is_open_to_others, seen_at_home, settle_access, visibility
from sim.market.settlement import settle_money
from tests.economies import copied, economy, economy_after, fingerprint, phase, run

OPEN = {"interoperability": {"visibility": 0.8, "access_charge": 0.37, "portability": 0.0}}


def table(listed, prices, visibility):
    """A world whose first merchants are listed and ask as stated, platform by platform."""
    world = economy(50).world
    merchants = world.merchants
    merchants.is_listed[:] = False
    merchants.is_listed[:, : len(listed[0])] = listed
    merchants.price_cents[:, : len(listed[0])] = prices
    world.platforms.visibility[:] = visibility
    return world


def test_home_of_a_remote_merchant_is_the_cheapest_listing():
    world = table(
        [[1, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0]],
        [[4000, 1, 1, 1], [1, 3000, 3500, 1], [1, 3001, 3400, 1]],
        [0.5, 0.5, 0.5],
    )
    assert find_homes(world)[:, :4].tolist() == [[0, 1, 2, -1], [0, 1, 1, -1], [0, 2, 2, -1]]


def test_of_equally_cheap_listings_the_first_is_home():
    world = table([[0], [1], [1]], [[1], [3000], [3000]], [1.0, 1.0, 1.0])
    assert find_homes(world)[:, 0].tolist() == [1, 1, 2]


def test_a_platform_without_reach_sees_its_own_merchants_only():
    world = table([[1, 0], [0, 1], [0, 1]], [[4000, 1], [1, 3000], [1, 3100]], [0.0, 0.3, 0.0])
    assert find_homes(world)[:, :2].tolist() == [[0, -1], [0, 1], [-1, 2]]
    assert is_open_to_others(world)
    world.platforms.visibility[:] = 0.0
    assert not is_open_to_others(world)
    assert find_homes(world)[:, :2].tolist() == [[0, -1], [-1, 1], [-1, 2]]


def test_values_are_seen_as_the_home_has_them():
    world = table([[1, 0], [0, 1], [0, 0]], [[4000, 1], [2, 3000], [7, 9]], [1.0, 1.0, 0.0])
    seen = seen_at_home(world, find_homes(world), world.merchants.price_cents)[:, :2]
    assert seen.tolist() == [[4000, 3000], [4000, 3000], [7, 9]]


def test_visibility_is_one_where_listed_reach_where_reached_and_nothing_elsewhere():
    world = table([[1, 0, 0], [0, 1, 0], [0, 0, 0]], [[4000] * 3] * 3, [0.25, 0.5, 1.0])
    found = visibility(world, find_homes(world))[:, :3]
    assert found.tolist() == [[1.0, 0.25, 0.0], [0.5, 1.0, 0.0], [1.0, 1.0, 0.0]]
    assert found.dtype == np.float32


def test_closed_merchants_are_seen_nowhere():
    world = economy_after(2, policy_week=1, policy=OPEN).world
    assert np.all(world.home[:, ~world.merchants.is_active] == -1)
    assert not world.ranking[:, ~world.merchants.is_active].any()


@pytest.mark.parametrize("access_charge", [0.0, 0.5, 1.0])
def test_reach_of_zero_is_closed_to_the_bit(access_charge):
    closed = {
        "interoperability": {"visibility": 0.0, "portability": 0.0, "access_charge": access_charge, "consent": 1.0}
    }
    kwargs = {"n_zones": 2, "n_weeks": 8, "policy_week": 2}
    assert fingerprint(run(600, policy=closed, **kwargs)) == fingerprint(run(600, **kwargs))


def test_a_single_platform_has_nobody_to_open_to():
    """Only what departments spend differs: with one platform every merchant it sees is its own."""
    from tests.economies import asked

    alone = {"platforms": {"leader": asked()["sector"]["platforms"]["leader"]}}
    kwargs = {"n_weeks": 8, "policy_week": 2, "numbers": alone}
    free, opened = (run(600, policy=policy, **kwargs) for policy in ({}, OPEN))
    for name in ("consumer_orders", "consumer_surplus", "merchant_listed", "worker_pay", "platform_revenue"):
        assert free.weekly[name] == opened.weekly[name], name
    assert not any(opened.weekly["platform_remote_share"])


@pytest.fixture(scope="module")
def week():
    """A world just after its money was settled under open access, and all its columns just before."""
    numbers = {"merchants.listing_review_rate": 0.5, "carriage.cancel_share": 0.1}
    model = economy_after(5, 1500, 2, policy_week=1, policy=OPEN, numbers=numbers)
    model.world.week += 1
    for name in (
        "open_books",
        "let_platforms_decide",
        "rank_merchants",
        "let_workers_choose_hours",
        "let_consumers_order",
        "carry_orders",
    ):
        phase(model, name)
    before = copied(model.world)
    settle_money(model.world)
    return model.world, before


def home_of(world, j, row):
    """Found anew: the platform itself, or the cheapest that lists the merchant."""
    merchants = world.merchants
    if merchants.is_listed[j, row]:
        return j
    return min(np.flatnonzero(merchants.is_listed[:, row]), key=lambda k: (merchants.price_cents[k, row], k))


def carried(world):
    """Server, home and merchant of every order carried."""
    placed = world.orders.placed
    for i in np.flatnonzero(~world.orders.is_cancelled):
        j, row = int(placed.platform[i]), int(placed.merchant[i])
        yield int(placed.consumer[i]), j, int(home_of(world, j, row)), row


def test_consumers_pay_the_homes_price_and_the_servers_fee(week):
    world, before = week
    owed = np.zeros(len(world.consumers), np.int64)
    for who, j, home, row in carried(world):
        owed[who] += world.merchants.price_cents[home, row] + world.platforms.net_fee_cents[j]
    assert np.array_equal(before["consumers.balance_cents"] - world.consumers.balance_cents, owed)


def test_an_order_across_platforms_pays_commission_to_the_home_and_the_charge_to_the_server(week):
    """Every cent of every platform, order by order."""
    world, before = week
    platforms, merchants = world.platforms, world.merchants
    cash, revenue = [0] * 3, [0] * 3
    sold: dict[tuple[int, int, int], int] = {}
    n_remote = 0
    for _, j, home, row in carried(world):
        sold[j, home, row] = sold.get((j, home, row), 0) + int(merchants.price_cents[home, row])
        revenue[j] += int(platforms.net_fee_cents[j])
        cash[j] -= int(platforms.piece_rate_cents[j] + platforms.other_cost_cents[j])
        if home != j:
            n_remote += 1
            charge = round(0.37 * int(platforms.piece_rate_cents[j]))
            revenue[home] -= charge
            revenue[j] += charge
    for (_, home, row), cents in sold.items():
        revenue[home] += round(platforms.commission[home, int(merchants.tier[row])] * cents)
    assert n_remote > 50
    assert platforms.revenue_cents.tolist() == revenue
    assert platforms.profit_cents.tolist() == [r + c for r, c in zip(revenue, cash, strict=True)]
    assert np.array_equal(platforms.balance_cents - before["platforms.balance_cents"], platforms.profit_cents)
    assert world.zones.remote.sum() == n_remote


def test_a_merchant_pays_his_homes_rate_wherever_he_is_ordered(week):
    world, _ = week
    sales, commission = np.zeros(len(world.merchants), np.int64), np.zeros(len(world.merchants), np.int64)
    for row in range(len(world.merchants)):
        for j in np.flatnonzero(world.orders.n_carried[:, row]):
            home = home_of(world, j, row)
            goods = int(world.orders.n_carried[j, row] * world.merchants.price_cents[home, row])
            sales[row] += goods
            commission[row] += round(world.platforms.commission[home, int(world.merchants.tier[row])] * goods)
    assert np.array_equal(world.merchants.sales_cents, sales)
    assert np.array_equal(world.merchants.commission_cents, commission)


def test_the_charge_moves_between_platforms_and_nowhere_else(week):
    world, _ = week
    charges = [round(0.37 * int(world.platforms.piece_rate_cents[j])) for _, j, home, _ in carried(world) if home != j]
    assert world.ledger.flows[Account.ACCESS_CHARGES] == sum(charges)
    owed, earned = settle_access(world)
    assert owed.sum() == earned.sum() == sum(charges)
    riders = (world.workers.deliveries * world.platforms.piece_rate_cents[:, None]).sum()
    assert world.ledger.flows[Account.WORKER_PAY] == riders, "riders are paid what they are paid for any order"


def test_remote_orders_are_counted_where_they_are_carried(week):
    world, _ = week
    wanted = np.zeros((3, 2), int)
    for who, j, home, _ in carried(world):
        wanted[j, world.consumers.zone[who]] += home != j
    assert np.array_equal(world.zones.remote, wanted)


def test_without_reach_there_are_no_charges_and_no_remote_orders():
    world = economy_after(3).world
    world.platforms.access_charge[:] = 1.0
    world.zones.remote[:] = 9
    owed, earned = settle_access(world)
    assert not owed.any()
    assert not earned.any()
    assert not world.zones.remote.any()


def test_a_listing_nobody_needs_is_worth_less_the_wider_the_reach():
    world = economy_after(1).world
    world.merchants.is_listed[:] = True
    ones = np.ones(world.merchants.price.shape, np.float32)
    found = []
    for share in (0.0, 0.3, 1.0):
        world.platforms.visibility[:] = share
        found.append(gain_under_access(world, world.merchants.is_listed, ones, ones, ones)[0, 0])
    np.testing.assert_allclose(found, [1.0, 0.7, 0.0], atol=1e-6)
