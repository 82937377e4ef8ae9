"""What becomes of the week's orders, compiled: one pass over the orders of each zone. Same bits as `orders_plain`.

A zone's consumers, orders, merchants and workers are contiguous, so zones share nothing that is written: neither the
number of threads nor their order matters. Loops take their arrays in records (`sim.kernels.order_layout`) and unpack
them once, before the first zone: a field that is read again for every order costs as much as the arithmetic.
"""

from __future__ import annotations

import numpy as np
from numba import float32, float64, int64, njit, uint32, uint64

from sim.kernels.compiled.primitives import LOOP, ONE, ZERO, exp, wide, words
from sim.kernels.orders_plain import MOST_EXPECTED, SMALLEST_LOG_SUM

ROUNDER = np.float64(1.5 * 2.0**52)
ROUNDER_BITS = ROUNDER.view(np.int64)
SMALLEST = float32(SMALLEST_LOG_SUM)


@njit(inline="always")
def whole(x):
    """Nearest whole number, ties to even, below 2^51: the sum has no room for a fraction (and vectorises)."""
    return np.float64(x + ROUNDER).view(np.int64) - ROUNDER_BITS


@njit(inline="always")
def bounds(ends, z):
    """First row of a zone and the row after its last."""
    return (ends[z - 1] if z > 0 else int64(0)), ends[z]


@njit(**LOOP)
def draw_chances(identity, consumer, turn, lanes, draw):
    """First word of every order's draw."""
    week, stream, k0, k1 = lanes.week, lanes.stream, lanes.key0, lanes.key1
    for o in range(draw.size):
        draw[o] = identity[consumer[o]]
    for o in range(draw.size):
        a, _, _, _ = words(wide(draw[o]), week, stream, wide(turn[o]), k0, k1)
        draw[o] = uint32(a)


@njit(**LOOP)
def count_below(words_of_orders, limit):
    """How many words are less than the limit."""
    n = uint32(0)
    for o in range(words_of_orders.size):
        n += uint32(words_of_orders[o] < limit)
    return int64(n)


@njit(**LOOP)
def smallest(words_of_orders, rank):
    """The word with `rank` - 1 words before it, bit by bit: a selection that vectorises and does not reorder."""
    word = uint32(0)
    for step in range(32):
        trial = word | (uint32(1) << uint32(31 - step))
        if count_below(words_of_orders, trial) < rank:
            word = trial
    return word


@njit(**LOOP)
def cancel_lowest(j, excess, platform, draw, is_cancelled):
    """Cancel as many orders of a platform as exceed capacity, least word first, the earlier of two equal ones."""
    waiting, n = np.empty(draw.size, np.uint32), 0
    for o in range(draw.size):
        if platform[o] == j and not is_cancelled[o]:
            waiting[n] = draw[o]
            n += 1
    excess = min(excess, n)
    # A selection, no sort: only the word at the limit is needed, and 32 counts vectorise.
    limit = smallest(waiting[:n], excess)
    n_at_limit = excess - count_below(waiting[:n], limit)
    for o in range(draw.size):
        if platform[o] == j and not is_cancelled[o] and draw[o] <= limit:
            if draw[o] < limit:
                is_cancelled[o] = True
            elif n_at_limit > 0:
                is_cancelled[o] = True
                n_at_limit -= 1


@njit(**LOOP)
def carry_in_zones(first, step, order_ends, placed, identity, n_placed, capacity, chance, lanes, is_cancelled, carried):
    """Which orders fail, and how many of each merchant on each platform (`carried`) do not."""
    consumer, merchant, platform, turn = placed.consumer, placed.merchant, placed.platform, placed.turn
    n_platforms, n_zones = capacity.shape
    for z in range(first, n_zones, step):
        lo, hi = bounds(order_ends, z)
        draw, by, goods, is_off = np.empty(hi - lo, np.uint32), platform[lo:hi], merchant[lo:hi], is_cancelled[lo:hi]
        draw_chances(identity, consumer[lo:hi], turn[lo:hi], lanes, draw)
        failed = np.zeros(n_platforms, np.int64)
        for o in range(draw.size):
            is_off[o] = uint64(draw[o]) < chance
            failed[by[o]] += int64(is_off[o])
        for j in range(n_platforms):
            excess = n_placed[j, z] - failed[j] - capacity[j, z]
            if excess > 0:
                cancel_lowest(j, excess, by, draw, is_off)
        for o in range(draw.size):
            carried[by[o], goods[o]] += int64(not is_off[o])


@njit(**LOOP)
def charge_in_zones(first, step, order_ends, placed, is_cancelled, price, fee, balance, paid):
    """Take every carried order's cents from its consumer; sums of goods, fees and refunds into `paid` (Z, 3, J)."""
    consumer, merchant, platform = placed.consumer, placed.merchant, placed.platform
    for z in range(first, order_ends.size, step):
        lo, hi = bounds(order_ends, z)
        for o in range(lo, hi):
            j = platform[o]
            good, extra = price[j, merchant[o]], fee[j]
            paid[z, 0, j] += good
            paid[z, 1, j] += extra
            if is_cancelled[o]:
                paid[z, 2, j] += good + extra
            else:
                balance[consumer[o]] -= good + extra


@njit(inline="always")
def loss_of_cancelled(log_sum):
    """Utility lost with a cancelled order: L / (1 - e^-L)."""
    return float64(log_sum) / float64(ONE - exp(-log_sum)) if log_sum > SMALLEST else 1.0


