"""The equations of consumer credit, and the profit-maximising choices of a credit arm.

Money is counted in weeks of a borrower's income, so that nothing depends on currency or on how many borrow. Arrays have
one value an income class on their last axis, float64.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np

from sim.kernels import precise
from sim.parameters import CreditParameters

Array = np.ndarray
WEEKS_A_YEAR = 365.25 / 7.0
MARKETING = np.arange(31) / 20.0
"""Intensities of marketing that are compared; 1 is what is observed."""
CUTOFFS = np.arange(1, 41) / 40.0
"""Shares of applicants, best first, that are compared; 1 are all whom partner banks take today."""
FIRST_LOOK = [places.reshape(-1, 1) for places in np.meshgrid(np.arange(1, 31, 4), np.arange(1, 40, 4), indexing="ij")]
"""Positions of the pairs that are compared first; those within `VICINITY` of the best of them are compared next."""
VICINITY = [steps.reshape(-1, 1) for steps in np.meshgrid(np.arange(-4, 5), np.arange(-4, 5), indexing="ij")]
STEPS, NARROW_STEPS = 16, 8
"""Steps to the steady state at the opening, and where many are compared: each takes off four fifths of the error."""
SLOPE_STEP = 1e-4


class Book(NamedTuple):
    """What an income class owes in a steady week, and how well it pays."""

    debt: Array
    """Weeks of income."""
    missed: Array
    """Share of borrowers behind with payments."""
    default: Array
    """Share of debt written off a week."""


class Offer(NamedTuple):
    """How a credit arm lends to each income class, relative to what is observed."""

    marketing: Array
    """Intensity, 1 as observed."""
    cutoff: Array
    """Share of applicants who get a loan, best first; 1 as observed."""
    risk: Array
    """Odds of default of those accepted, relative to all who apply."""
    cost: Array
    """Cost of marketing a week, weeks of income."""


class Best(NamedTuple):
    """The best of the pairs of marketing and cut-off that are compared, class by class."""

    marketing: Array
    cutoff: Array
    gain: Array
    """Profit less the return that owners ask, weeks of income a week."""


def odds(share: Array | float) -> Array:
    """Log odds of a share."""
    return precise.log(share) - precise.log(1.0 - np.asarray(share, np.float64))


def usual_default(parameters: CreditParameters) -> float:
    """Share of debt written off in a week as observed."""
    return parameters.yearly_default / WEEKS_A_YEAR


def usual_miss(parameters: CreditParameters) -> float:
    """Weekly chance of falling behind at which the observed share of borrowers is: m (1 - s) = cure s."""
    return min(parameters.cure_rate * parameters.missed_share / (1.0 - parameters.missed_share), 0.99)


def usual_demand(parameters: CreditParameters) -> float:
    """New loans a week at no debt, weeks of income: what keeps the observed debt where it is.

    kappa = D (repaid + defaulted) / (1 - D / limit), at mean income.
    """
    outflow = _outflow(parameters, parameters.missed_share, usual_default(parameters))
    return parameters.debt_weeks * outflow / (1.0 - parameters.limit_use)


def demand(parameters: CreditParameters, debt: Array, marketing: Array, cutoff: Array) -> Array:
    """New loans a week: kappa x marketing x share of applicants accepted x (1 - debt / limit)."""
    left = 1.0 - debt * (parameters.limit_use / max(parameters.debt_weeks, 1e-9))
    return usual_demand(parameters) * marketing * cutoff * np.maximum(left, 0.0)


def risk_of(parameters: CreditParameters, cutoff: Array) -> Array:
    """Mean odds of default of those accepted, relative to all who apply.

    Applicants are spread evenly over log odds of width k: (e^(k q) - 1) / (q (e^k - 1)).
    """
    k = parameters.risk_spread
    return (precise.exp(k * cutoff) - 1.0) / (cutoff * (precise.exp(k) - 1.0))


def risks(parameters: CreditParameters, income: Array, risk: Array) -> tuple[Array, Array]:
    """Log odds of falling behind and of default in a week at the observed debt: they fall with income."""
    own = precise.log(risk) - parameters.income_risk * precise.log(income)
    return odds(usual_miss(parameters)) + own, odds(usual_default(parameters)) + own


@functools.lru_cache(maxsize=64)
def usual_odds(parameters: CreditParameters, incomes: tuple[float, ...]) -> Array:
    """(2, classes): `risks` of a class in which all applicants get a loan."""
    return np.stack(risks(parameters, np.array(incomes), np.ones(len(incomes))))


def missing(parameters: CreditParameters, of_miss: Array, debt: Array) -> Array:
    """Weekly chance of falling behind; log odds rise with debt (weeks of income)."""
    return precise.logistic(of_miss + parameters.debt_risk * (debt - parameters.debt_weeks))


def default(parameters: CreditParameters, of_default: Array, debt: Array, missed: Array) -> Array:
    """Share of debt written off a week: logit(b0 + b1 debt / income + b2 missed)."""
    behind = parameters.missed_risk * (missed - parameters.missed_share)
    return precise.logistic(of_default + parameters.debt_risk * (debt - parameters.debt_weeks) + behind)


def _outflow[T: (float, Array)](parameters: CreditParameters, missed: T, gone: T) -> T:
    """Share of debt that leaves the books in a week: repaid, or written off."""
    return gone + parameters.repayment_rate * (1.0 - missed) * (1.0 - gone)


def steady_book(
    parameters: CreditParameters, income: Array, marketing: Array, cutoff: Array, steps: int = STEPS
) -> Book:
    """The book at which new loans are what is repaid and written off, class by class.

    Debt solves D (repaid + defaulted) = kappa mu q (1 - D / limit); chances of missing and default depend on it: a
    fixed number of damped steps.
    """
    shape = np.broadcast_shapes(np.shape(income), np.shape(marketing), np.shape(cutoff))
    debt, missed = np.full(shape, parameters.debt_weeks), np.full(shape, parameters.missed_share)
    (of_miss, of_default), gone = risks(parameters, income, risk_of(parameters, cutoff)), np.zeros(shape)
    wanted = usual_demand(parameters) * marketing * cutoff
    for _ in range(steps):
        miss = missing(parameters, of_miss, debt)
        missed = miss / (miss + parameters.cure_rate)
        gone = default(parameters, of_default, debt, missed)
        filled = wanted * (parameters.limit_use / max(parameters.debt_weeks, 1e-9))
        debt = 0.25 * debt + 0.75 * wanted / (_outflow(parameters, missed, gone) + filled)
    return Book(debt, missed, gone)


def margin(parameters: CreditParameters, book: Book, own_share: float, leverage: float) -> Array:
    """Weekly profit on a unit of debt, less the return that owners ask.

    Own part: interest less losses, refinancing and return on capital; partners' part: their fee; less service.
    """
    paying = 1.0 - book.missed
    money = (parameters.required_return + (leverage - 1.0) * parameters.refinancing_rate) / leverage
    own = parameters.yearly_yield * paying - money - WEEKS_A_YEAR * book.default * (1.0 - parameters.recovery)
    a_year = own_share * own + (1.0 - own_share) * parameters.service_fee * paying - parameters.service_cost
    return a_year / WEEKS_A_YEAR


def earned(
    parameters: CreditParameters,
    income: Array,
    marketing: Array,
    cutoff: Array,
    own_share: float,
    leverage: float,
    steps: int = STEPS,
) -> Array:
    """Expected gain a week of lending like this before the cost of marketing, weeks of income."""
    book = steady_book(parameters, income, marketing, cutoff, steps)
    return book.debt * margin(parameters, book, own_share, leverage)


@functools.lru_cache(maxsize=64)
def marketing_cost(parameters: CreditParameters, incomes: tuple[float, ...]) -> Array:
    """Marginal cost of marketing at the observed intensity, class by class, weeks of income a week.

    Inverted from the first-order condition: the observed intensity is the best one at the observed terms.
    """
    # No source states this cost: it is the one at which arms, without a rule, would advertise as much as observed.
    income = np.array(incomes)
    ends = [
        earned(parameters, income, np.array(1.0 + step), np.array(1.0), parameters.own_share, parameters.leverage)
        for step in (-SLOPE_STEP, SLOPE_STEP)
    ]
    return np.maximum((ends[1] - ends[0]) / (2.0 * SLOPE_STEP), 0.0)


def spent(parameters: CreditParameters, incomes: tuple[float, ...], marketing: Array) -> Array:
    """Cost of marketing a week, weeks of income: c mu^(1 + 1/e) / (1 + 1/e)."""
    bend = 1.0 + 1.0 / parameters.marketing_elasticity
    cost = marketing_cost(parameters, incomes) / bend
    return np.where(marketing > 0.0, cost * precise.power(np.maximum(marketing, 1e-9), bend), 0.0)


@functools.lru_cache(maxsize=256)
def best(parameters: CreditParameters, incomes: tuple[float, ...], own_share: float, leverage: float) -> Best:
    """The best pair in a steady week at these terms: every fourth pair is compared, then all pairs around the best.

    Gains have one peak: comparing all pairs finds the same, where anything is earned, in five times as long.
    """
    every, (m, q) = np.arange(len(incomes)), FIRST_LOOK
    peak = _gains(parameters, incomes, m, q, own_share, leverage).argmax(axis=0)
    m = np.clip(m[peak, 0] + VICINITY[0], 0, len(MARKETING) - 1)
    q = np.clip(q[peak, 0] + VICINITY[1], 0, len(CUTOFFS) - 1)
    gain = _gains(parameters, incomes, m, q, own_share, leverage)
    peak = gain.argmax(axis=0)
    return Best(MARKETING[m[peak, every]], CUTOFFS[q[peak, every]], gain[peak, every])


def _gains(
    parameters: CreditParameters, incomes: tuple[float, ...], m: Array, q: Array, own_share: float, leverage: float
) -> Array:
    """(pairs, classes): gains of a steady week at these positions in MARKETING and CUTOFFS."""
    income = np.array(incomes)
    whole = earned(parameters, income, MARKETING[m], CUTOFFS[q], own_share, leverage, NARROW_STEPS)
    return whole - spent(parameters, incomes, MARKETING[m])


@functools.lru_cache(maxsize=256)
def best_offer(parameters: CreditParameters, incomes: tuple[float, ...], own_share: float, leverage: float) -> Offer:
    """How to lend at these terms: mu(terms) / mu(observed terms), and likewise the cut-off, which banks limit to 1.

    Where the terms are the observed ones both are 1 to the bit, whatever the parameters.
    """
    # Ratios, because the best pair of a grid may lie a step away from the observed one: levels would then move credit
    # in a market without a rule.
    marketing = cutoff = np.ones(len(incomes))
    if (own_share, leverage) != (parameters.own_share, parameters.leverage):
        chosen = best(parameters, incomes, own_share, leverage)
        observed = best(parameters, incomes, parameters.own_share, parameters.leverage)
        of_observed = chosen.marketing / np.maximum(observed.marketing, MARKETING[1])
        marketing = np.where(observed.marketing > 0.0, np.minimum(of_observed, MARKETING[-1]), 0.0)
        cutoff = np.minimum(chosen.cutoff / observed.cutoff, 1.0)
    return Offer(marketing, cutoff, risk_of(parameters, cutoff), spent(parameters, incomes, marketing))
