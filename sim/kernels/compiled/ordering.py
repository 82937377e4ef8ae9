"""The consumers' week, compiled: short stages over a block of about a thousand consumers.

Each stage is one simple loop over a few one-dimensional arrays, so that the compiler vectorises it; fused they would
run ten times slower. Same bits as `ordering_plain`. A block's orders go to the block's own part of the output, so
that neither the number of threads nor their order matters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import float32, int64, njit, uint8, uint32, uint64

from sim.kernels.compiled.primitives import LOOP, LOW, ONE, SHIFT, ZERO, exp, log, unit, wide, words
from sim.kernels.layout import MOST_OCCASIONS, NEGLIGIBLE, TINY, WORDS_STRIDE

STRIDE = np.uint64(WORDS_STRIDE)
SMALLEST_TERM, SMALLEST_TOTAL = float32(NEGLIGIBLE), float32(TINY)
COMMON_STEPS = 6
"""Steps that the whole block takes together; about one consumer in fifteen takes more."""
RECIPROCAL = np.array([0.0] + [1.0 / n for n in range(1, MOST_OCCASIONS)], np.float32)


class Scratch(NamedTuple):
    """Working arrays of one thread: B consumers a block, L occasions at most, K candidates."""

    floats: np.ndarray  # float32 (4, B): term, total, uniform, scale
    count: np.ndarray  # uint32 (B)
    cumulative: np.ndarray  # float32 (J, B)
    who: np.ndarray  # uint32 (L), consumer within the block
    turn: np.ndarray  # uint32 (L)
    identity: np.ndarray  # uint32 (L)
    platform: np.ndarray  # uint32 (L)
    bag: np.ndarray  # uint32 (6, L): platform word, pick word, four candidate words
    sensitivity: np.ndarray  # float32 (L)
    slot: np.ndarray  # uint32 (L)
    entry: np.ndarray  # uint64 (L)
    sums: np.ndarray  # float32 (K + 1, L): running sums, the last row their current value
    candidates: np.ndarray  # uint32 (K, L)
    chosen: np.ndarray  # uint32 (L)


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
        term[i] = exp(-rate[i])
        total[i] = term[i]
        count[i] = uint32(u[i] > term[i])
    for n in range(1, COMMON_STEPS):
        step, turn = RECIPROCAL[n], float32(n)
        for i in range(count.size):
            term[i] = term[i] * (rate[i] * step)
            total[i] = total[i] + term[i]
            count[i] += uint32(u[i] > total[i]) & (uint32(term[i] >= SMALLEST_TERM) | uint32(rate[i] > turn))
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
def add_personal(out, profile, habit, concern, perceived, weights):
    """Add what a platform is worth to this consumer in particular."""
    for i in range(out.size):
        v = out[i] + weights.relevance * (profile[i] / (profile[i] + weights.relevance_half))
        v = v + weights.habit * habit[i]
        out[i] = v - concern[i] * perceived


@njit(**LOOP)
def exponentiate(out, apps, j, is_reachable, weights):
    """Strength e^(V/(1-sigma)) of one platform; 0 without the app."""
    for i in range(out.size):
        has_app = float32((uint32(apps[i]) >> uint32(j)) & uint32(1)) * is_reachable
        out[i] = exp(weights.inverse_nest * out[i]) * has_app


@njit(**LOOP)
def accumulate_choice(strength, total, scale, log_sum, weights):
    """Strengths to cumulative probabilities, in place, and the log-sum."""
    n_platforms, n = strength.shape
    for i in range(n):
        total[i] = strength[0, i]
    for j in range(1, n_platforms):
        row = strength[j]
        for i in range(n):
            total[i] = total[i] + row[i]
    for i in range(n):
        t = max(total[i], SMALLEST_TOTAL)
        inside = exp(weights.nest * log(t))
        scale[i] = inside / (ONE + inside) / t
        log_sum[i] = log(ONE + inside)
        total[i] = ZERO
    for j in range(n_platforms):
        row = strength[j]
        for i in range(n):
            total[i] = total[i] + row[i] * scale[i]
            row[i] = total[i]


@njit(**LOOP)
def expand_occasions(count, who, turn):
    """One entry an occasion; the first two are written without asking (most counts are below three)."""
    n = 0
    for i in range(count.size):
        c, ii = int64(count[i]), uint32(i)
        who[n] = ii
        turn[n] = uint32(0)
        who[n + 1] = ii
        turn[n + 1] = uint32(1)
        for t in range(2, c):
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
def draw_words(bag, identity, turn, offset, n, week, stream, k0, k1):
    """Four words an order into four rows of the bag; six arrays in all, or the compiler gives up on vectors."""
    a, b, c, d = bag[0], bag[1], bag[2], bag[3]
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
def keep_orders(platform, who, turn, bag, n, n_platforms):
    """Drop occasions on which nothing is bought, without branches."""
    kept = 0
    for o in range(n):
        j = platform[o]
        platform[kept] = j
        who[kept] = who[o]
        turn[kept] = turn[o]
        bag[1, kept] = bag[1, o]
        bag[2, kept] = bag[2, o]
        bag[3, kept] = bag[3, o]
        kept += int64(j < n_platforms)
    return kept


@njit(**LOOP)
def find_slots(word, n_slots, out, n):
    """Alias table, first half: which slot."""
    for o in range(n):
        out[o] = uint32((uint64(word[o]) * n_slots) >> SHIFT)


@njit(**LOOP)
def fetch_entries(alias, platform, first_slot, slot, entry, n):
    """Gather of alias entries: the only irregular reads of the first half."""
    for o in range(n):
        entry[o] = alias[platform[o], first_slot + int64(slot[o])]


@njit(**LOOP)
def settle_slots(word, n_slots, entry, slot, n):
    """Alias table, second half: the slot itself or its alias."""
    for o in range(n):
        rest = (uint64(word[o]) * n_slots) & LOW
        slot[o] = uint32(uint64(slot[o]) if rest < (entry[o] >> SHIFT) else entry[o] & LOW)


@njit(**LOOP)
def weigh_candidates(quality, price, platform, first_slot, slot, sensitivity, out, n):
    """Utility of a candidate over the merchant scale."""
    for o in range(n):
        row = first_slot + int64(slot[o])
        out[o] = quality[row] - sensitivity[o] * price[platform[o], row]


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
def order_in_block(
    lo,
    hi,
    zone,
    columns,
    tables,
    weights,
    n_candidates,
    week,
    streams,
    key,
    occasions,
    log_sum,
    orders,
    start,
    most,
    scratch,
):
    """All stages for the consumers of rows [lo, hi); returns orders written, or minus the room that was missing."""
    n = hi - lo
    n_platforms, n_slots = tables.perceived_data.size, tables.quality.size // tables.platform_value.shape[0]
    first_slot, slots = zone * n_slots, uint64(n_slots)
    week, key0, key1 = uint64(week), uint64(key[0]), uint64(key[1])
    identity, cumulative = columns.identity[lo:hi], scratch.cumulative[:, :n]
    term, total, u, scale = (
        scratch.floats[0, :n],
        scratch.floats[1, :n],
        scratch.floats[2, :n],
        scratch.floats[3, :n],
    )
    count, who, turn, platform, bag, chosen = (
        scratch.count[:n],
        scratch.who,
        scratch.turn,
        scratch.platform,
        scratch.bag,
        scratch.chosen,
    )
    draw_uniforms(u, identity, week, uint64(streams[0]), key0, key1)
    count_occasions(columns.occasion_rate[lo:hi], u, term, total, count)
    n_occasions = 0
    for i in range(n):
        occasions[lo + i] = uint8(count[i])
        n_occasions += int64(count[i])
    for j in range(n_platforms):
        fetch_values(tables.platform_value[zone, j], columns.income_class[lo:hi], cumulative[j])
        add_personal(
            cumulative[j],
            columns.profile[j, lo:hi],
            columns.habit[j, lo:hi],
            columns.privacy_concern[lo:hi],
            tables.perceived_data[j],
            weights,
        )
        exponentiate(cumulative[j], columns.apps[lo:hi], j, float32(tables.is_reachable[zone, j]), weights)
    accumulate_choice(cumulative, total, scale, log_sum[lo:hi], weights)
    if n_occasions + 2 > who.size:
        return -(n_occasions + 2)
    n_occasions = expand_occasions(count, who, turn)
    fetch_identities(identity, who, scratch.identity, n_occasions)
    draw_words(bag, scratch.identity, turn, uint64(0), n_occasions, week, uint64(streams[1]), key0, key1)
    pick_platform(cumulative, who, bag[0], platform, n_occasions)
    n_orders = keep_orders(platform, who, turn, bag, n_occasions, n_platforms)
    if n_orders > most:
        return -n_orders
    fetch_identities(identity, who, scratch.identity, n_orders)
    running = scratch.sums[n_candidates]
    for o in range(n_orders):
        scratch.sensitivity[o] = tables.sensitivity[columns.income_class[lo + int64(who[o])]]
        running[o] = ZERO
    for k in range(n_candidates):
        if k >= 2 and (k - 2) % 4 == 0:
            draw_words(
                bag[2:],
                scratch.identity,
                turn,
                uint64((k + 2) // 4),
                n_orders,
                week,
                uint64(streams[1]),
                key0,
                key1,
            )
        word = bag[2 + (k if k < 2 else (k - 2) % 4)]
        slot = scratch.candidates[k]
        find_slots(word, slots, slot, n_orders)
        fetch_entries(tables.alias, platform, first_slot, slot, scratch.entry, n_orders)
        settle_slots(word, slots, scratch.entry, slot, n_orders)
        weigh_candidates(
            tables.quality,
            tables.price,
            platform,
            first_slot,
            slot,
            scratch.sensitivity,
            scratch.sums[k],
            n_orders,
        )
        add_exponentials(scratch.sums[k], running, n_orders)
    pick_candidate(scratch.sums, bag[1], chosen, n_orders, n_candidates)
    for o in range(n_orders):
        orders.consumer[start + o] = uint32(lo + int64(who[o]))
        orders.merchant[start + o] = uint32(first_slot + int64(scratch.candidates[chosen[o], o]))
        orders.platform[start + o] = uint8(platform[o])
        orders.occasion[start + o] = uint8(turn[o])
    return n_orders


@njit(**LOOP)
def order_in_blocks(
    first,
    step,
    blocks,
    columns,
    tables,
    weights,
    n_candidates,
    week,
    streams,
    key,
    occasions,
    log_sum,
    orders,
    written,
    most,
    scratch,
):
    """Blocks first, first + step, ... of one thread; stops at the first that lacks room."""
    for b in range(first, blocks.shape[0], step):
        written[b] = order_in_block(
            blocks[b, 0], blocks[b, 1], blocks[b, 2], columns, tables, weights, n_candidates, week, streams, key,
            occasions, log_sum, orders, b * most, most, scratch,
        )  # fmt: skip
        if written[b] < 0:
            return
