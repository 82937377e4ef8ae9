"""Players who learn by trial: the published experiment, and what a period costs."""

from __future__ import annotations

import time

from benchmarks.row import Row
from sim.game.learning import session, sessions
from sim.game.repeated import Game
from sim.parameters import LearningParameters
from sim.theory.logit_oligopoly import LogitOligopoly
from sim.theory.price_game import PriceGame

N_SESSIONS, N_THREADS = 200, 2
N_PLAIN = 20_000
"""Periods in plain Python."""


def duopoly() -> Game:
    return PriceGame(LogitOligopoly([1.0, 1.0], [2.0, 2.0], 0.25)).game()


def rows() -> list[Row]:
    """Until players settle, with two firms; plain Python runs the same loops uncompiled."""
    game, learning = duopoly(), LearningParameters()
    session(game, LearningParameters(most_periods=1), 1, 0)  # compiled code
    seconds = {}
    for n_threads in (N_THREADS, 1):
        started = time.perf_counter()
        found = list(sessions(game, learning, 1, range(N_SESSIONS // (N_THREADS // n_threads)), n_threads))
        n_periods = sum(one.n_periods for one in found)
        seconds[n_threads] = time.perf_counter() - started, n_periods
    short = LearningParameters(most_periods=N_PLAIN, patience=N_PLAIN)
    started = time.perf_counter()
    session(game, short, 1, 0, is_plain=True)
    plain = (time.perf_counter() - started) / N_PLAIN
    (all_of_them, n_of_all), (alone, n_alone) = seconds[N_THREADS], seconds[1]
    how = f"{N_SESSIONS} sessions, two firms, {N_THREADS} threads"
    return [
        Row("learning: the published experiment", all_of_them, "s", 60.0, "at most", how),
        Row("learning: a period of two firms, one thread", 1e9 * alone / n_alone, "ns", how="until settled"),
        Row("learning: two threads against one", (alone / n_alone) / (all_of_them / n_of_all), "times"),
        Row("learning: compiled against plain Python", plain / (alone / n_alone), "times", how="the same bits"),
    ]
