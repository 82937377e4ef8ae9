"""The consumers' week, compiled: short stages over a block of about a thousand consumers.

Each stage is one simple loop over a few one-dimensional arrays, so that the compiler vectorises it; fused they would
run ten times slower. Same bits as `ordering_plain`. A block's orders go to the block's own part of the output, so
that neither the number of threads nor their order matters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import float32, int64, njit, uint8, uint16, uint32, uint64

from sim.kernels.compiled.primitives import LOOP, LOW, ONE, SHIFT, ZERO, exp, log, unit, wide, words
from sim.kernels.layout import MOST_OCCASIONS, NEGLIGIBLE, TINY, WORDS_STRIDE

STRIDE = np.uint64(WORDS_STRIDE)
SMALLEST_TERM, SMALLEST_TOTAL = float32(NEGLIGIBLE), float32(TINY)
COMMON_STEPS = 10
"""Steps that the whole block takes together; about one consumer in fifty takes more."""
FIRST_TURNS = 4
"""Occasions written without a branch; nine consumers in ten have no more."""
RECIPROCAL = np.array([0.0] + [1.0 / n for n in range(1, MOST_OCCASIONS)], np.float32)


class Keys(NamedTuple):
    """What a week's draws are keyed by besides identity and index."""

    week: np.uint64
    occasions: np.uint64  # stream
    orders: np.uint64  # stream
    key0: np.uint64
    key1: np.uint64


class Scratch(NamedTuple):
    """Working arrays of one thread: B consumers a block, L occasions at most, K candidates."""

    floats: np.ndarray  # float32 (4, B): term, total, uniform, scale
    count: np.ndarray  # uint32 (B)  # pyright: ignore[reportIncompatibleMethodOverride]
    cumulative: np.ndarray  # float32 (J, B)
    who: np.ndarray  # uint32 (L), consumer within the block
    turn: np.ndarray  # uint32 (L)
    identity: np.ndarray  # uint32 (L)
    base: np.ndarray  # uint32 (L), first entry of the order's platform and zone in a flat (J, R) array
    platform: np.ndarray  # uint32 (L)
    bag: np.ndarray  # uint32 (6, L): platform word, pick word, four candidate words
    sensitivity: np.ndarray  # float32 (L)
    entry: np.ndarray  # uint64 (L)
    sums: np.ndarray  # float32 (K + 1, L): running sums, the last row their current value
    candidates: np.ndarray  # uint32 (K, L)
    chosen: np.ndarray  # uint32 (L)


def make_scratch(n_platforms: int, n_candidates: int, block: int, size: int) -> Scratch:
    """Working arrays for blocks of `block` consumers with at most `size` occasions."""
    shapes = {
        "floats": ((4, block), np.float32),
        "count": (block, np.uint32),
        "cumulative": ((n_platforms, block), np.float32),
        "bag": ((6, size), np.uint32),
        "sensitivity": (size, np.float32),
        "entry": (size, np.uint64),
        "sums": ((n_candidates + 1, size), np.float32),
        "candidates": ((n_candidates, size), np.uint32),
    }
    return Scratch(*(np.zeros(*shapes.get(name, (size, np.uint32))) for name in Scratch._fields))


@njit(**LOOP)
def draw_uniforms(out, identity, week, stream, k0, k1):
    """One uniform a consumer."""
    for i in range(out.size):
        a, _, _, _ = words(wide(identity[i]), week, stream, uint64(0), k0, k1)
        out[i] = unit(a)


@njit(**LOOP)
def count_occasions(rate, u, term, total, count):
    """Poisson by inversion: a few steps for the whole block, the rest one by one for those who go on."""
    for i in range(count.size):
        t = exp(-rate[i])
        s, c = t, uint32(u[i] > t)
        for n in range(1, COMMON_STEPS):  # unrolled by the compiler: term and total stay in registers
            t = t * (rate[i] * RECIPROCAL[n])
            s = s + t
            c += uint32(u[i] > s) & (uint32(t >= SMALLEST_TERM) | uint32(rate[i] > float32(n)))
        term[i] = t
        total[i] = s
        count[i] = c
    for i in range(count.size):
        if u[i] > total[i]:
            t, s, r = term[i], total[i], rate[i]
            for n in range(COMMON_STEPS, MOST_OCCASIONS):
                t = t * (r * RECIPROCAL[n])
                s = s + t
                if not u[i] > s:
                    break
                count[i] += uint32(t >= SMALLEST_TERM) | uint32(r > float32(n))


@njit(**LOOP)
def fetch_values(value, income_class, out):
    """Platform value of every consumer's income class."""
    for i in range(out.size):
        out[i] = value[income_class[i]]


@njit(**LOOP)
def add_personal(out, profile, habit, concern, perceived, relevance, half, habit_weight):
    """Add what a platform is worth to this consumer in particular (weights one by one: as a tuple 4 times slower)."""
    for i in range(out.size):
        v = out[i] + relevance * (profile[i] / (profile[i] + half))
        v = v + habit_weight * habit[i]
        out[i] = v - concern[i] * perceived


