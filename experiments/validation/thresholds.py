"""Where markets of theory tip, and how many firms enter them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.request.request import Runner
from experiments.validation.case import Found, Measured, typed
from sim.errors import PlatformLabError, Problem
from sim.game.strategies.gradient import ClimbGradient
from sim.theory.free_entry import FreeEntry, enter
from sim.theory.market import TheoryMarket
from sim.theory.play import TheoryDecisionModel, settle
from sim.theory.tipping import Tipping

Array = np.ndarray
POINTS = 17


def check_tipping(setting: Tipping) -> list[Problem]:
    """Numbers that do not fit each other."""
    return [Problem("setting", why, "numbers that make a market", "change the numbers") for why in setting.conflicts()]


def tipping(setting: Mapping[str, Any], runner: Runner) -> Found:
    """Strengths of benefits above which a small lead grows, and above which a market on one platform stays there."""
    market = typed(Tipping, setting)
    unstable, tipped = market.unstable_from(), market.tipped_from()
    measured = [
        Measured("equal shares unstable from", "strength", unstable, note="a lead of a thousandth of people grows"),
        Measured("tipped market stays from", "strength", tipped, note="all but a thousandth of people on one platform"),
        Measured("band in which installed bases decide", "strength", unstable - tipped),
    ]
    if not np.isfinite([unstable, tipped]).all():
        return Found([Measured(m.quantity, m.unit, m.simulated, note="none up to `strongest`") for m in measured])
    strengths = np.linspace(0.5 * tipped, 1.3 * unstable, POINTS)
    equal = 1.0 / market.n_platforms
    lines = [
        {"name": name, "x": strengths.tolist(), "y": [equal + market.lead(b, first) for b in strengths]}
        for name, first in (("from equal shares", equal + 1e-3), ("from an installed base", 0.999))
    ]
    panel = {
        "title": "What an installed base holds, a newcomer cannot win", "kind": "lines",
        "x_title": "strength of benefits", "y_title": "part of people on the largest platform in the end",
        "lines": lines, "note": "People who review where they are, week by week, until nothing moves.",
    }  # fmt: skip
    return Found(measured, [panel])


def free_entry(setting: Mapping[str, Any], runner: Runner) -> Found:
    """Firms that are in the market once nobody wants to enter or leave; each number of firms is played to rest."""

    def play(market: TheoryMarket) -> Array:
        return settle(ClimbGradient(TheoryDecisionModel(market)), market, market.start).desired

    try:
        found = enter(typed(FreeEntry, setting), play)
    except ValueError as error:
        raise PlatformLabError(f"no number of firms can be found: {error}") from None
    return Found(
        [
            Measured("firms", "firms", float(found.n_firms)),
            Measured("firms at which profit is the fixed cost", "firms", found.n_where_profit_is_cost,
                     note="between the last that pays and the first that does not"),
            Measured("price", "currency", found.price),
        ]
    )  # fmt: skip
