"""Where markets tip, how many firms enter, and what a higher fare leaves to drivers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.game.strategies.gradient import ClimbGradient
from sim.theory.free_entry import FreeEntry, enter
from sim.theory.gig_market import GigMarket, drive
from sim.theory.play import TheoryDecisionModel, settle
from sim.theory.tipping import Tipping


def one_side(n: int, **more) -> Tipping:
    return Tipping(n, [[1.0]], [1.0], strongest=8.0, **more)


def test_three_platforms_tip_later_than_a_tipped_market_comes_apart():
    market = one_side(3)
    assert market.unstable_from() == pytest.approx(3.0, rel=0.02)
    assert market.tipped_from() == pytest.approx(2.7456, rel=0.01)
    between = 2.87
    assert market.lead(between, 1 / 3 + 1e-3) < 1e-3
    assert market.lead(between, 0.999) > 0.3


def test_interoperability_takes_from_the_strength_of_benefits():
    assert one_side(3, interoperability=0.25).tipped_from() == pytest.approx(2.7456 / 0.75, rel=0.01)


def play(market):
    return settle(ClimbGradient(TheoryDecisionModel(market)), market, market.start).desired


@pytest.mark.parametrize(("fixed_cost", "n"), [(1 / 36, 6.0), (2.25 / 36, 4.0)])
def test_dear_entry_leaves_fewer_firms(fixed_cost: float, n: float):
    found = enter(FreeEntry("circle", 1.0, fixed_cost), play)
    assert found.n_where_profit_is_cost == pytest.approx(n, rel=0.01)
    assert found.price == pytest.approx(1.0 / found.n_firms, rel=0.01)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (FreeEntry("circle", 1.0, 0.9), "two firms earn less"),
        (FreeEntry("circle", 1.0, 1e-4, most_firms=4), "still earn more"),
    ],
)
def test_numbers_of_firms_that_cannot_be_found(entry: FreeEntry, why: str):
    with pytest.raises(ValueError, match=why):
        enter(entry, play)


GIG = GigMarket(40_000, 0.4, 3.0, 0.05, 0.1, weeks_before=5, weeks_after=60)


def test_without_a_rise_nothing_changes_and_the_usual_week_stays_usual():
    usual = drive(GIG, 1, is_raised=False)
    raised = drive(GIG, 1, is_raised=True)
    assert all(np.array_equal(a[:5], b[:5]) for a, b in zip(usual, raised, strict=True))
    assert usual.earnings.mean() == pytest.approx(1.0, abs=0.02)
    assert (usual.trips == 1.0).all()


def test_drivers_compete_most_of_a_higher_fare_away():
    found = [np.log(a / b) for a, b in zip(drive(GIG, 1, is_raised=True), drive(GIG, 1, is_raised=False), strict=True)]
    earnings, hours, trips, utilisation = found
    rise = np.log(1.1)
    assert earnings[5] == pytest.approx(0.6 * rise, rel=0.1), "at once, hours being what they were"
    assert earnings[-20:].mean() == pytest.approx(0.15 * rise, rel=0.25)
    assert hours[-20:].mean() == pytest.approx(0.45 * rise, rel=0.1)
    assert trips[-1] == pytest.approx(-0.4 * rise, rel=1e-6)
    assert utilisation[-20:].mean() == pytest.approx(-0.85 * rise, rel=0.06)
