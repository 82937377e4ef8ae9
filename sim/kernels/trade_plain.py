"""Merchants' and workers' sums of a week: the reference implementation, in plain NumPy, of the compiled loops.

J platforms, Z zones with R / Z merchant rows each, W workers sorted by zone. Money is int64 cents.
"""

from __future__ import annotations

import numpy as np

from sim.kernels.order_layout import ShopParameters, Shops

Array = np.ndarray
F64, I64 = np.float64, np.int64


def pay_for_goods(
    n_carried: Array, price: Array, home: Array, rate: Array, tier: Array, sales: Array, commission: Array
) -> Array:
    """Goods sold and commission owed, into `sales` and `commission` (R); rounded once a merchant and platform.

    n_carried, price and home are (J, R), home -1 where a merchant is not seen; rate is (J, T), tier uint8 (R). Returns
    goods of the platforms that carried them, and commission of those whose listing was used: int64 (2, J).
    """
    goods = n_carried * price
    # Where a merchant is not seen nothing is sold: any owner serves, and -1 would be somebody else's row.
    owner = np.where(home < 0, np.arange(len(home))[:, None], home)
    owed = np.rint(rate[owner, tier] * goods)
    sales[:], commission[:] = goods.sum(axis=0), owed.sum(axis=0)
    received = np.bincount(owner.ravel(), weights=owed.ravel(), minlength=len(home))
    return np.stack([goods.sum(axis=1), received.astype(I64)])


def trade_off_platforms(shops: Shops, parameters: ShopParameters) -> Array:
    """Offline trade less what platforms divert, costs, and the owners' draw above the cash buffer.

    Writes profit and balance. Returns what all merchants together take off the platforms, spend on ingredients, pay in
    fixed costs and withdraw: int64 (4).
    """
    carried = shops.n_carried.sum(axis=0)
    usual = shops.offline_orders.astype(F64) * shops.shock
    offline = np.maximum(usual - parameters.diversion * carried, 0.0) * shops.is_active
    income = np.rint(offline * shops.offline_price).astype(I64)
    ingredients = carried * shops.unit_cost + np.rint(offline * shops.unit_cost).astype(I64)
    fixed = (shops.fixed_cost + shops.is_listed.sum(axis=0) * parameters.listing_cost) * shops.is_active
    gained = income - ingredients - fixed
    shops.profit[:] = shops.sales - shops.commission + gained
    cash = shops.balance + gained
    drawn = np.maximum(cash - parameters.cash_buffer, 0)
    shops.balance[:] = cash - drawn
    return np.array([income.sum(), ingredients.sum(), fixed.sum(), drawn.sum()])


def split_whole(total: Array, shares: Array) -> Array:
    """Whole numbers (J, n) in proportion to shares (J, n), summing to total (n): steps of rounded running sums."""
    ends = np.floor(np.cumsum(shares.astype(F64), axis=0) * total + 0.5).astype(I64)
    # Set, not computed: shares in single precision need not add up to 1.
    ends[-1] = total
    return np.diff(np.minimum(ends, total), axis=0, prepend=0)


def effective_minutes(minutes: Array, productivity: Array, n_zones: int) -> Array:
    """Minutes online (J, W) weighted by productivity (W), rounded worker by worker: int64 (J, Z)."""
    return np.rint(minutes * productivity.astype(F64)).astype(I64).reshape(len(minutes), n_zones, -1).sum(axis=2)


def sum_of(cents: Array) -> int:
    """Sum of whole numbers of any width."""
    return int(cents.sum(dtype=I64))
