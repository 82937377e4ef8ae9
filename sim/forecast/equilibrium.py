"""Observed decisions as an equilibrium of what platforms maximise: first-order conditions, inverted once a sector."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.errors import BrokenMarket, Problem, RefusedScenario
from sim.forecast.decision_variables import Surroundings, part_of_value, variables_of
from sim.forecast.market import MeanField, Outcome, State, Tangent
from sim.forecast.terms import MarketTerms, configured_terms
from sim.game.climbing import joint_radius
from sim.game.objective import Objective
from sim.game.surface import DecisionVariable, Response, blocks, owners
from sim.kernels import algebra
from sim.parameters import Sector

Array = np.ndarray
MOST_KEPT = 4_096
"""Reviews remembered in one process: replicates of a scenario share their platforms' reasoning."""


_SECTORS: dict[str, Sector] = {}
"""Sectors being inverted: they hold mappings, which a cache cannot take as keys."""


@dataclass(frozen=True)
class Sizes:
    """What adjustment costs of leaving the observed decisions are measured by."""

    adjustment_cost: float
    value_of_order: float
    orders: Array
    """(J): carried a week."""
    of_tiers: Array
    """(T): part of goods."""
    of_independents: float

    def adjustment_cost_of(self, variables: list[DecisionVariable]) -> Array:
        """(L): kappa; leaving home by a part x of what a platform sells costs adjustment_cost x^2 / 2 of it."""
        part = np.array(
            [
                part_of_value(variable, self.value_of_order, self.of_tiers, self.of_independents)
                for variable in variables
            ]
        )
        return self.adjustment_cost * self.orders[owners(variables)] * self.value_of_order * part * part


@dataclass(frozen=True)
class Equilibrium:
    """The observed market as an equilibrium of its platforms' conduct, and the checks that it is one."""

    mean_field: MeanField
    terms: MarketTerms
    state: State
    tangent: Tangent
    variables: list[DecisionVariable]
    objective: Objective
    second: Array
    """(L, L): second derivatives at the equilibrium."""
    radius: float
    """Spectral radius of the joint review map: below one, joint reviews lead back to the equilibrium."""
    sizes: Sizes
    profit: Array
    """(J): profits, currency a week."""
    known: dict[bytes, Any] = field(default_factory=dict)
    """What was reasoned out before, by what it follows from: replicates share it."""

    def remember[T](self, key: bytes, reason: Callable[[], T]) -> T:
        """The answer to a question asked before, or reason it out; answers depend on the key alone."""
        if key not in self.known:
            if len(self.known) >= MOST_KEPT:
                # All at once: an answer follows from its key, so that forgetting costs time and changes no result.
                self.known.clear()
            self.known[key] = reason()
        return self.known[key]


def equilibrium_of(sector: Sector, zone_size: float, adjustment_cost: float, curvature: float) -> Equilibrium:
    """Invert the observed decisions; computed once for a sector in a process.

    Raises `RefusedScenario` if the decisions of some platform are no maximum of any such objective, or if platforms
    that review together would drive each other away from it.
    """
    # Why an inversion: profit alone does not explain the observed fees, which would rise in every sector (X > 0 in
    # docs/conduct.md). Rather than move calibrated prices, what platforms pursue beyond profit is read off them.
    plain = dataclasses.asdict(sector)
    # Labels and targets move no behaviour; the order of groups does, since rows follow it, and mappings lose it here.
    for label in ("moments", "sources", "title", "name", "currency"):
        plain.pop(label)
    plain["order"] = [list(plain["platforms"]), list(plain["merchants"]["tiers"]), list(plain["workers"]["groups"])]
    key = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
    _SECTORS[key] = sector
    try:
        return _equilibrium(key, zone_size, adjustment_cost, curvature)
    finally:
        del _SECTORS[key]


