"""Consumers in expectation: which platform, how often, with the habits and profiles that this makes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import formulas
from sim.forecast.nodes import ConsumerNodes
from sim.kernels import precise
from sim.kernels.layout import Weights
from sim.kernels.ordering_plain import expect_to_order, personal_value, relevance
from sim.parameters import ConsumerParameters

Array = np.ndarray
TINY = 1e-300
PORTED_STEPS = 5
"""Where habits are ported, steps are half as long and there are as many times more of them."""
SMALLEST_SLOPE, LARGEST_STEP = 1e-9, 0.5
"""Where a Newton step for habits has no direction, and the most it may change one."""


class Offer(NamedTuple):
    """What consumers meet in B markets."""

    value: Array
    """(B, J, C): utility of a platform before what is personal, by income class."""
    data: Array
    """(B, J): data collected with an order."""
    perceived: Array
    """(B, J): data whose cost consumers perceive."""
    carried: Array
    """(B, J): part of the orders placed that is carried."""
    portability: Array
    consent: Array


class Demand(NamedTuple):
    """What consumers do in B markets, by type."""

    chance: Array
    """(B, n): chance that an occasion leads to an order."""
    share: Array
    """(B, J, n): shares of platforms in a type's orders."""
    log_sum: Array
    """(B, n): expected utility of an occasion."""
    habit: Array
    """(B, J, n): habits that these shares keep up; also where the search goes on."""
    profile: Array
    """(B, J, n): data held when these orders go on."""


def first_guess(nodes: ConsumerNodes, n_markets: int) -> Demand:
    """All consumers use their apps alike and order on a quarter of occasions."""
    share = nodes.has_app / nodes.has_app.sum(axis=0)
    shape = (n_markets, *share.shape)
    chance = np.full((n_markets, share.shape[1]), 0.25)
    return Demand(chance, np.broadcast_to(share, shape), chance, np.broadcast_to(share, shape), np.ones(shape))


def choose(nodes: ConsumerNodes, parameters: ConsumerParameters, offer: Offer, start: Demand, n_steps: int) -> Demand:
    """Choices, and the habits and profiles that repeat them: the fixed point of a type's own past.

    Habits are where they stay, h = share(h), and profiles are orders a week x data / decay: shares that repeat
    themselves, found by Newton's method (one platform's habit lowers another's share).
    """
    # Habits are at their mean given a type, while agents' habits scatter around it: a difference from the economy of
    # agents that is accepted, and measured by the validation of the one against the other.
    is_ported = bool((offer.portability * offer.consent).any())
    weights = formulas.choice_weights(parameters, np.float64)
    now = start
    for _ in range(n_steps * (PORTED_STEPS if is_ported else 1)):
        profile = steady_profile(nodes, parameters, offer, now)
        now = once(nodes, offer, profile, now.habit, weights)
        now = now._replace(habit=kept_up(parameters, offer, now, is_ported))
    return now


def once(nodes: ConsumerNodes, offer: Offer, profile: Array, habit: Array, weights: Weights) -> Demand:
    """Nested choice of platform given habits and profiles, by the agents' own functions (`kernels.ordering_plain`)."""
    known = relevance(profile, weights.relevance_half)
    cost = nodes.concern * offer.perceived[:, :, None]
    value = personal_value(offer.value[:, :, nodes.income_class], known, habit, cost, weights)
    strength = precise.exp(weights.inverse_nest * value) * nodes.has_app
    inside = strength.sum(axis=1)
    chance, log_sum = expect_to_order(inside, weights)
    return Demand(chance, strength / np.maximum(inside, TINY)[:, None, :], log_sum, habit, profile)


def steady_profile(nodes: ConsumerNodes, parameters: ConsumerParameters, offer: Offer, now: Demand) -> Array:
    """(B, J, n): where collection and ageing balance; under portability, also what is ported from the fullest profile.

    0 = data orders - decay profile + ported (fullest - profile), ported the chance of an order in the week times the
    share ported.
    """
    orders = (nodes.rate * now.chance)[:, None, :] * now.habit * offer.carried[:, :, None]
    # A profile that never ages has no steady state.
    decay = max(parameters.profile_decay, 1e-3)
    own = orders * offer.data[:, :, None] / decay
    if not (offer.portability * offer.consent).any():
        return own
    # Ported once a week however many orders there were, as agents' profiles are; orders of a week are Poisson.
    any_order = 1.0 - precise.exp(-orders)
    moved = (offer.portability * offer.consent)[:, :, None] * any_order
    # Whoever holds the fullest profile takes none from others, and the others end below it: what is collected decides
    # who that is, and no fixed point over platforms is needed.
    fullest = own.max(axis=1, keepdims=True)
    return (decay * own + moved * fullest) / (decay + moved)


def kept_up(parameters: ConsumerParameters, offer: Offer, now: Demand, is_ported: bool) -> Array:
    """(B, J, n): the next guess of shares that repeat themselves: a Newton step, or with porting half a step.

    A share moves strengths by k_i = (habit weight + relevance weight z_i (1 - z_i) / share_i) / (1 - sigma) through
    habit and profile, and shares follow by share_i k_i [i = l] - share_i share_l k_l; one minus that is inverted in
    closed form.
    """
    # Plain repetition converges the more slowly, the larger habit weight / (1 - sigma) is. The slope is a diagonal plus
    # a matrix of rank one, so that Newton's step costs no linear system (Sherman and Morrison).
    if is_ported:
        return ported_habit(parameters, offer, now)
    # That profiles also follow how often a type orders is left out of the slope: it sets the pace, not the fixed point.
    nest, known = 1.0 - parameters.platform_nest, relevance(now.profile, parameters.relevance_half)
    pull = (parameters.habit_weight * now.share + parameters.relevance_weight * known * (1.0 - known)) / nest
    slope = 1.0 - pull
    slope = np.where(np.abs(slope) < SMALLEST_SLOPE, SMALLEST_SLOPE, slope)
    gap, lean = (now.share - now.habit) / slope, now.share / slope
    overlap = (pull * gap).sum(axis=1, keepdims=True) / (1.0 + (pull * lean).sum(axis=1, keepdims=True))
    step = gap - lean * overlap
    return np.maximum(now.habit + np.minimum(np.maximum(step, -LARGEST_STEP), LARGEST_STEP), 0.0)


def ported_habit(parameters: ConsumerParameters, offer: Offer, now: Demand) -> Array:
    """Habits of which a share of the gap to the strongest follows every order.

    What an order on a platform moves to it balances what orders elsewhere pull away; half a step towards that.
    """
    # Damped repetition and no Newton step: the strongest habit is a maximum, which has no slope where two are equal.
    moved = (offer.portability * offer.consent)[:, :, None]
    strongest = now.habit.max(axis=1, keepdims=True)
    pulled = parameters.habit_speed * now.share + moved * now.share * strongest
    target = pulled / (parameters.habit_speed + moved * now.share)
    # Platform by platform the balances need not add up to 1; habits do, since what is ported moves.
    target = target / np.maximum(target.sum(axis=1, keepdims=True), TINY)
    return 0.5 * (now.habit + target)
