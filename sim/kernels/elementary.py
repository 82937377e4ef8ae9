"""exp, log, power and quantiles from + - * / sqrt floor alone: the same bits on every machine.

NumPy's own transcendental functions change their last bits with the processor's features. These follow the single
precision routines of the Cephes library (Moshier 1992): relative error below 2e-7.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import implementation

F32 = np.float32
Array = np.ndarray

EXP_COEFFICIENTS = (
    1.9875691500e-4,
    1.3981999507e-3,
    8.3334519073e-3,
    4.1665795894e-2,
    1.6666665459e-1,
    5.0000001201e-1,
)
LOG_COEFFICIENTS = (
    7.0376836292e-2,
    -1.1514610310e-1,
    1.1676998740e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
)
LOG2_E, LOG2_HIGH, LOG2_LOW = 1.4426950408889634, 0.693359375, -2.12194440e-4
CENTRE_ABOVE = (
    -3.969683028665376e1,
    2.209460984245205e2,
    -2.759285104469687e2,
    1.383577518672690e2,
    -3.066479806614716e1,
    2.506628277459239,
)
CENTRE_BELOW = (
    -5.447609879822406e1,
    1.615858368580409e2,
    -1.556989798598866e2,
    6.680131188771972e1,
    -1.328068155288572e1,
    1.0,
)
EDGE_ABOVE = (
    -7.784894002430293e-3,
    -3.223964580411365e-1,
    -2.400758277161838,
    -2.549732539343734,
    4.374664141464968,
    2.938163982698783,
)
EDGE_BELOW = (7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1.0)
CENTRE, SMALLEST_TAIL = 0.47575, 1e-30
EXP_LIMIT = 87.0
"""Beyond this, exp is 0 below and constant above (single precision ends there)."""


def exp(x: Array | float) -> Array:
    """e^x in single precision; exactly 0 for x < -87, and e^87 for x > 87."""
    x = np.asarray(x, F32)
    if implementation.compiled is not None:
        return implementation.compiled.exp(x)
    clipped = np.maximum(np.minimum(x, F32(EXP_LIMIT)), F32(-EXP_LIMIT))
    n = np.floor(clipped * F32(LOG2_E) + F32(0.5))
    # ln 2 in two parts: n times the first, which has few digits, is exact, so that the difference loses none.
    r = clipped - n * F32(LOG2_HIGH)
    r = r - n * F32(LOG2_LOW)
    p = np.full_like(r, F32(EXP_COEFFICIENTS[0]))
    for coefficient in EXP_COEFFICIENTS[1:]:
        p = p * r + F32(coefficient)
    p = p * r * r + r + F32(1)
    power_of_two = ((n.astype(np.int32) + np.int32(127)) << np.int32(23)).view(F32)
    return p * power_of_two * (x >= F32(-EXP_LIMIT)).astype(F32)


def log(x: Array | float) -> Array:
    """Natural logarithm of positive normal single precision numbers."""
    x = np.asarray(x, F32)
    if implementation.compiled is not None:
        return implementation.compiled.log(x)
    bits = x.view(np.int32)
    exponent = ((bits >> np.int32(23)) & np.int32(255)) - np.int32(126)
    mantissa = ((bits & np.int32(0x007FFFFF)) | np.int32(0x3F000000)).astype(np.int32).view(F32)
    small = mantissa < F32(0.70710678)
    e = exponent.astype(F32) - small.astype(F32)
    m = np.where(small, mantissa + mantissa, mantissa) - F32(1)
    z = m * m
    y = np.full_like(m, F32(LOG_COEFFICIENTS[0]))
    for coefficient in LOG_COEFFICIENTS[1:]:
        y = y * m + F32(coefficient)
    y = y * m * z
    y = y + e * F32(LOG2_LOW)
    y = y - F32(0.5) * z
    return m + y + e * F32(LOG2_HIGH)


def power(x: Array | float, exponent: Array | float) -> Array:
    """x^exponent for positive x."""
    return exp(np.asarray(exponent, F32) * log(x))


def logistic(x: Array | float) -> Array:
    """1 / (1 + e^-x)."""
    x = np.asarray(x, F32)
    if implementation.compiled is not None:
        return implementation.compiled.logistic(x)
    return F32(1) / (F32(1) + exp(-x))


def normal_quantile(u: Array) -> Array:
    """Standard normal quantile of u in (0, 1): rational approximation of Acklam (2003), absolute error below 1e-6."""
    if implementation.compiled is not None:
        return implementation.compiled.normal_quantile(u)
    u = np.asarray(u, np.float64)
    middle = u - 0.5
    r = middle * middle
    centre = middle * _polynomial(CENTRE_ABOVE, r) / _polynomial(CENTRE_BELOW, r)
    tail = np.maximum(np.minimum(u, 1.0 - u), SMALLEST_TAIL)
    q = np.sqrt(-2.0 * log(tail).astype(np.float64))
    edge = np.where(u < 0.5, 1.0, -1.0) * _polynomial(EDGE_ABOVE, q) / _polynomial(EDGE_BELOW, q)
    return np.where(np.abs(middle) <= CENTRE, centre, edge)


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    total = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        total = total * x + coefficient
    return total
