"""Mean utility of what a platform offers, compiled; `sim.kernels.inclusive` is the reference implementation."""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.kernels.compiled.primitives import LOOP, exp
from sim.kernels.inclusive import LANES


@njit(**LOOP)
def weigh(quality, price, sensitivity, out):
    """e^(q - a p) of every slot."""
    for s in range(out.size):
        out[s] = exp(quality[s] - sensitivity * price[s])


@njit(**LOOP)
def add_products(weight, utility, lanes):
    """Sum of w e^v over slots, a multiple of 16, lane by lane."""
    lanes[:] = 0.0
    for first in range(0, weight.size, LANES):
        for k in range(LANES):
            lanes[k] += weight[first + k] * np.float64(utility[first + k])
    total = 0.0
    for k in range(LANES):
        total += lanes[k]
    return total


@njit(**LOOP)
def mean_utility(weight, quality, price, sensitivity, n_slots, first_zone, last_zone, mean):
    """Means of every (platform, class) of some zones."""
    size = -(-n_slots // LANES) * LANES
    padded, utility, ones = np.zeros(size), np.zeros(size, np.float32), np.ones(size, np.float32)
    lanes = np.empty(LANES)
    for j in range(weight.shape[0]):
        for z in range(first_zone, last_zone):
            lo, hi = z * n_slots, (z + 1) * n_slots
            for s in range(n_slots):
                padded[s] = np.float64(weight[j, lo + s])
            total = add_products(padded, ones, lanes)
            for c in range(sensitivity.size):
                weigh(quality[lo:hi], price[j, lo:hi], sensitivity[c], utility[:n_slots])
                weighted = add_products(padded, utility, lanes)
                mean[j, z, c] = weighted / total if total > 0.0 else 1.0
