"""Two-level alias tables (Walker 1977; Vose 1991): a random word gives a merchant in proportion to weight.

Slots lie in blocks of B, the smallest power of two with B B >= S: one table picks a block, the block's own table picks
the slot. One table over all slots would rearrange itself when a single weight changes; here nearly all of it stands
still, so that two runs that share draws share nearly all candidates too.

The second level reads the word times 2^32 over the golden ratio. All pairs of a word and its product form a lattice
that fills every rectangle evenly (Niederreiter 1992, rank-1 lattices): the chance of a slot is right to 10^-7.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray
ALIAS_BITS = 8
"""An entry is uint32: chance to keep the place (24 bits), then the place taken otherwise."""
FULL = 2.0 ** (32 - ALIAS_BITS)
MOST = int(FULL) - 1
MOST_SLOTS = 1 << (2 * ALIAS_BITS)
GOLDEN = 0x9E3779B9
"""2^32 over the golden ratio, odd: no word comes twice."""


def block_bits(n_slots: int) -> int:
    """log2 of B."""
    bits = 1
    while 1 << (2 * bits) < n_slots:
        bits += 1
    return bits


def table_size(n_slots: int) -> int:
    """Entries of one (platform, zone): B for the blocks, then B for every block."""
    bits = block_bits(n_slots)
    return (1 + (n_slots + (1 << bits) - 1 >> bits)) << bits


def build_plain(weight: Array, n_slots: int) -> Array:
    """Tables uint32 (J, Z, T) of float32 weights (J, Z S); zero weights are never drawn, all-zero tables are zero."""
    size, n_places = 1 << block_bits(n_slots), table_size(n_slots)
    tables = np.zeros((weight.shape[0], weight.shape[1] // n_slots, n_places), np.uint32)
    for j in range(weight.shape[0]):
        for zone in range(tables.shape[1]):
            slots = np.zeros(n_places - size)
            slots[:n_slots] = weight[j, zone * n_slots : (zone + 1) * n_slots]
            blocks = slots.reshape(-1, size)
            sums = np.zeros(size)
            # A running sum, as the compiled loop adds; NumPy's own sum adds in pairs, to other last bits.
            sums[: len(blocks)] = np.cumsum(blocks, axis=1)[:, -1]
            tables[j, zone] = np.concatenate([_one_table(each.tolist()) for each in (sums, *blocks)])
    return tables


def _one_table(weight: list[float]) -> Array:
    n, total = len(weight), 0.0
    for w in weight:
        total += w
    entry = np.zeros(n, np.uint32)
    if not total > 0.0:
        return entry
    scale = n / total
    rest = [w * scale for w in weight]
    small = [i for i in range(n) if rest[i] < 1.0]
    large = [i for i in range(n) if not rest[i] < 1.0]
    while small and large:
        s, g = small.pop(), large[-1]
        entry[s] = (min(int(rest[s] * FULL), MOST) << ALIAS_BITS) | g
        # In this order, as in the compiled loop: another would end in other last bits, and now and then another entry.
        rest[g] = (rest[g] + rest[s]) - 1.0
        if rest[g] < 1.0:
            small.append(large.pop())
    # Rounding may leave places in either list: what is left should weigh 1 and keeps its own place.
    for i in large + small:
        entry[i] = (MOST << ALIAS_BITS) | i
    return entry


def second_word(word: Array) -> Array:
    """What the second level reads of a word."""
    return (word * np.uint64(GOLDEN)) & np.uint64(0xFFFFFFFF)


def draw_plain(table: Array, word: Array, bits: int) -> Array:
    """Places (int64) drawn from tables with B entries each: `table` (n, B) or (B), words uint64 (n)."""
    place = (word >> np.uint64(32 - bits)).astype(np.int64)
    entry = table[np.arange(len(word)), place] if table.ndim == 2 else table[place]
    is_own = ((word << np.uint64(bits)) & np.uint64(0xFFFFFFFF)) >> np.uint64(ALIAS_BITS) < entry >> np.uint32(
        ALIAS_BITS
    )
    return np.where(is_own, place, (entry & np.uint32(MOST_SLOTS - 1 >> ALIAS_BITS)).astype(np.int64))