@njit(**LOOP)
def exponentiate(out, inverse_nest):
    """Strength e^(V/(1-sigma)) of one platform."""
    for i in range(out.size):
        out[i] = exp(inverse_nest * out[i])


@njit(**LOOP)
def drop_absent(out, apps, bit):
    """No strength for consumers without the app; bit 0 for a platform that nobody can reach."""
    for i in range(out.size):
        out[i] = out[i] if apps[i] & bit else ZERO


@njit(**LOOP)
def accumulate_choice(strength, total, scale, log_sum, nest):
    """Strengths to cumulative probabilities, in place, and the log-sum."""
    n_platforms, n = strength.shape[0], total.size
    for i in range(n):
        total[i] = strength[0, i]
    for j in range(1, n_platforms):
        row = strength[j][:n]
        for i in range(n):
            total[i] = total[i] + row[i]
    for i in range(n):
        t = max(total[i], SMALLEST_TOTAL)
        inside = exp(nest * log(t)) * (ONE if total[i] > ZERO else ZERO)
        scale[i] = inside / (ONE + inside) / t
        log_sum[i] = log(ONE + inside)
        total[i] = ZERO
    for j in range(n_platforms):
        row = strength[j][:n]
        for i in range(n):
            total[i] = total[i] + row[i] * scale[i]
            row[i] = total[i]


@njit(**LOOP)
def expand_occasions(count, who, turn):
    """One entry an occasion; the first few are written without asking, and written over where there are fewer."""
    n = 0
    for i in range(count.size):
        c, ii = int64(count[i]), uint32(i)
        for t in range(FIRST_TURNS):
            who[n + t] = ii
            turn[n + t] = uint32(t)
        for t in range(FIRST_TURNS, c):
            who[n + t] = ii
            turn[n + t] = uint32(t)
        n += c
    return n


@njit(**LOOP)
def fetch_identities(identity, who, out, n):
    """Identity of every order's consumer."""
    for o in range(n):
        out[o] = identity[who[o]]


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
def pick_platform(cumulative, who, word, platform, n):
    """Platform of every occasion; J stands for buying nothing."""
    for o in range(n):
        platform[o] = uint32(0)
    for j in range(cumulative.shape[0]):
        row = cumulative[j]
        for o in range(n):
            platform[o] += uint32(unit(word[o]) >= row[who[o]])


@njit(**LOOP)
def keep_orders(platform, kept, n, n_platforms):
    """Places of the occasions on which something is bought, without branches."""
    n_kept = 0
    for o in range(n):
        kept[n_kept] = uint32(o)
        n_kept += int64(platform[o] < n_platforms)
    return n_kept


@njit(**LOOP)
def close_ranks(column, kept, n):
    """Move the kept entries of a column to its front; `kept` rises, so nothing is overwritten unread."""
    for o in range(n):
        column[o] = column[kept[o]]


@njit(**LOOP)
def find_slots(word, n_slots, out, n):
    """Alias table, first half: which slot."""
    for o in range(n):
        out[o] = uint32((uint64(word[o]) * n_slots) >> SHIFT)


@njit(**LOOP)
def fetch_entries(alias, base, slot, entry, n):
    """Gather of alias entries: the only irregular reads of the first half."""
    for o in range(n):
        entry[o] = alias[base[o] + slot[o]]


@njit(**LOOP)
def settle_slots(word, n_slots, entry, slot, n):
    """Alias table, second half: the slot itself or its alias."""
    for o in range(n):
        rest = (uint64(word[o]) * n_slots) & LOW
        slot[o] = uint32(uint64(slot[o]) if rest < (entry[o] >> SHIFT) else entry[o] & LOW)


@njit(**LOOP)
def weigh_candidates(quality, price, base, slot, sensitivity, out, n):
    """Utility of a candidate over the merchant scale; `quality` of the zone's slots, `price` of all, flat."""
    for o in range(n):
        out[o] = quality[slot[o]] - sensitivity[o] * price[base[o] + slot[o]]


@njit(**LOOP)
def add_exponentials(utility, running, n):
    """Running sum of e^v, in place of v."""
    for o in range(n):
        total = running[o] + exp(utility[o])
        running[o] = total
        utility[o] = total


@njit(**LOOP)
def pick_candidate(sums, word, chosen, n, n_candidates):
    """Best candidate by logit: inverse of the running sums."""
    running = sums[n_candidates]
    for o in range(n):
        chosen[o] = uint32(0)
    for k in range(n_candidates - 1):
        row = sums[k]
        for o in range(n):
            chosen[o] += uint32(unit(word[o]) * running[o] >= row[o])


