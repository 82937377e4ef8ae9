"""What the mean-field model expects of a policy: three markets in their steady states, without any agent.

Without the policy; with the policy and platforms' conduct fixed; with the policy and platforms that have answered.
Every rule that is switched on counts as fully in force for good, whatever its weeks.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.errors import BrokenMarket
from sim.forecast import measures
from sim.forecast.conduct import DecisionModel
from sim.forecast.decision_variables import set_variables, values_of
from sim.forecast.equilibrium import equilibrium_of
from sim.forecast.inversion import orders_of
from sim.forecast.market import MeanField, Outcome, State
from sim.forecast.terms import MarketTerms, bind, configured_terms
from sim.game.climbing import DEAD_BAND
from sim.game.strategies.rule_of_thumb import KeepMargin
from sim.parameters import ConductParameters, Sector
from sim.policy.instrument import AbstractInstrument
from sim.rules.rulebook import Rulebook, is_about_size

Review = Callable[[MarketTerms], MarketTerms]


WEEK = 1
"""A forecast has one week, in which every rule is in force."""


MOST_REVIEWS, PATIENCE = 60, 15
"""Reviews after which an answer that has not converged is given up, and the most in a row without a smaller step."""


MOST_KNOWN = 8
"""Markets that are remembered besides the first."""


PARTS = ("direct", "behavioural", "total")


class Population(Protocol):
    """How many consumers, and zones to share them out to."""

    @property
    def n_consumers(self) -> int: ...
    @property
    def n_zones(self) -> int: ...


class Question(Protocol):
    """What a forecast has to know of a scenario."""

    @property
    def sector(self) -> Sector: ...
    @property
    def population(self) -> Population: ...
    @property
    def platforms(self) -> ConductParameters: ...
    @property
    def policy(self) -> Mapping[str, AbstractInstrument]: ...


@dataclass(frozen=True)
class Forecast:
    """Levels and effects by metric of the registry, and how they were computed."""

    baseline: dict[str, float]
    effects: dict[str, dict[str, float]]
    """By part, as a decomposition has them: direct, behavioural, total."""
    is_answered: bool
    """Whether platforms answer rules under this strategy."""
    n_reviews: int
    has_converged: bool
    """Whether platforms' answer converged."""
    seconds: dict[str, float]
    """Wall time by what it was spent on."""


def forecast(scenario: Question, markets: Markets | None = None) -> Forecast:
    """Effects of the scenario's policy in the long run; raises `BrokenMarket` where the mean-field model diverges.

    With `markets` of the same sector and zones, markets that are solved already are not solved again.
    """
    clock = _Clock()
    rules = for_good(scenario)
    markets = markets or Markets(scenario)
    start = sized(configured_terms(scenario.sector), scenario, rules)
    baseline = markets.measured(start, Rulebook(()))
    clock.lap("no policy")
    unanswered = markets.measured(start, rules)
    clock.lap("policy")
    desired, n_reviews, has_converged = start, 0, True
    if scenario.platforms.answers_rules:
        desired, n_reviews, has_converged = _answer(scenario, rules, clock)
    answered = markets.measured(desired, rules)
    clock.lap("policy and answer")
    levels = zip(PARTS, ((baseline, unanswered), (unanswered, answered), (baseline, answered)), strict=True)
    effects = {part: {name: now[name] - was[name] for name in baseline if name in now} for part, (was, now) in levels}
    return Forecast(baseline, effects, scenario.platforms.answers_rules, n_reviews, has_converged, clock.seconds)


def sized(terms: MarketTerms, scenario: Question, rules: Rulebook) -> MarketTerms:
    """The same terms with platforms' usual shares of orders, where rules depend on size."""
    # Only there: shares are part of what answers are remembered by, and would split what could be shared.
    if not is_about_size(rules.rules):
        return terms
    orders = np.array(list(orders_of(scenario.sector, zone_size(scenario)).values()))
    return dataclasses.replace(terms, order_share=(orders / orders.sum())[None])


def for_good(scenario: Question) -> Rulebook:
    """The rules that are switched on, in force from the first week on, whole and for ever."""
    always = {"start_week": WEEK, "end_week": None, "phase_in_weeks": 0}
    return Rulebook([dataclasses.replace(rule, **always) for rule in scenario.policy.values() if rule.is_on])


