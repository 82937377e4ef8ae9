"""Loops of players who learn by trial: plain Python as it stands here, compiled in `compiled.learning` from this text.

A game is played over and over. What players know when they choose is a state: the shock of the period, where it is
seen, and the profiles of marks of the last periods. A player's mark is its level, or the highest mark where it is out
of the market; a profile is the number whose digits are all players' marks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Tables(NamedTuple):
    """The game that is played: Z shocks, P profiles, n players."""

    profit: np.ndarray  # float64 (Z, P, n), by shock, profile and player
    chance: np.ndarray  # float64 (Z, Z), cumulative chances of the next shock in units of 2^32
    is_in: np.ndarray  # bool (Z, n), who plays under a shock
    sees_shock: bool  # whether the shock is part of the state
    n_marks: int
    n_past: int  # profiles of the periods remembered


class Pace(NamedTuple):
    """How players learn, and when they have settled."""

    rate: np.ndarray  # float64 (n), weight of what is new
    discount: np.ndarray  # float64 (n)
    decay: np.ndarray  # float64 (n), fall of the chance of trying in a period
    patience: int  # periods without a change after which play has settled


class Learners(NamedTuple):
    """What players know and where they are, written: S states, m levels."""

    q: np.ndarray  # float64 (S, n, m), value of each level
    greedy: np.ndarray  # int64 (S, n), the level of highest value
    second: np.ndarray  # float64 (S, n), no less than the value of any level but the best
    where: np.ndarray  # int64 (3), state, shock, and for how many periods no greedy level has changed
    trying: np.ndarray  # float64 (n), part of choices that are trials, in units of 2^32
    played: np.ndarray  # int64 (n), room for marks


def learn(words, tables, pace, learners):
    """Play as many periods as there are words, or until nothing has changed for `patience` periods; returns how many.

    Q_i(s, a) moves by `rate` towards profit + discount max Q_i(s', .) (Watkins & Dayan 1992). words int64 (T, C, 4):
    of every period a pair of words a player (whether to try, and what), then one for the shock. States come first in
    tables, so that all that is known of one lies together, and `second` spares searches for the best level: four
    players then take half the time.
    """
    profit, chance, is_in, sees_shock, n_marks, n_past = tables
    rate, discount, decay, patience = pace
    q, greedy, second, where, trying, played = learners
    _, n, m = q.shape
    n_shocks, n_profiles = profit.shape[0], profit.shape[1]
    state, shock, still = where[0], where[1], where[2]
    for t in range(words.shape[0]):
        if still >= patience:
            where[0], where[1], where[2] = state, shock, still
            return t
        profile = 0
        for i in range(n):
            mark = n_marks - 1
            if is_in[shock, i]:
                mark = greedy[state, i]
                if words[t, i // 2, 2 * (i % 2)] < trying[i]:
                    mark = (words[t, i // 2, 2 * (i % 2) + 1] * m) >> 32
            trying[i] = trying[i] * decay[i] if trying[i] > 1.0 else 0.0  # numbers near 0 are slow
            played[i] = mark
            profile = profile * n_marks + mark
        next_shock = 0
        if n_shocks > 1:
            while words[t, (n + 1) // 2, 0] >= chance[shock, next_shock]:
                next_shock += 1
        after = profile
        if n_past != n_profiles:  # divisions cost more than all the rest of a period
            after = (state % n_past * n_profiles + profile) % n_past
        if sees_shock:
            after += next_shock * n_past
        still += 1
        for i in range(n):
            if not is_in[shock, i]:
                continue
            level, best = played[i], greedy[state, i]
            old = q[state, i, level]
            new = old + rate[i] * (profit[shock, profile, i] + discount[i] * q[after, i, greedy[after, i]] - old)
            q[state, i, level] = new
            if level == best:
                if new < second[state, i]:
                    for a in range(m):
                        if q[state, i, a] > q[state, i, best]:
                            best = a
                    most = -1e300
                    for a in range(m):
                        if a != best and q[state, i, a] > most:
                            most = q[state, i, a]
                    second[state, i] = most
            elif new > q[state, i, best]:
                second[state, i] = q[state, i, best]
                best = level
            elif new > second[state, i]:
                second[state, i] = new
            if best != greedy[state, i]:
                greedy[state, i] = best
                still = 0
        state, shock = after, next_shock
    where[0], where[1], where[2] = state, shock, still
    return words.shape[0]


def follow(words, tables, greedy, where, path):
    """Shocks and profiles (T, 2) where all play their levels of highest value, from `where` on."""
    profit, chance, is_in, sees_shock, n_marks, n_past = tables
    n, n_shocks, n_profiles = greedy.shape[1], chance.shape[0], profit.shape[1]
    state, shock = where[0], where[1]
    for t in range(path.shape[0]):
        profile = 0
        for i in range(n):
            profile = profile * n_marks + (greedy[state, i] if is_in[shock, i] else n_marks - 1)
        path[t, 0], path[t, 1] = shock, profile
        next_shock = 0
        if n_shocks > 1:
            while words[t, (n + 1) // 2, 0] >= chance[shock, next_shock]:
                next_shock += 1
        state = (state % n_past * n_profiles + profile) % n_past + (next_shock * n_past if sees_shock else 0)
        shock = next_shock
    where[0], where[1] = state, shock
