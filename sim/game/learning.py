"""Players who learn by trial what to charge, from nothing but their own profits: tabular Q-learning.

In a state s (what was charged lately) a player has a value of each level a, Q(s, a), and charges the best one, or
tries any of them with a probability that falls, e^(-beta t). What it earns corrects these values:
Q(s, a) += alpha [profit + delta max Q(s', .) - Q(s, a)] (Watkins & Dayan 1992; Calvano, Calzolari, Denicolo &
Pastorello 2020). Sessions share nothing: their draws are keyed by session, pair of players and period. Of equals
the lowest level counts as best at the start, and the one that was best later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from sim.errors import PlatformLabError
from sim.game.repeated import Game
from sim.game.start import first_values
from sim.kernels import learning as plain
from sim.kernels import philox, precise
from sim.parameters import LearningParameters
from sim.randomness.draws import key_of
from sim.randomness.streams import Stream

Array = np.ndarray
WORD = 2.0**32
BLOCK = 16_384
"""Periods between two draws of words: what fits a cache."""
WATCHED = 100_000
"""Periods over which play is averaged where chance goes on."""
LARGEST, PER_PROFIT = 2**30, 10
"""Bytes of one session, and numbers that are held at a time for each profit while the game is laid out."""
PAIRS = 64
"""Identities a session."""


class Learned(NamedTuple):
    """What a session came to, once nobody tries any more."""

    greedy: Array
    """int16 (S, n): the level of highest value to each player."""
    cycle: Array
    """int64 (T): states that play goes through over and over; empty where chance decides who plays."""
    profit: Array
    """(Z, n): mean profit of a period under each shock; not a number where a shock did not occur."""
    played: Array
    """(n, marks): part of periods in which a player shows each mark."""
    n_periods: int
    is_settled: bool


def per_player(values: float | list[float], n_players: int) -> Array:
    """(n): one number for all, or one each."""
    return np.broadcast_to(np.array(values, np.float64), n_players).copy()


def sessions(
    game: Game,
    learning: LearningParameters,
    seed: int,
    which: Iterable[int],
    n_threads: int = 1,
    *,
    is_plain: bool = False,
) -> Iterator[Learned]:
    """Sessions by number, in the order asked for. `is_plain`: uncompiled, to the same bits, a hundred times slower."""
    refuse_too_large(game.n_players, game.n_levels, game.n_states(learning.memory), len(game.profit) * game.n_profiles)

    def play(number: int) -> Learned:
        return session(game, learning, seed, number, is_plain=is_plain)

    if n_threads == 1:
        yield from map(play, which)
        return
    pool = ThreadPoolExecutor(n_threads)
    try:
        yield from pool.map(play, which)
    finally:  # who stops asking does not wait for sessions that have not begun
        pool.shutdown(cancel_futures=True)


def refuse_too_large(n_players: int, n_levels: int, n_states: int, n_profits: int) -> None:
    """Raise `PlatformLabError` where a session would not fit in memory: what is known, and what each profile earns."""
    size = 8 * n_players * (n_states * n_levels + PER_PROFIT * n_profits)
    if size > LARGEST:
        what = f"{n_players} players with {n_levels} levels in {n_states:,} states"
        raise PlatformLabError(f"{what} need {size / 2**30:.1f} GiB; 1 is allowed: take fewer levels or less memory")


def session(game: Game, learning: LearningParameters, seed: int, number: int, *, is_plain: bool = False) -> Learned:
    """One session until it settles."""
    loops, draw = _loops(is_plain)
    tables, pace, learners = _tables(game, learning), _pace(game, learning), _learners(game, learning, seed, number)
    greedy, where, n_periods = learners.greedy, learners.where, 0
    while where[2] < learning.patience and n_periods < learning.most_periods:
        words = draw(seed, number, n_periods, min(BLOCK, learning.most_periods - n_periods), game)
        n_periods += loops.learn(words, tables, pace, learners)
    if game.is_a_path:
        # Without trials play maps finitely many states into themselves: it ends in a cycle, and the cycle's mean is the
        # mean of all that follows.
        cycle = cycle_of(next_states(game, greedy, learning.memory), int(where[0]))
        profiles = played_in(game, greedy)[cycle]
        path = np.stack([np.zeros_like(profiles), profiles], axis=1)
        profit = game.profit[:, profiles].mean(axis=1)
    else:  # with seen shocks or entry there is no cycle to average over: play is watched for many periods instead
        cycle, path = np.empty(0, np.int64), np.empty((WATCHED, 2), np.int64)
        loops.follow(draw(seed, number, n_periods, WATCHED, game), tables, greedy, where, path)
        profit = np.stack([_mean_under(game, path, shock) for shock in range(len(game.profit))])
    shown = game.marks()[path[:, 1]]
    played = np.stack([(shown == mark).mean(axis=0) for mark in range(game.n_marks)], axis=1)
    return Learned(greedy.astype(np.int16), cycle, profit, played, n_periods, bool(where[2] >= learning.patience))


def _tables(game: Game, learning: LearningParameters) -> plain.Tables:
    chance = np.cumsum(game.chance, axis=1) * WORD
    chance[:, -1] = WORD  # rounding must not leave a word beyond the last shock
    return plain.Tables(game.profit, chance, game.is_in, game.sees_shock, game.n_marks, game.n_past(learning.memory))


def _pace(game: Game, learning: LearningParameters) -> plain.Pace:
    n = game.n_players
    rate, discount = (per_player(values, n) for values in (learning.learning_rate, learning.discount))
    return plain.Pace(rate, discount, precise.exp(-per_player(learning.exploration_decay, n)), learning.patience)


def _learners(game: Game, learning: LearningParameters, seed: int, number: int) -> plain.Learners:
    n, q = game.n_players, first_values(game, learning, _past_words(seed, number))
    where = _first_state(game, game.n_past(learning.memory), seed, number)
    trying, room = np.full(n, WORD * learning.first_exploration), np.zeros(n, np.int64)
    return plain.Learners(q, q.argmax(axis=2), q.max(axis=2), where, trying, room)


def played_in(game: Game, greedy: Array) -> Array:
    """int64 (S): the profile that is played in each state, everybody being in."""
    return (greedy * game.digits).sum(axis=1)


def next_states(game: Game, greedy: Array, memory: int) -> Array:
    """int64 (S): where each state leads when all play their levels of highest value."""
    return game.after(np.arange(len(greedy)), played_in(game, greedy), memory)


def cycle_of(following: Array, state: int) -> Array:
    """int64 (T): states that play comes back to over and over, having started from one."""
    seen: dict[int, int] = {}
    while state not in seen:
        seen[state] = len(seen)
        state = int(following[state])
    return np.array(list(seen)[seen[state] :])


def _mean_under(game: Game, path: Array, shock: int) -> Array:
    """(n): mean profit in periods under a shock."""
    mine = path[path[:, 0] == shock, 1]
    return game.profit[shock, mine].mean(axis=0) if len(mine) else np.full(game.n_players, np.nan)


def _loops(is_plain: bool) -> tuple[Any, Callable[..., Array]]:
    """The loops, and what draws their words."""
    if is_plain:
        return plain, _plain_words
    # Here, not above: plain runs never import numba.
    from sim.kernels.compiled import learning as compiled

    def draw(seed: int, number: int, first: int, n: int, game: Game) -> Array:
        identity = _identities(number, game)
        words = np.empty((n, len(identity), 4), np.int64)
        compiled.fill_words(identity, first, int(Stream.TRIALS), *key_of(seed), words)
        return words

    return compiled, draw


def _plain_words(seed: int, number: int, first: int, n: int, game: Game) -> Array:
    period = np.arange(first, first + n)[:, None]
    words = philox.words(_identities(number, game), 0, int(Stream.TRIALS), period, key_of(seed))
    return np.stack(words, axis=-1).astype(np.int64)


def _identities(number: int, game: Game) -> Array:
    """Pairs of players, and chance itself where there are shocks."""
    return number * PAIRS + np.arange((game.n_players + 1) // 2 + (len(game.profit) > 1))


def _past_words(seed: int, number: int) -> Callable[[int, Array], Array]:
    """What draws from the time before a session: 32-bit words by purpose and index."""

    def draw(purpose: int, index: Array) -> Array:
        identity = np.array([number * PAIRS + purpose])
        return philox.words(identity, 0, int(Stream.LEARNERS_PAST), index, key_of(seed))[0].astype(np.int64)

    return draw


def _first_state(game: Game, n_past: int, seed: int, number: int) -> Array:
    """State, shock and number of still periods: anything may have been charged before, under any shock."""
    word = _past_words(seed, number)(PAIRS - 1, np.arange(2))
    # Multiplied and shifted: even to n / 2^32, in whole numbers.
    shock = int(word[1]) * len(game.profit) >> 32
    state = int(word[0]) * n_past >> 32
    return np.array([state + (shock * n_past if game.sees_shock else 0), shock, 0])
