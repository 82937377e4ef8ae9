"""Elementary functions and draws as compiled NumPy functions, with the bits of `elementary` and `draws.uniform`.

A call costs one microsecond instead of the twenty of the dozen array passes that it replaces.
"""

from __future__ import annotations

import numpy as np
from numba import float32, float64, int64, njit, vectorize

from sim.kernels import elementary, precise
from sim.kernels.compiled import primitives
from sim.kernels.compiled.primitives import LOOP, ONE, wide, words

A0, A1, A2, A3, A4, A5 = elementary.CENTRE_ABOVE
B0, B1, B2, B3, B4, B5 = elementary.CENTRE_BELOW
C0, C1, C2, C3, C4, C5 = elementary.EDGE_ABOVE
D0, D1, D2, D3, D4 = elementary.EDGE_BELOW
CENTRE = elementary.CENTRE
SMALLEST = elementary.SMALLEST_TAIL


def compiled(signature):
    """A NumPy function of one signature: numba's own object around it looks at every argument first, a microsecond."""
    return lambda function: vectorize([signature], cache=True, nopython=True)(function).ufunc


@compiled(float32(float32))
def exp(x):
    """e^x."""
    return primitives.exp(x)


@compiled(float32(float32))
def log(x):
    """Natural logarithm."""
    return primitives.log(x)


@compiled(float32(float32))
def logistic(x):
    """1 / (1 + e^-x)."""
    return ONE / (ONE + primitives.exp(-x))


@compiled(float64(float64))
def normal_quantile(u):
    """Standard normal quantile."""
    middle = u - 0.5
    r = middle * middle
    above = ((((A0 * r + A1) * r + A2) * r + A3) * r + A4) * r + A5
    below = ((((B0 * r + B1) * r + B2) * r + B3) * r + B4) * r + B5
    tail = max(min(u, 1.0 - u), SMALLEST)
    q = np.sqrt(-2.0 * float64(primitives.log(float32(tail))))
    edge_above = ((((C0 * q + C1) * q + C2) * q + C3) * q + C4) * q + C5
    edge_below = (((D0 * q + D1) * q + D2) * q + D3) * q + D4
    edge = (1.0 if u < 0.5 else -1.0) * edge_above / edge_below
    return middle * above / below if abs(middle) <= CENTRE else edge


@njit(**LOOP)
def fill_uniforms(identity, week, stream, index, key0, key1, out):
    """A uniform on (0, 1) for every identity, all under one index."""
    for i in range(out.size):
        word, _, _, _ = words(wide(identity[i]), wide(week), wide(stream), wide(index), wide(key0), wide(key1))
        out[i] = (float64(word) + 0.5) * 2.0**-32


@njit(**LOOP)
def fill_indexed(identity, week, stream, index, key0, key1, out):
    """A uniform on (0, 1) for every identity and its own index."""
    for i in range(out.size):
        word, _, _, _ = words(wide(identity[i]), wide(week), wide(stream), wide(index[i]), wide(key0), wide(key1))
        out[i] = (float64(word) + 0.5) * 2.0**-32


def uniform(identity, week, stream, index, key):
    """Uniforms (float64) on (0, 1) from the first word of every (identity, index)."""
    # The shapes most in use by themselves: broadcasting would write out identities as often as there are platforms.
    if isinstance(index, int):
        who, out = np.ascontiguousarray(identity, np.uint64), np.empty(np.shape(identity))
        fill_uniforms(who.reshape(-1), week, stream, index, key[0], key[1], out.reshape(-1))
        return out
    if np.ndim(identity) == 1 and np.ndim(index) == 2 and np.shape(index)[1] == 1:
        who, out = np.ascontiguousarray(identity, np.uint64), np.empty((len(index), len(identity)))
        for one, row in zip(index[:, 0].tolist(), out, strict=True):
            fill_uniforms(who, week, stream, one, key[0], key[1], row)
        return out
    identity, index = np.broadcast_arrays(identity, index)
    who, which = (np.ascontiguousarray(part, np.uint64).reshape(-1) for part in (identity, index))
    out = np.empty(identity.shape)
    fill_indexed(who, week, stream, which, key[0], key[1], out.reshape(-1))
    return out


P_EXP, P_LOG = precise.EXP_TERMS, precise.LOG_TERMS
MANTISSA, HALF_BITS = np.int64(0x000FFFFFFFFFFFFF), np.int64(0x3FE0000000000000)
P_LIMIT, P_ROOT = precise.EXP_LIMIT, precise.ROOT_HALF
P_LOG2_E, P_HIGH, P_LOW = precise.LOG2_E, precise.LOG2_HIGH, precise.LOG2_LOW


@compiled(float64(float64))
def exp_precise(x):
    """e^x in double precision."""
    x = max(min(x, P_LIMIT), -P_LIMIT)
    n = np.floor(x * P_LOG2_E + 0.5)
    r = x - n * P_HIGH
    r = r - n * P_LOW
    p = P_EXP[0]
    for k in range(1, len(P_EXP)):
        p = p * r + P_EXP[k]
    return p * np.int64((int64(n) + int64(1023)) << int64(52)).view(np.float64)


@compiled(float64(float64))
def log_precise(x):
    """Natural logarithm in double precision."""
    bits = np.float64(x).view(np.int64)
    e = float64((bits >> int64(52)) - int64(1022))
    m = np.int64((bits & MANTISSA) | HALF_BITS).view(np.float64)
    if m < P_ROOT:
        m, e = m + m, e - 1.0
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    p = P_LOG[0]
    for k in range(1, len(P_LOG)):
        p = p * s + P_LOG[k]
    return e * P_HIGH + (e * P_LOW + f * p)
