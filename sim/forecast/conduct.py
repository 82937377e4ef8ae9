"""Why platforms stay where they are, and what moves them: objectives inverted from the market as it is observed."""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.forecast.commission_game import commission_game, commissions, offers
from sim.forecast.decision_variables import ROUNDS, Surroundings, levers_of, set_levers, values_of
from sim.forecast.equilibrium import Rest
from sim.forecast.market import Outcome, State, Tangent, Twin
from sim.forecast.terms import KNOWN, MarketTerms, bind, of_averages
from sim.game.climbing import uphill
from sim.game.objective import Objective
from sim.game.repeated import Game
from sim.game.surface import Lever, blocks, owners, scales
from sim.kernels import algebra, precise
from sim.parameters import CommissionLevels
from sim.rules.infringements import MATTERS, N_MATTERS
from sim.rules.rulebook import Rulebook

Array = np.ndarray
NEIGHBOURHOOD = 8.0
"""Scales within which second derivatives are not taken anew."""


class Mind:
    """Platforms' shared reasoning under the rules they see: a pure function of levers, rules and week."""

    def __init__(self, rest: Rest, rulebook: Rulebook, offered: CommissionLevels | None = None) -> None:
        self.rest, self.rulebook, self.offered = rest, of_averages(rulebook).foreseen(), offered or CommissionLevels()

    def review(self, wished: MarketTerms, week: int) -> MarketTerms:
        """What all platforms wish after one review: each moves on from what is in force, none sees the others move."""
        if not self.has_reason(wished, week):
            return wished
        bound = bind(wished, self.rest.twin.sector, self.rulebook, week)
        levers = self.levers(bound)
        before, now = values_of(levers, wished)[0], values_of(levers, bound)[0]
        at_home = (_bytes_of(self._home(bound, week, is_whole)) for is_whole in (False, True))
        key = b"".join([b"review", _bytes_of(bound), before.tobytes(), *at_home])
        values = self.rest.remember(key, lambda: self._next(levers, bound, before, now, week))
        return set_levers(levers, wished, values[None])

    def has_reason(self, wished: MarketTerms, week: int) -> bool:
        """Whether a review could change anything: a rule that averages know is in force, or levers are not at rest."""
        is_ruled = any(rule.hook in KNOWN for rule in self.rulebook.in_force(week))
        return is_ruled or _bytes_of(wished) != _bytes_of(self.rest.terms)

    def expected(self, wished: MarketTerms, week: int) -> Outcome:
        """The week that these levers lead to once the market has come to rest under the rules in force."""
        bound = bind(wished, self.rest.twin.sector, self.rulebook, week)
        key = b"outcome" + _bytes_of(bound)
        return self.rest.remember(key, lambda: self.rest.twin.solve(bound, *self._start(bound))[1])

    def shortfall(self, wished: MarketTerms, week: int) -> Array:
        """(J): what an order is expected to earn less than at rest, currency."""
        found, usual = self.expected(wished, week), self.rest.objective.usual_orders
        return self.rest.profit / usual - found.profit[0] / np.maximum(found.carried[0], 1e-9)

    def charge(self, wished: MarketTerms, more: Array) -> MarketTerms:
        """Net fees this much (J) higher."""
        return dataclasses.replace(wished, net_fee=wished.net_fee + more)

    def game(self, week: int) -> Game:
        """Commissions as a game over a few levels, under the rules in force."""
        bound = bind(offers(self.offered, self.rest.terms), self.rest.twin.sector, self.rulebook, week, is_whole=True)

        def reason() -> Game:
            home = self._home(bound, week, is_whole=True)
            near = Surroundings(self.rest.twin, self.levers(home), home, *self._start(home))
            return commission_game(self.rest, near, bound, self.offered.n_levels)

        return self.rest.remember(b"game" + _bytes_of(bound), reason)

    def levels_of(self, wished: MarketTerms) -> Array:
        """(J): the level of commissions that each platform's are nearest to."""
        away = commissions(self.offered, self.rest.terms.commission[0]) - wished.commission[0]
        return np.abs(away).sum(axis=2).argmin(axis=0)

    def at_levels(self, wished: MarketTerms, levels: Array) -> MarketTerms:
        """The terms with commissions at their levels."""
        charged = commissions(self.offered, self.rest.terms.commission[0])
        return dataclasses.replace(wished, commission=charged[levels, np.arange(len(levels))][None])

    def _next(self, levers: list[Lever], bound: MarketTerms, before: Array, now: Array, week: int) -> Array:
        near = Surroundings(self.rest.twin, levers, bound, *self._start(bound))
        return uphill(self._objective(levers, near), near, self.second(levers, bound, week, now), before)

    def levers(self, bound: MarketTerms) -> list[Lever]:
        """Levers that matter under these terms."""
        return levers_of(self.rest.twin, bound, self.rest.sizes.value_of_order)

    def second(self, levers: list[Lever], like: MarketTerms, week: int, now: Array | None = None) -> Array:
        """(L, L): second derivatives under the rules in force, whole, at rest or in the neighbourhood of levers.

        Rules bind, and are kept, as in the terms `like`.

        Neighbourhoods are a few scales wide, so that they are taken anew when levers have gone far, and only then.
        """
        # Steps are bounded and slopes exact: second derivatives of platforms that keep to the rules serve all.
        home = self._home(dataclasses.replace(like, breach=np.zeros_like(like.breach)), week, is_whole=True)
        if now is not None:
            width, at_home = NEIGHBOURHOOD * scales(levers), values_of(levers, home)[0]
            moved = now - values_of(levers, self._home(like, week, is_whole=False))[0]
            centre = at_home + width * np.rint(moved / width)
            home = set_levers(levers, home, np.where(centre == at_home, at_home, centre)[None])

        def reason() -> Array:
            near = Surroundings(self.rest.twin, levers, home, *self._start(home))
            return self._objective(levers, near).second(levers, near.response(), near.curvature())

        return self.rest.remember(b"second" + _bytes_of(home) + repr(levers).encode(), reason)

    def is_maximum(self, week: int) -> dict[str, bool]:
        """Whether platforms' second-order conditions hold under the rules in force, by platform."""
        levers = self.levers(self._home(self.rest.terms, week, is_whole=True))
        second, names = self.second(levers, self.rest.terms, week), list(self.rest.twin.sector.platforms)
        return {
            names[levers[own[0]].platform]: algebra.is_negative_definite(second[np.ix_(own, own)])
            for own in blocks(levers)
        }

    def _home(self, like: MarketTerms, week: int, is_whole: bool) -> MarketTerms:
        """The levers at rest as the rules in force, so far or whole, bind platforms of these sizes and this honesty."""
        rest = dataclasses.replace(self.rest.terms, breach=like.breach, order_share=like.order_share)
        return bind(rest, self.rest.twin.sector, self.rulebook, week, is_whole=is_whole)

    def gains(self, week: int, positions: list[int], order_share: Array) -> Array:
        """(J, M): what breaking the rules of a matter earns each platform, currency a week and zone.

        The difference that a full breach by one platform makes to its objective, with its levers where the rules leave
        them and the market of averages at rest again; positions are those of matters under rules, others stay 0.
        """
        rest, n_platforms = self.rest, self.rest.twin.n_platforms
        shares = np.rint(100.0 * order_share)[None] / 100.0
        home = bind(
            dataclasses.replace(rest.terms, order_share=shares), rest.twin.sector, self.rulebook, week, is_whole=True
        )
        known = [position for position in positions if MATTERS[position].hook in KNOWN]

        def reason() -> Array:
            found = np.zeros((n_platforms, N_MATTERS))
            if not known:
                return found
            near = Surroundings(rest.twin, self.levers(home), home, *self._start(home))
            wanted = dataclasses.replace(
                rest.terms.repeat(n_platforms * len(known)), breach=_one_each(n_platforms, known)
            )
            shared = dataclasses.replace(wanted, order_share=np.repeat(shares, wanted.n_markets, axis=0))
            broken = bind(shared, rest.twin.sector, self.rulebook, week, is_whole=True)
            outcome = rest.twin.solve_near(broken, near.state, near.tangent.slope, ROUNDS)[1]
            worth = self._worth(outcome) - self._worth(near.outcome)
            by_matter = worth.reshape(len(known), n_platforms, n_platforms)
            found[:, known] = np.diagonal(by_matter, axis1=1, axis2=2).T
            return found

        return rest.remember(b"gains" + _bytes_of(home) + repr(known).encode(), reason)

    def _worth(self, outcome: Outcome) -> Array:
        """(B, J): what platforms maximise, but for what holds their levers: profit + Psi(orders)."""
        value = self.rest.objective.value_of_orders
        return np.stack(
            [profit + value(orders) for profit, orders in zip(outcome.profit, outcome.carried, strict=True)]
        )

    def _objective(self, levers: list[Lever], near: Surroundings) -> Objective:
        """The objective over these levers.

        One that was slack where the market is observed has no pull of its own. What pulls at a piece rate does so as
        far as riders are paid by it: where floors top pay up, the piece rate of those riders moves nothing.
        """
        rest, objective = self.rest, self.rest.objective
        known = {lever[:3]: i for i, lever in enumerate(rest.levers)}
        where = [known.get(lever[:3], -1) for lever in levers]
        pull = np.array([objective.pull[i] if i >= 0 else 0.0 for i in where])
        by_piece = 1.0 - paid_by_hour(rest.twin, near)
        is_piece = np.array([lever.name == "piece_rate" for lever in levers])
        return dataclasses.replace(
            objective,
            pull=np.where(is_piece, pull * by_piece[owners(levers)], pull),
            stiffness=rest.sizes.stiffness_of(levers),
            home=values_of(levers, rest.terms)[0],
        )

    def _start(self, bound: MarketTerms) -> tuple[State, Tangent]:
        """The observed market, from which every search goes out; open platforms show each other's merchants."""
        state = self.rest.state
        if bound.reach.any():
            state = dataclasses.replace(state, usual=np.tile(state.usual, (1, 1, self.rest.twin.n_platforms)))
        return state, self.rest.tangent


