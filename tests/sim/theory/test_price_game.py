"""Priced markets as games of levels: grids, shocks, entry and how gains are counted."""

from __future__ import annotations

import numpy as np
import pytest

from sim.theory.linear_duopoly import LinearDuopoly
from sim.theory.logit_oligopoly import LogitOligopoly
from sim.theory.price_game import Chance, Entry, Grid, PriceGame


def firms(n: int = 2, **more) -> LogitOligopoly:
    return LogitOligopoly(**{"costs": [1.0] * n, "intercepts": [2.0] * n, "mu": 0.25, **more})


def test_grid_of_the_published_experiment():
    charges = PriceGame(firms()).charges
    assert charges.shape == (15, 2)
    assert charges[[0, 1, -1], 0] == pytest.approx([1.427725, 1.466472, 1.970185], abs=1e-5)
    assert np.diff(charges[:, 0]) == pytest.approx(0.0387471, abs=1e-6)


def test_firms_that_differ_have_grids_of_their_own():
    charges = PriceGame(firms(costs=[1.0, 0.5])).charges
    n, m = np.array([1.37233, 1.20377]), np.array([2.1984, 1.6984])
    assert charges[0] == pytest.approx(n - 0.1 * (m - n), abs=1e-4)
    assert charges[-1] == pytest.approx(m + 0.1 * (m - n), abs=1e-4)


def test_lowest_price_and_the_floor_of_zero():
    assert PriceGame(firms(), Grid(lowest=0.99)).charges[0].tolist() == [0.99, 0.99]
    assert PriceGame(LinearDuopoly(0.99)).charges[0].tolist() == [0.0, 0.0]


def test_profits_are_those_of_the_market_at_those_prices():
    priced = PriceGame(firms(3), Grid(n_levels=4))
    game = priced.game()
    levels = game.marks()[37]
    prices = priced.charges[levels, np.arange(3)]
    assert game.profit[0, 37].tolist() == firms(3).outcome(prices[None])[0][0].tolist()


def test_gain_is_nought_in_competition_and_one_together():
    priced = PriceGame(firms(costs=[1.0, 0.75]))
    for prices, gain in ((priced.market.competitive_prices(), 0.0), (priced.market.joint_prices(), 1.0)):
        profit = priced.market.outcome(prices[None])[0]
        assert priced.yardstick.gain(priced.profits(profit)) == pytest.approx(gain, abs=1e-12)
        assert [priced.yardstick.gain_of(priced.profits(profit), i) for i in (0, 1)] == pytest.approx(
            [gain, gain], abs=1e-12
        )


def test_shocks_share_a_grid_and_are_weighed_alike():
    priced = PriceGame(firms(), chance=Chance([-0.15, 0.0, 0.15]))
    assert priced.charges[[0, -1], 0] == pytest.approx([1.39905, 2.09466], abs=1e-4)
    game = priced.game()
    assert game.profit.shape == (3, 225, 2)
    assert game.is_a_path
    assert game.weights() == pytest.approx([1 / 3] * 3)
    competitive = np.array([one.competitive for one in priced.yardsticks])
    assert competitive.mean() == pytest.approx(0.22123, abs=1e-5)
    assert priced.yardstick.gain(priced.profits(competitive)) == pytest.approx(0.0, abs=1e-12)


def test_without_the_last_firm_the_others_are_a_smaller_market():
    priced = PriceGame(firms(3), Grid(n_levels=3), entry=Entry(0.001))
    game = priced.game()
    assert game.n_marks == 4
    assert game.n_profiles == 64
    assert not game.is_a_path
    assert game.is_in.tolist() == [[True, True, True], [True, True, False]]
    marks = game.marks()
    out = int(np.flatnonzero((marks == [0, 2, 3]).all(axis=1))[0])
    prices = priced.charges[[0, 2], [0, 1]]
    assert game.profit[1, out, :2].tolist() == firms(2).outcome(prices[None])[0][0].tolist()
    assert game.profit[:, out, 2].tolist() == [0.0, 0.0]
    alone = priced.yardsticks[1]
    assert alone.competitive[:2] == pytest.approx(0.222927, abs=1e-6)
    assert alone.gain(np.array([0.337490, 0.337490, 0.0])) == pytest.approx(1.0, abs=1e-4)


def test_a_firm_that_would_lose_by_joint_prices_has_no_gain_of_its_own():
    priced = PriceGame(firms(costs=[1.0, 0.5]))
    profit = priced.market.outcome(priced.charges[[7, 7], [0, 1]][None])[0]
    assert np.isnan(priced.yardstick.gain_of(priced.profits(profit), 0))
    assert np.isfinite(priced.yardstick.gain_of(priced.profits(profit), 1))


@pytest.mark.parametrize(
    ("priced", "why"),
    [
        (PriceGame(firms(), Grid(lowest=3.0)), "does not rise"),
        (PriceGame(firms(), Grid(below=-0.6, above=-0.6)), "does not rise"),
        (PriceGame(LinearDuopoly(0.0)), "no gain to measure"),
        (PriceGame(firms(outside=100.0)), "no gain to measure"),
        (PriceGame(firms(2), entry=Entry(0.1)), "no gain to measure"),
    ],
)
def test_games_without_a_gain_or_a_grid_say_so(priced: PriceGame, why: str):
    assert any(why in word for word in priced.conflicts())
    assert PriceGame(firms()).conflicts() == []
