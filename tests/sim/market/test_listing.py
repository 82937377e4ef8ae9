"""On which platforms a merchant is found, and how a commission changes that."""

import copy

import numpy as np
import pytest

from sim.market.access import gain_under_access
from sim.market.listing import review_listings
from tests.economies import asked, economy_after


def reviewed(commission=None, week=9, n_weeks=4, **numbers):
    """A world whose merchants have just reviewed their listings, and what was listed before."""
    defaults = {"merchants.listing_review_rate": 1.0, "merchants.n_per_zone": 400, "merchants.n_slots": 500}
    world = economy_after(n_weeks, numbers={**defaults, "merchants.listing_scale": 5.0, **numbers}).world
    if commission is not None:
        world.platforms.commission[:] = commission
    before = world.merchants.is_listed.copy()
    world.week = week
    review_listings(world)
    return world, before


def test_a_higher_commission_drives_merchants_away_and_draws_none():
    cheap, dear = reviewed(0.05)[0].merchants, reviewed(0.40)[0].merchants
    assert cheap.is_listed.sum() > dear.is_listed.sum() + 20
    assert not (dear.is_listed & ~cheap.is_listed).any(), "with the same luck nobody lists because it got dearer"


@pytest.mark.parametrize("review_rate", [1.0, 0.3])
def test_the_chance_of_a_listing_is_logit_in_the_gain(review_rate):
    """Whether a merchant reconsiders says nothing about what it then decides."""
    listed, n = 0, 0
    for week in range(20, 26):
        changes = {"n_per_zone": 500, "n_slots": 500, "listing_review_rate": review_rate}
        world = economy_after(2, numbers={f"merchants.{name}": value for name, value in changes.items()}).world
        merchants, numbers = world.merchants, world.sector.merchants
        merchants.is_listed[:], merchants.is_independent[:] = True, True
        merchants.unit_cost_cents[:], merchants.offline_price_cents[:], merchants.price[:] = 3000, 3000, 40.0
        world.platforms.commission[:] = 0.1
        merchants.usual_orders[:] = (numbers.listing_cost + 0.6 * numbers.listing_scale) / 6.0  # margin 36 - 30
        world.week = week
        review_listings(world)
        listed, n = listed + merchants.is_listed.sum(), n + merchants.is_listed.size
    chance = 1.0 - review_rate * (1.0 - 1.0 / (1.0 + np.exp(-0.6)))  # all were listed before
    assert abs(listed / n - chance) < 4.0 * np.sqrt(chance * (1.0 - chance) / n)


def test_nobody_reconsiders_at_a_review_rate_of_zero():
    world, before = reviewed(0.9, **{"merchants.listing_review_rate": 0.0})
    assert np.array_equal(world.merchants.is_listed, before)


def test_as_many_reconsider_as_the_review_rate_says():
    """Commission is so high that whoever looks leaves."""
    world, before = reviewed(
        0.95,
        **{"merchants.listing_review_rate": 0.25, "merchants.listing_scale": 0.01, "merchants.listing_cost": 500.0},
    )
    left = (before & ~world.merchants.is_listed).sum() / before.sum()
    assert abs(left - 0.25) < 4.0 * np.sqrt(0.25 * 0.75 / before.sum())


def test_who_leaves_forgets_usual_orders_and_who_comes_expects_some():
    world, before = reviewed(0.2)
    merchants = world.merchants
    left, came = before & ~merchants.is_listed, merchants.is_listed & ~before
    assert left.sum() > 10
    assert not merchants.usual_orders[left].any()
    again = merchants.usual_orders.copy()
    world.platforms.commission[:] = 0.0
    before = merchants.is_listed.copy()
    world.week += 1
    review_listings(world)
    came = merchants.is_listed & ~before
    assert came.sum() > 10
    assert merchants.usual_orders[came].min() > 0.0
    stayed = merchants.is_listed & before
    assert np.array_equal(merchants.usual_orders[stayed], again[stayed])


