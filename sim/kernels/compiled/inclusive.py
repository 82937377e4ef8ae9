"""Mean worth of what a platform offers, compiled: twin of `sim.kernels.inclusive`."""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.kernels.compiled.primitives import LOOP, exp


@njit(**LOOP)
def weigh(quality, price, sensitivity, out):
    """e^(q - a p) of every slot."""
    for k in range(out.size):
        out[k] = exp(quality[k] - sensitivity * price[k])


@njit(**LOOP)
def mean_worth(weight, quality, price, sensitivity, n_slots, mean):
    """Means of every (platform, zone, class); slots are added in order."""
    worth = np.empty(n_slots, np.float32)
    for j in range(weight.shape[0]):
        for z in range(mean.shape[1]):
            lo, hi = z * n_slots, (z + 1) * n_slots
            total = 0.0
            for k in range(lo, hi):
                total += np.float64(weight[j, k])
            for c in range(sensitivity.size):
                weigh(quality[lo:hi], price[j, lo:hi], sensitivity[c], worth)
                found = 0.0
                for k in range(n_slots):
                    found += np.float64(weight[j, lo + k]) * np.float64(worth[k])
                mean[j, z, c] = found / total if total > 0.0 else 1.0