def _one_each(n_platforms: int, positions: list[int]) -> Array:
    """(n J, J, M): breaches of markets in which one platform breaks the rules of one matter, matter by matter."""
    breach = np.zeros((len(positions), n_platforms, n_platforms, N_MATTERS))
    own = np.arange(n_platforms)
    for i, position in enumerate(positions):
        breach[i, own, own, position] = 1.0
    return breach.reshape(-1, n_platforms, N_MATTERS)


def paid_by_hour(twin: Twin, near: Surroundings) -> Array:
    """(J): part of riders whom a floor pays more than pieces: those slower than floor over piece earnings.

    Paces are lognormal; the normal distribution function is read as logistic(1.7 x).
    """
    terms, hours, load = near.terms, near.outcome.hours, near.outcome.load
    floor = np.maximum(terms.floor_online, terms.floor_engaged * load.busy)[0]
    if hours is None or not floor.any():
        return np.zeros(twin.n_platforms)
    pieces = twin.sector.carriage.deliveries_per_hour * (load.busy * terms.piece_rate)[0]
    sd = max(twin.sector.workers.productivity_log_sd, 0.05)
    slower = precise.log(np.maximum(floor, 1e-9) / np.maximum(pieces, 1e-9)) / sd + 0.5 * sd
    return precise.logistic(1.7 * slower)


def _bytes_of(terms: MarketTerms) -> bytes:
    return b"".join(np.ascontiguousarray(getattr(terms, f.name)).tobytes() for f in dataclasses.fields(terms))
