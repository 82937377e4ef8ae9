"""Why platforms stay where they are, and what moves them: objectives inverted from the market as it is observed."""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.forecast.commission_game import commission_game, commissions, offers
from sim.forecast.decision_variables import ROUNDS, Surroundings, set_variables, values_of, variables_of
from sim.forecast.equilibrium import Equilibrium
from sim.forecast.market import MeanField, Outcome, State, Tangent
from sim.forecast.terms import KNOWN, MarketTerms, bind, known_to_mean_field
from sim.game.climbing import uphill
from sim.game.objective import Objective
from sim.game.repeated import Game
from sim.game.surface import DecisionVariable, blocks, owners, scales
from sim.kernels import algebra, precise
from sim.parameters import CommissionLevels
from sim.rules.infringements import INFRINGEMENTS, N_INFRINGEMENTS
from sim.rules.rulebook import Rulebook

Array = np.ndarray
NEIGHBOURHOOD = 8.0
"""Scales within which second derivatives are not computed again."""


class DecisionModel:
    """Platforms' shared reasoning under the rules they see: a pure function of decision variables, rules and week.

    Nothing of a run's own data enters. If it did, every replicate would take a path of its own, noise would move
    decision variables without a policy, and the run with conduct fixed would need a recorded path.
    """

    def __init__(self, equilibrium: Equilibrium, rulebook: Rulebook, offered: CommissionLevels | None = None) -> None:
        self.equilibrium, self.rulebook, self.offered = (
            equilibrium,
            known_to_mean_field(rulebook).foreseen(),
            offered or CommissionLevels(),
        )

    def review(self, desired: MarketTerms, week: int) -> MarketTerms:
        """Terms that all platforms desire after one review: each moves from what is in force, unseen by the others."""
        if not self.has_reason(desired, week):
            return desired
        bound = bind(desired, self.equilibrium.mean_field.sector, self.rulebook, week)
        variables = self.variables(bound)
        before, now = values_of(variables, desired)[0], values_of(variables, bound)[0]
        # The key holds all that the answer depends on, so that replicates of a scenario share it: a review costs more
        # than the weeks of a small market between two of them.
        at_home = (_bytes_of(self._home(bound, week, is_whole)) for is_whole in (False, True))
        key = b"".join([b"review", _bytes_of(bound), before.tobytes(), *at_home])
        values = self.equilibrium.remember(key, lambda: self._next(variables, bound, before, now, week))
        return set_variables(variables, desired, values[None])

    def has_reason(self, desired: MarketTerms, week: int) -> bool:
        """Whether a review could change anything: a rule known to the mean-field model, or terms off equilibrium."""
        # At the equilibrium without rules every slope is zero by construction. A step there would be rounding alone,
        # and a run without a policy must keep its prices to the bit.
        has_rule = any(rule.hook in KNOWN for rule in self.rulebook.in_force(week))
        return has_rule or _bytes_of(desired) != _bytes_of(self.equilibrium.terms)

    def expected(self, desired: MarketTerms, week: int) -> Outcome:
        """A week of the steady state that these terms lead to under the rules in force."""
        bound = bind(desired, self.equilibrium.mean_field.sector, self.rulebook, week)
        key = b"outcome" + _bytes_of(bound)
        return self.equilibrium.remember(key, lambda: self.equilibrium.mean_field.solve(bound, *self._start(bound))[1])

    def shortfall(self, desired: MarketTerms, week: int) -> Array:
        """(J): what an order is expected to earn less than where the market is observed, currency."""
        # Per order: a rule that costs orders at an unchanged margin leaves nothing to pass on.
        outcome, usual = self.expected(desired, week), self.equilibrium.objective.usual_orders
        return self.equilibrium.profit / usual - outcome.profit[0] / np.maximum(outcome.carried[0], 1e-9)

    def charge(self, desired: MarketTerms, more: Array) -> MarketTerms:
        """Net fees this much (J) higher."""
        return dataclasses.replace(desired, net_fee=desired.net_fee + more)

    def game(self, week: int) -> Game:
        """Commissions as a game over a few levels, under the rules in force."""
        bound = bind(
            # Whole even while a rule is phased in: else every week would be another game, learned from the start.
            offers(self.offered, self.equilibrium.terms),
            self.equilibrium.mean_field.sector,
            self.rulebook,
            week,
            is_whole=True,
        )

        def reason() -> Game:
            home = self._home(bound, week, is_whole=True)
            near = Surroundings(self.equilibrium.mean_field, self.variables(home), home, *self._start(home))
            return commission_game(self.equilibrium, near, bound, self.offered.n_levels)

        return self.equilibrium.remember(b"game" + _bytes_of(bound), reason)

    def levels_of(self, desired: MarketTerms) -> Array:
        """(J): the level of commissions that each platform's are nearest to."""
        # The nearest, since the observed commissions need not lie on the grid of levels.
        away = commissions(self.offered, self.equilibrium.terms.commission[0]) - desired.commission[0]
        return np.abs(away).sum(axis=2).argmin(axis=0)

    def at_levels(self, desired: MarketTerms, levels: Array) -> MarketTerms:
        """The terms with commissions at their levels."""
        charged = commissions(self.offered, self.equilibrium.terms.commission[0])
        return dataclasses.replace(desired, commission=charged[levels, np.arange(len(levels))][None])

    def _next(
        self, variables: list[DecisionVariable], bound: MarketTerms, before: Array, now: Array, week: int
    ) -> Array:
        near = Surroundings(self.equilibrium.mean_field, variables, bound, *self._start(bound))
        return uphill(self._objective(variables, near), near, self.second(variables, bound, week, now), before)

    def variables(self, bound: MarketTerms) -> list[DecisionVariable]:
        """Decision variables that have an effect under these terms."""
        return variables_of(self.equilibrium.mean_field, bound, self.equilibrium.sizes.value_of_order)

    def second(
        self, variables: list[DecisionVariable], like: MarketTerms, week: int, now: Array | None = None
    ) -> Array:
        """(L, L): second derivatives of objectives under the rules in force, fully phased in.

        Taken at home, or at the centre of the neighbourhood that `now` (L) lies in. Rules bind as in the terms `like`.
        """
        # Steps are bounded and slopes exact: second derivatives of platforms that comply serve those that do not.
        home = self._home(dataclasses.replace(like, breach=np.zeros_like(like.breach)), week, is_whole=True)
        if now is not None:
            # By neighbourhood: second derivatives at home alone never let platforms converge under interoperability,
            # which moves them far, and new ones at every step cost three times as much as the rest of a review.
            width, at_home = NEIGHBOURHOOD * scales(variables), values_of(variables, home)[0]
            moved = now - values_of(variables, self._home(like, week, is_whole=False))[0]
            # The middle of a cell, no secant updates: the answer follows from where variables stand alone.
            centre = at_home + width * np.rint(moved / width)
            # At home to the bit: -0.0 + 0.0 is 0.0, and the key is made of bits.
            home = set_variables(variables, home, np.where(centre == at_home, at_home, centre)[None])

        def reason() -> Array:
            near = Surroundings(self.equilibrium.mean_field, variables, home, *self._start(home))
            return self._objective(variables, near).second(variables, near.response(), near.curvature())

        return self.equilibrium.remember(b"second" + _bytes_of(home) + repr(variables).encode(), reason)

    def is_maximum(self, week: int) -> dict[str, bool]:
        """Whether platforms' second-order conditions hold under the rules in force, by platform."""
        variables = self.variables(self._home(self.equilibrium.terms, week, is_whole=True))
        second, names = (
            self.second(variables, self.equilibrium.terms, week),
            list(self.equilibrium.mean_field.sector.platforms),
        )
        return {
            names[variables[own[0]].platform]: algebra.is_negative_definite(second[np.ix_(own, own)])
            for own in blocks(variables)
        }

    def _home(self, like: MarketTerms, week: int, is_whole: bool) -> MarketTerms:
        """The equilibrium's terms as rules, phased in so far or whole, bind platforms of this size and compliance."""
        equilibrium = dataclasses.replace(self.equilibrium.terms, breach=like.breach, order_share=like.order_share)
        return bind(equilibrium, self.equilibrium.mean_field.sector, self.rulebook, week, is_whole=is_whole)

    def gains(self, week: int, positions: list[int], order_share: Array) -> Array:
        """(J, M): what a full infringement of each type earns each platform, currency a week and zone.

        The difference that a full breach by one platform makes to its objective in the steady state, with its decision
        variables where the rules leave them. positions: of infringement types under rules; others stay 0.
        """
        equilibrium, n_platforms = self.equilibrium, self.equilibrium.mean_field.n_platforms
        # Whole per cents of orders, so that platforms whose shares differ in the last digits share one answer.
        shares = np.rint(100.0 * order_share)[None] / 100.0
        home = bind(
            dataclasses.replace(equilibrium.terms, order_share=shares),
            equilibrium.mean_field.sector,
            self.rulebook,
            week,
            is_whole=True,
        )
        known = [position for position in positions if INFRINGEMENTS[position].hook in KNOWN]

        def reason() -> Array:
            gains = np.zeros((n_platforms, N_INFRINGEMENTS))
            if not known:
                return gains
            near = Surroundings(equilibrium.mean_field, self.variables(home), home, *self._start(home))
            # One platform at a time and one type at a time: a breach is judged against rivals who comply.
            wanted = dataclasses.replace(
                equilibrium.terms.repeat(n_platforms * len(known)), breach=_one_each(n_platforms, known)
            )
            shared = dataclasses.replace(wanted, order_share=np.repeat(shares, wanted.n_markets, axis=0))
            broken = bind(shared, equilibrium.mean_field.sector, self.rulebook, week, is_whole=True)
            # The slope of the market where all comply, and a fixed number of steps whose gap nobody tests: good close
            # to that market. Between open platforms a full breach can lead further than these steps do.
            outcome = equilibrium.mean_field.solve_near(broken, near.state, near.tangent.slope, ROUNDS)[1]
            payoff = self._payoff(outcome) - self._payoff(near.outcome)
            by_infringement = payoff.reshape(len(known), n_platforms, n_platforms)
            gains[:, known] = np.diagonal(by_infringement, axis1=1, axis2=2).T
            return gains

        return equilibrium.remember(b"gains" + _bytes_of(home) + repr(known).encode(), reason)

    def _payoff(self, outcome: Outcome) -> Array:
        """(B, J): what platforms maximise, less the terms that hold decision variables: profit + Psi(orders)."""
        value = self.equilibrium.objective.value_of_orders
        return np.stack(
            [profit + value(orders) for profit, orders in zip(outcome.profit, outcome.carried, strict=True)]
        )

    def _objective(self, variables: list[DecisionVariable], near: Surroundings) -> Objective:
        """The objective over these decision variables.

        A variable that had no effect where the market is observed has no omega. The omega of a piece rate counts as
        far as workers are paid by it: where floors top pay up, the piece rate of those workers moves nothing.
        """
        # Fading omega instead of dropping the variable: to drop it under a floor was a switch, wrong where the floor
        # binds for some workers only, and its whole omega let the rate drift where it moved nothing.
        equilibrium, objective = self.equilibrium, self.equilibrium.objective
        known = {variable[:3]: i for i, variable in enumerate(equilibrium.variables)}
        where = [known.get(variable[:3], -1) for variable in variables]
        pull = np.array([objective.pull[i] if i >= 0 else 0.0 for i in where])
        by_piece = 1.0 - paid_by_hour(equilibrium.mean_field, near)
        is_piece = np.array([variable.name == "piece_rate" for variable in variables])
        return dataclasses.replace(
            objective,
            pull=np.where(is_piece, pull * by_piece[owners(variables)], pull),
            adjustment_cost=equilibrium.sizes.adjustment_cost_of(variables),
            home=values_of(variables, equilibrium.terms)[0],
        )

    def _start(self, bound: MarketTerms) -> tuple[State, Tangent]:
        """The observed market, where every search starts; with open platforms, sales by home of the merchant.

        Always the same start, never the last answer: results must not depend on what was asked before.
        """
        state = self.equilibrium.state
        if bound.visibility.any():
            state = dataclasses.replace(
                state, usual=np.tile(state.usual, (1, 1, self.equilibrium.mean_field.n_platforms))
            )
        return state, self.equilibrium.tangent


