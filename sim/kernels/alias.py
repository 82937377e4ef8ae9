"""Alias tables (Walker 1977; Vose 1991): one random word gives a merchant with probability in proportion to weight."""

from __future__ import annotations

import numpy as np

Array = np.ndarray
FULL = 2.0**32
MOST = 4294967295


def build_plain(weight: Array, n_slots: int) -> Array:
    """Tables of every (platform, zone): float32 weights (J, Z S) to uint64 entries; zero weights are never drawn."""
    table = np.zeros(weight.shape, np.uint64)
    for j in range(weight.shape[0]):
        for start in range(0, weight.shape[1], n_slots):
            table[j, start : start + n_slots] = _one_table(
                weight[j, start : start + n_slots].astype(np.float64).tolist()
            )
    return table


def _one_table(weight: list[float]) -> Array:
    n, total = len(weight), 0.0
    for w in weight:
        total += w
    entry = np.zeros(n, np.uint64)
    if not total > 0.0:
        return entry
    scale = n / total
    rest = [w * scale for w in weight]
    small = [i for i in range(n) if rest[i] < 1.0]
    large = [i for i in range(n) if not rest[i] < 1.0]
    while small and large:
        s, g = small.pop(), large[-1]
        entry[s] = (int(min(rest[s] * FULL, float(MOST))) << 32) | g
        rest[g] = (rest[g] + rest[s]) - 1.0
        if rest[g] < 1.0:
            small.append(large.pop())
    for i in large + small:
        entry[i] = (MOST << 32) | i
    return entry
