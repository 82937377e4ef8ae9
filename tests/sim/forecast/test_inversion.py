"""Appeals from orders, and back."""

import dataclasses

import pytest

from sim.errors import BrokenMarket
from sim.forecast.inversion import orders_of, with_orders
from tests.sim.forecast._markets import SECTORS, sector_of


@pytest.mark.parametrize("name", SECTORS)
def test_orders_of_a_market_lead_back_to_its_appeals(name):
    sector = sector_of(name)
    seen = orders_of(sector, 10_000.0)
    flat = {n: dataclasses.replace(p, appeal=0.0) for n, p in sector.platforms.items()}
    found = with_orders(dataclasses.replace(sector, platforms=flat), 10_000.0, seen)
    for n, platform in found.platforms.items():
        assert abs(platform.appeal - sector.platforms[n].appeal) < 1e-6, n


def test_shares_asked_for_are_the_shares_there_are():
    wanted = {"leader": 2400.0, "runner_up": 1000.0}
    found = with_orders(sector_of("food_delivery"), 10_000.0, wanted)
    orders = orders_of(found, 10_000.0)
    assert {name: round(orders[name], 3) for name in wanted} == wanted
    assert found.platforms["fringe"].appeal == sector_of("food_delivery").platforms["fringe"].appeal


def test_more_orders_than_occasions_are_refused():
    with pytest.raises(BrokenMarket):
        with_orders(sector_of("ride_hailing"), 10_000.0, {"leader": 1e6})
