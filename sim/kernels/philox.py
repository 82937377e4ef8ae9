"""Counter-based random words: Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011), plain NumPy."""

from __future__ import annotations

import numpy as np

Array = np.ndarray
MULTIPLIER_0, MULTIPLIER_1 = 0xD2511F53, 0xCD9E8D57
WEYL_0, WEYL_1 = 0x9E3779B9, 0xBB67AE85
MASK = 0xFFFFFFFF
N_ROUNDS = 10


def words(
    identity: Array, week: int, stream: int, index: Array | int, key: tuple[int, int]
) -> tuple[Array, Array, Array, Array]:
    """Four independent 32-bit words (as uint64) for every (identity, index) under one (week, stream, key)."""
    shape = np.broadcast_shapes(np.shape(identity), np.shape(index))
    c0 = np.broadcast_to(np.asarray(identity, np.uint64), shape)
    c1 = np.full(shape, week, np.uint64)
    c2 = np.full(shape, stream, np.uint64)
    c3 = np.broadcast_to(np.asarray(index, np.uint64), shape)
    m0, m1, mask, half = np.uint64(MULTIPLIER_0), np.uint64(MULTIPLIER_1), np.uint64(MASK), np.uint64(32)
    k0, k1 = key
    for _ in range(N_ROUNDS):
        p0, p1 = m0 * c0, m1 * c2
        c0, c1, c2, c3 = (
            (p1 >> half) ^ c1 ^ np.uint64(k0),
            p1 & mask,
            (p0 >> half) ^ c3 ^ np.uint64(k1),
            p0 & mask,
        )
        k0, k1 = (k0 + WEYL_0) & MASK, (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


def unit(word: Array) -> Array:
    """A 32-bit word as a single precision number in [0, 1): its upper 24 bits."""
    # 24 bits, all that single precision holds: with more a word could round up to 1.
    return (word >> np.uint64(8)).astype(np.int32).astype(np.float32) * np.float32(2.0**-24)
