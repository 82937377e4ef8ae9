"""What merchants ask, and how a commission finds its way into it."""

import numpy as np

from sim.market.pricing import price_goods
from tests.economies import economy_after


def world_after(n_weeks=3, **kwargs):
    return economy_after(n_weeks, n_zones=2, **kwargs).world


def wanted_prices(world):
    """C / (1 - t) + lambda / (a (1 - s)), merchant by merchant, in double precision."""
    merchants, wanted = world.merchants, np.zeros(world.merchants.price.shape)
    for j in range(world.n_platforms):
        for row in range(len(merchants)):
            zone = merchants.zone[row]
            rivals = merchants.usual_orders[j, merchants.zone == zone].sum(dtype=float)
            share = min(merchants.usual_orders[j, row] / max(rivals, 1.0), 0.9)
            t = world.platforms.commission[j, int(merchants.tier[row])]
            a = float(world.zones.buyer_sensitivity[j, zone])
            mark_up = world.sector.consumers.merchant_scale / (a * (1.0 - share))
            wanted[j, row] = merchants.unit_cost_cents[row] / 100 / (1.0 - t) + mark_up
    return wanted


def test_prices_close_the_stated_share_of_the_gap():
    world = world_after()
    before, wanted = world.merchants.price.astype(float), wanted_prices(world)
    price_goods(world)
    speed = world.sector.merchants.price_speed
    np.testing.assert_allclose(world.merchants.price, before + speed * (wanted - before), rtol=1e-5)
    assert 0.0 < speed < 1.0
    assert np.abs(wanted - before).max() > 0.1, "there is a gap to close"


def test_posted_prices_are_wanted_prices_in_cents():
    world = world_after()
    price_goods(world)
    assert np.abs(world.merchants.price_cents - 100.0 * world.merchants.price.astype(float)).max() <= 0.5 + 1e-2


def test_a_commission_cut_passes_through_by_the_formula_and_only_to_those_it_concerns():
    world = world_after()
    merchants = world.merchants
    for _ in range(250):
        price_goods(world)
    before = merchants.price.astype(float)
    high, low = world.platforms.commission[0, 1], 0.04
    world.platforms.commission[0, 1] = low
    for _ in range(250):
        price_goods(world)
    fall = before - merchants.price
    cost = merchants.unit_cost_cents / 100
    own = merchants.is_active & merchants.is_independent
    np.testing.assert_allclose(fall[0, own], (cost / (1.0 - high) - cost / (1.0 - low))[own], atol=2e-3)
    assert fall[0, own].min() > 1.0
    assert not fall[0, ~merchants.is_independent].any(), "chains pay their own rate"
    assert not fall[1:].any(), "prices differ by platform"


def test_a_monopolist_of_a_zone_asks_a_finite_price():
    world = world_after()
    world.merchants.usual_orders[:] = 0.0
    world.merchants.usual_orders[:, 0] = 1000.0
    for _ in range(250):
        price_goods(world)
    a = world.zones.buyer_sensitivity[:, 0].astype(float)
    t = world.platforms.commission[:, int(world.merchants.tier[0])]
    cost = world.merchants.unit_cost_cents[0] / 100
    wanted = cost / (1.0 - t) + world.sector.consumers.merchant_scale / (a * 0.1)
    np.testing.assert_allclose(world.merchants.price[:, 0], wanted, rtol=1e-4)


def parity(kind, direct_weight=0.0):
    return {"clauses": {"parity": kind, "direct_weight": direct_weight}}


def at_rest(world):
    for _ in range(250):
        price_goods(world)
    return world.merchants.price.astype(float)


def test_without_clauses_no_bit_of_prices_depends_on_their_numbers():
    plain, weighed = world_after(), world_after(numbers=parity("none", 1.0))
    assert plain.merchants.price.tobytes() == weighed.merchants.price.tobytes()
    assert plain.merchants.is_listed.tobytes() == weighed.merchants.is_listed.tobytes()


def test_under_a_wide_clause_the_price_is_the_one_that_the_mean_commission_asks_for():
    world = world_after(numbers=parity("wide"))
    merchants = world.merchants
    world.platforms.commission[:] = np.array([0.30, 0.15, 0.10])[:, None]
    merchants.usual_orders[:] = 0.0
    merchants.usual_orders[:2, :], merchants.is_listed[:] = np.array([30.0, 10.0])[:, None], False
    merchants.is_listed[:2] = True
    world.zones.buyer_sensitivity[:] = 0.05
    price = at_rest(world)
    shares = np.array(
        [
            [
                merchants.usual_orders[j, row] / merchants.usual_orders[j, merchants.zone == zone].sum()
                for row, zone in enumerate(merchants.zone)
            ]
            for j in range(2)
        ]
    )
    mean = (30.0 * 0.30 + 10.0 * 0.15) / 40.0
    scale = world.sector.consumers.merchant_scale
    expected = merchants.unit_cost_cents / 100.0 / (1.0 - mean) + scale / (0.05 * (1.0 - shares[0]))
    np.testing.assert_allclose(price, np.broadcast_to(expected, price.shape), rtol=1e-4)


def test_a_narrow_clause_binds_as_far_as_direct_buyers_weigh():
    free, unweighed = world_after(), world_after(numbers=parity("narrow"))
    wanted = wanted_prices(free)
    np.testing.assert_allclose(at_rest(free), wanted, rtol=1e-4)
    np.testing.assert_allclose(at_rest(unweighed), wanted_prices(unweighed), rtol=1e-4)
    weighed = world_after(numbers=parity("narrow", 1.0))
    wanted, price = wanted_prices(weighed), at_rest(weighed)
    listed = weighed.merchants.is_listed.any(axis=0)
    assert (price <= wanted + 1e-3).all()
    direct = weighed.merchants.offline_price_cents / 100.0
    dear = (wanted * weighed.merchants.is_listed).max(axis=0) > direct + 0.5
    assert (listed & dear).any()
    capped = price.max(axis=0)[listed & dear]
    assert (capped < wanted.max(axis=0)[listed & dear]).all()
    assert (capped > direct[listed & dear]).all(), "the direct price gives way, too"
    np.testing.assert_allclose(price[:, ~listed], wanted[:, ~listed], rtol=1e-4)


def test_a_clause_acts_week_by_week():
    spreads = {}
    for kind in ("none", "wide"):
        merchants = world_after(60, numbers=parity(kind)).merchants
        spread = np.ptp(merchants.price, axis=0)[merchants.is_active & merchants.is_listed.any(axis=0)]
        spreads[kind] = float(np.median(spread))
    assert spreads["wide"] < 0.02, "one price but for what changed lately"
    assert spreads["none"] > 0.1, "platforms charge unlike commissions"
