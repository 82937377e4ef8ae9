"""Players who learn by trial: the same bits however they are computed, and what they come to in games one can solve."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import PlatformLabError
from sim.game.learning import cycle_of, next_states, refuse_too_large, session, sessions
from sim.game.punishment import discipline, path_of_deviation, values
from sim.game.repeated import Game, places, profiles
from sim.game.start import conflicts, first_values
from sim.parameters import LearningParameters

SHORT = {"exploration_decay": 1e-3, "patience": 300, "most_periods": 6_000}
COOPERATE, DEFECT = 1, 0
DILEMMA = np.array([[1.0, 1.0], [5.0, 0.0], [0.0, 5.0], [4.0, 4.0]])
"""Profits by profile: both defect; 1 defects, 2 cooperates; the reverse; both cooperate."""


def made_up(n: int = 2, m: int = 3, n_shocks: int = 1, *, is_seen: bool = False, may_leave: bool = False) -> Game:
    draw = np.random.default_rng(n + 10 * m + 100 * n_shocks)
    marks = m + may_leave
    profit = draw.uniform(0.0, 1.0, (n_shocks, marks**n, n))
    chance = np.full((n_shocks, n_shocks), 1.0 / n_shocks)
    is_in = np.ones((n_shocks, n), bool)
    if may_leave:
        is_in[-1, -1] = False
    return Game(profit, chance, is_in, is_seen, m)


GAMES = {
    "duopoly": (made_up(), {}),
    "three players": (made_up(3), {}),
    "memory of two": (made_up(), {"memory": 2}),
    "no memory": (made_up(), {"memory": 0, "discount": 0.0}),
    "shocks": (made_up(n_shocks=3), {}),
    "seen shocks": (made_up(n_shocks=2, is_seen=True), {}),
    "entry": (made_up(3, n_shocks=2, may_leave=True), {}),
    "a number a player": (made_up(), {"learning_rate": [0.1, 0.4], "discount": [0.9, 0.2]}),
    "anything": (made_up(), {"start": "random", "start_value": [0.0, 10.0]}),
}


def same(a, b) -> bool:
    return all(np.array_equal(x, y, equal_nan=True) for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("name", GAMES)
def test_compiled_loops_and_plain_python_have_the_same_bits(name: str):
    game, more = GAMES[name]
    learning = LearningParameters(**{**SHORT, **more})
    assert same(session(game, learning, 7, 2), session(game, learning, 7, 2, is_plain=True))


def test_a_session_is_the_same_alone_in_company_and_on_two_threads():
    game, learning = GAMES["three players"][0], LearningParameters(**SHORT)
    alone = session(game, learning, 5, 3)
    together = list(sessions(game, learning, 5, range(6)))
    threads = list(sessions(game, learning, 5, range(6), n_threads=2))
    assert same(alone, together[3])
    assert all(same(a, b) for a, b in zip(together, threads, strict=True))
    assert not same(alone, together[2])
    assert not same(alone, session(game, learning, 6, 3))


def test_a_player_alone_finds_what_earns_most():
    profit = np.array([0.1, 0.7, 0.3, 0.9, 0.2])[:, None]
    learning = LearningParameters(memory=0, discount=0.0, exploration_decay=1e-3, patience=2_000)
    for found in sessions(Game.without_shocks(profit, 5), learning, 1, range(5)):
        assert found.greedy.tolist() == [[3]]
        assert found.profit.tolist() == [[0.9]]
        assert found.played[0].tolist() == [0.0, 0.0, 0.0, 1.0, 0.0]
        assert found.is_settled
        assert found.cycle.tolist() == [0]


def test_players_without_memory_and_tomorrow_defect():
    learning = LearningParameters(memory=0, discount=0.0, exploration_decay=1e-3, patience=2_000)
    found = session(Game.without_shocks(DILEMMA, 2), learning, 1, 0)
    assert found.profit.tolist() == [[1.0, 1.0]]


def test_a_session_that_does_not_settle_says_so_and_ends():
    learning = LearningParameters(most_periods=1_000, patience=10_000)
    found = session(GAMES["duopoly"][0], learning, 1, 0)
    assert found.n_periods == 1_000
    assert not found.is_settled


def test_periods_under_each_shock_are_told_apart():
    """A player that is out in the second shock earns what is entered for its absence, here nothing."""
    game = made_up(2, n_shocks=2, may_leave=True)
    profit = game.profit.copy()
    profit[1, :, 1] = 0.0
    found = session(Game(profit, game.chance, game.is_in, False, 3), LearningParameters(**SHORT), 1, 0)
    assert found.profit[1, 1] == 0.0
    assert found.profit[0, 1] > 0.0
    assert found.played[1, -1] == pytest.approx(0.5, abs=0.02)
    assert found.played[0, -1] == 0.0


def grim(game: Game) -> np.ndarray:
    """Cooperate as long as both did."""
    return np.array([[DEFECT, DEFECT]] * 3 + [[COOPERATE, COOPERATE]])


def learned_from(game: Game, greedy: np.ndarray, state: int, learning: LearningParameters):
    example = session(game, LearningParameters(**SHORT), 1, 0)
    return example._replace(greedy=greedy, cycle=cycle_of(next_states(game, greedy, learning.memory), state))


@pytest.mark.parametrize(("discount", "pays"), [(0.9, False), (0.2, True)])
def test_grim_triggers_hold_cooperation_up_if_tomorrow_counts(discount: float, pays: bool):
    """To leave brings 5 once and 1 for ever: worth it if 5 + d / (1 - d) > 4 / (1 - d), that is d < 1 / 4."""
    game, learning = Game.without_shocks(DILEMMA, 2), LearningParameters(discount=discount)
    learned = learned_from(game, grim(game), 3, learning)
    charges = np.array([[1.0, 1.0], [2.0, 2.0]])
    found = discipline(game, learned, learning, charges)
    assert (found.n_deviations, found.n_unprofitable) == (2, 0 if pays else 2)
    assert found.is_equilibrium is (not pays)
    assert found.answer == pytest.approx(-0.5), "who cooperated at 2 defects at 1"
    path = path_of_deviation(game, learned, learning, charges, 4)
    assert path.tolist() == [[2.0, 2.0], [1.0, 2.0], [1.0, 1.0], [1.0, 1.0]]
    utility = values(game, learned.greedy, learning)
    assert utility[3] == pytest.approx([4.0 / (1.0 - discount)] * 2)
    assert utility[0] == pytest.approx([1.0 / (1.0 - discount)] * 2)


def test_cycles_are_what_is_come_back_to():
    following = np.array([1, 2, 3, 1])
    assert cycle_of(following, 0).tolist() == [1, 2, 3]
    assert cycle_of(np.array([0]), 0).tolist() == [0]


def test_what_is_known_at_first():
    game = Game.without_shocks(DILEMMA, 2)

    def first(**more) -> np.ndarray:
        return first_values(game, LearningParameters(discount=0.5, **more), lambda i, k: np.full(len(k), 2**31))

    assert first()[0].tolist() == [[6.0, 4.0], [6.0, 4.0]], "means over the rival, (5 + 1) / 2 and (4 + 0) / 2, twice"
    fixed = first(start="fixed_rivals", start_levels=[2])
    assert fixed[0, 0].tolist() == [5.0 + 4.0, 4.0 + 4.0], "now against cooperation, then both cooperate for good"
    kept = first(start="grim_trigger", start_levels=[2, 1])
    assert kept[3, 0].tolist() == [5.0 + 1.0, 4.0 + 4.0]
    assert kept[0, 1].tolist() == [1.0 + 1.0, 0.0 + 1.0]
    assert first(start="random", start_value=[2.0, 4.0]) == pytest.approx(3.0)
    assert first(start="constant", start_value=[7.0]) == pytest.approx(7.0)


def test_means_over_rivals_leave_out_who_is_never_out():
    """Of three marks the last is being out; only the second player can be."""
    game = made_up(2, 2, n_shocks=2, may_leave=True)
    found = first_values(game, LearningParameters(discount=0.0), lambda i, k: k)
    expected, marks = game.expected(), game.marks()
    assert found[0, 0, 1] == pytest.approx(expected[marks[:, 0] == 1, 0].mean())
    assert found[0, 1, 1] == pytest.approx(expected[(marks[:, 1] == 1) & (marks[:, 0] < 2), 1].mean())


def test_shocks_that_stay_come_as_often_as_they_leave():
    chance = np.array([[0.9, 0.1], [0.3, 0.7]])
    game = Game(np.zeros((2, 4, 2)), chance, np.ones((2, 2), bool), False, 2)
    assert game.weights() == pytest.approx([0.75, 0.25])


def test_numbers_of_profiles():
    assert places(15, 3).tolist() == [225, 15, 1]
    assert places(15, 0).tolist() == []
    assert profiles(2, 2).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    game = made_up(2, 3, n_shocks=2, is_seen=True)
    assert game.n_states(2) == 2 * 81
    assert game.after(np.array([7]), np.array([4]), 2).tolist() == [7 * 9 + 4]
    assert game.after(np.array([7 * 9 + 4]), np.array([1]), 2).tolist() == [4 * 9 + 1]


def test_tables_that_do_not_fit_are_refused_in_words():
    with pytest.raises(PlatformLabError, match=r"4 players .* need 1\.5 GiB"):
        refuse_too_large(4, 100, 500_000, 100)
    with pytest.raises(PlatformLabError, match=r"6 players .* need 5\.1 GiB"):
        refuse_too_large(6, 15, 1, 15**6)


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"learning_rate": [0.1, 0.2, 0.3]}, "learning_rate"),
        ({"start": "grim_trigger", "start_levels": [3]}, "start_levels"),
        ({"start": "fixed_rivals", "start_levels": [16]}, "start_levels"),
        ({"start_levels": [1]}, "start_levels"),
        ({"start": "random", "start_value": [1.0]}, "start_value"),
    ],
)
def test_what_does_not_fit_the_game_is_said(more: dict, key: str):
    (problem,) = conflicts(LearningParameters(**more), 2, 15, "learning")
    assert problem.asked.startswith(f"learning.{key}=")
    assert conflicts(LearningParameters(), 2, 15, "learning") == []
