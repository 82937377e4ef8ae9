"""Two-level alias tables, compiled; `sim.kernels.alias` is the reference implementation."""

from __future__ import annotations

import numpy as np
from numba import njit, uint32

from sim.kernels import alias
from sim.kernels.compiled.primitives import LOOP

FULL, MOST = alias.FULL, float(alias.MOST)
CERTAIN = np.uint32(alias.MOST << alias.ALIAS_BITS)
ALIAS_BITS = alias.ALIAS_BITS
BESIDE = np.uint32((1 << ALIAS_BITS) - 1)
THRESHOLD = np.uint32(alias.MOST << ALIAS_BITS)
GOLDEN = np.uint32(alias.GOLDEN)


@njit(**LOOP)
def build_one(weight, entry, rest, small, large):
    """One table from float64 weights."""
    n, total = weight.size, 0.0
    for i in range(n):
        total += weight[i]
        entry[i] = uint32(0)
    if not total > 0.0:
        return
    scale = n / total
    n_small = n_large = 0
    for i in range(n):
        rest[i] = weight[i] * scale
        if rest[i] < 1.0:
            small[n_small] = i
            n_small += 1
        else:
            large[n_large] = i
            n_large += 1
    while n_small > 0 and n_large > 0:
        n_small -= 1
        s, g = small[n_small], large[n_large - 1]
        entry[s] = uint32((int(min(rest[s] * FULL, MOST)) << ALIAS_BITS) | g)
        rest[g] = (rest[g] + rest[s]) - 1.0
        if rest[g] < 1.0:
            n_large -= 1
            small[n_small] = g
            n_small += 1
    for i in range(n_large):
        entry[large[i]] = CERTAIN | uint32(large[i])
    for i in range(n_small):
        entry[small[i]] = CERTAIN | uint32(small[i])


@njit(**LOOP)
def build_zone(weight, bits, table):
    """Tables of one platform and zone from float32 weights (S): B entries for the blocks, then B for every block."""
    size = 1 << bits
    sums, slots, rest = np.zeros(size), np.empty(size), np.empty(size)
    small, large = np.empty(size, np.int64), np.empty(size, np.int64)
    for b in range(table.size // size - 1):
        first = b * size
        n, total = min(size, weight.size - first), 0.0
        for i in range(n):
            slots[i] = np.float64(weight[first + i])
            total += slots[i]
        slots[n:] = 0.0
        sums[b] = total
        build_one(slots, table[first + size : first + 2 * size], rest, small, large)
    build_one(sums, table[:size], rest, small, large)


@njit(**LOOP)
def find_blocks(word, base, bits, index, n):
    """First level: where the entry of every order stands; `base` is where the tables of its platform begin."""
    shift = uint32(32 - bits)
    for o in range(n):
        index[o] = base[o] + uint32(word[o] >> shift)


@njit(inline="always")
def second_word(word):
    """What the second level reads of a word."""
    return uint32(word * GOLDEN)


@njit(**LOOP)
def find_slots(word, entry, base, bits, block, index, n):
    """First slot of every order's block, and the second level's entry."""
    shift, left, size = uint32(32 - bits), uint32(bits), uint32(1 << bits)
    for o in range(n):
        place = uint32(word[o] >> shift)
        b = uint32((place if uint32(word[o] << left) < (entry[o] & THRESHOLD) else entry[o] & BESIDE) << left)
        block[o] = b
        index[o] = base[o] + size + b + uint32(second_word(word[o]) >> shift)


@njit(**LOOP)
def settle_slots(word, entry, bits, block, first, index, n):
    """Slot of every order, in place of its block, and its place in a table that begins at `first`."""
    shift, left = uint32(32 - bits), uint32(bits)
    for o in range(n):
        w = second_word(word[o])
        place = uint32(w >> shift)
        slot = uint32(block[o] + (place if uint32(w << left) < (entry[o] & THRESHOLD) else entry[o] & BESIDE))
        block[o] = slot
        index[o] = first[o] + slot
