"""The consumers' week, compiled: short stages over a block of a few thousand consumers.

Each stage is one simple loop over a few one-dimensional arrays, so that the compiler vectorises it; fused they would
run several times slower. Same bits as `ordering_plain`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import int64, njit, uint16, uint32, uint64

from sim.kernels.alias import table_size
from sim.kernels.compiled.alias import build_zone, find_blocks, find_slots, settle_slots
from sim.kernels.compiled.inclusive import weigh
from sim.kernels.compiled.platforms import (
    FIRST_TURNS,
    add_personal,
    add_strength,
    attract,
    count_orders,
    draw_uniforms,
    expand_orders,
    expect_to_order,
    fetch_values,
    sum_counts,
    unpack_orders,
)
from sim.kernels.compiled.primitives import LOOP, ZERO, unit, wide, words
from sim.kernels.layout import WORDS_STRIDE

STRIDE = np.uint64(WORDS_STRIDE)


class Keys(NamedTuple):
    """What a week's draws are keyed by besides identity and index."""

    week: np.uint64
    counts: np.uint64  # stream
    orders: np.uint64  # stream
    key0: np.uint64
    key1: np.uint64


class Scratch(NamedTuple):
    """Working arrays of one thread: blocks of B consumers with at most L orders, J platforms, S slots, C classes."""

    alias: np.ndarray  # uint32 (J, T), tables of the zone
    attraction: np.ndarray  # float32 (J, C, S), e^(q - a p) of the zone's merchants
    floats: np.ndarray  # float32 (4, B): mean, term, total, uniform
    orders: np.ndarray  # uint32 (B), number of orders
    strength: np.ndarray  # float32 (J, B), running sums over platforms
    who: np.ndarray  # uint32 (L), consumer within the block
    turn: np.ndarray  # uint32 (L)
    identity: np.ndarray  # uint32 (L)
    platform: np.ndarray  # uint32 (L)
    base: np.ndarray  # uint32 (L), where the platform's tables begin
    first: np.ndarray  # uint32 (L), where the attractions of the order's platform and class begin
    place: np.ndarray  # uint32 (L), what to fetch
    entry: np.ndarray  # uint32 (L), what was fetched
    fetched: np.ndarray  # float32 (L), strengths of platforms, then attractions of candidates
    total: np.ndarray  # float32 (L), sums and thresholds
    bag: np.ndarray  # uint32 (6, L): platform word, pick word, four candidate words
    sums: np.ndarray  # float32 (K, L), running sums of attractions
    candidates: np.ndarray  # uint32 (K, L)
    chosen: np.ndarray  # uint32 (L)
    placed: np.ndarray  # int64 (Z, J), orders by zone and platform so far


def make_scratch(
    n_zones: int, n_platforms: int, n_classes: int, n_slots: int, n_candidates: int, block: int, size: int
) -> Scratch:
    """Working arrays for blocks of `block` consumers with at most `size` orders."""
    shapes = {
        "placed": ((n_zones, n_platforms), np.int64),
        "alias": ((n_platforms, table_size(n_slots)), np.uint32),
        "attraction": ((n_platforms, n_classes, n_slots), np.float32),
        "floats": ((4, block), np.float32),
        "orders": (block, np.uint32),
        "strength": ((n_platforms, block), np.float32),
        "bag": ((6, size), np.uint32),
        "fetched": (size, np.float32),
        "total": (size, np.float32),
        "sums": ((n_candidates, size), np.float32),
        "candidates": ((n_candidates, size), np.uint32),
    }
    return Scratch(*(np.zeros(*shapes.get(name, (size, np.uint32))) for name in Scratch._fields))


@njit(**LOOP)
def open_zone(zone, tables, n_slots, bits, scratch):
    """Alias tables and attractions of a zone's merchants."""
    lo, hi = zone * n_slots, (zone + 1) * n_slots
    for j in range(tables.price.shape[0]):
        build_zone(tables.ranking[j, lo:hi], bits, scratch.alias[j])
        for c in range(tables.sensitivity.size):
            weigh(tables.quality[lo:hi], tables.price[j, lo:hi], tables.sensitivity[c], scratch.attraction[j, c])