def _one_each(n_platforms: int, positions: list[int]) -> Array:
    """(n J, J, M): breaches of markets in which one platform infringes the rules of one type, type by type."""
    breach = np.zeros((len(positions), n_platforms, n_platforms, N_INFRINGEMENTS))
    own = np.arange(n_platforms)
    for i, position in enumerate(positions):
        breach[i, own, own, position] = 1.0
    return breach.reshape(-1, n_platforms, N_INFRINGEMENTS)


def paid_by_hour(mean_field: MeanField, near: Surroundings) -> Array:
    """(J): part of workers whom a floor pays more than pieces: those slower than floor over piece earnings.

    Productivities are lognormal; the normal distribution function is approximated by logistic(1.7 x), to 0.01, which
    is smooth and costs one exponential.
    """
    terms, hours, load = near.terms, near.outcome.hours, near.outcome.load
    floor = np.maximum(terms.floor_online, terms.floor_engaged * load.busy)[0]
    if hours is None or not floor.any():
        return np.zeros(mean_field.n_platforms)
    pieces = mean_field.sector.carriage.deliveries_per_hour * (load.busy * terms.piece_rate)[0]
    # Where all workers are alike the part would jump from 0 to 1, and the pull on the piece rate with it.
    sd = max(mean_field.sector.workers.productivity_log_sd, 0.05)
    slower = precise.log(np.maximum(floor, 1e-9) / np.maximum(pieces, 1e-9)) / sd + 0.5 * sd
    return precise.logistic(1.7 * slower)


def _bytes_of(terms: MarketTerms) -> bytes:
    return b"".join(np.ascontiguousarray(getattr(terms, f.name)).tobytes() for f in dataclasses.fields(terms))
