"""Ranking-weighted mean of exp(v / scale) over a platform's offers in a zone, by income class: plain NumPy."""

from __future__ import annotations

import numpy as np

from sim.kernels.elementary import exp

Array = np.ndarray
LANES = 16
"""Slots are added in sixteen sums, slot k in sum k mod 16: what a processor can add side by side."""


def mean_utility_plain(weight: Array, quality: Array, price: Array, sensitivity: Array, n_slots: int) -> Array:
    """float64 (J, Z, C): sum of w_k e^(q_k - a_c p_k) over sum of w_k; 1 where nothing is listed.

    weight and price float32 (J, R), quality float32 (R) and sensitivity float32 (C), both over the merchant scale.
    """
    n_platforms, n_zones = weight.shape[0], weight.shape[1] // n_slots
    by_zone = weight.reshape(n_platforms, n_zones, n_slots).astype(np.float64)
    total = _add_slots(by_zone)
    mean = np.ones((n_platforms, n_zones, len(sensitivity)))
    for c, a in enumerate(sensitivity):
        utility = exp(quality[None, :] - a * price).reshape(by_zone.shape).astype(np.float64)
        mean[:, :, c] = np.where(total > 0.0, _add_slots(by_zone * utility) / np.where(total > 0.0, total, 1.0), 1.0)
    return mean


def _add_slots(values: Array) -> Array:
    """Sums over the last axis, one order of addition for every machine."""
    n_rounds = -(-values.shape[-1] // LANES)
    padded = np.zeros((*values.shape[:-1], n_rounds * LANES))
    padded[..., : values.shape[-1]] = values
    # Running sums again: `sum` would add in pairs, the compiled loop does not.
    lanes = np.cumsum(padded.reshape(*values.shape[:-1], n_rounds, LANES), axis=-2)[..., -1, :]
    return np.cumsum(lanes, axis=-1)[..., -1]