@functools.lru_cache(maxsize=64)
def _equilibrium(key: str, zone_size: float, adjustment_cost: float, curvature: float) -> Equilibrium:
    sector = _SECTORS[key]
    mean_field, terms = MeanField(sector, zone_size), configured_terms(sector)
    try:
        state, outcome = mean_field.solve(terms)
        carried = np.maximum(outcome.carried[0], 1e-9)
        value = float((outcome.goods[0] + outcome.fees[0]).sum() / carried.sum())
        variables = variables_of(mean_field, terms, value)
        near = Surroundings(mean_field, variables, terms, state)
        response, bend = near.response(), near.curvature()
        sizes = Sizes(adjustment_cost, value, response.orders, *_parts(mean_field, outcome))
        objective = _invert(variables, response, near.values, sizes.adjustment_cost_of(variables), curvature)
        second = objective.second(variables, response, bend)
        radius = joint_radius(variables, second)
    except (BrokenMarket, ZeroDivisionError) as error:
        why, todo = f"{error}", "set platforms=fixed, or take larger zones or other numbers of the sector"
        problem = Problem("platforms.strategy", why, "a market whose mean-field model converges", todo)
        raise RefusedScenario([problem]) from None
    _refuse_unstable(sector, variables, second, radius)
    return Equilibrium(
        mean_field, terms, near.state, near.tangent, variables, objective, second, radius, sizes, response.profit
    )


def _invert(
    variables: list[DecisionVariable], response: Response, home: Array, kappa: Array, curvature: float
) -> Objective:
    """X from the fee's first-order condition, omega from those of the other decision variables."""
    # The fee first: every market has one, and a shadow value of an order is what a fee below cost reveals. omega then
    # takes up whatever the other conditions leave.
    owner, own = owners(variables), np.arange(len(variables))
    is_fee = np.array([variable.name == "net_fee" for variable in variables])
    profit, orders = response.profit_slope[owner, own], response.orders_slope[owner, own]
    # X is a level, and nearly 1 / the semi-elasticity of orders less the margin: a rule that changes the elasticity
    # moves the desired fee by several times the fee. That is a choice of form, not something observed.
    shadow = -profit[is_fee] / orders[is_fee]
    pull = np.where(is_fee, 0.0, -(profit + shadow[owner] * orders))
    return Objective(shadow, response.orders, pull, kappa, home, curvature)


def _parts(mean_field: MeanField, outcome: Outcome) -> tuple[Array, float]:
    """Parts of goods sold by tier (T), and by independents."""
    n_tiers, nodes, sold = len(mean_field.sector.merchants.tiers), mean_field.merchants, outcome.supply
    if nodes is None or sold is None:
        return np.zeros(n_tiers), 0.0
    goods = (sold.sold_at[0] * sold.price[0]).sum(axis=0)
    of_tiers = np.array([goods[nodes.tier == tier].sum() for tier in range(n_tiers)])
    return of_tiers / goods.sum(), float((goods * nodes.is_independent).sum() / goods.sum())


def _refuse_unstable(sector: Sector, variables: list[DecisionVariable], second: Array, radius: float) -> None:
    # First-order conditions hold by inversion, so that they prove nothing. A saddle would send platforms away from the
    # observed market without any rule, and that drift would be reported as an effect of the policy.
    names, problems = list(sector.platforms), []
    for own in blocks(variables):
        if not algebra.is_negative_definite(second[np.ix_(own, own)]):
            name = names[variables[own[0]].platform]
            why = "its second-order condition fails at the sector's prices: some combination of changes would pay"
            todo = "raise platforms.adjustment_cost, or set platforms=fixed"
            problems.append(Problem(f"platform {name} as a maximiser", why, "decisions that are a maximum", todo))
    # Only where each is at a maximum, since the map divides by own second derivatives; `not <` also refuses NaN.
    if not problems and not radius < 1.0:
        why = f"reviews would drive platforms apart: the joint review map has spectral radius {radius:.3f}"
        todo = "raise platforms.adjustment_cost, or set platforms=fixed"
        problems.append(Problem("platforms that review together", why, "a spectral radius below 1", todo))
    if problems:
        raise RefusedScenario(problems)
