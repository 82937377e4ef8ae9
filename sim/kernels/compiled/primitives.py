"""Scalar versions of `elementary` and `philox`, to be inlined into loops that vectorise; same bits."""

from __future__ import annotations

import numpy as np
from numba import float32, int32, njit, uint32, uint64

from sim.kernels import elementary, philox

ZERO, ONE, HALF = float32(0), float32(1), float32(0.5)
M0, M1 = np.uint64(philox.MULTIPLIER_0), np.uint64(philox.MULTIPLIER_1)
W0, W1 = np.uint64(philox.WEYL_0), np.uint64(philox.WEYL_1)
LOW, SHIFT = np.uint64(philox.MASK), np.uint64(32)
LIMIT = float32(elementary.EXP_LIMIT)
LOG2_E, LOG2_HIGH, LOG2_LOW = (
    float32(elementary.LOG2_E),
    float32(elementary.LOG2_HIGH),
    float32(elementary.LOG2_LOW),
)
E0, E1, E2, E3, E4, E5 = (float32(c) for c in elementary.EXP_COEFFICIENTS)
L0, L1, L2, L3, L4, L5, L6, L7, L8 = (float32(c) for c in elementary.LOG_COEFFICIENTS)
UNIT = float32(2.0**-24)

LOOP = {"cache": True, "nogil": True, "error_model": "numpy"}
"""`error_model="numpy"` drops the test for division by zero: 1.7 times faster in a loop that divides."""


@njit(inline="always")
def exp(x):
    """e^x; exactly 0 below -87."""
    clipped = max(min(x, LIMIT), -LIMIT)
    n = np.floor(clipped * LOG2_E + HALF)
    r = clipped - n * LOG2_HIGH
    r = r - n * LOG2_LOW
    p = E0
    p = p * r + E1
    p = p * r + E2
    p = p * r + E3
    p = p * r + E4
    p = p * r + E5
    p = p * r * r + r + ONE
    power_of_two = np.int32((int32(n) + int32(127)) << int32(23)).view(np.float32)
    return p * power_of_two * (ONE if x >= -LIMIT else ZERO)


@njit(inline="always")
def log(x):
    """Natural logarithm of a positive normal number."""
    bits = np.float32(x).view(np.int32)
    exponent = int32((bits >> int32(23)) & int32(255)) - int32(126)
    mantissa = np.int32((bits & int32(0x007FFFFF)) | int32(0x3F000000)).view(np.float32)
    is_small = mantissa < float32(0.70710678)
    e = float32(exponent) - (ONE if is_small else ZERO)
    m = (mantissa + mantissa if is_small else mantissa) - ONE
    z = m * m
    y = L0
    y = y * m + L1
    y = y * m + L2
    y = y * m + L3
    y = y * m + L4
    y = y * m + L5
    y = y * m + L6
    y = y * m + L7
    y = y * m + L8
    y = y * m * z
    y = y + e * LOG2_LOW
    y = y - HALF * z
    return m + y + e * LOG2_HIGH


@njit(inline="always")
def words(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10 in 64-bit lanes: vectorises without shuffles."""
    for _ in range(philox.N_ROUNDS):
        p0 = M0 * c0
        p1 = M1 * c2
        c0 = (p1 >> SHIFT) ^ c1 ^ k0
        c1 = p1 & LOW
        c2 = (p0 >> SHIFT) ^ c3 ^ k1
        c3 = p0 & LOW
        k0 = (k0 + W0) & LOW
        k1 = (k1 + W1) & LOW
    return c0, c1, c2, c3


@njit(inline="always")
def unit(word):
    """A 32-bit word as a number in [0, 1)."""
    return float32(int32(uint32(word) >> uint32(8))) * UNIT


@njit(inline="always")
def wide(x):
    """A counter as the 64-bit lane that `words` expects."""
    return uint64(x)
