"""The consumers' week in plain NumPy: the reference implementation of the compiled kernel, and its fallback.

On each of Poisson(rate) occasions a consumer orders with probability P, so the number of orders is Poisson(rate P):
only orders are drawn, never the occasions on which nothing is bought.
"""

from __future__ import annotations

import numpy as np

from sim.kernels.alias import block_bits, build_plain, draw_plain, second_word
from sim.kernels.elementary import exp
from sim.kernels.layout import (
    MOST_ORDERS,
    NEGLIGIBLE,
    TINY,
    WORDS_STRIDE,
    ConsumerColumns,
    MarketTables,
    OrderColumns,
    Weights,
)
from sim.kernels.philox import unit, words
from sim.kernels.precision import functions_for

F32 = np.float32
Array = np.ndarray


def place_orders(
    columns: ConsumerColumns,
    tables: MarketTables,
    weights: Weights,
    zone_ends: Array,
    n_candidates: int,
    week: int,
    streams: tuple[int, int],
    key: tuple[int, int],
) -> tuple[Array, OrderColumns, Array]:
    """Log-sum (float32, N), orders of one week and their numbers (int64 (Z, J)); `streams` are (numbers, orders)."""
    log_sum, parts = np.zeros(len(columns.identity), F32), []
    placed = np.zeros((len(zone_ends), len(tables.perceived_data)), np.int64)
    # Tables of the week: candidates are drawn in constant time, however many merchants there are.
    alias = build_plain(tables.ranking, tables.quality.size // len(zone_ends))
    for zone, hi in enumerate(zone_ends):
        rows = np.arange(0 if zone == 0 else zone_ends[zone - 1], hi)
        strength = weigh_platforms(columns, rows, tables, weights, zone)
        share, log_sum[rows] = expect_to_order(strength[-1], weights)
        count = count_orders(columns.identity[rows], columns.occasion_rate[rows] * share, week, streams[0], key)
        who = np.repeat(np.arange(len(rows)), count)
        turn = np.arange(who.size) - np.repeat(np.cumsum(count) - count, count)
        platform, merchant = choose_merchants(
            columns,
            rows[who],
            turn,
            strength[:, who],
            tables,
            alias[:, zone],
            zone,
            n_candidates,
            week,
            streams[1],
            key,
        )
        placed[zone] = np.bincount(platform, minlength=placed.shape[1])
        parts.append((rows[who], merchant, platform, turn))
    kinds = (np.uint32, np.uint32, np.uint8, np.uint8)
    joined = [np.concatenate(part).astype(kind) for part, kind in zip(zip(*parts, strict=True), kinds, strict=True)]
    return log_sum, OrderColumns(*joined), placed


def weigh_platforms(columns: ConsumerColumns, rows: Array, tables: MarketTables, weights: Weights, zone: int) -> Array:
    """Running sums (J, n) over platforms of e^(V / (1 - sigma)), apps that a consumer lacks left out."""
    running, sums = np.zeros(len(rows), F32), []
    concern = columns.privacy_concern[rows]
    for j in range(len(tables.perceived_data)):
        value = tables.platform_value[zone, j][columns.income_class[rows]]
        known = relevance(columns.profile[j, rows], weights.relevance_half)
        value = personal_value(value, known, columns.habit[j, rows], concern * tables.perceived_data[j], weights)
        has_app = ((columns.apps[rows] >> np.uint16(j)) & np.uint16(1)).astype(F32) * F32(tables.is_reachable[zone, j])
        # Running sums and not single terms: later a draw is only compared with them.
        running = running + exp(weights.inverse_nest * value) * has_app
        sums.append(running)
    return np.stack(sums)


def relevance(profile: Array, half: float | np.float32) -> Array:
    """How well a consumer is known, from 0 to 1: profile / (profile + half)."""
    return profile / (profile + half)


def personal_value(value: Array, known: Array, habit: Array, privacy_cost: Array, weights: Weights) -> Array:
    """Utility of a platform: that common to an income class, relevance and habit, less the privacy cost perceived."""
    return value + weights.relevance * known + weights.habit * habit - privacy_cost


def expect_to_order(total: Array, weights: Weights) -> tuple[Array, Array]:
    """Probability that an occasion leads to an order, and the log-sum of the nested logit, from summed strengths."""
    of, kind = functions_for(total), total.dtype.type
    inside = of.exp(weights.nest * of.log(np.maximum(total, kind(TINY)))) * (total > kind(0)).astype(total.dtype)
    return inside / (kind(1) + inside), of.log(kind(1) + inside)


def count_orders(identity: Array, mean: Array, week: int, stream: int, key: tuple[int, int]) -> Array:
    """Poisson(mean) by inversion of one uniform."""
    u = unit(words(identity, week, stream, 0, key)[0])
    term = exp(-mean)
    total, count = term.copy(), (u > term).astype(np.int64)
    for n in range(1, MOST_ORDERS):
        term = term * (mean * F32(1.0 / n))
        total = total + term
        # Terms rise until n passes the mean: only after that does a negligible one end the count.
        more = (u > total) & ((term >= F32(NEGLIGIBLE)) | (mean > F32(n)))
        if not more.any() and not (mean > F32(n)).any():
            break
        count += more
    return count


def choose_merchants(
    columns: ConsumerColumns,
    rows: Array,
    turn: Array,
    strength: Array,
    tables: MarketTables,
    alias: Array,
    zone: int,
    n_candidates: int,
    week: int,
    stream: int,
    key: tuple[int, int],
) -> tuple[Array, Array]:
    """Platform and merchant of every order of a zone: platform by strength, ranked candidates, the best by logit."""
    n_slots = tables.quality.size // tables.platform_value.shape[0]
    bits, identity = block_bits(n_slots), columns.identity[rows]
    bag = words(identity, week, stream, turn * WORDS_STRIDE, key)
    threshold, word_pick = unit(bag[0]) * strength[-1], bag[1]
    platform = np.zeros(rows.size, np.int64)
    for running in strength[:-1]:
        platform += threshold >= running
    sensitivity = tables.sensitivity[columns.income_class[rows]]
    blocks, slots = alias[:, : 1 << bits], alias[:, 1 << bits :].reshape(len(alias), -1, 1 << bits)
    total, sums, candidates = np.zeros(rows.size, F32), [], []
    for k in range(n_candidates):
        turn_block, place = divmod(k + 2, 4)
        if place == 0:
            bag = words(identity, week, stream, turn * WORDS_STRIDE + turn_block, key)
        block = draw_plain(blocks[platform], bag[place], bits)
        slot = (block << bits) + draw_plain(slots[platform, block], second_word(bag[place]), bits)
        row = zone * n_slots + slot
        total = total + exp(tables.quality[row] - sensitivity * tables.price[platform, row])
        sums.append(total)
        candidates.append(row)
    # One draw against running sums: the chances of a logit shock for each candidate, from one word instead of K.
    threshold, chosen = unit(word_pick) * total, np.zeros(rows.size, np.int64)
    for running in sums[:-1]:
        chosen += threshold >= running
    return platform, np.stack(candidates)[chosen, np.arange(rows.size)]
