"""What a platform is worth before what is personal, and orders by zone."""

import numpy as np

from sim.market.choice import let_consumers_order, platform_value
from tests.economies import economy_after, phase


def value_of(world):
    """Of the prices that stand now."""
    return platform_value(world, (world.offer_cents / 100).astype(np.float32))


def test_a_platform_is_worth_its_appeal_variety_speed_offer_and_fee():
    world = economy_after(4, 2000, 2).world
    zones, merchants, platforms, numbers = world.zones, world.merchants, world.platforms, world.sector.consumers
    found = value_of(world)
    for zone in range(2):
        here = merchants.zone == zone
        for j in range(world.n_platforms):
            rank = world.ranking[j, here].astype(float)
            for c in (0, 7, 19):
                a, scale = float(world.sensitivity[c]), numbers.merchant_scale
                utility = np.exp((merchants.quality[here].astype(float) - a * merchants.price[j, here]) / scale)
                wanted = platforms.appeal[j] + scale * np.log((rank * utility).sum() / rank.sum())
                wanted += numbers.variety_weight * np.log(zones.n_listed[j, zone] / numbers.reference_variety)
                wanted -= a * platforms.net_fee_cents[j] / 100
                minute = numbers.value_of_time * numbers.price_sensitivity
                wanted -= minute * zones.expected_delay[j, zone]
                assert np.isclose(found[zone, j, c], wanted, rtol=1e-4, atol=1e-4)


def test_orders_are_counted_by_platform_and_zone():
    world = economy_after(2, 2000, 3).world
    placed = world.orders.placed
    wanted = np.zeros((world.n_platforms, 3), int)
    for platform, consumer in zip(placed.platform, placed.consumer, strict=True):
        wanted[platform, world.consumers.zone[consumer]] += 1
    assert np.array_equal(world.zones.placed, wanted)


def orders_if(change, **kwargs):
    """Orders placed by platform, when something was changed after a few weeks."""
    model = economy_after(3, 4000, **kwargs)
    model.world.week += 1
    change(model.world)
    phase(model, "rank_merchants")
    let_consumers_order(model.world)
    return model.world.zones.placed.sum(axis=1)


def test_orders_move_to_the_platform_that_becomes_better():
    base = orders_if(lambda world: None)

    def cheaper(world):
        world.platforms.net_fee_cents[1] -= 800

    def slower(world):
        world.zones.expected_delay[0] += 20.0

    def nosier(world):
        world.platforms.data_per_order[0] += 5.0

    def familiar(world):
        world.consumers.habit[1] = 1.0

    assert orders_if(cheaper)[1] > base[1] * 1.1
    assert orders_if(cheaper)[0] < base[0]
    assert orders_if(slower)[0] < base[0] * 0.9
    assert orders_if(nosier)[0] < base[0] * 0.95
    assert orders_if(familiar)[1] > base[1] * 1.1


def test_nothing_is_ordered_where_nothing_is_listed():
    def empty(world):
        world.merchants.is_listed[0] = False

    orders = orders_if(empty)
    assert orders[0] == 0
    assert orders[1] > 0


def test_nothing_is_ordered_where_all_that_is_listed_is_too_bad_to_be_shown():
    """Ranking weights may all vanish in single precision; orders must not go to whoever stands in the first slot."""
    model = economy_after(3, 2000)
    world = model.world
    world.merchants.quality[:] = -1000.0
    world.merchants.is_listed[:, 0] = False
    phase(model, "rank_merchants")
    let_consumers_order(world)
    placed = world.orders.placed
    assert world.merchants.is_listed[placed.platform, placed.merchant].all()


def test_merchants_in_sight_from_elsewhere_count_as_variety_at_their_homes_prices():
    world = economy_after(4, 2000, 2).world
    closed = value_of(world)
    world.zones.variety[0] *= 2.0
    gain = world.sector.consumers.variety_weight * np.log(2.0)
    np.testing.assert_allclose(value_of(world)[:, 0], closed[:, 0] + gain, atol=1e-5)
    world.zones.variety[0] /= 2.0
    world.offer_cents = world.offer_cents - 500
    dearer = world.sensitivity * 5.0
    np.testing.assert_allclose(value_of(world) - closed, np.broadcast_to(dearer, closed.shape), atol=1e-4)


def test_orders_go_to_merchants_reached_elsewhere():
    def remote_from_the_first(visibility):
        model = economy_after(3, 3000)
        world = model.world
        world.week += 1
        world.merchants.is_listed[0, :16], world.merchants.is_listed[1] = False, world.merchants.is_active
        world.platforms.visibility[:] = visibility
        phase(model, "rank_merchants")
        let_consumers_order(world)
        placed = world.orders.placed
        return np.count_nonzero((placed.platform == 0) & ~world.merchants.is_listed[0][placed.merchant])

    assert remote_from_the_first(0.0) == 0
    assert 0 < remote_from_the_first(0.1) < remote_from_the_first(1.0)
