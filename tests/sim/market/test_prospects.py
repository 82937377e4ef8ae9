"""What a merchant may expect of a platform."""

import numpy as np

from sim.market.prospects import margin_of_order, prospective_orders, survey_offers
from tests.economies import economy_after


def equals():
    """Twenty equal merchants with ten orders a week each on every platform."""
    world = economy_after(1).world
    merchants = world.merchants
    merchants.quality[:], merchants.price[:], merchants.usual_orders[:] = 0.3, 40.0, 0.0
    merchants.is_listed[:] = merchants.is_active
    merchants.usual_orders[:, merchants.is_active] = 10.0
    return world


def expected(world, quality=0.3, price=40.0):
    shape = (world.n_platforms, 1)
    one, independent = np.full(1, quality, np.float32), np.ones(1, bool)
    survey_offers(world)
    return prospective_orders(world, one, independent, np.full(shape, price, np.float32), np.zeros(1, int))


def test_one_more_among_equals_expects_an_equal_part():
    world = equals()
    n = world.merchants.is_active.sum()
    np.testing.assert_allclose(expected(world), n * 10.0 / (n + 1), rtol=0.02)  # a little less known


def test_the_better_and_the_cheaper_expect_more():
    world = equals()
    usual = expected(world)
    assert np.all(expected(world, quality=0.6) > usual)
    assert np.all(expected(world, price=35.0) > usual)


def test_share_is_ranking_times_attraction():
    world = equals()
    sector, n = world.sector, int(world.merchants.is_active.sum())
    a = world.zones.buyer_sensitivity[:, 0].astype(float)
    advantage = np.exp(
        sector.ranking.relevance * 0.2
        - sector.ranking.price * (44.0 / 40.0 - 1.0)
        + (0.2 - a * 4.0) / sector.consumers.merchant_scale
    )
    found = np.zeros(3)
    for _ in range(30):  # what sells is shown, and what is shown sells: the share where both agree
        weight = advantage * ((1.0 + found) / 11.0) ** sector.ranking.sales
        found = 10.0 * n * weight / (n + weight)
    np.testing.assert_allclose(expected(world, 0.5, 44.0)[:, 0], found, rtol=0.01)


def test_a_platform_that_leans_towards_independents_promises_one_more():
    world = equals()
    world.merchants.is_independent[::2] = False
    usual = expected(world)
    world.platforms.ranking_lift[1] = 0.5
    found = expected(world)
    assert found[1, 0] > usual[1, 0]
    assert found[[0, 2]].tolist() == usual[[0, 2]].tolist(), "the others lean nowhere"


def test_a_platform_without_orders_promises_none():
    world = equals()
    world.merchants.usual_orders[2] = 0.0
    world.merchants.is_listed[1] = False
    assert expected(world)[1:].tolist() == [[0.0], [0.0]]


def test_an_order_brings_its_margin_less_the_diverted_offline_margin():
    world = equals()
    price, unit_cost, offline_price, commission = (np.array([[x]], np.float32) for x in (50.0, 20.0, 45.0, 0.2))
    found = margin_of_order(world, price, unit_cost, offline_price, commission)
    wanted = 0.8 * 50.0 - 20.0 - world.sector.merchants.diversion * (45.0 - 20.0)
    assert np.isclose(found[0, 0], wanted, rtol=1e-6)


def test_merchants_reached_from_elsewhere_are_rivals_as_far_as_they_are_seen():
    """Twenty listed, ten of them on the first platform only: the second shows those with half of the weight."""
    world = equals()
    n, half = int(world.merchants.is_active.sum()), slice(0, 10)
    world.merchants.is_listed[1:, half] = False
    world.merchants.usual_orders[1:, half] = 0.0
    closed = expected(world)[:, 0]
    world.platforms.visibility[1] = 0.5
    found = expected(world)[:, 0]
    unknown = 11.0**-world.sector.ranking.sales
    for orders, rivals in ((closed[1], n - 10), (found[1], n - 10 + 0.5 * 10 * unknown)):
        wanted, pool = 0.0, 10.0 * (n - 10)  # those reached have not sold anything here yet
        for _ in range(30):
            weight = ((1.0 + wanted) / 11.0) ** world.sector.ranking.sales
            wanted = pool * weight / (rivals + weight)
        np.testing.assert_allclose(orders, wanted, rtol=0.01)
    assert found[[0, 2]].tolist() == closed[[0, 2]].tolist(), "the others stay closed"
