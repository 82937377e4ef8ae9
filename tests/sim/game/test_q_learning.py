"""Platforms that learned by trial what commissions to charge: what they learn from, and what they do with it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from experiments.request import build
from sim.errors import RefusedScenario
from sim.forecast.commission_game import commissions
from sim.forecast.conduct import DecisionModel
from sim.forecast.terms import MarketTerms
from sim.game.repeated import Game
from sim.game.strategies.q_learning import LearnByTrial
from sim.model import PlatformEconomy
from sim.parameters import CommissionLevels, LearningParameters
from sim.policy.catalogue import CATALOGUE
from sim.rules.rulebook import Rulebook
from tests.sim.forecast.test_conduct import equilibrium

WEEK = 5
FEW = CommissionLevels(lowest=-0.02, highest=0.06, n_levels=5)
QUICK = LearningParameters(exploration_decay=1e-4, patience=5_000)
CAP = {"ceiling": 0.10, "start_week": 1}


def decision_model(**rules) -> DecisionModel:
    return DecisionModel(equilibrium(), Rulebook(tuple(CATALOGUE[n](**v) for n, v in rules.items())), FEW)


def index(game: Game, *levels: int) -> int:
    return int((np.array(levels) * game.digits).sum())


@pytest.fixture(scope="module")
def free() -> DecisionModel:
    return decision_model()


def test_payoffs_are_those_of_the_market_at_rest(free: DecisionModel):
    """Profits by the solver itself, and what holds the observed levers; home is level 1."""
    game, found = free.game(WEEK), free.equilibrium
    assert game.profit.shape == (1, 125, 3)
    charged = commissions(FEW, found.terms.commission[0])
    for levels in ((1, 1, 1), (0, 3, 2), (4, 4, 4)):
        terms = dataclasses.replace(found.terms, commission=charged[list(levels), [0, 1, 2]][None])
        _, week = found.mean_field.solve(terms, found.state, found.tangent)
        values = np.array(
            [
                charged[levels[v.platform], v.platform, v.tier] if v.name == "commission" else h
                for v, h in zip(found.variables, found.objective.home, strict=True)
            ]
        )
        expected = (
            week.profit[0]
            + found.objective.value_of_orders(week.carried[0])
            + found.objective.held_by(found.variables, values)
        )
        assert game.profit[0, index(game, *levels)] == pytest.approx(expected, rel=1e-7, abs=1e-5)


def test_the_observed_commissions_are_the_one_shot_equilibrium(free: DecisionModel):
    game = free.game(WEEK)
    marks, at_rest = game.marks(), []
    for profile in range(game.n_profiles):
        gains = []
        for who in range(3):
            options = profile + (np.arange(5) - marks[profile, who]) * game.digits[who]
            gains.append(game.profit[0, options, who].max() - game.profit[0, profile, who])
        if max(gains) <= 0.0:
            at_rest.append(marks[profile].tolist())
    assert at_rest == [[1, 1, 1]]


def test_levels_are_read_off_terms_and_put_back(free: DecisionModel):
    home = free.equilibrium.terms
    assert free.levels_of(home).tolist() == [1, 1, 1]
    for levels in ([0, 2, 4], [3, 3, 0]):
        terms = free.at_levels(home, np.array(levels))
        assert free.levels_of(terms).tolist() == levels
        assert np.array_equal(terms.net_fee, home.net_fee)
    assert terms.commission[0, 0] == pytest.approx(home.commission[0, 0] + 0.04)


def path(of: DecisionModel, seed: int = 1, n: int = 12) -> list[MarketTerms]:
    answer, terms, found = LearnByTrial(of, QUICK, seed), of.equilibrium.terms, []
    for _ in range(n):
        terms = answer.after(terms, WEEK)
        found.append(terms)
    return found


def commissions_of(terms: list[MarketTerms]) -> np.ndarray:
    return np.array([one.commission[0] for one in terms])


def test_learned_commissions_lie_above_competition_on_average(free: DecisionModel):
    later = [commissions_of(path(free, seed))[-6:].mean() for seed in range(8)]
    assert np.mean(later) > free.equilibrium.terms.commission.mean() + 0.005
    assert len(set(later)) > 1, "a seed is an experience of its own"


def test_the_same_seed_learns_the_same_and_a_neutral_rule_changes_nothing(free: DecisionModel):
    usual = commissions_of(path(free))
    assert np.array_equal(usual, commissions_of(path(free)))
    assert np.array_equal(usual, commissions_of(path(decision_model(commission_cap={"ceiling": 0.9, "start_week": 1}))))


def test_a_binding_cap_is_another_game(free: DecisionModel):
    capped = decision_model(commission_cap=CAP)
    game, usual = capped.game(WEEK), free.game(WEEK)
    assert not np.array_equal(game.profit, usual.profit)
    assert not np.array_equal(commissions_of(path(capped)), commissions_of(path(free)))


TOWN = [
    "platforms=q_learning",
    "population=town",
    "horizon.n_weeks=14",
    "horizon.policy_week=6",
    "platforms.levels.n_levels=3",
    "platforms.levels.highest=0.06",
    "platforms.learning.exploration_decay=1e-4",
]


def test_a_town_whose_platforms_learned_lives_through_its_weeks_and_goes_on_to_the_same_bits():
    scenario = build.ask([*TOWN, "policy=commission_cap", "platforms.obeys=true"]).scenarios[0]
    whole, half = PlatformEconomy(scenario), PlatformEconomy(scenario)
    whole.run_all()
    while half.world.week < 7:
        half.step()
    resumed = PlatformEconomy.resume(half.snapshot(), scenario)
    resumed.run_all()
    assert repr(whole.weekly) == repr(resumed.weekly), "what there is not is not a number in both"
    offered = commissions(
        scenario.platforms.levels, DecisionModel(equilibrium(), Rulebook(())).equilibrium.terms.commission[0]
    )
    chosen = whole.world.platforms.commission_chosen
    assert all((np.abs(offered[:, j] - chosen[j]).max(axis=1) < 1e-12).any() for j in range(3))
    assert (whole.world.platforms.commission[:, 1] <= 0.08 + 1e-12).all()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["sector=ride_hailing"], "nobody pays any here"),
        (["platforms.learning.memory=2"], "what was charged last"),
        (["platforms.levels.n_levels=20"], "8000 profiles"),
        (["platforms.learning.learning_rate=[0.1, 0.2]"], "2 numbers for 3 players"),
        (["platforms.learning.start=grim_trigger"], "asks for others"),
    ],
)
def test_what_cannot_be_learned_is_refused_before_the_run(words: list[str], why: str):
    with pytest.raises(RefusedScenario, match=why):
        build.ask(["platforms=q_learning", *words])
