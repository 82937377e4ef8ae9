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
    """Inconsistent parameters."""
    return [Problem("setting", why, "consistent parameters", "change them") for why in setting.conflicts()]


def tipping(setting: Mapping[str, Any], runner: Runner) -> Found:
    """Strengths of benefits above which a small lead grows, and above which a market on one platform stays there."""
    market = typed(Tipping, setting)
    unstable, tipped = market.unstable_from(), market.tipped_from()
    measured = [
        Measured("equal shares unstable from", "strength", unstable, note="a lead of a thousandth of people grows"),
        Measured("tipped market stable from", "strength", tipped, note="all but a thousandth of people on one"),
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
        "title": "Where installed bases decide, a newcomer cannot win",
        "kind": "lines",
        "x_title": "strength of benefits",
        "y_title": "share of people on the largest platform in the long run",
        "lines": lines,
        "note": "People review their choice of platform every week until shares converge.",
    }
    return Found(measured, [panel])


def free_entry(setting: Mapping[str, Any], runner: Runner) -> Found:
    """Firms that are in the market once nobody wants to enter or leave; play converges for each number of firms."""

    def play(market: TheoryMarket) -> Array:
        return settle(ClimbGradient(TheoryDecisionModel(market)), market, market.start).desired

    try:
        found = enter(typed(FreeEntry, setting), play)
    except ValueError as error:
        raise PlatformLabError(f"no number of firms can be found: {error}") from None
    return Found(
        [
            Measured("firms", "firms", float(found.n_firms)),
            Measured(
                "firms at which profit is the fixed cost",
                "firms",
                found.n_where_profit_is_cost,
                note="interpolated between the last profitable number and the first unprofitable one",
            ),
            Measured("price", "currency", found.price),
        ]
    )
