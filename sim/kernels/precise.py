"""exp, log and what follows from them in double precision, from + - * / and exact scaling alone: the same everywhere.

The mean-field model (`sim.forecast`) is solved to twelve digits, which single precision cannot hold. Relative error
below 4e-16 (series summed to that length; tested), but for the normal distribution, whose error is stated there.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import implementation

Array = np.ndarray

LOG2_E, LOG2_HIGH, LOG2_LOW = 1.4426950408889634, 6.93147180369123816490e-01, 1.90821492927058770002e-10
EXP_TERMS = tuple(
    1.0 / factorial
    for factorial in (
        6227020800.0,
        479001600.0,
        39916800.0,
        3628800.0,
        362880.0,
        40320.0,
        5040.0,
        720.0,
        120.0,
        24.0,
        6.0,
        2.0,
        1.0,
        1.0,
    )
)
"""Taylor coefficients of e^r from the thirteenth power down: |r| <= ln(2) / 2 leaves 4e-18."""
LOG_TERMS = tuple(2.0 / (2 * k + 1) for k in range(11, -1, -1))
"""Coefficients of ln((1 + f) / (1 - f)) / f in f^2: |f| <= 0.172 leaves 2e-19."""
EXP_LIMIT = 700.0
ROOT_HALF = 0.7071067811865476
ROOT_TWO_PI = 2.5066282746310002
TAIL_SLOPE, TAIL_TERMS = 0.2316419, (1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530)
"""Tail of the normal distribution: a polynomial in 1 / (1 + slope x), from the fifth power down to the first."""


def exp(x: Array | float) -> Array:
    """e^x, with x cut at -700 and 700."""
    x = np.asarray(x, np.float64)
    if implementation.compiled is not None:
        return implementation.compiled.exp_precise(x)
    clipped = np.maximum(np.minimum(x, EXP_LIMIT), -EXP_LIMIT)
    n = np.floor(clipped * LOG2_E + 0.5)
    # ln 2 in two parts: n times the first, which has few digits, is exact, so that the difference loses none.
    r = clipped - n * LOG2_HIGH
    r = r - n * LOG2_LOW
    p = np.full_like(r, EXP_TERMS[0])
    for coefficient in EXP_TERMS[1:]:
        p = p * r + coefficient
    return np.ldexp(p, n.astype(np.int32))


def log(x: Array | float) -> Array:
    """Natural logarithm of positive numbers."""
    x = np.asarray(x, np.float64)
    if implementation.compiled is not None:
        return implementation.compiled.log_precise(x)
    mantissa, exponent = np.frexp(x)
    # Between sqrt(1/2) and sqrt(2) the series needs fewest terms; near 1 the exponent is 0, so that nothing cancels.
    is_small = mantissa < ROOT_HALF
    m = np.where(is_small, mantissa + mantissa, mantissa)
    e = exponent.astype(np.float64) - is_small
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    p = np.full_like(f, LOG_TERMS[0])
    for coefficient in LOG_TERMS[1:]:
        p = p * s + coefficient
    return e * LOG2_HIGH + (e * LOG2_LOW + f * p)


def power(x: Array | float, exponent: Array | float) -> Array:
    """x^exponent for positive x."""
    return exp(exponent * log(x))


def logistic(x: Array | float) -> Array:
    """1 / (1 + e^-x)."""
    return 1.0 / (1.0 + exp(-np.asarray(x, np.float64)))


def normal_density(x: Array | float) -> Array:
    """Density of the standard normal distribution."""
    x = np.asarray(x, np.float64)
    return exp(-0.5 * x * x) / ROOT_TWO_PI


def normal_below(x: Array | float) -> Array:
    """Chance that a standard normal number is below x, to 7.5e-8 (Abramowitz & Stegun 1964, 26.2.17)."""
    x = np.asarray(x, np.float64)
    t = 1.0 / (1.0 + TAIL_SLOPE * np.abs(x))
    p = np.full_like(t, TAIL_TERMS[0])
    for coefficient in TAIL_TERMS[1:]:
        p = p * t + coefficient
    tail = normal_density(x) * p * t
    return np.where(x < 0.0, tail, 1.0 - tail)