@njit(**LOOP)
def fetch(column, who, out, n):
    """A consumer's value for each of her orders."""
    for o in range(n):
        out[o] = column[who[o]]


@njit(**LOOP)
def draw_words(bag, first, identity, turn, offset, n, week, stream, k0, k1):
    """Four words an order into four rows of the bag; six arrays in all, or the compiler gives up on vectors."""
    a, b, c, d = bag[first], bag[first + 1], bag[first + 2], bag[first + 3]
    for o in range(n):
        w0, w1, w2, w3 = words(wide(identity[o]), week, stream, wide(turn[o]) * STRIDE + offset, k0, k1)
        a[o] = uint32(w0)
        b[o] = uint32(w1)
        c[o] = uint32(w2)
        d[o] = uint32(w3)


@njit(**LOOP)
def set_thresholds(word, total, out, n):
    """Part of the total at which a draw falls."""
    for o in range(n):
        out[o] = unit(word[o]) * total[o]


@njit(**LOOP)
def pass_running(threshold, running, place, n):
    """One place further for draws beyond this running sum; how many those are."""
    n_beyond = uint32(0)
    for o in range(n):
        is_beyond = uint32(threshold[o] >= running[o])
        place[o] += is_beyond
        n_beyond += is_beyond
    return int64(n_beyond)


@njit(**LOOP)
def add_attractions(attraction, before, sums, n):
    """Running sums of the candidates' attractions."""
    for o in range(n):
        sums[o] = before[o] + attraction[o]


@njit(**LOOP)
def count_block(lo, hi, zone, columns, tables, weights, keys, log_sum, scratch):
    """Number of orders of each consumer in rows [lo, hi), and their sum."""
    n, floats, count = hi - lo, scratch.floats, scratch.orders[: hi - lo]
    mean, term, total, u = floats[0][:n], floats[1][:n], floats[2][:n], floats[3][:n]
    income_class, apps, concern = columns.income_class[lo:hi], columns.apps[lo:hi], columns.privacy_concern[lo:hi]
    draw_uniforms(u, columns.identity[lo:hi], keys.week, keys.counts, keys.key0, keys.key1)
    before = total
    before[:] = ZERO
    for j in range(tables.perceived_data.size):
        strength = scratch.strength[j][:n]  # a row cut this way stays contiguous to the compiler
        fetch_values(tables.platform_value[zone, j], income_class, strength)
        add_personal(
            strength,
            columns.profile[j, lo:hi],
            columns.habit[j, lo:hi],
            concern,
            tables.perceived_data[j],
            weights.relevance,
            weights.relevance_half,
            weights.habit,
        )
        bit = uint16(tables.is_reachable[zone, j]) << uint16(j)
        add_strength(strength, before, apps, bit, weights.inverse_nest)
        before = strength
    attract(before, weights.nest, total)
    expect_to_order(total, columns.occasion_rate[lo:hi], mean, log_sum[lo:hi])
    count_orders(mean, u, term, total, count)
    return sum_counts(count)


@njit(**LOOP)
def pick_platforms(lo, hi, n, columns, keys, scratch, placed):
    """Words of a block's n orders, platform of each in proportion to strength, and where its tables begin."""
    who, turn, bag, platform = scratch.who, scratch.turn, scratch.bag, scratch.platform
    last, threshold, fetched = scratch.strength.shape[0] - 1, scratch.total, scratch.fetched
    expand_orders(scratch.orders[: hi - lo], who)
    unpack_orders(who, turn, n)
    fetch(columns.identity[lo:hi], who, scratch.identity, n)
    draw_words(bag, 0, scratch.identity, turn, uint64(0), n, keys.week, keys.orders, keys.key0, keys.key1)
    fetch(scratch.strength[last], who, fetched, n)
    set_thresholds(bag[0], fetched, threshold, n)
    platform[:n] = uint32(0)
    placed[0] += n
    for j in range(last):
        fetch(scratch.strength[j], who, fetched, n)
        n_beyond = pass_running(threshold, fetched, platform, n)
        placed[j] -= n_beyond
        placed[j + 1] += n_beyond
    fetch(columns.income_class[lo:hi], who, scratch.first, n)
    n_classes, n_slots = scratch.attraction.shape[1], scratch.attraction.shape[2]
    locate(platform, scratch.first, scratch.base, scratch.alias.shape[1], n_classes, n_slots, n)


