"""Markets of theory, played by the laboratory's strategies, against closed forms at numbers drawn at random."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import BrokenMarket, Problem
from sim.game.learning import played_in
from sim.game.strategies.gradient import ClimbGradient
from sim.game.strategies.q_learning import LearnByTrial
from sim.game.strategies.rule_of_thumb import KeepMargin
from sim.game.surface import Surface
from sim.parameters import LearningParameters
from sim.theory.bottleneck import Bottleneck
from sim.theory.catalogue import MARKETS, market_of
from sim.theory.circle import Circle
from sim.theory.discrimination import PersonalPrices, Segments
from sim.theory.hotelling import Hotelling
from sim.theory.interconnection import Interconnection
from sim.theory.linear_duopoly import LinearDuopoly
from sim.theory.logit_oligopoly import LogitOligopoly
from sim.theory.market import TheoryMarket, Vicinity
from sim.theory.monopolies import MonopolyPlatform, Monopsony, TransactionPlatform
from sim.theory.play import TheoryDecisionModel, best_deviation, ceilings, settle
from sim.theory.price_game import Grid, PriceGame
from sim.theory.two_sided_logit import TwoSidedLogit

pytestmark = pytest.mark.long

Array = np.ndarray
CLOSE = 2e-3
"""Of prices around one: a step that is not worth a new price list is half a thousandth of that."""


def played(market: TheoryMarket, ceiling: Any = np.inf) -> Array:
    """Levers in force once nobody moves; nobody gains by leaving alone."""
    decision_model = TheoryDecisionModel(market, ceiling)
    found = settle(ClimbGradient(decision_model), market, market.start)
    assert found.has_converged
    values = decision_model.in_force(found.desired)
    assert best_deviation(market, values, ceiling) < 1e-4
    return values


def share(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda x: round(x, 3))


@given(st.integers(2, 5), share(0.0, 0.4), share(0.0, 0.4), share(0.0, 0.15), share(0.4, 0.8), share(0.0, 1.0))
def test_platforms_of_two_sides_hand_on_what_a_member_adds(n, a12, a21, a11, mu, theta):
    market = TwoSidedLogit(n, [[a11, a12], [a21, 0.0]], [mu, 0.5], [0.2, 0.1], theta)
    found = played(market).reshape(n, 2)
    adds = (1.0 - theta) * np.array([a11 + a21, a12]) / (n - 1)
    expected = np.array([0.2, 0.1]) + np.array([mu, 0.5]) * n / (n - 1) - adds
    assert found == pytest.approx(np.tile(expected, (n, 1)), abs=CLOSE)
    assert market.memberships(found[None])[0] == pytest.approx(1.0 / n, abs=CLOSE)


def test_the_waterbed_runs_as_derived_and_the_wish_outlives_the_cap():
    market = TwoSidedLogit(2, [[0.0, 0.3], [0.45, 0.0]], [0.5, 0.4], [0.2, 0.1])
    found = {}
    for cap in (0.5, 0.3):
        limit = ceilings(market, {"price, side 2": cap})
        assert np.isinf(limit).tolist() == [True, False, True, False]
        found[cap] = played(market, limit)
        assert found[cap][1::2].tolist() == [cap, cap]
    slope = (found[0.3][0] - found[0.5][0]) / -0.2
    assert slope == pytest.approx(-0.45 / (2 * 0.4), rel=0.01)
    decision_model = TheoryDecisionModel(market, ceilings(market, {"price, side 2": 0.3}))
    assert (settle(ClimbGradient(decision_model), market, market.start).desired[1::2] > 0.3).all()


def test_memberships_that_tip_are_no_market():
    prices = np.array([[[0.0], [1e-9]]])
    with pytest.raises(BrokenMarket, match="do not converge"):
        TwoSidedLogit(2, [[0.9999999]], [0.5], [0.0]).memberships(prices)


@given(share(0.1, 0.6), share(0.1, 0.6), share(0.8, 1.5), share(0.8, 1.5))
def test_hotelling_prices_are_armstrongs(a1, a2, t1, t2):
    found = played(Hotelling((a1, a2), (t1, t2), (0.1, 0.2)))
    assert found == pytest.approx(np.tile([0.1 + t1 - a2, 0.2 + t2 - a1], 2), abs=CLOSE)


@given(share(0.1, 0.6), share(0.1, 0.6), share(0.3, 0.9))
def test_in_a_bottleneck_it_matters_what_is_held_fixed(a1, a2, alone):
    f, t = (0.1, 0.2), (1.0, 1.2)
    n2 = (alone + (a1 + a2) / 2 - f[1]) / (2 * t[1])
    for conduct, less in (("prices", a1 * a2 / (2 * t[1])), ("utilities", 0.0)):
        market = Bottleneck((a1, a2), t, f, alone, conduct)  # pyright: ignore[reportArgumentType]
        found = market.amounts(played(market))
        assert found["paid by side 1"].value == pytest.approx(f[0] + t[0] - a2 * n2 - less, abs=2 * CLOSE)
        assert found["members of side 2"].value == pytest.approx(n2, abs=CLOSE)


@given(share(0.0, 1.0), share(0.0, 1.0), share(0.0, 0.4))
def test_interconnection_is_solved(base, theta, v):
    bases, c = (base, 0.2), 0.2
    found = played(Interconnection(bases, v, theta, c))
    total = (2 * (1 - c) + v * (1 + theta) * sum(bases)) / (2 * (1 - v) + 1 - theta * v)
    apart = (1 - theta) * v * (bases[0] - bases[1]) / (2 * (1 - v) - (1 - theta * v))
    assert found == pytest.approx([0.5 * (total + apart), 0.5 * (total - apart)], abs=CLOSE)


COSTS = st.lists(share(0.5, 1.5), min_size=1, max_size=4)


@given(COSTS, share(0.15, 0.6), share(0.0, 0.3))
def test_logit_prices_are_the_strategys_and_the_solvers(costs, mu, commission):
    market = LogitOligopoly(costs, [2.0] * len(costs), mu, 0.0, commission)
    prices = market.competitive_prices()
    shares = market.shares(prices[None])[0]
    assert prices == pytest.approx(np.array(costs) / (1 - commission) + mu / (1 - shares), rel=1e-9)
    assert played(market) == pytest.approx(prices, abs=CLOSE)


@given(COSTS, share(0.15, 0.6))
def test_joint_prices_earn_most_together(costs, mu):
    market = LogitOligopoly(costs, [2.0] * len(costs), mu)
    best = market.joint_prices()
    near = best + np.random.default_rng(1).normal(0.0, 0.05, (200, len(costs)))
    assert market.outcome(near)[0].sum(axis=1).max() <= market.outcome(best[None])[0].sum() + 1e-12


def test_solved_prices_are_those_of_the_published_benchmarks():
    two = LogitOligopoly([1.0, 1.0], [2.0, 2.0], 0.25)
    assert two.competitive_prices() == pytest.approx(1.472927, abs=1e-6)
    assert two.joint_prices() == pytest.approx(1.924981, abs=1e-6)
    unequal = LogitOligopoly([1.0, 0.5], [2.0, 2.0], 0.25)
    assert unequal.competitive_prices() == pytest.approx([1.37233, 1.20377], abs=1e-5)
    assert unequal.joint_prices() == pytest.approx([2.1984, 1.6984], abs=1e-4)
    assert np.isinf(LogitOligopoly([1.0, 1.0], [2.0, 2.0], 0.25, None).joint_prices()).all()


@pytest.mark.parametrize(
    ("costs", "intercepts", "mu", "outside"),
    [
        ([1.0], [2.0], 0.01, 0.0),
        ([1.0, 1.0], [2.0, 15.0], 0.25, 0.0),
        ([1.0, 0.5], [2.0, 2.0], 0.001, 0.0),
        ([1.0, 1.0], [2.0, 2.0], 0.25, 100.0),
        ([1.0, 0.2, 3.0], [2.0, 2.0, 2.0], 0.02, None),
        ([0.0] * 30, [9.0] * 30, 5.0, -9.0),
    ],
)
def test_extreme_logit_prices_are_solved_as_well(costs, intercepts, mu, outside):
    """First-order conditions p - c = mu / (1 - q), with 1 - q summed from the others, which loses nothing."""
    market = LogitOligopoly(costs, intercepts, mu, outside)
    prices = market.competitive_prices()
    utility = (np.array(intercepts) - prices) / mu
    weights = np.exp(np.append(utility, -np.inf if outside is None else outside / mu) - utility.max())
    others = np.array([np.delete(weights, i).sum() for i in range(len(costs))]) / weights.sum()
    assert (prices - np.array(costs)) * others == pytest.approx(np.full(len(costs), mu), rel=1e-6)


@given(share(0.0, 0.9))
def test_linear_duopoly(g):
    market = LinearDuopoly(g)
    assert played(market) == pytest.approx(market.competitive_prices(), abs=CLOSE)
    assert market.outcome(np.array([[0.5, 0.5]]))[0][0] == pytest.approx(0.25 / (1 + g))


@given(st.integers(3, 12), share(0.2, 2.0))
def test_circle(n, t):
    assert played(Circle(n, t, 0.3)) == pytest.approx(np.full(n, 0.3 + t / n), abs=CLOSE)


@given(share(0.5, 2.0), share(0.5, 2.0), share(0.0, 1.0))
def test_a_platform_paid_by_transaction(e_b, e_s, c):
    market = TransactionPlatform((e_b, e_s), c)
    found, margin = played(market), (2 - c) / (1 + e_b + e_s)
    assert found == pytest.approx([1 - e_b * margin, 1 - e_s * margin], abs=CLOSE)
    assert market.amounts(found)["Lerner index times elasticities"].value == pytest.approx(1.0, abs=0.02)


@given(share(0.1, 0.8), share(0.1, 0.8))
def test_a_platform_alone_follows_armstrongs_formula(a1, a2):
    market = MonopolyPlatform((a1, a2), (1.0, 1.2), (0.6, 0.5), (0.1, 0.2))
    found = market.amounts(played(market))
    assert found["price over formula, side 1"].value == pytest.approx(1.0, abs=0.02)
    assert found["price over formula, side 2"].value == pytest.approx(1.0, abs=0.02)


@given(share(0.5, 8.0))
def test_an_employer_alone(epsilon):
    assert played(Monopsony(10.0, epsilon)) == pytest.approx(10.0 * epsilon / (1 + epsilon), abs=0.03)


@pytest.mark.parametrize(("k", "profit", "surplus"), [(1, 0.25, 0.125), (2, 0.3125, 0.15625), (3, 0.361111, 0.125)])
def test_first_data_help_consumers_and_more_of_it_sellers(k, profit, surplus):
    market = Segments(k)
    found = played(market)
    assert market.outcome(found[None])[0][0, 0] == pytest.approx(profit, rel=1e-3)
    assert market.amounts(found)["consumer surplus"].value == pytest.approx(surplus, rel=5e-3)


def test_personal_prices_halve_what_rivals_earn():
    one = PersonalPrices(1.0, 101, False, 0.02)
    each = PersonalPrices(1.0, 10, True, 0.004)
    assert one.outcome(played(one)[None])[0][0] == pytest.approx([0.5, 0.5], rel=0.01)
    assert each.outcome(played(each)[None])[0][0] == pytest.approx([0.25, 0.25], rel=0.05)


def test_a_rule_of_thumb_hands_every_cost_on():
    before = LogitOligopoly([1.0, 1.0], [2.0, 2.0], 0.25)
    home = played(before)
    after = LogitOligopoly([1.1, 1.1], [2.0, 2.0], 0.25)
    decision_model = TheoryDecisionModel(after, usual_margin=TheoryDecisionModel(before).margin(home))
    assert settle(KeepMargin(decision_model), after, home).desired == pytest.approx(home + 0.1, abs=1e-6)


def test_who_learned_by_trial_plays_a_market_of_theory_unchanged():
    market = LogitOligopoly([1.0, 1.0], [2.0, 2.0], 0.25)
    priced = PriceGame(market, Grid(n_levels=5))
    decision_model = TheoryDecisionModel(market, offered=priced.charges)
    assert np.array_equal(decision_model.game(1).profit, priced.game().profit)
    answer = LearnByTrial(decision_model, LearningParameters(exploration_decay=2e-4, patience=5_000), seed=3)
    game, desired = decision_model.game(1), market.start
    plan, before = played_in(game, answer.learned(game).greedy), None
    for week in range(30):
        desired = answer.after(desired, week)
        now = int((decision_model.levels_of(desired) * game.digits).sum())
        assert before is None or now == plan[before], "levels follow from those of the last review"
        assert np.array_equal(desired, priced.charges[decision_model.levels_of(desired), [0, 1]])
        before = now


@pytest.mark.parametrize("kind", MARKETS)
def test_every_market_is_a_surface_and_says_what_is_wrong_with_its_numbers(kind: str):
    problems: list[Problem] = []
    assert market_of({"kind": kind, "nonsense": 1}, "market", problems) is None
    assert any(problem.asked == "market.nonsense" for problem in problems)


EXAMPLES: list[TheoryMarket] = [
    TwoSidedLogit(2, [[0.0, 0.3], [0.45, 0.0]], [0.5, 0.4], [0.2, 0.1]),
    Hotelling((0.4, 0.7), (1.0, 1.2), (0.1, 0.2)),
    Bottleneck((0.4, 0.7), (1.0, 1.2), (0.1, 0.2), 0.6, "prices"),
    Interconnection((0.6, 0.2), 0.25, 0.5, 0.2),
    LogitOligopoly([1.0, 0.5], [2.0, 2.0], 0.25),
    LinearDuopoly(0.5),
    Circle(4, 1.0),
    MonopolyPlatform((0.4, 0.7), (1.0, 1.2), (0.6, 0.5), (0.1, 0.2)),
    TransactionPlatform((1.0, 2.0), 0.2),
    Monopsony(10.0, 3.0),
    Segments(2),
    PersonalPrices(1.0, 5, True, 0.05),
]


@pytest.mark.parametrize("market", EXAMPLES, ids=lambda market: type(market).__name__)
def test_labels_levers_and_outcomes_fit_each_other(market: TheoryMarket):
    assert {type(example) for example in EXAMPLES} == set(MARKETS.values())
    variables, start = market.variables, market.start
    assert len(variables) == len(start)
    assert all(variable.low <= x <= variable.high for variable, x in zip(variables, start, strict=True))
    n_players = max(variable.platform for variable in variables) + 1
    profit, sold = market.outcome(np.stack([start, start]))
    assert profit.shape == sold.shape == (2, n_players)
    assert np.array_equal(profit[0], profit[1])
    near: Surface = Vicinity(market, start)
    found, step = near.response(), 1e-4
    moved = market.outcome((start + step * near.scale * np.eye(len(variables))[0])[None])[0][0]
    assert (moved - profit[0]) / step == pytest.approx(found.profit_slope[:, 0], abs=1e-3, rel=0.05)
    assert market.conflicts() == []


@pytest.mark.parametrize(
    ("given_market", "why"),
    [
        ({"kind": "hotelling", "benefits": [2.0, 2.0], "transport": [1.0, 1.0], "costs": [0.0, 0.0]}, "takes all"),
        (
            {"kind": "two_sided_logit", "n_platforms": 2, "benefits": [[0.1]], "scales": [0.5, 0.5], "costs": [0.1]},
            "a scale, a cost",
        ),
        ({"kind": "logit_oligopoly", "costs": [1.0], "intercepts": [2.0, 2.0], "mu": 0.25}, "one of each"),
        ({"kind": "logit_oligopoly", "costs": [1.0], "intercepts": [2.0], "mu": 0.25, "outside": None}, "outside good"),
        (
            {
                "kind": "bottleneck",
                "benefits": [2.0, 2.0],
                "transport": [1.0, 1.0],
                "costs": [0.1, 0.1],
                "alone": 0.5,
                "conduct": "prices",
            },
            "no prices are a maximum",
        ),
        ({"kind": "two_sided_logit", "n_platforms": 2, "benefits": [[1.1]], "scales": [0.5], "costs": [0.1]}, "tips"),
        ({"kind": "hoteling"}, "no such market"),
        ({}, "has a kind"),
    ],
)
def test_markets_that_cannot_be_are_refused_in_words(given_market: dict, why: str):
    problems: list[Problem] = []
    assert market_of(given_market, "market", problems) is None
    assert why in str(problems[-1])
