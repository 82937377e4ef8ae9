"""Platforms near a threshold of size: who shrinks on purpose, by how much, and for how long."""

import numpy as np
import pytest

from sim.agents.size import BAND, STEP, keep_under, thresholds
from sim.enforcement.oversight import infringements_in_force
from sim.parameters import Practice
from sim.rules.infringements import N_INFRINGEMENTS
from tests.sim.enforcement._offices import at, offices

LIMIT = 0.4
HERE = at(Practice.EXCLUSIVITY)


def market(shares, policy=None):
    """Three platforms of these shares and a revenue of 1,000,000 cents each."""
    model = offices(policy or {"exclusivity_ban": {"smallest_share": LIMIT}}, 1)
    world = model.world
    world.platforms.order_share[:] = shares
    world.platforms.trailing_revenue[:] = 1_000_000.0
    return world


def premium_after(shares, gain, before=0.0, policy=None, reviews=1):
    world = market(shares, policy)
    world.platforms.size_premium[:] = before
    gains = np.zeros((3, N_INFRINGEMENTS))
    gains[:, HERE] = gain
    for _ in range(reviews):
        keep_under(world, infringements_in_force(world), gains)
    return world.platforms.size_premium / (STEP * world.sector.usual_order_value)


def test_a_platform_just_above_charges_more_and_others_do_not():
    assert premium_after([0.41, 0.2, 0.05], 1e6) == pytest.approx([1.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("share", "expected"), [(0.39, 0), (0.40, 1), (0.42, 1), (0.44 - 1e-9, 1), (0.45, 0), (0.7, 0)]
)
def test_only_within_a_tenth_of_the_threshold(share, expected):
    assert premium_after([share, 0.1, 0.1], 1e6)[0] == pytest.approx(expected)
    assert BAND == 0.1


@pytest.mark.parametrize(("gain", "expected"), [(24_000, 0), (25_000, 1)])
def test_only_while_rules_cost_more_than_the_orders_shed(gain, expected):
    """At 0.41 a platform sheds 0.01 / 0.41 = 2.44% of a revenue of 1,000,000."""
    assert premium_after([0.41, 0.1, 0.1], gain)[0] == pytest.approx(expected)


def test_the_fee_rises_step_by_step_and_comes_down_when_there_is_room():
    assert premium_after([0.41, 0.1, 0.1], 1e6, reviews=4)[0] == pytest.approx(4.0)
    one = STEP * market([0.41, 0.1, 0.1]).sector.usual_order_value
    assert premium_after([0.37, 0.1, 0.1], 1e6, before=3 * one)[0] == pytest.approx(2.0), "room to grow"
    assert premium_after([0.39, 0.1, 0.1], 1e6, before=3 * one)[0] == pytest.approx(3.0), "held just below"
    assert premium_after([0.60, 0.1, 0.1], 1e6, before=3 * one)[0] == pytest.approx(2.0), "far above: no hope"
    assert premium_after([0.37, 0.1, 0.1], 1e6, before=0.5 * one)[0] == 0.0, "never below nothing"


def test_a_rule_for_all_leaves_nothing_to_hide_from():
    one = STEP * market([0.41, 0.1, 0.1]).sector.usual_order_value
    assert premium_after([0.41, 0.1, 0.1], 1e6, before=one, policy={"exclusivity_ban": {}}).tolist() == [0.0] * 3


def test_thresholds_are_those_of_rules_and_of_their_scope():
    world = market([0.41, 0.1, 0.1])
    found = thresholds(world, infringements_in_force(world))
    assert found[HERE] == LIMIT
    assert np.count_nonzero(found) == 1
    tiers = market([0.41, 0.1, 0.1], {"exclusivity_ban": {}, "size_tiers": {"large_from": 0.3}})
    assert thresholds(tiers, infringements_in_force(tiers))[HERE] == 0.3
    both = {"exclusivity_ban": {"smallest_share": 0.2}, "size_tiers": {"large_from": 0.3}}
    assert thresholds(market([0.4] * 3, both), infringements_in_force(market([0.4] * 3, both)))[HERE] == 0.3