@njit(**LOOP)
def expect_surplus(cents, income_class, occasion_rate, log_sum, surplus, of_habit, of_privacy):
    """Expected surplus of every consumer, before anything happened."""
    for i in range(surplus.size):
        expected = cents[income_class[i]] * float64(occasion_rate[i]) * float64(log_sum[i])
        surplus[i] = whole(min(expected, MOST_EXPECTED))
        of_habit[i] = 0
        of_privacy[i] = 0


@njit(**LOOP)
def weigh_in_zones(first, step, zone_ends, order_ends, placed, is_cancelled, choosers, utility_of, out):
    """Expected surplus, then the correction of every order."""
    consumer, platform = placed.consumer, placed.platform
    income_class, log_sum, concern, habit = choosers.income_class, choosers.log_sum, choosers.concern, choosers.habit
    cents, late, unseen, data, habit_weight = utility_of
    surplus, of_habit, of_privacy = out
    for z in range(first, zone_ends.size, step):
        lo, hi = bounds(zone_ends, z)
        expected = surplus[lo:hi], of_habit[lo:hi], of_privacy[lo:hi]
        expect_surplus(cents, income_class[lo:hi], choosers.occasion_rate[lo:hi], log_sum[lo:hi], *expected)
        start, end = bounds(order_ends, z)
        for o in range(start, end):
            i, j = consumer[o], platform[o]
            utility = cents[income_class[i]]
            if is_cancelled[o]:
                surplus[i] -= whole(utility * loss_of_cancelled(log_sum[i]))
            else:
                given_up = float64(concern[i])
                surplus[i] -= whole(utility * (late[j, z] + unseen[j] * given_up))
                of_habit[i] += whole(utility * (habit_weight * float64(habit[j, i])))
                of_privacy[i] += whole(utility * (data[j] * given_up))


@njit(**LOOP)
def age(profile, keep):
    """What is left of last week's profile."""
    for i in range(profile.size):
        profile[i] *= keep


@njit(**LOOP)
def renew_in_zones(
    first, step, zone_ends, order_ends, placed, is_cancelled, memory, speed, keep_profile, data, n_buyers
):
    """Habits and profiles after the orders carried; counts them by zone, platform and class of the buyer."""
    consumer, platform, keep = placed.consumer, placed.platform, ONE - speed
    income_class, habit, profile = memory
    for z in range(first, zone_ends.size, step):
        lo, hi = bounds(zone_ends, z)
        for j in range(habit.shape[0]):
            age(profile[j, lo:hi], keep_profile)
        start, end = bounds(order_ends, z)
        for o in range(start, end):
            if not is_cancelled[o]:
                i, j = consumer[o], platform[o]
                for k in range(habit.shape[0]):
                    habit[k, i] *= keep
                habit[j, i] += speed
                profile[j, i] += data[j]
                n_buyers[z, j, income_class[i]] += 1


@njit(inline="always")
def strongest(values, i):
    """Platform, the first of equals, on which a consumer's value is largest."""
    best = 0
    for k in range(1, values.shape[0]):
        if values[k, i] > values[best, i]:
            best = k
    return best


@njit(**LOOP)
def renew_and_port_in_zones(
    first, step, zone_ends, order_ends, placed, is_cancelled, memory, speed, keep_profile, data, n_buyers, porting
):
    """The same under portability: with an order, part of the gap in habit moves and part of that in data is closed."""
    consumer, platform, keep = placed.consumer, placed.platform, ONE - speed
    income_class, habit, profile = memory
    share, consent, identity, lanes = porting
    n_platforms = habit.shape[0]
    for z in range(first, zone_ends.size, step):
        lo, hi = bounds(zone_ends, z)
        for j in range(n_platforms):
            age(profile[j, lo:hi], keep_profile)
        start, end = bounds(order_ends, z)
        word = np.empty(end - start, np.uint32)
        draw_chances(identity, consumer[start:end], np.zeros(end - start, np.uint8), lanes, word)
        moves = np.zeros(n_platforms, np.float32)
        for o in range(start, end):
            i, j = consumer[o], platform[o]
            if not is_cancelled[o]:
                move = share[j] if uint64(word[o - start]) < consent[j] else ZERO
                for k in range(n_platforms):
                    habit[k, i] *= keep
                habit[j, i] += speed
                usual = strongest(habit, i)
                moved = move * (habit[usual, i] - habit[j, i])
                habit[j, i] += moved
                habit[usual, i] -= moved
                profile[j, i] += data[j]
                moves[j] = move
                n_buyers[z, j, income_class[i]] += 1
            if o + 1 == end or consumer[o + 1] != i:
                fullest = profile[strongest(profile, i), i]
                for k in range(n_platforms):
                    profile[k, i] += moves[k] * (fullest - profile[k, i])
                    moves[k] = ZERO


@njit(**LOOP)
def share_in_zones(first, step, ends, minutes, productivity, carried, effective_minutes, deliveries):
    """Steps of the running sum of effective time, in whole orders."""
    n_platforms, n_zones = carried.shape
    for z in range(first, n_zones, step):
        lo, hi = bounds(ends, z)
        for j in range(n_platforms):
            orders, total = uint64(carried[j, z]), uint64(max(effective_minutes[j, z], 1))
            within, before = uint64(0), uint64(0)
            for w in range(lo, hi):
                within += uint64(whole(float64(minutes[j, w]) * float64(productivity[w])))
                after = orders * within // total
                deliveries[j, w] = int64(after - before)
                before = after
