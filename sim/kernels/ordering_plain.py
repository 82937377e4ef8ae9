"""The consumers' week in plain NumPy: the oracle of the compiled kernel, its fallback and its explanation."""

from __future__ import annotations

import numpy as np

from sim.kernels.elementary import exp, log
from sim.kernels.layout import (
    MOST_OCCASIONS,
    NEGLIGIBLE,
    TINY,
    WORDS_STRIDE,
    ConsumerColumns,
    MarketTables,
    OrderColumns,
    Weights,
)
from sim.kernels.philox import MASK, unit, words

F32 = np.float32
Array = np.ndarray


def place_orders(
    columns: ConsumerColumns, tables: MarketTables, weights: Weights, zone_ends: Array, n_candidates: int,
    week: int, streams: tuple[int, int], key: tuple[int, int],
) -> tuple[Array, Array, OrderColumns]:  # fmt: skip
    """Occasions (uint8, N), log-sum (float32, N) and orders of one week; `streams` are (occasions, orders)."""
    n_consumers = len(columns.identity)
    occasions, log_sum = np.zeros(n_consumers, np.uint8), np.zeros(n_consumers, F32)
    parts = []
    for zone, hi in enumerate(zone_ends):
        rows = np.arange(0 if zone == 0 else zone_ends[zone - 1], hi)
        count = count_occasions(columns.identity[rows], columns.occasion_rate[rows], week, streams[0], key)
        cumulative, value = choose_between_platforms(columns, rows, tables, weights, zone)
        occasions[rows], log_sum[rows] = count, value
        parts.append(
            order_from_merchants(columns, rows, count, cumulative, tables, zone, n_candidates, week, streams[1], key)
        )
    joined = [np.concatenate([part[field] for part in parts]) for field in range(4)]
    return occasions, log_sum, OrderColumns(*joined)


def count_occasions(identity: Array, rate: Array, week: int, stream: int, key: tuple[int, int]) -> Array:
    """Poisson(rate) by inversion of one uniform."""
    u = unit(words(identity, week, stream, 0, key)[0])
    term = exp(-rate)
    total, count = term.copy(), (u > term).astype(np.int64)
    for n in range(1, MOST_OCCASIONS):
        term = term * (rate * F32(1.0 / n))
        total = total + term
        more = (u > total) & ((term >= F32(NEGLIGIBLE)) | (rate > F32(n)))
        if not more.any() and not (rate > F32(n)).any():
            break
        count += more
    return count


def choose_between_platforms(
    columns: ConsumerColumns, rows: Array, tables: MarketTables, weights: Weights, zone: int
) -> tuple[Array, Array]:
    """Cumulative choice probabilities of the nested logit (J, n) and its log-sum (n)."""
    n_platforms, income_class = len(tables.perceived_data), columns.income_class[rows]
    strength = []
    for j in range(n_platforms):
        profile = columns.profile[j, rows]
        value = tables.platform_value[zone, j][income_class]
        value = value + weights.relevance * (profile / (profile + weights.relevance_half))
        value = value + weights.habit * columns.habit[j, rows]
        value = value - columns.privacy_concern[rows] * tables.perceived_data[j]
        has_app = ((columns.apps[rows] >> np.uint16(j)) & np.uint16(1)).astype(F32) * F32(tables.is_reachable[zone, j])
        strength.append(exp(weights.inverse_nest * value) * has_app)
    total = strength[0]
    for j in range(1, n_platforms):
        total = total + strength[j]
    is_open = (total > F32(0)).astype(F32)
    total = np.maximum(total, F32(TINY))
    inside = exp(weights.nest * log(total)) * is_open
    scale = inside / (F32(1) + inside) / total
    cumulative, running = [], np.zeros(len(rows), F32)
    for j in range(n_platforms):
        running = running + strength[j] * scale
        cumulative.append(running)
    return np.stack(cumulative), log(F32(1) + inside)


def order_from_merchants(
    columns: ConsumerColumns, rows: Array, count: Array, cumulative: Array, tables: MarketTables, zone: int,
    n_candidates: int, week: int, stream: int, key: tuple[int, int],
) -> tuple[Array, Array, Array, Array]:  # fmt: skip
    """Orders of one zone: platform, ranked candidates, then the best of them by logit."""
    n_slots = tables.quality.size // tables.platform_value.shape[0]
    first_slot, n_platforms = zone * n_slots, len(cumulative)
    who = np.repeat(np.arange(len(rows)), count)
    turn = np.arange(who.size) - np.repeat(np.cumsum(count) - count, count)
    word_platform, word_pick, word_0, word_1 = words(
        columns.identity[rows][who], week, stream, turn * WORDS_STRIDE, key
    )
    u = unit(word_platform)
    platform = np.zeros(who.size, np.int64)
    for j in range(n_platforms):
        platform += u >= cumulative[j][who]
    buys = platform < n_platforms
    who, turn, platform, pick = who[buys], turn[buys], platform[buys], unit(word_pick[buys])
    bag = [word_0[buys], word_1[buys]]
    identity = columns.identity[rows][who]
    sensitivity = tables.sensitivity[columns.income_class[rows][who]]
    running, sums, candidates = np.zeros(who.size, F32), [], []
    for k in range(n_candidates):
        if k >= len(bag):
            bag.extend(words(identity, week, stream, turn * WORDS_STRIDE + (k + 2) // 4, key))
        scaled = bag[k] * np.uint64(n_slots)
        slot = (scaled >> np.uint64(32)).astype(np.int64)
        entry = tables.alias[platform, first_slot + slot]
        is_own = (scaled & np.uint64(MASK)) < (entry >> np.uint64(32))
        slot = np.where(is_own, slot, (entry & np.uint64(MASK)).astype(np.int64))
        row = first_slot + slot
        running = running + exp(tables.quality[row] - sensitivity * tables.price[platform, row])
        sums.append(running)
        candidates.append(row)
    threshold = pick * running
    chosen = np.zeros(who.size, np.int64)
    for k in range(n_candidates - 1):
        chosen += threshold >= sums[k]
    merchant = np.stack(candidates)[chosen, np.arange(who.size)]
    return (
        rows[who].astype(np.uint32),
        merchant.astype(np.uint32),
        platform.astype(np.uint8),
        turn.astype(np.uint8),
    )
