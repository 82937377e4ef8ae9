"""Alias tables, compiled: twin of `sim.kernels.alias`."""

from __future__ import annotations

import numpy as np
from numba import njit, uint64

from sim.kernels import alias
from sim.kernels.compiled.primitives import LOOP, SHIFT

FULL, MOST = alias.FULL, float(alias.MOST)
CERTAIN = np.uint64(alias.MOST << 32)


@njit(**LOOP)
def build_one(weight, entry, rest, small, large):
    """One table from weights (S)."""
    n, total = weight.size, 0.0
    for i in range(n):
        total += np.float64(weight[i])
        entry[i] = uint64(0)
    if not total > 0.0:
        return
    scale = n / total
    n_small = n_large = 0
    for i in range(n):
        rest[i] = np.float64(weight[i]) * scale
        if rest[i] < 1.0:
            small[n_small] = i
            n_small += 1
        else:
            large[n_large] = i
            n_large += 1
    while n_small > 0 and n_large > 0:
        n_small -= 1
        s, g = small[n_small], large[n_large - 1]
        entry[s] = (np.uint64(min(rest[s] * FULL, MOST)) << SHIFT) | uint64(g)
        rest[g] = (rest[g] + rest[s]) - 1.0
        if rest[g] < 1.0:
            n_large -= 1
            small[n_small] = g
            n_small += 1
    for i in range(n_large):
        entry[large[i]] = CERTAIN | uint64(large[i])
    for i in range(n_small):
        entry[small[i]] = CERTAIN | uint64(small[i])


@njit(**LOOP)
def build_tables(weight, n_slots, table):
    """Tables of every (platform, zone)."""
    rest, small, large = np.empty(n_slots), np.empty(n_slots, np.int64), np.empty(n_slots, np.int64)
    for j in range(weight.shape[0]):
        for start in range(0, weight.shape[1], n_slots):
            build_one(weight[j, start : start + n_slots], table[j, start : start + n_slots], rest, small, large)
