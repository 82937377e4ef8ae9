"""What merchants ask, and how a commission finds its way into it."""

import numpy as np

from sim.market.pricing import price_meals
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
    price_meals(world)
    speed = world.sector.merchants.price_speed
    np.testing.assert_allclose(world.merchants.price, before + speed * (wanted - before), rtol=1e-5)
    assert 0.0 < speed < 1.0
    assert np.abs(wanted - before).max() > 0.1, "there is a gap to close"


def test_posted_prices_are_wanted_prices_in_cents():
    world = world_after()
    price_meals(world)
    assert np.abs(world.merchants.price_cents - 100.0 * world.merchants.price.astype(float)).max() <= 0.5 + 1e-2


def test_a_commission_cut_passes_through_by_the_formula_and_only_to_those_it_concerns():
    world = world_after()
    merchants = world.merchants
    for _ in range(250):
        price_meals(world)
    before = merchants.price.astype(float)
    high, low = world.platforms.commission[0, 1], 0.04
    world.platforms.commission[0, 1] = low
    for _ in range(250):
        price_meals(world)
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
        price_meals(world)
    a = world.zones.buyer_sensitivity[:, 0].astype(float)
    t = world.platforms.commission[:, int(world.merchants.tier[0])]
    cost = world.merchants.unit_cost_cents[0] / 100
    wanted = cost / (1.0 - t) + world.sector.consumers.merchant_scale / (a * 0.1)
    np.testing.assert_allclose(world.merchants.price[:, 0], wanted, rtol=1e-4)
