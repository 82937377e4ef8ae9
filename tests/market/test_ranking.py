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
