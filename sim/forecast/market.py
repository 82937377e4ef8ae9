"""The mean-field model's steady state: given what platforms do, how everybody else responds to it and to each other.

Outer unknowns, which depend on each other strongly (loads, admission, their scatter, inclusive values), are solved by
Newton's method. Inner fixed points (habits, merchants' sales, listings) contract by themselves and are repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim import formulas
from sim.errors import BrokenMarket, Problem, RefusedScenario
from sim.forecast import demand, labour, nodes, supply
from sim.forecast.nodes import COARSE, Resolution
from sim.forecast.terms import MarketTerms
from sim.kernels import algebra, precise
from sim.parameters import Sector
from sim.populations.platforms import is_reached
from sim.rules.practice_effects import incidence

Array = np.ndarray
CLOSE_ENOUGH, ROUNDING = 1e-12, 1e-11
"""Gap that counts as none, and one that does if it no longer shrinks: sums of thousands of terms end there."""
STEP = 1e-6
"""Step of differences; the steady state that they are taken of is solved a million times closer."""
SLOW = 0.3
"""A Newton step that leaves more of the gap than this calls for a new tangent, which costs some twenty evaluations."""
WARM_UP, NEWTON, INNER, FIRST_INNER = 40, 40, 10, 12
"""Rounds of damped repetition before Newton's method, its steps, and rounds of the inner fixed points in each."""


@dataclass(frozen=True)
class State:
    """Where the search stands in B markets: outer unknowns, and the inner fixed points that go with them."""

    x: Array
    """(B, X): log load, log admission, variance of log load (J each) and utility of menus (J C)."""
    demand: demand.Demand
    usual: Array
    listed: Array

    def repeat(self, n: int) -> State:
        """The first market n times."""
        inner = demand.Demand(*(np.repeat(part[:1], n, axis=0) for part in self.demand))
        again = (np.repeat(part[:1], n, axis=0) for part in (self.usual, self.listed))
        return State(np.repeat(self.x[:1], n, axis=0), inner, *again)


class Outcome(NamedTuple):
    """A week of the mean-field model in one zone; (B, J) unless said otherwise, money in currency a week."""

    orders: Array
    carried: Array
    goods: Array
    """Goods value of orders carried."""
    commission: Array
    fees: Array
    pay: Array
    """Pieces and top-ups paid to workers or carriers."""
    tips: Array
    profit: Array
    revenue: Array
    load: labour.Load
    hours: labour.Hours | None
    demand: demand.Demand
    supply: supply.Supply | None


class Tangent(NamedTuple):
    """Derivatives with respect to the unknowns at one state."""

    slope: Array
    """(X, X): identity less the derivative of what unknowns imply for themselves."""
    profit: Array
    """(J, X)."""
    orders: Array
    """(J, X): of orders carried."""


def _refuse_unreached(sector: Sector) -> None:
    """Raise `RefusedScenario` for a platform without consumers, of whose decisions nothing follows."""
    reached = is_reached([platform.consumer_reach for platform in sector.platforms.values()])
    why, todo = "no consumer has its app, so that nothing follows from what it decides", "remove the platform"
    found = [
        Problem(f"sector.platforms.{name}.consumer_reach=0", why, "platforms that consumers have", todo)
        for name, there in zip(sector.platforms, reached, strict=True)
        if not there
    ]
    if found:
        raise RefusedScenario(found)


