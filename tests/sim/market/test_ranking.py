"""Which merchants a platform shows."""

import numpy as np

from sim.market.ranking import rank_merchants
from tests.economies import economy_after


def test_weights_follow_quality_sales_and_relative_price():
    world = economy_after(5, 2000, 2).world
    rank_merchants(world)
    merchants, numbers = world.merchants, world.sector.ranking
    for j in range(world.n_platforms):
        for zone in range(2):
            listed = np.flatnonzero(merchants.is_listed[j] & (merchants.zone == zone))
            relative = merchants.price[j, listed] / merchants.price[j, listed].mean(dtype=float)
            usual = np.log1p(merchants.usual_orders[j, listed].astype(float))
            power = numbers.relevance * merchants.quality[listed] + numbers.sales * usual - numbers.price * relative
            np.testing.assert_allclose(world.ranking[j, listed], np.exp(power), rtol=1e-5)
            assert world.zones.n_listed[j, zone] == len(listed)


def test_who_is_not_listed_weighs_nothing():
    world = economy_after(5, 2000, 2).world
    world.merchants.is_listed[1] = False
    rank_merchants(world)
    assert np.array_equal(world.ranking > 0.0, world.merchants.is_listed)
    assert world.zones.n_listed[1].tolist() == [0, 0]
    assert np.isfinite(world.ranking).all()


def reached(*visibility):
    """A world of three platforms open as far as stated, merchants of the first zone's first slots placed by hand."""
    world = economy_after(5, 2000, 2).world
    merchants = world.merchants
    merchants.is_listed[:, :6] = [[1, 1, 0, 0, 0, 0], [0, 1, 1, 0, 1, 0], [0, 0, 0, 1, 1, 0]]
    merchants.price[:, :6] = [[40, 40, 40, 40, 40, 40], [50, 38, 45, 50, 50, 50], [60, 60, 60, 55, 44, 60]]
    merchants.price_cents[:, :6] = 100 * merchants.price[:, :6]
    world.platforms.visibility[:] = visibility
    rank_merchants(world)
    return world


def test_a_merchant_reached_elsewhere_is_offered_by_his_home_at_its_price():
    world = reached(0.5, 0.5, 0.5)
    assert world.home[:, :6].tolist() == [[0, 0, 1, 2, 2, -1], [0, 1, 1, 2, 1, -1], [0, 1, 1, 2, 2, -1]]
    for j in range(3):
        for row in range(5):
            assert world.offer_cents[j, row] == world.merchants.price_cents[world.home[j, row], row]


def test_what_is_reached_elsewhere_weighs_its_homes_price_and_sales_here_times_reach():
    world = reached(0.4, 0.0, 1.0)
    merchants, numbers = world.merchants, world.sector.ranking
    for j, visibility in enumerate((0.4, 0.0, 1.0)):
        for zone in range(2):
            here = np.flatnonzero(merchants.zone == zone)
            visible = np.where(merchants.is_listed[j, here], 1.0, visibility * merchants.is_listed[:, here].any(axis=0))
            home = np.where(world.home[j, here] < 0, j, world.home[j, here])
            price, usual = merchants.price[home, here].astype(float), merchants.usual_orders[j, here].astype(float)
            power = numbers.relevance * merchants.quality[here] + numbers.sales * np.log1p(usual)
            power -= numbers.price * price / ((price * visible).sum() / visible.sum())
            np.testing.assert_allclose(world.ranking[j, here], visible * np.exp(power), rtol=1e-5)
            assert np.isclose(world.zones.variety[j, zone], visible.sum(), rtol=1e-6)
            assert world.zones.n_listed[j, zone] == merchants.is_listed[j, here].sum()


def test_closed_platforms_show_their_own_merchants_at_their_own_prices():
    world = reached(0.0, 0.0, 0.0)
    listed = world.merchants.is_listed
    assert np.array_equal(world.home >= 0, listed)
    assert np.array_equal(world.offer_cents, world.merchants.price_cents)
    assert np.array_equal(world.zones.variety, world.zones.n_listed.astype(np.float32))
