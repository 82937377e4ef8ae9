"""Sessions of players who learn prices by trial, compared with published results."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any

import numpy as np

from experiments.request.request import Runner
from experiments.terminal import meanwhile
from experiments.validation.case import Found, Measured, typed
from sim.errors import PlatformLabError, Problem, RefusedScenario
from sim.game.learning import Learned, cycle_of, next_states, played_in, refuse_too_large, sessions
from sim.game.punishment import discipline, path_of_deviation
from sim.game.repeated import Game
from sim.game.start import conflicts
from sim.parameters import LearningParameters, Param, parameters
from sim.theory.catalogue import market_of
from sim.theory.logit_oligopoly import LogitOligopoly
from sim.theory.price_game import Chance, Entry, Grid, PriceGame

Array = np.ndarray
SHOWN = 16
"""Periods of the path after a deviation."""
MARKETS = ["logit_oligopoly", "linear_duopoly"]
"""Whose one-shot and joint prices are known."""
MOST_FIRMS = 8
MOST_KEPT = 2**32
"""Bytes of what all sessions of a case came to know."""


@parameters
class Learners:
    """Setting of `q_learning`."""

    market: dict[str, Any]
    """`kind` (logit_oligopoly or linear_duopoly) and its numbers."""
    sessions: Annotated[int, Param("sessions", "sessions", 2, 1_000_000)]
    grid: Grid = field(default_factory=Grid)
    learning: LearningParameters = field(default_factory=LearningParameters)
    chance: Chance | None = None
    entry: Entry | None = None
    seed: Annotated[int, Param("seed of all sessions", "-", 0, 2**63)] = 1


def check_learners(setting: Learners) -> list[Problem]:
    """Markets that cannot be, shocks that they do not know, and tables that do not fit in memory."""
    problems: list[Problem] = []
    market = market_of(setting.market, "market", problems, MARKETS)
    if market is None:
        return problems
    n = len(market.variables)
    problems += conflicts(setting.learning, n, setting.grid.n_levels, "learning")
    if setting.chance is not None and setting.entry is not None:
        problems.append(Problem("chance and entry", "one kind of change at a time", "one of them", "leave one out"))
    is_logit = isinstance(market, LogitOligopoly) and market.outside is not None
    if (setting.chance or setting.entry) and not is_logit:
        why, todo = "shocks and entry need an outside good", "take a logit_oligopoly with an outside good"
        problems.append(Problem("chance" if setting.chance else "entry", why, "logit_oligopoly", todo))
    if setting.chance is not None and not setting.chance.outside_shocks:
        problems.append(Problem("chance.outside_shocks=[]", "there is no value", "one or more", "give some"))
    if n < 2 or (setting.entry is not None and n < 3):
        allowed = f"{3 if setting.entry else 2} to {MOST_FIRMS} firms"
        problems.append(Problem(f"market: {n} firms", "one firm has nobody to collude with", allowed, "add a firm"))
    if isinstance(market, LogitOligopoly) and market.outside is None:
        why, todo = "without an outside good firms would charge any price together", "set outside"
        problems.append(Problem("market.outside=null", why, "an outside good", todo))
    if n > MOST_FIRMS:
        why = "every firm multiplies what is to be known"
        problems.append(Problem(f"market: {n} firms", why, f"2 to {MOST_FIRMS} firms", "take fewer"))
    return problems or _conflicts(PriceGame(market, setting.grid, setting.chance, setting.entry), setting)


def _conflicts(priced: PriceGame, setting: Learners) -> list[Problem]:
    """Grids that do not rise, markets without a gain, and tables and sessions that do not fit in memory."""
    problems = [
        Problem("market and grid", why, "a gain to be counted", "change the numbers") for why in priced.conflicts()
    ]
    n, m, memory = len(priced.market.variables), setting.grid.n_levels, setting.learning.memory
    n_profiles, n_shocks = math.prod([m + (setting.entry is not None)] * n), len(priced.markets)
    n_states = math.prod([n_profiles] * memory) * (n_shocks if setting.chance and setting.chance.is_seen else 1)
    try:
        refuse_too_large(n, m, n_states, n_shocks * n_profiles)
    except PlatformLabError as error:
        problems.append(Problem("grid.n_levels and learning.memory", str(error), "1 GiB a session", "take fewer"))
    if 2 * n * n_states * setting.sessions > MOST_KEPT:
        asked, why = f"sessions={setting.sessions}", "what all of them came to know is kept until the last one ends"
        problems.append(Problem(asked, why, f"at most {MOST_KEPT // (2 * n * n_states)}", "take fewer"))
    return problems


def q_learning(setting: Mapping[str, Any], runner: Runner) -> Found:
    """Profit gain (0: competition, 1: joint optimum) and what keeps it up, over sessions, with 95% intervals."""
    from rich.console import Console
    from rich.progress import track

    asked = typed(Learners, setting)
    problems = check_learners(asked)
    if problems:
        raise RefusedScenario(problems)
    priced = PriceGame(market_of(asked.market, "market", [], MARKETS), asked.grid, asked.chance, asked.entry)
    game, n_threads = priced.game(), runner.n_workers or os.cpu_count() or 1
    going = sessions(game, asked.learning, asked.seed, range(asked.sessions), n_threads)
    found = list(track(going, "sessions", total=asked.sessions, console=Console(file=meanwhile.stream())))
    return Found(
        [*_gains(priced, game, asked.learning.memory, found), *_conduct(priced, game, asked.learning, found)],
        _panels(priced, game, asked.learning, found),
    )


def _gains(priced: PriceGame, game: Game, memory: int, found: list[Learned]) -> list[Measured]:
    from analysis.statistics.effects import mean_interval

    gains = np.array([_gain(priced, one.profit) for one in found])
    rows = [_spread("profit gain", gains)]
    if priced.entry is not None:
        alone = priced.yardsticks[1]
        rows.append(_spread("profit gain, last firm out", np.array([alone.gain(one.profit[1]) for one in found])))
    n = len(priced.market.variables)
    if game.is_a_path and (n, memory) == (2, 2):
        read_across = np.array([_gain(priced, profit_read_across(game, one)) for one in found])
        rows.append(_spread("profit gain, replayed as published", read_across))
    rows.append(
        Measured("standard deviation of the profit gain", "share", float(gains.std(ddof=1)), note="over sessions")
    )
    for i in range(n):
        values = np.array([priced.yardstick.gain_of(priced.profits(one.profit), i) for one in found])
        if np.isfinite(values).all():
            rows.append(_spread(f"profit gain, firm {i + 1}", values))
    charged = priced.charges
    shown = np.array([one.played[:, : len(charged)] for one in found])  # who is out shows no price
    prices = (shown * charged.T).sum(axis=2) / np.where(shown.any(axis=2), shown.sum(axis=2), np.nan)
    rows.append(Measured.around("price", "currency", mean_interval(np.nanmean(prices, axis=1)), "mean of firms"))
    return rows


def _gain(priced: PriceGame, profit: Array) -> float:
    return priced.yardstick.gain(priced.profits(profit))


def profit_read_across(game: Game, learned: Learned) -> Array:
    """(Z, 2): profits of the cycle that two firms with a memory of two reach from a state whose prices are mixed up.

    The published package keeps what both charged lately and before, and takes it, when it replays strategies, for what
    one firm charged in both periods, and the other.
    """
    m = game.n_levels
    before, lately = divmod(int(learned.cycle[0]), game.n_profiles)
    first, second = (lately // m, before // m), (lately % m, before % m)
    state = (second[0] * m + second[1]) * game.n_profiles + first[0] * m + first[1]
    cycle = cycle_of(next_states(game, learned.greedy, 2), state)
    return game.profit[:, played_in(game, learned.greedy)[cycle]].mean(axis=1)


def _spread(name: str, values: Array) -> Measured:
    from analysis.statistics.effects import mean_interval

    known = values[np.isfinite(values)]
    if len(known) < 2:
        return Measured(name, "share", float("nan"), note="never seen", is_judged=False)
    error = known.std(ddof=1) / np.sqrt(len(known))
    return Measured.around(name, "share", mean_interval(known), f"standard error {error:.4f}, {len(known)} sessions")


def _conduct(priced: PriceGame, game: Game, learning: LearningParameters, found: list[Learned]) -> list[Measured]:
    """How sessions end, and what follows a deviation."""
    from analysis.statistics.effects import mean_interval

    periods = np.array([float(one.n_periods) for one in found])
    rows = [
        Measured.around("periods of a session", "periods", mean_interval(periods), "until convergence"),
        Measured("sessions that converge", "share", float(np.mean([one.is_settled for one in found]))),
    ]
    if not game.is_a_path:
        return rows
    lengths = np.array([len(one.cycle) for one in found])
    for name, is_so in (
        ("sessions with constant prices", lengths == 1),
        ("sessions with cycles of two", lengths == 2),
        ("sessions with longer cycles", lengths > 2),
    ):
        rows.append(Measured.around(name, "share", mean_interval(is_so.astype(float))))
    charged = priced.charges
    kept = [discipline(game, one, learning, charged) for one in found]
    n = np.array([one.n_deviations for one in kept])
    unprofitable = np.array([one.n_unprofitable for one in kept]).sum() / n.sum()
    answer = float((np.array([one.answer for one in kept]) * n).sum() / n.sum())
    is_equilibrium = np.array([float(one.is_equilibrium) for one in kept])
    return [
        *rows,
        Measured("deviations that do not pay", "share", float(unprofitable), note="at every state of every cycle"),
        Measured("response to a deviation", "share of price", answer, note="by the others, in the next period"),
        Measured.around(
            "sessions in equilibrium on the path",
            "share",
            mean_interval(is_equilibrium),
            "no one-period deviation is profitable",
        ),
    ]


def _panels(priced: PriceGame, game: Game, learning: LearningParameters, found: list[Learned]) -> list[dict[str, Any]]:
    gains = np.sort([_gain(priced, one.profit) for one in found])
    share = (np.arange(len(gains)) + 0.5) / len(gains)
    panels: list[dict[str, Any]] = [
        {
            "title": f"Half of all sessions gain more than {np.median(gains):.2f} of the way to the joint optimum",
            "kind": "lines",
            "x_title": "profit gain: 0 competition, 1 joint optimum",
            "y_title": "share of sessions",
            "lines": [{"name": "sessions", "x": gains.tolist(), "y": share.tolist()}],
            "note": "Share of sessions that gain less; each session is one point of the curve.",
        }
    ]
    if game.is_a_path:
        charged = priced.charges
        paths = np.array([path_of_deviation(game, one, learning, charged, SHOWN) for one in found])
        mean = np.stack([paths[:, :, 0].mean(axis=0), paths[:, :, 1:].mean(axis=(0, 2))], axis=1)
        flat = [
            ("competitive price", priced.market.competitive_prices()),
            ("joint price", priced.market.joint_prices()),
        ]
        x = list(range(SHOWN))
        lines: list[dict[str, Any]] = [
            {"name": name, "x": x, "y": mean[:, i].tolist()} for i, name in enumerate(("deviating firm", "the others"))
        ]
        lines += [{"name": name, "x": x, "y": [float(p.mean())] * SHOWN, "is_guide": True} for name, p in flat]
        panels.append(
            {
                "title": "The others respond to a deviation, and prices recover",
                "kind": "lines",
                "x_title": "periods, the deviation in period 1",
                "y_title": "price, currency",
                "lines": lines,
                "has_zero": False,
                "note": "Means over sessions; firm 1 charges for one period what earns most then.",
            }
        )
    return panels