class MeanField:
    """A sector's mean-field model: one zone of so many consumers.

    The same formulas as the agents' (`sim.formulas`) and the same `apply` of instruments, over types with weights
    instead of people. Loops of its own would be some five times as fast and a second definition of everything.
    """

    def __init__(self, sector: Sector, n_consumers: float, resolution: Resolution = COARSE) -> None:
        _refuse_unreached(sector)
        self.sector, self.n_consumers = sector, n_consumers
        self.consumers = nodes.consumer_nodes(sector, resolution)
        self.merchants = nodes.merchant_nodes(sector, resolution) if sector.merchants.n_per_zone else None
        self.workforce = nodes.worker_nodes(sector, resolution) if sector.workers.n_per_zone else None
        self.n_nodes = 8 if resolution is not COARSE else 4
        platforms = list(sector.platforms.values())
        self.n_platforms, self.n_classes = len(platforms), resolution.n_classes
        self.appeal = np.array([p.appeal for p in platforms])
        self.other_cost = np.array([p.other_cost for p in platforms])
        self.tip = sector.consumers.tip_share * np.array([p.tip_prompt for p in platforms])
        self.incidence = incidence(self.consumers.sensitivity)
        self.occasions = n_consumers * sector.consumers.occasion_rate

    def solve(
        self, terms: MarketTerms, start: State | None = None, tangent: Tangent | None = None
    ) -> tuple[State, Outcome]:
        """The steady state under these terms (B = 1), from where the search starts.

        Newton's method on the outer unknowns, to 1e-12, with the tangent given as long as it serves; raises
        `BrokenMarket` if it does not converge.
        """
        # To 1e-12, because platforms' decisions follow first and second differences of profits between steady states,
        # which magnify errors of the solution.
        state, last = start or self._warmed_up(terms), np.inf
        # Inner fixed points go on from where the last step left them, so that their fixed number of rounds adds up.
        for _ in range(NEWTON):
            implied, state, outcome = self.evaluate(terms, state, FIRST_INNER)
            gap = implied - state.x
            size = float(np.abs(gap).max())
            is_slow = size > SLOW * last
            if size < CLOSE_ENOUGH or (is_slow and size < ROUNDING):
                return state, outcome
            if tangent is None or is_slow:
                tangent = self.tangent(terms, state)
            # Unknowns are logs: half a unit at a time keeps a first step from leaving the range of the formulas.
            state, last = _moved(state, np.clip(algebra.solve(tangent.slope, gap.T).T, -0.5, 0.5)), size
        raise BrokenMarket(f"the mean-field model does not converge: gap {last:.1e}")

    def _warmed_up(self, terms: MarketTerms) -> State:
        """A start for Newton's method where none is given: some rounds of damped repetition."""
        state = self.first_guess(terms)
        for _ in range(WARM_UP):
            implied, state, _ = self.evaluate(terms, state, 2)
            # Short steps, since outer unknowns drive each other too strongly for plain repetition, and few inner
            # rounds: a start need not be exact.
            state = _moved(state, 0.15 * (implied - state.x))
        return state

    def tangent(self, terms: MarketTerms, state: State) -> Tangent:
        """Derivatives of what the unknowns imply for themselves, at one state, by differences in one batch."""
        n = state.x.shape[1]
        step = np.concatenate([np.zeros((1, n)), STEP * np.eye(n)])
        # The state itself is evaluated in the same batch, with the same inner rounds: what these leave open cancels.
        implied, _, outcome = self.evaluate(terms.repeat(n + 1), _moved(state.repeat(n + 1), step), INNER)
        rise = [(part[1:] - part[0]).T / STEP for part in (implied, outcome.profit, outcome.carried)]
        return Tangent(np.eye(n) - rise[0], *rise[1:])

    def solve_near(self, terms: MarketTerms, state: State, slope: Array, n_rounds: int) -> tuple[State, Outcome]:
        """Steady states near one that is known: a few Newton steps with that one's slope, for all at once."""
        # Neither bounds nor a test of the gap: who asks answers for being near.
        back = algebra.inverse(slope)
        implied, now, outcome = self.evaluate(terms, state.repeat(terms.n_markets), INNER)
        for _ in range(n_rounds - 1):
            now = _moved(now, algebra.times(implied - now.x, back.T))
            implied, now, outcome = self.evaluate(terms, now, INNER)
        return now, outcome

    def first_guess(self, terms: MarketTerms) -> State:
        """Where a search starts that follows no other."""
        n, j = terms.n_markets, self.n_platforms
        x = np.zeros((n, 3 * j + j * self.n_classes))
        x[:, :j] = float(precise.log(0.75))
        usual, listed = np.zeros((n, j, 0)), np.zeros((n, j, 0))
        if self.merchants is not None:
            usual, listed = supply.first_guess(self.merchants, n, j, bool(terms.visibility.any()))
        return State(x, demand.first_guess(self.consumers, n), usual, listed)

    def evaluate(self, terms: MarketTerms, state: State, n_steps: int) -> tuple[Array, State, Outcome]:
        """One round: what these unknowns imply for themselves, the inner fixed points under them, and the week."""
        j, sector = self.n_platforms, self.sector
        admission = precise.exp(state.x[:, j : 2 * j])
        # Newton's steps may pass below 0, where a variance has no root.
        spread = np.maximum(state.x[:, 2 * j : 3 * j], 0.0)
        menu = state.x[:, 3 * j :].reshape(-1, j, self.n_classes)
        shortest = formulas.shortest_delay(sector.carriage.base_delay, terms.minutes)
        load = self._load(precise.exp(state.x[:, :j]), spread, shortest)
        # Random failures come before shortage, as in `market.dispatch`: they make room for the rest.
        kept = (1.0 - sector.carriage.cancel_share) * load.served
        chosen = self._choose(terms, menu, load.delay, kept, state.demand, n_steps)
        by_type = (self.consumers.weight * chosen.chance)[:, None, :] * chosen.share
        # Orders by income class, since merchants' offers are worth different amounts to different classes.
        by_class = self.occasions * (by_type[:, :, None, :] * self.consumers.in_class).sum(axis=3)
        orders = by_class.sum(axis=2)
        carried = orders * kept
        given_back = terms.surcharge * (by_class * self.incidence).sum(axis=2) * kept
        sold = self._sell(terms, by_class, kept, state, n_steps)
        goods = sold.goods * kept if sold else np.zeros_like(orders)
        tip = self.tip * goods / np.maximum(carried, 1e-12)
        hours = self._hours(terms, labour.Week(load.busy, admission, orders, tip))
        utility = sold.value if sold else np.zeros_like(menu)
        implied = [self._implied_load(orders, hours, spread), self._implied_admission(orders, hours)]
        # The log of a Poisson number O varies by 1 / O, which is close where O is not small; below one order it is cut.
        implied.append(hours.spread + 1.0 / np.maximum(orders, 1.0) if hours else np.zeros_like(orders))
        inner = (sold.usual, sold.listed) if sold else (state.usual, state.listed)
        after = State(state.x, chosen, *inner)
        booked = self._book(terms, orders, carried, goods, tip * carried, given_back, load, hours, sold, chosen)
        return np.concatenate([*implied, utility.reshape(len(orders), -1)], axis=1), after, booked

    def _load(self, ratio: Array, spread: Array, base: Array) -> labour.Load:
        if self.workforce is not None:
            return labour.load(self.sector, ratio, spread, base)
        # Carriage that is bought from outside has no capacity, hence no congestion.
        one = np.ones_like(ratio)
        return labour.Load(one, one, base * one, one)

    def _choose(
        self, terms: MarketTerms, menu: Array, delay: Array, kept: Array, start: demand.Demand, n_steps: int
    ) -> demand.Demand:
        parameters = self.sector.consumers
        nothing = np.zeros_like(delay)  # variety is part of the menu
        common = formulas.market_value(self.appeal, nothing, delay, parameters.disutility_of_minute)
        # Where agents' expectations follow harm week after week, they have arrived here.
        expected = self.sector.practices.awareness * terms.harm_spared
        believed = formulas.believed_value(parameters.price_sensitivity, expected, terms.misperceived_value)
        fee = terms.net_fee[:, :, None] - terms.surcharge[:, :, None] * self.incidence
        value = formulas.platform_utility(common, believed, menu, self.consumers.sensitivity, fee)
        data = terms.data_per_order
        perceived = parameters.privacy_awareness * data
        offer = demand.Offer(value, data, perceived, kept, terms.portability, terms.consent)
        return demand.choose(self.consumers, parameters, offer, start, n_steps)

    def _sell(
        self, terms: MarketTerms, by_class: Array, kept: Array, state: State, n_steps: int
    ) -> supply.Supply | None:
        if self.merchants is None:
            return None
        paid = self.consumers.sensitivity * (1.0 + self.tip[:, None])
        buyers = supply.Buyers(by_class, kept, paid)
        start = (state.usual, state.listed)
        return supply.sell(self.merchants, self.sector, terms, buyers, start, n_steps, self.n_nodes)

    def _hours(self, terms: MarketTerms, week: labour.Week) -> labour.Hours | None:
        return None if self.workforce is None else labour.give_hours(self.workforce, self.sector, terms, week)

    def _implied_load(self, orders: Array, hours: labour.Hours | None, spread: Array) -> Array:
        """(B, J): log of the median load, orders over capacity."""
        if hours is None:
            return np.zeros_like(orders)
        carriage = self.sector.carriage
        capacity = np.maximum(hours.admitted * carriage.deliveries_per_hour, 1e-9)
        # Orders and capacity are known as means, and loads are lognormal: the log of a ratio's median exceeds that of
        # the ratio of means by half the variance of the denominator less half that of the (Poisson) numerator, 1 / O.
        # `spread` is the sum of both variances.
        skew = 0.5 * (spread - 2.0 / np.maximum(orders, 1.0))
        return precise.log((1.0 - carriage.cancel_share) * orders / capacity) + skew

    def _implied_admission(self, orders: Array, hours: labour.Hours | None) -> Array:
        """(B, J): log of the part of the time offered that is spent online."""
        if hours is None:
            return np.zeros_like(orders)
        given = formulas.time_given(hours.online, hours.rationed_hours, self.sector.workers.waiting_share)
        return precise.log(np.maximum(hours.online, 1e-12) / np.maximum(given, 1e-12))

    def _book(
        self,
        terms: MarketTerms,
        orders: Array,
        carried: Array,
        goods: Array,
        tips: Array,
        given_back: Array,
        load: labour.Load,
        hours: labour.Hours | None,
        sold: supply.Supply | None,
        chosen: demand.Demand,
    ) -> Outcome:
        """What platforms earn and pay."""
        commission = sold.commission if sold else np.zeros_like(orders)
        fees = terms.net_fee * carried - given_back
        pay = terms.piece_rate * carried + (hours.top_up if hours else 0.0)
        charge = terms.access_charge * terms.piece_rate
        # Access charges are paid between platforms and add up to 0: they move revenue from homes to those who carry.
        remote = sold.remote if sold else np.zeros((*orders.shape, orders.shape[1]))
        access = remote.sum(axis=2) * charge - (remote * charge[:, :, None]).sum(axis=1)
        revenue = commission + fees + access
        # As agents' books (`market.settlement`) have it, which round each payment to cents.
        burden = terms.cost + terms.oncost * terms.piece_rate + terms.coverage * terms.premium
        profit = revenue - pay - (self.other_cost + burden) * carried
        return Outcome(orders, carried, goods, commission, fees, pay, tips, profit, revenue, load, hours, chosen, sold)


def _moved(state: State, step: Array) -> State:
    return State(state.x + step, state.demand, state.usual, state.listed)