@njit(**LOOP)
def locate(platform, first, base, n_entries, n_classes, n_slots, n):
    """Where the platform's alias tables begin, and the attractions of its merchants to the consumer's class."""
    entries, classes, slots = uint32(n_entries), uint32(n_classes), uint32(n_slots)
    for o in range(n):
        base[o] = uint32(platform[o] * entries)
        first[o] = uint32((uint32(platform[o] * classes) + first[o]) * slots)


@njit(**LOOP)
def pick_merchants(n, keys, n_candidates, bits, scratch):
    """Candidates of n orders; `chosen` is the place of the best one among them, by logit."""
    turn, bag, identity, base, index, entry = (
        scratch.turn,
        scratch.bag,
        scratch.identity,
        scratch.base,
        scratch.place,
        scratch.entry,
    )
    alias, attraction = scratch.alias.reshape(scratch.alias.size), scratch.attraction.reshape(scratch.attraction.size)
    before = scratch.total
    before[:n] = ZERO
    for k in range(n_candidates):
        block, place = (k + 2) // 4, (k + 2) % 4
        if place == 0:
            draw_words(bag, 2, identity, turn, uint64(block), n, keys.week, keys.orders, keys.key0, keys.key1)
        word, slot, sums = bag[2 + (place if block else k)], scratch.candidates[k], scratch.sums[k]
        find_blocks(word, base, bits, index, n)
        fetch(alias, index, entry, n)
        find_slots(word, entry, base, bits, slot, index, n)
        fetch(alias, index, entry, n)
        settle_slots(word, entry, bits, slot, scratch.first, index, n)
        fetch(attraction, index, scratch.fetched, n)
        add_attractions(scratch.fetched, before, sums, n)
        before = sums
    set_thresholds(bag[1], before, scratch.total, n)
    scratch.chosen[:n] = uint32(0)
    for k in range(n_candidates - 1):
        pass_running(scratch.total, scratch.sums[k], scratch.chosen, n)


@njit(**LOOP)
def write_column(column, out, shift):
    """A column of a block's orders into the week's."""
    for o in range(out.size):
        out[o] = column[o] + shift


@njit(**LOOP)
def write_orders(scratch, lo, first_slot, start, end, orders):
    """A block's orders into the week's."""
    chosen, n_rows, slots = scratch.chosen, uint32(scratch.candidates.shape[1]), orders.merchant[start:end]
    index, candidates = scratch.place, scratch.candidates.reshape(scratch.candidates.size)
    for o in range(end - start):
        index[o] = uint32(chosen[o] * n_rows) + uint32(o)
    fetch(candidates, index, slots, end - start)
    write_column(slots, slots, uint32(first_slot))
    write_column(scratch.who, orders.consumer[start:end], uint32(lo))
    write_column(scratch.platform, orders.platform[start:end], uint32(0))
    write_column(scratch.turn, orders.turn[start:end], uint32(0))


@njit(**LOOP)
def order_in_blocks(blocks, columns, tables, weights, keys, n_candidates, bits, log_sum, orders, start, end, scratch):
    """Blocks one after the other, orders from `start` on; the place after the last, or minus the room missing."""
    n_slots, opened = scratch.attraction.shape[2], -1
    for b in range(blocks.shape[0]):
        lo, hi, zone = blocks[b, 0], blocks[b, 1], blocks[b, 2]
        if zone != opened:
            open_zone(zone, tables, n_slots, bits, scratch)
            opened = zone
        n = count_block(lo, hi, zone, columns, tables, weights, keys, log_sum, scratch)
        room = min(end - start, scratch.who.size)
        # `expand_orders` writes two entries a consumer without asking, hence past the last one's orders.
        if n + FIRST_TURNS > room:
            return -(n + FIRST_TURNS)
        pick_platforms(lo, hi, n, columns, keys, scratch, scratch.placed[zone])
        pick_merchants(n, keys, n_candidates, bits, scratch)
        write_orders(scratch, lo, zone * n_slots, start, start + n, orders)
        start += n
    return start
