"""What keeps learned prices up: what becomes of a player who leaves them for a period."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.game.learning import Learned, next_states, per_player, played_in
from sim.game.repeated import Game
from sim.parameters import LearningParameters

Array = np.ndarray
FORGOTTEN = 1e-12
"""Discount factor of periods that are too far away to count."""
ROUNDING = 1e-9
"""Part of a value below which a gain from deviating is rounding."""


class Discipline(NamedTuple):
    """Of one session, over every state of its cycle and every player who leaves."""

    n_deviations: int
    n_unprofitable: int
    """How many of them cost who deviates, all profits to come counted."""
    answer: float
    """Mean change of what the others charge from the deviation to the next period, of itself."""
    is_equilibrium: bool
    """Whether at no state of the cycle any player would gain by any other level for one period."""


def discipline(game: Game, learned: Learned, learning: LearningParameters, charges: Array) -> Discipline:
    """A player takes, for one period, the level that earns most at once against what the others are about to play.

    charges: (m, n), what a level stands for. Defined where play is a path (`Game.is_a_path`).
    """
    greedy, profit, digits = learned.greedy, game.expected(), game.digits
    discounts = per_player(learning.discount, game.n_players)
    value = values(game, greedy, learning)
    played, cycle = played_in(game, greedy), learned.cycle
    everyone, levels = np.arange(game.n_players), np.arange(game.n_levels)
    unprofitable, answers, is_equilibrium = 0, [], True
    # Deviations of one period, from states of the cycle alone. Longer ones lead to states whose levels are not tried
    # here, so that passing is necessary for an equilibrium of the repeated game and no proof of one.
    for who in everyone:
        options = played[cycle, None] + (levels - greedy[cycle, who, None]) * digits[who]
        after = game.after(cycle[:, None], options, learning.memory)
        payoff = profit[options, who] + discounts[who] * value[after, who]
        row = np.arange(len(cycle))
        kept = payoff[row, greedy[cycle, who]]
        best = profit[options, who].argmax(axis=1)
        unprofitable += int((payoff[row, best] < kept).sum())
        is_equilibrium &= bool((payoff.max(axis=1) <= kept + ROUNDING * np.abs(kept)).all())
        others = everyone != who
        now, then = (charges[greedy[states], everyone][:, others] for states in (cycle, after[row, best]))
        answers.append(then / now - 1.0)
    answer = float(np.mean(answers)) if game.n_players > 1 else float("nan")
    return Discipline(len(cycle) * game.n_players, unprofitable, answer, is_equilibrium)


def path_of_deviation(
    game: Game, learned: Learned, learning: LearningParameters, charges: Array, n_periods: int
) -> Array:
    """(T, n): what is charged when the first player leaves (`discipline`) in the second of T periods."""
    state, who, weight = int(learned.cycle[0]), 0, game.digits
    following, played = next_states(game, learned.greedy, learning.memory), played_in(game, learned.greedy)
    shown = [learned.greedy[state]]
    state = int(following[state])
    options = played[state] + (np.arange(game.n_levels) - learned.greedy[state, who]) * weight[who]
    profile = int(options[game.expected()[options, who].argmax()])
    shown.append(profile // weight % game.n_marks)
    state = int(game.after(np.array(state), np.array(profile), learning.memory))
    for _ in range(n_periods - 2):
        shown.append(learned.greedy[state])
        state = int(following[state])
    return charges[np.array(shown), np.arange(game.n_players)]


def values(game: Game, greedy: Array, learning: LearningParameters) -> Array:
    """(S, n): discounted profits to come in each state when all play their levels of highest value.

    V = profit + delta V(next), by doubling the number of periods: V_2k = V_k + delta^k V_k(k periods on).
    """
    # By doubling: some ten steps instead of the hundreds of periods that a discount factor of 0.95 needs.
    weight = per_player(learning.discount, game.n_players)
    following = next_states(game, greedy, learning.memory)
    discounted = game.expected()[played_in(game, greedy)]
    while weight.max() > FORGOTTEN:
        discounted = discounted + weight * discounted[following]
        following, weight = following[following], weight * weight
    return discounted
