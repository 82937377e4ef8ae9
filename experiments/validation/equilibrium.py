"""Markets of theory played by the laboratory's strategies, until they converge."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import numpy as np

from experiments.request.request import Runner
from experiments.validation.asked import one_of
from experiments.validation.case import NAN, Found, Measured, typed
from sim.errors import Problem
from sim.game.strategies.answer import AbstractAnswer
from sim.game.strategies.gradient import ClimbGradient
from sim.game.strategies.rule_of_thumb import KeepMargin
from sim.game.surface import blocks
from sim.parameters import Param, parameters
from sim.theory.catalogue import market_of
from sim.theory.market import TheoryMarket
from sim.theory.play import Settled, TheoryDecisionModel, best_deviation, ceilings, settle

Array = np.ndarray
BASE = "base"
STRATEGIES: dict[str, type[AbstractAnswer[Array]]] = {"gradient": ClimbGradient, "rule_of_thumb": KeepMargin}
LONELY = 1e-3
"""Share of its profit that a player may gain by a unilateral deviation where a market counts as in equilibrium."""
SHOWN_ONE_BY_ONE = 3
"""Players up to which each is a row of the table."""


@parameters
class Variant:
    """What differs from the base."""

    market: dict[str, Any] = field(default_factory=dict)
    """Parameters of the market that differ."""
    ceilings: dict[str, float] | None = None
    strategy: Literal["gradient", "rule_of_thumb"] | None = None


@parameters
class Difference:
    """One number of a variant less the same of another, over `per`: a slope, or a pass-through."""

    quantity: str
    unit: str
    of: str
    side: str
    against: str = BASE
    per: Annotated[float, Param("what the difference is divided by", "-", -1e6, 1e6)] = 1.0


@parameters
class Equilibrium:
    """Setting of `equilibrium`."""

    market: dict[str, Any]
    """`kind` (docs/theory.md) and its parameters."""
    strategy: Literal["gradient", "rule_of_thumb"] = "gradient"
    ceilings: dict[str, float] = field(default_factory=dict)
    """Upper bounds of decision variables, by their names in the table."""
    variants: dict[str, Variant] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """One market to be played."""

    market: TheoryMarket
    strategy: str
    ceilings: Mapping[str, float]


def check_equilibrium(setting: Equilibrium) -> list[Problem]:
    """Impossible markets, ceilings of unknown decision variables, and differences between unknown sides."""
    problems: list[Problem] = []
    asked = _asked(setting, problems)
    for name, one in asked.items():
        labels = list(dict.fromkeys(one.market.label(variable) for variable in one.market.variables))
        where = "ceilings" if name == BASE else f"variants.{name}.ceilings"
        problems += [p for label in one.ceilings for p in one_of(where, label, labels)]
        if one.strategy == "rule_of_thumb" and not all(variable.name == "price" for variable in one.market.variables):
            asked, why = f"{name}: strategy=rule_of_thumb", "it keeps a margin by prices, and others are chosen here"
            allowed = "markets whose decision variables are prices"
            problems.append(Problem(asked, why, allowed, "choose strategy=gradient"))
    if BASE in setting.variants:
        problems.append(Problem(f"variants.{BASE}", "the base is the setting itself", "another name", "rename it"))
    for i, difference in enumerate(setting.differences):
        problems += one_of(f"differences.{i}.side", difference.side, [*setting.variants, BASE])
        problems += one_of(f"differences.{i}.against", difference.against, [*setting.variants, BASE])
        if not difference.per:
            problems.append(Problem(f"differences.{i}.per=0", "the difference is divided by it", "not 0", "change it"))
    return problems


def equilibrium(setting: Mapping[str, Any], runner: Runner) -> Found:
    """Decision variables, profits and further quantities in equilibrium, by variant; gains of unilateral deviations."""
    asked = typed(Equilibrium, setting)
    found: dict[str, list[Measured]] = {}
    base: tuple[Asked, Settled] | None = None
    for name, one in _asked(asked, []).items():
        settled = _play(one, base)
        base = base or (one, settled)
        found[name] = _measured(one, settled)
    measured = [
        dataclasses.replace(m, quantity=m.quantity if name == BASE else f"{name}: {m.quantity}")
        for name, rows in found.items()
        for m in rows
    ]
    measured += [_difference(one, found) for one in asked.differences]
    return Found(measured)


def _asked(setting: Equilibrium, problems: list[Problem]) -> dict[str, Asked]:
    """Base and variants, as far as they can be."""
    found = {}
    for name, variant in {BASE: Variant(), **setting.variants}.items():
        where = "market" if name == BASE else f"variants.{name}.market"
        market = market_of({**setting.market, **variant.market}, where, problems)
        if market is not None:
            limits = setting.ceilings if variant.ceilings is None else variant.ceilings
            found[name] = Asked(market, variant.strategy or setting.strategy, limits)
        elif name == BASE:
            return {}
    return found


def _play(one: Asked, base: tuple[Asked, Settled] | None) -> Settled:
    """A variant starts at the equilibrium of the base; the margin of a unit there is what a rule of thumb keeps."""
    start, margin = one.market.start, None
    if base is not None and len(base[0].market.variables) == len(start):
        start = base[1].desired
        margin = TheoryDecisionModel(base[0].market, ceilings(base[0].market, base[0].ceilings)).margin(start)
    decision_model = TheoryDecisionModel(one.market, ceilings(one.market, one.ceilings), margin)
    return settle(STRATEGIES[one.strategy](decision_model), one.market, start)


def _measured(one: Asked, settled: Settled) -> list[Measured]:
    """What is found in equilibrium; NaN where play does not converge, or a gradient player would gain by deviating."""
    market, limit = one.market, ceilings(one.market, one.ceilings)
    values = np.minimum(settled.desired, limit)
    profit, own = market.outcome(values[None])[0][0], blocks(market.variables)
    labels, is_shown = [market.label(variable) for variable in market.variables], 1 < len(own) <= SHOWN_ONE_BY_ONE
    rows: list[Measured] = []
    for label in dict.fromkeys(labels):
        mine = [i for i, other in enumerate(labels) if other == label]
        rows.append(Measured(label, _unit(label), float(values[mine].mean()), note=f"{settled.n_reviews} reviews"))
        players = [(f"{label}, player {market.variables[i].platform + 1}", float(values[i])) for i in mine]
        rows += [Measured(name, _unit(label), value) for name, value in players if is_shown]
    rows.append(Measured("profit", "currency", float(profit.mean()), note="mean of players"))
    if is_shown:
        rows += [Measured(f"profit, player {j + 1}", "currency", float(x)) for j, x in enumerate(profit)]
    rows += [Measured(name, amount.unit, amount.value) for name, amount in market.amounts(values).items()]
    gain = best_deviation(market, values, limit)
    is_left = one.strategy == "gradient" and not gain <= LONELY
    why = "" if settled.has_converged else f"not converged after {settled.n_reviews} reviews"
    why = why or (f"no equilibrium: a unilateral deviation gains {gain:.2g} of profit" if is_left else "")
    if why:
        rows = [dataclasses.replace(m, simulated=NAN, note=f"{why}; then {m.simulated:.6g}") for m in rows]
    note = "over pairs of decision variables, small and large steps"
    return [*rows, Measured("gain of the best unilateral deviation", "share of profit", gain, note=note)]


def _unit(label: str) -> str:
    return "units" if label.startswith("quantity") else "currency"


def _difference(asked: Difference, found: Mapping[str, list[Measured]]) -> Measured:
    values = []
    for side in (asked.side, asked.against):
        row = next((m for m in found.get(side, ()) if m.quantity == asked.of), None)
        if row is None:
            known = ", ".join(m.quantity for m in found.get(side, ()))
            return Measured(asked.quantity, asked.unit, float("nan"), note=f"{side} has no {asked.of}; it has {known}")
        values.append(row.simulated)
    note = f"{asked.of}: {values[0]:.6g} less {values[1]:.6g}, over {asked.per:g}"
    return Measured(asked.quantity, asked.unit, (values[0] - values[1]) / asked.per, note=note)