@njit(**LOOP)
def choose_platforms(lo, hi, zone, columns, tables, weights, keys, occasions, log_sum, most, scratch):
    """Occasions and platforms of rows [lo, hi); returns orders found, or minus the room that was missing."""
    n, n_platforms = hi - lo, tables.perceived_data.size
    cumulative, count, floats = scratch.cumulative, scratch.count[:n], scratch.floats
    term, total, u, scale = floats[0, :n], floats[1, :n], floats[2, :n], floats[3, :n]
    identity, who, turn, bag = columns.identity[lo:hi], scratch.who, scratch.turn, scratch.bag
    draw_uniforms(u, identity, keys.week, keys.occasions, keys.key0, keys.key1)
    count_occasions(columns.occasion_rate[lo:hi], u, term, total, count)
    n_occasions = 0
    for i in range(n):
        occasions[lo + i] = uint8(count[i])
        n_occasions += int64(count[i])
    concern, perceived = columns.privacy_concern[lo:hi], tables.perceived_data
    for j in range(n_platforms):
        strength = cumulative[j][:n]  # a row cut this way stays contiguous to the compiler
        fetch_values(tables.platform_value[zone, j], columns.income_class[lo:hi], strength)
        profile, habit = columns.profile[j, lo:hi], columns.habit[j, lo:hi]
        add_personal(
            strength, profile, habit, concern, perceived[j], weights.relevance, weights.relevance_half, weights.habit
        )
        exponentiate(strength, weights.inverse_nest)
        drop_absent(strength, columns.apps[lo:hi], uint16(tables.is_reachable[zone, j]) << uint16(j))
    accumulate_choice(cumulative, total, scale, log_sum[lo:hi], weights.nest)
    if n_occasions + FIRST_TURNS > who.size:
        return -(n_occasions + FIRST_TURNS)
    n_occasions = expand_occasions(count, who, turn)
    fetch_identities(identity, who, scratch.identity, n_occasions)
    draw_words(bag, 0, scratch.identity, turn, uint64(0), n_occasions, keys.week, keys.orders, keys.key0, keys.key1)
    pick_platform(cumulative, who, bag[0], scratch.platform, n_occasions)
    n_orders = keep_orders(scratch.platform, scratch.chosen, n_occasions, n_platforms)
    for column in (scratch.platform, who, turn, bag[1], bag[2], bag[3]):
        close_ranks(column, scratch.chosen, n_orders)
    return n_orders if n_orders <= most else -n_orders


@njit(**LOOP)
def choose_merchants(lo, hi, zone, columns, tables, keys, n_candidates, n, scratch):
    """Candidates of n orders and the best of them: `scratch.chosen` is its place among `scratch.candidates`."""
    n_slots = tables.quality.size // tables.platform_value.shape[0]
    first_slot, slots, running = zone * n_slots, uint64(n_slots), scratch.sums[n_candidates]
    turn, bag, entry, base = scratch.turn, scratch.bag, scratch.entry, scratch.base
    alias, price = tables.alias.reshape(tables.alias.size), tables.price.reshape(tables.price.size)
    quality = tables.quality[first_slot : first_slot + n_slots]
    fetch_identities(columns.identity[lo:hi], scratch.who, scratch.identity, n)
    for o in range(n):
        scratch.sensitivity[o] = tables.sensitivity[columns.income_class[lo + int64(scratch.who[o])]]
        base[o] = uint32(int64(scratch.platform[o]) * tables.quality.size + first_slot)
        running[o] = ZERO
    for k in range(n_candidates):
        if k >= 2 and (k - 2) % 4 == 0:
            block = uint64((k + 2) // 4)
            draw_words(bag, 2, scratch.identity, turn, block, n, keys.week, keys.orders, keys.key0, keys.key1)
        word, slot, utility = bag[2 + (k if k < 2 else (k - 2) % 4)], scratch.candidates[k], scratch.sums[k]
        find_slots(word, slots, slot, n)
        fetch_entries(alias, base, slot, entry, n)
        settle_slots(word, slots, entry, slot, n)
        weigh_candidates(quality, price, base, slot, scratch.sensitivity, utility, n)
        add_exponentials(utility, running, n)
    pick_candidate(scratch.sums, bag[1], scratch.chosen, n, n_candidates)
    return first_slot


@njit(**LOOP)
def order_in_blocks(
    first,
    step,
    blocks,
    columns,
    tables,
    weights,
    keys,
    n_candidates,
    occasions,
    log_sum,
    orders,
    written,
    most,
    scratch,
):
    """Blocks first, first + step, ... of one thread; stops at the first that lacks room."""
    for b in range(first, blocks.shape[0], step):
        lo, hi, zone, start = blocks[b, 0], blocks[b, 1], blocks[b, 2], b * most
        n = choose_platforms(lo, hi, zone, columns, tables, weights, keys, occasions, log_sum, most, scratch)
        written[b] = n
        if n < 0:
            return
        first_slot = choose_merchants(lo, hi, zone, columns, tables, keys, n_candidates, n, scratch)
        for o in range(n):
            orders.consumer[start + o] = uint32(lo + int64(scratch.who[o]))
            orders.merchant[start + o] = uint32(first_slot + int64(scratch.candidates[scratch.chosen[o], o]))
            orders.platform[start + o] = uint8(scratch.platform[o])
            orders.occasion[start + o] = uint8(scratch.turn[o])


@njit(**LOOP)
def join_blocks(column, written, most):
    """One column of orders without the room that blocks left empty."""
    joined, n = np.empty(written.sum(), column.dtype), 0
    for b in range(written.size):
        part = column[b * most : b * most + written[b]]
        for o in range(part.size):
            joined[n + o] = part[o]
        n += part.size
    return joined
