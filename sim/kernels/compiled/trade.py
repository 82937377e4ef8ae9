"""Merchants' and workers' sums of a week, compiled. Same bits as `trade_plain`: every sum is one of whole numbers."""

from __future__ import annotations

import numpy as np
from numba import float64, int64, njit

from sim.kernels.compiled.orders import whole
from sim.kernels.compiled.primitives import LOOP


@njit(**LOOP)
def pay_for_goods(n_carried, price, home, rate, tier, sales, commission):
    """Goods sold and commission owed by merchant; sums by platform and by home."""
    n_platforms, n_rows = n_carried.shape
    paid = np.zeros((2, n_platforms), np.int64)
    sales[:], commission[:] = 0, 0
    for j in range(n_platforms):
        for r in range(n_rows):
            if n_carried[j, r] > 0:
                goods = n_carried[j, r] * price[j, r]
                owner = int64(home[j, r]) if home[j, r] >= 0 else int64(j)
                owed = whole(rate[owner, int64(tier[r])] * float64(goods))
                sales[r] += goods
                commission[r] += owed
                paid[0, j] += goods
                paid[1, owner] += owed
    return paid


@njit(**LOOP)
def trade_off_platforms(shops, parameters):
    """Offline trade, costs and the owners' draw of every merchant; sums over merchants."""
    n_carried, is_listed, is_active, offline_orders, shock, offline_price, unit_cost, fixed_cost = shops[:8]
    sales, commission, profit, balance = shops[8:]
    diversion, listing_cost, cash_buffer = parameters
    n_platforms, n_rows = n_carried.shape
    income, ingredients, fixed, drawn = int64(0), int64(0), int64(0), int64(0)
    for r in range(n_rows):
        carried, n_listings = int64(0), int64(0)
        for j in range(n_platforms):
            carried += n_carried[j, r]
            n_listings += int64(is_listed[j, r])
        usual = float64(offline_orders[r]) * float64(shock[r])
        offline = max(usual - diversion * float64(carried), 0.0) * float64(is_active[r])
        taken = whole(offline * float64(offline_price[r]))
        spent = carried * unit_cost[r] + whole(offline * float64(unit_cost[r]))
        rent = (fixed_cost[r] + n_listings * listing_cost) * int64(is_active[r])
        gained = taken - spent - rent
        profit[r] = sales[r] - commission[r] + gained
        cash = balance[r] + gained
        out = max(cash - cash_buffer, int64(0))
        balance[r] = cash - out
        income += taken
        ingredients += spent
        fixed += rent
        drawn += out
    return np.array([income, ingredients, fixed, drawn])


@njit(**LOOP)
def split_whole(total, shares, parts):
    """Whole parts of totals: steps of rounded running sums."""
    n_platforms, n = shares.shape
    for i in range(n):
        running, before, all_of_it = 0.0, int64(0), int64(total[i])
        for j in range(n_platforms - 1):
            running += float64(shares[j, i])
            end = min(int64(np.floor(running * float64(all_of_it) + 0.5)), all_of_it)
            parts[j, i] = end - before
            before = end
        # The rest, whatever shares add up to in single precision.
        parts[n_platforms - 1, i] = all_of_it - before


@njit(**LOOP)
def effective_minutes(minutes, productivity, total):
    """Minutes weighted by productivity, by platform and zone, into `total` (J, Z)."""
    n_platforms, n_zones = total.shape
    n_slots = productivity.size // n_zones
    for j in range(n_platforms):
        for z in range(n_zones):
            weighted = int64(0)
            for w in range(z * n_slots, (z + 1) * n_slots):
                weighted += whole(float64(minutes[j, w]) * float64(productivity[w]))
            total[j, z] = weighted


@njit(**LOOP)
def sum_of(cents):
    """Sum of whole numbers."""
    total = int64(0)
    for i in range(cents.size):
        total += int64(cents[i])
    return total