@pytest.mark.parametrize("week", [9, 10, 11])
def test_closed_businesses_are_never_listed(week):
    world, _ = reviewed(0.0, week, **{"merchants.listing_cost": 0.0})
    assert not world.merchants.is_listed[:, ~world.merchants.is_active].any()
    assert (~world.merchants.is_active).sum() >= 50


def gains(visibility, listed, orders=(8.0, 3.0), margin=(6.0, 9.0)):
    """Weekly gain, before listing cost, of two listings by one merchant."""
    world = economy_after(1, numbers=TWO_PLATFORMS).world
    world.platforms.visibility[:] = visibility
    world.merchants.is_listed[:] = np.array(listed)[:, None]
    shape = (2, len(world.merchants))
    filled = [np.broadcast_to(np.array(v, np.float32)[:, None], shape) for v in (orders, margin)]
    asked = np.broadcast_to(np.array([[40.0], [41.0]]), shape)
    return gain_under_access(world, world.merchants.is_listed, asked, *filled)[:, 0].tolist()


TWO_PLATFORMS = {
    "platforms": {name: copy.deepcopy(asked()["sector"]["platforms"][name]) for name in ("leader", "runner_up")}
}
BY_HAND = {
    "listed on both: what would not be reached through the other": (
        (0.5, 0.25),
        (True, True),
        (8 * 6 - 0.5 * 8 * 9, 3 * 9 - 0.25 * 3 * 6),
    ),
    "listed on the first only: it also reaches the second's consumers": (
        (0.5, 0.25),
        (True, False),
        (8 * 6 + 0.25 * 3 * 6, 3 * 9 - 0.25 * 3 * 6),
    ),
    "listed nowhere: each listing reaches both": (
        (0.5, 0.25),
        (False, False),
        (8 * 6 + 0.25 * 3 * 6, 3 * 9 + 0.5 * 8 * 9),
    ),
    "fully open: the same dish twice": ((1.0, 1.0), (True, True), (8 * 6 - 8 * 9, 3 * 9 - 3 * 6)),
    "closed": ((0.0, 0.0), (True, False), (8 * 6, 3 * 9)),
    "one platform open": ((0.5, 0.0), (True, False), (8 * 6, 3 * 9)),
}


@pytest.mark.parametrize(("visibility", "listed", "wanted"), BY_HAND.values(), ids=BY_HAND)
def test_a_listing_is_worth_what_it_adds_to_what_is_reached_anyway(visibility, listed, wanted):
    assert gains(visibility, listed) == pytest.approx(wanted)


def test_of_three_platforms_the_gain_counts_all_that_a_listing_opens():
    world = economy_after(1).world
    world.platforms.visibility[:] = (0.5, 0.25, 1.0)
    world.merchants.is_listed[:] = False
    shape = world.merchants.price.shape
    orders, margin = (np.broadcast_to(np.array(v, np.float32)[:, None], shape) for v in ((8, 4, 2), (6, 9, 5)))
    asked = np.broadcast_to(np.array([[42.0], [41.0], [40.0]]), shape)
    found = gain_under_access(world, world.merchants.is_listed, asked, orders, margin)[:, 0]
    assert found.tolist() == [8 * 6 + (1 + 2) * 6, 4 * 9 + (4 + 2) * 9, 2 * 5 + (4 + 1) * 5]
    world.merchants.is_listed[:2] = True
    found = gain_under_access(world, world.merchants.is_listed, asked, orders, margin)[:, 0]
    assert found.tolist() == [8 * 6 - 4 * 9, 4 * 9 - 1 * 6, 2 * 5 - 2 * 9], "home is the cheapest other listing"


def test_fewer_merchants_list_twice_where_one_listing_reaches_all():
    def several(visibility):
        world = economy_after(4, numbers={"merchants.listing_review_rate": 1.0, "merchants.listing_scale": 5.0}).world
        world.platforms.visibility[:] = visibility
        world.week = 9
        review_listings(world)
        return (world.merchants.is_listed.sum(axis=0) > 1).sum()

    assert several(1.0) < several(0.0)
