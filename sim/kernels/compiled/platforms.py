"""First half of the consumers' week, compiled: how many orders, and how much each platform draws them."""

from __future__ import annotations

import numpy as np
from numba import float32, int64, njit, uint32, uint64

from sim.kernels.compiled.primitives import LOOP, ONE, ZERO, exp, log, unit, wide, words
from sim.kernels.layout import MOST_ORDERS, NEGLIGIBLE, TINY

SMALLEST_TERM, SMALLEST_TOTAL = float32(NEGLIGIBLE), float32(TINY)
COMMON_STEPS = 4
"""Steps that the whole block takes together; about one consumer in a hundred takes more."""
FIRST_TURNS = 2
"""Orders written without a branch; most consumers have no more."""
TURN_SHIFT = 24
RECIPROCAL = np.array([0.0] + [1.0 / n for n in range(1, MOST_ORDERS)], np.float32)


@njit(**LOOP)
def draw_uniforms(out, identity, week, stream, k0, k1):
    """One uniform a consumer."""
    for i in range(out.size):
        a, _, _, _ = words(wide(identity[i]), week, stream, uint64(0), k0, k1)
        out[i] = unit(a)


@njit(**LOOP)
def fetch_values(value, income_class, out):
    """Platform value of every consumer's income class."""
    for i in range(out.size):
        out[i] = value[income_class[i]]


@njit(**LOOP)
def add_personal(out, profile, habit, concern, perceived, relevance, half, habit_weight):
    """Add a platform's utility to this consumer in particular (weights one by one: as a tuple 4 times slower)."""
    for i in range(out.size):
        v = out[i] + relevance * (profile[i] / (profile[i] + half))
        v = v + habit_weight * habit[i]
        out[i] = v - concern[i] * perceived


@njit(**LOOP)
def add_strength(out, before, apps, bit, inverse_nest):
    """Value to running sum of e^(V / (1 - sigma)); bit 0 for a platform that nobody can reach."""
    for i in range(out.size):
        out[i] = before[i] + exp(inverse_nest * out[i]) * (ONE if apps[i] & bit else ZERO)


@njit(**LOOP)
def attract(total, nest, inside):
    """Strength of the nest of platforms, e^((1 - sigma) ln of their sum)."""
    for i in range(total.size):
        inside[i] = exp(nest * log(max(total[i], SMALLEST_TOTAL))) * (ONE if total[i] > ZERO else ZERO)


@njit(**LOOP)
def expect_to_order(inside, rate, mean, log_sum):
    """Mean number of orders, and the log-sum."""
    for i in range(inside.size):
        mean[i] = rate[i] * (inside[i] / (ONE + inside[i]))
        log_sum[i] = log(ONE + inside[i])


@njit(**LOOP)
def count_orders(mean, u, term, total, count):
    """Poisson by inversion: a few steps for the whole block, the rest one by one for those who go on."""
    for i in range(count.size):
        t = exp(-mean[i])
        s, c = t, uint32(u[i] > t)
        for n in range(1, COMMON_STEPS):  # unrolled by the compiler: term and total stay in registers
            t = t * (mean[i] * RECIPROCAL[n])
            s = s + t
            c += uint32(u[i] > s) & (uint32(t >= SMALLEST_TERM) | uint32(mean[i] > float32(n)))
        term[i] = t
        total[i] = s
        count[i] = c
    for i in range(count.size):
        if u[i] > total[i]:
            t, s, m = term[i], total[i], mean[i]
            for n in range(COMMON_STEPS, MOST_ORDERS):
                t = t * (m * RECIPROCAL[n])
                s = s + t
                if not u[i] > s:
                    break
                count[i] += uint32(t >= SMALLEST_TERM) | uint32(m > float32(n))


@njit(**LOOP)
def sum_counts(count):
    """Orders in all."""
    n = int64(0)
    for i in range(count.size):
        n += int64(count[i])
    return n


@njit(**LOOP)
def expand_orders(count, packed):
    """One entry an order, turn and consumer in one number; the first few are written without asking."""
    n = 0
    for i in range(count.size):
        c, entry = int64(count[i]), uint32(i)
        for t in range(FIRST_TURNS):
            packed[n + t] = entry + uint32(t << TURN_SHIFT)
        for t in range(FIRST_TURNS, c):
            packed[n + t] = entry + uint32(t << TURN_SHIFT)
        n += c


@njit(**LOOP)
def unpack_orders(packed, turn, n):
    """Leave the consumer, take out the turn."""
    for o in range(n):
        turn[o] = packed[o] >> uint32(TURN_SHIFT)
        packed[o] &= uint32((1 << TURN_SHIFT) - 1)