class _Clock:
    """Wall time between laps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, what: str) -> None:
        now = time.perf_counter()
        self.seconds[what] = round(now - self._last, 4)
        self._last = now


class Markets:
    """One zone's mean-field model; terms that were solved are remembered, the latest `MOST_KNOWN` of them."""

    def __init__(self, scenario: Question) -> None:
        self.sector = scenario.sector
        self.mean_field = MeanField(scenario.sector, zone_size(scenario), measures.READING)
        self._equilibrium: State | None = None
        self._known: list[tuple[MarketTerms, Outcome]] = []

    def measured(self, desired: MarketTerms, rules: Rulebook) -> dict[str, float]:
        """Metrics of the steady state where platforms desire these terms and these rules bind them."""
        bound = bind(desired, self.sector, rules, WEEK)
        # Visits follow what is desired: by what is in force, nobody whom a rule binds would seem worth one.
        metrics = measures.measures(self.mean_field, bound, self._solve(bound))
        return measures.with_state(metrics, self.sector, measures.expected_visits(desired, self.sector, rules, WEEK))

    def _solve(self, bound: MarketTerms) -> Outcome:
        """The steady state under these terms; with open platforms, sales are by home of the merchant."""
        # Every search starts from the first market that was solved, never from the latest: otherwise an answer would
        # depend, in its last digits, on which questions were asked before.
        for terms, outcome in self._known:
            if _is_same(terms, bound):
                return outcome
        start = self._equilibrium
        if start is not None and bound.visibility.any():
            start = dataclasses.replace(start, usual=np.tile(start.usual, (1, 1, self.mean_field.n_platforms)))
        state, outcome = self.mean_field.solve(bound, start)
        self._equilibrium = self._equilibrium or state
        self._known.append((bound, outcome))
        del self._known[1 : len(self._known) - MOST_KNOWN]
        return outcome


def zone_size(scenario: Question) -> float:
    """Consumers of a zone."""
    return scenario.population.n_consumers / scenario.population.n_zones


def _answer(scenario: Question, rules: Rulebook, clock: _Clock) -> tuple[MarketTerms, int, bool]:
    """Terms that platforms desire once reviews change nothing more, the number of reviews, and whether they converged.

    Reviews go half of the way; here they go the whole way as long as each step is smaller than the one before.
    """
    # In a run the pace of adjustment is part of the answer (C-04); a forecast is of where it ends. While steps shrink,
    # undoing the damping reaches the same end in fewer reviews; where they do not, damping keeps reviews from a cycle.
    conduct = scenario.platforms
    equilibrium = equilibrium_of(scenario.sector, zone_size(scenario), conduct.adjustment_cost, conduct.value_curvature)
    clock.lap("why platforms stay")
    decision_model = DecisionModel(equilibrium, rules)
    start = sized(equilibrium.terms, scenario, rules)
    review, desired, before, moves = REVIEWS[conduct.strategy](decision_model), start, start, [np.inf]
    while len(moves) <= MOST_REVIEWS and len(moves) - moves.index(min(moves)) <= PATIENCE:
        try:
            following = review(desired)
        except BrokenMarket:  # a step may leave the range in which the market can be solved
            clock.lap("platforms' answer")
            return before, len(moves) - 1, False
        moves.append(_largest_move(decision_model, desired, following))
        if moves[-1] <= DEAD_BAND:
            break
        is_calmer = moves[-1] < moves[-2]
        before, desired = desired, _twice_as_far(decision_model, desired, following) if is_calmer else following
    clock.lap("platforms' answer")
    return desired, len(moves) - 1, moves[-1] <= DEAD_BAND


def _largest_move(decision_model: DecisionModel, desired: MarketTerms, following: MarketTerms) -> float:
    """In scales of the decision variable that moves most."""
    variables = decision_model.variables(_bound(decision_model, desired))
    away = values_of(variables, following)[0] - values_of(variables, desired)[0]
    return float(np.abs(away / np.array([variable.scale for variable in variables])).max())


def _twice_as_far(decision_model: DecisionModel, desired: MarketTerms, following: MarketTerms) -> MarketTerms:
    """The whole step instead of half of it, within bounds, for variables that no rule holds."""
    bound = _bound(decision_model, desired)
    variables = decision_model.variables(bound)
    before, now, then = (values_of(variables, terms)[0] for terms in (desired, bound, following))
    # Where a rule held a variable, its step began at what is in force, not at what was desired: no doubling.
    further = np.where(before == now, 2.0 * then - before, then)
    low, high = (np.array([getattr(variable, end) for variable in variables]) for end in ("low", "high"))
    return set_variables(variables, following, np.minimum(np.maximum(further, low), high)[None])


def _bound(decision_model: DecisionModel, desired: MarketTerms) -> MarketTerms:
    return bind(desired, decision_model.equilibrium.mean_field.sector, decision_model.rulebook, WEEK)


def _step_uphill(decision_model: DecisionModel) -> Review:
    return lambda desired: decision_model.review(desired, WEEK)


def _keep_margin(decision_model: DecisionModel) -> Review:
    strategy = KeepMargin(decision_model)
    return lambda desired: strategy.after(desired, WEEK)


REVIEWS: dict[str, Callable[[DecisionModel], Review]] = {"gradient": _step_uphill, "rule_of_thumb": _keep_margin}
"""What a review of decision variables comes to, by strategy."""


def _is_same(a: MarketTerms, b: MarketTerms) -> bool:
    return all(np.array_equal(getattr(a, field.name), getattr(b, field.name)) for field in dataclasses.fields(a))
