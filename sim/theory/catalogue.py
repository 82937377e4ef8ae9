"""Markets of theory by the name that cases use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.errors import Problem
from sim.strict import build, nearest
from sim.theory.bottleneck import Bottleneck
from sim.theory.circle import Circle
from sim.theory.discrimination import PersonalPrices, Segments
from sim.theory.hotelling import Hotelling
from sim.theory.interconnection import Interconnection
from sim.theory.linear_duopoly import LinearDuopoly
from sim.theory.logit_oligopoly import LogitOligopoly
from sim.theory.market import TheoryMarket
from sim.theory.monopolies import MonopolyPlatform, Monopsony, TransactionPlatform
from sim.theory.two_sided_logit import TwoSidedLogit

MARKETS: dict[str, type[TheoryMarket]] = {
    "logit_oligopoly": LogitOligopoly,
    "linear_duopoly": LinearDuopoly,
    "circle": Circle,
    "two_sided_logit": TwoSidedLogit,
    "hotelling": Hotelling,
    "bottleneck": Bottleneck,
    "interconnection": Interconnection,
    "monopoly_platform": MonopolyPlatform,
    "transaction_platform": TransactionPlatform,
    "monopsony": Monopsony,
    "segments": Segments,
    "personal_prices": PersonalPrices,
}


def market_of(given: Mapping[str, Any], where: str, problems: list[Problem], allowed: list[str] | None = None) -> Any:
    """The market that a mapping (`kind` and its numbers) asks for, or None with every problem appended."""
    names = allowed or list(MARKETS)
    kind = given.get("kind")
    if kind not in names:
        why = "a market has a kind" if kind is None else "there is no such market here"
        problems.append(Problem(f"{where}.kind={kind}", why, ", ".join(names), nearest(str(kind), names)))
        return None
    market = build(MARKETS[kind], {key: value for key, value in given.items() if key != "kind"}, where, problems)
    wrong = market.conflicts() if market is not None else []
    problems += [Problem(where, why, f"numbers that make a {kind}", "change the numbers") for why in wrong]
    return None if wrong else market
