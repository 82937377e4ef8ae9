"""Values that players who learn by trial start from, before the first period."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.errors import Problem
from sim.game.repeated import Game, places
from sim.parameters import LearningParameters

Array = np.ndarray
APART = 1e-9
"""Random spread of constant values: without it the lowest level would be best everywhere because it comes first."""


def first_values(game: Game, learning: LearningParameters, draw: Callable[[int, Array], Array]) -> Array:
    """(S, n, m): value of every level in every state; draw(purpose, index) gives 32-bit words."""
    n, m, n_states = game.n_players, game.n_levels, game.n_states(learning.memory)
    discount = np.broadcast_to(np.array(learning.discount, np.float64), n)
    # In double precision, although single would halve memory: near-ties decide which cycle play ends in.
    values, expected = np.zeros((n_states, n, m)), game.expected()
    if learning.start in ("random", "constant"):
        low, high = (*learning.start_value, *learning.start_value)[:2]
        high = high if learning.start == "random" else low + APART
        for i in range(n):
            u = (draw(i, np.arange(n_states * m)) + 0.5) * 2.0**-32
            values[:, i] = (low + u * (high - low)).reshape(n_states, m)
    elif learning.start == "random_rivals":
        for i in range(n):
            # As if rivals drew a level anew for ever: the discounted sum of the same mean, and equal in all states.
            values[:, i] = _against_random_rivals(game, expected, i) / (1.0 - discount[i])
    else:
        for i in range(n):
            values[:, i] = _against_known_rivals(game, expected, learning, i, float(discount[i]))
    return values


def _against_random_rivals(game: Game, expected: Array, i: int) -> Array:
    """(m): mean profit of a period, rivals' marks equally likely; who is never out shows levels only."""
    marks = game.marks()
    is_possible = ((marks < game.n_levels) | ~game.is_in.all(axis=0)).all(axis=1)
    return np.array([expected[is_possible & (marks[:, i] == a), i].mean() for a in range(game.n_levels)])


def _against_known_rivals(game: Game, expected: Array, learning: LearningParameters, i: int, discount: float) -> Array:
    """(S, m) or (m): value of each level played once, then for good what all are expected to play.

    Fixed rivals play one level; grim ones the first level as long as all did in all periods remembered, else the
    second.
    """
    levels, digits = np.array(learning.start_levels) - 1, game.digits
    once = np.arange(game.n_levels) * digits[i]
    if learning.start == "fixed_rivals":
        others = levels[0] * (digits.sum() - digits[i])
        for_good = expected[levels[0] * digits.sum(), i] / (1.0 - discount)
        return expected[once + others, i] + discount * for_good
    kept, punished = (int(level * digits.sum()) for level in levels)
    value = expected[[kept, punished], i] / (1.0 - discount)
    past = np.arange(game.n_states(learning.memory)) % game.n_past(learning.memory)
    was_kept = past == kept * places(game.n_profiles, learning.memory).sum()
    by_state = np.empty((len(past), game.n_levels))
    for is_kept, level in ((True, levels[0]), (False, levels[1])):
        others = level * (digits.sum() - digits[i])
        after = np.where(is_kept & (np.arange(game.n_levels) == levels[0]), value[0], value[1])
        by_state[was_kept == is_kept] = expected[once + others, i] + discount * after
    return by_state


def conflicts(learning: LearningParameters, n_players: int, n_levels: int, where: str) -> list[Problem]:
    """What is wrong with how players learn that no range can tell."""
    problems = []
    for key in ("learning_rate", "exploration_decay", "discount"):
        values = getattr(learning, key)
        if isinstance(values, list) and len(values) != n_players:
            why = f"{len(values)} numbers for {n_players} players"
            problems.append(
                Problem(f"{where}.{key}={values}", why, f"one number, or {n_players}", "add or remove some")
            )
    n_of_levels = {"fixed_rivals": 1, "grim_trigger": 2}.get(learning.start, 0)
    if len(learning.start_levels) != n_of_levels:
        asked, allowed = f"{where}.start_levels={learning.start_levels}", f"{n_of_levels} levels"
        problems.append(Problem(asked, f"start={learning.start} asks for others", allowed, f"give {n_of_levels}"))
    elif any(level > n_levels for level in learning.start_levels):
        asked = f"{where}.start_levels={learning.start_levels}"
        problems.append(
            Problem(asked, f"there are {n_levels} levels", f"1 to {n_levels}", "take a level that there is")
        )
    n_values = {"random": 2, "constant": 1}.get(learning.start, 0)
    if len(learning.start_value) != n_values:
        asked, allowed = f"{where}.start_value={learning.start_value}", f"{n_values} numbers"
        problems.append(Problem(asked, f"start={learning.start} asks for others", allowed, f"give {n_values}"))
    return problems
