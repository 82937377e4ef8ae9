"""The passes over the week's orders as an engine does them, plain and compiled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np

from sim.kernels import orders_plain, trade_plain
from sim.kernels.layout import OrderColumns
from sim.kernels.order_layout import (
    Choosers,
    Draw,
    Lanes,
    Memory,
    Porting,
    Renewal,
    ShopParameters,
    Shops,
    SurplusColumns,
    Utility,
)

Array = np.ndarray


class OrderEngine(Protocol):
    """What becomes of orders: arguments and results as in `orders_plain` and `trade_plain`, where each is explained."""

    def carry_orders(
        self,
        placed: OrderColumns,
        identity: Array,
        zone_ends: Array,
        n_placed: Array,
        capacity: Array,
        chance: int,
        draw: Draw,
        n_carried: Array,
    ) -> Array:
        """Cancelled orders; counts the others."""
        ...

    def charge_consumers(
        self, placed: OrderColumns, is_cancelled: Array, zone_ends: Array, price: Array, fee: Array, balance: Array
    ) -> Array:
        """Money from consumers' balances for orders carried; sums by platform."""
        ...

    def weigh_orders(
        self,
        placed: OrderColumns,
        is_cancelled: Array,
        zone_ends: Array,
        choosers: Choosers,
        utility: Utility,
        out: SurplusColumns,
    ) -> None:
        """Consumers' surplus, habit's part of it and the privacy cost."""
        ...

    def renew_consumers(
        self,
        placed: OrderColumns,
        is_cancelled: Array,
        zone_ends: Array,
        memory: Memory,
        renewal: Renewal,
        n_classes: int,
        porting: Porting | None,
    ) -> Array:
        """Habits and profiles after the week; orders carried by zone, platform and class of the buyer."""
        ...

    def share_deliveries(
        self, minutes: Array, productivity: Array, zone_ends: Array, carried: Array, effective_minutes: Array
    ) -> Array:
        """Orders carried by each worker on each platform."""
        ...

    def pay_for_goods(
        self, n_carried: Array, price: Array, home: Array, rate: Array, tier: Array, sales: Array, commission: Array
    ) -> Array:
        """Goods sold and commission owed."""
        ...

    def trade_off_platforms(self, shops: Shops, parameters: ShopParameters) -> Array:
        """Offline trade, costs and the owners' draw."""
        ...

    def split_whole(self, total: Array, shares: Array) -> Array:
        """Whole parts of totals."""
        ...

    def effective_minutes(self, minutes: Array, productivity: Array, n_zones: int) -> Array:
        """Minutes online weighted by productivity, by platform and zone."""
        ...

    def sum_of(self, cents: Array) -> int:
        """Sum of whole numbers of any width."""
        ...


class PlainOrders:
    """NumPy only."""

    carry_orders = staticmethod(orders_plain.carry_orders)
    charge_consumers = staticmethod(orders_plain.charge_consumers)
    weigh_orders = staticmethod(orders_plain.weigh_orders)
    renew_consumers = staticmethod(orders_plain.renew_consumers)
    share_deliveries = staticmethod(orders_plain.share_deliveries)
    pay_for_goods = staticmethod(trade_plain.pay_for_goods)
    trade_off_platforms = staticmethod(trade_plain.trade_off_platforms)
    split_whole = staticmethod(trade_plain.split_whole)
    effective_minutes = staticmethod(trade_plain.effective_minutes)
    sum_of = staticmethod(trade_plain.sum_of)


class CompiledOrders:
    """numba loops, zone by zone on the engine's threads."""

    n_threads: int
    _pool: ThreadPoolExecutor | None

    def __init__(self) -> None:
        from sim.kernels.compiled import orders, trade

        self._orders, self._trade = orders, trade
        self.pay_for_goods = trade.pay_for_goods

    def sum_of(self, cents: Array) -> int:
        """Sum of whole numbers of any width."""
        return int(self._trade.sum_of(cents))

    def carry_orders(
        self,
        placed: OrderColumns,
        identity: Array,
        zone_ends: Array,
        n_placed: Array,
        capacity: Array,
        chance: int,
        draw: Draw,
        n_carried: Array,
    ) -> Array:
        """Cancelled orders; counts the others."""
        is_cancelled, ends = np.empty(len(placed.consumer), bool), _order_ends(placed, zone_ends)
        limits = n_placed, capacity, np.uint64(chance)
        written = is_cancelled, n_carried
        self._in_zones(
            self._orders.carry_in_zones, len(zone_ends), ends, placed, identity, *limits, _lanes(draw), *written
        )
        return is_cancelled

    def charge_consumers(
        self, placed: OrderColumns, is_cancelled: Array, zone_ends: Array, price: Array, fee: Array, balance: Array
    ) -> Array:
        """Money from consumers' balances for orders carried; sums by platform."""
        paid, ends = np.zeros((len(zone_ends), 3, len(fee)), np.int64), _order_ends(placed, zone_ends)
        self._in_zones(
            self._orders.charge_in_zones, len(zone_ends), ends, placed, is_cancelled, price, fee, balance, paid
        )
        return paid.sum(axis=0)

    def weigh_orders(
        self,
        placed: OrderColumns,
        is_cancelled: Array,
        zone_ends: Array,
        choosers: Choosers,
        utility: Utility,
        out: SurplusColumns,
    ) -> None:
        """Consumers' surplus, habit's part of it and the privacy cost."""
        ends = zone_ends, _order_ends(placed, zone_ends)
        self._in_zones(self._orders.weigh_in_zones, len(zone_ends), *ends, placed, is_cancelled, choosers, utility, out)

    def renew_consumers(
        self,
        placed: OrderColumns,
        is_cancelled: Array,
        zone_ends: Array,
        memory: Memory,
        renewal: Renewal,
        n_classes: int,
        porting: Porting | None,
    ) -> Array:
        """Habits and profiles after the week; orders carried by zone, platform and class of the buyer."""
        n_buyers = np.zeros((len(zone_ends), len(memory.habit), n_classes), np.int64)
        ends = zone_ends, _order_ends(placed, zone_ends)
        # Loops take what is left of a profile, in their own precision.
        pace = np.float32(renewal.habit_speed), np.float32(1.0 - renewal.profile_decay), renewal.data
        loop, more = self._orders.renew_in_zones, ()
        if porting is not None:
            loop, more = self._orders.renew_and_port_in_zones, (porting._replace(draw=_lanes(porting.draw)),)
        self._in_zones(loop, len(zone_ends), *ends, placed, is_cancelled, memory, *pace, n_buyers, *more)
        return n_buyers

    def share_deliveries(
        self, minutes: Array, productivity: Array, zone_ends: Array, carried: Array, effective_minutes: Array
    ) -> Array:
        """Orders carried by each worker on each platform."""
        deliveries, loop = np.empty(minutes.shape, np.int64), self._orders.share_in_zones
        self._in_zones(loop, len(zone_ends), zone_ends, minutes, productivity, carried, effective_minutes, deliveries)
        return deliveries

    def trade_off_platforms(self, shops: Shops, parameters: ShopParameters) -> Array:
        """Offline trade, costs and the owners' draw."""
        return self._trade.trade_off_platforms(shops, parameters)

    def split_whole(self, total: Array, shares: Array) -> Array:
        """Whole parts of totals."""
        parts = np.empty(shares.shape, np.int64)
        self._trade.split_whole(total, shares, parts)
        return parts

    def effective_minutes(self, minutes: Array, productivity: Array, n_zones: int) -> Array:
        """Minutes online weighted by productivity, by platform and zone."""
        total = np.empty((len(minutes), n_zones), np.int64)
        self._trade.effective_minutes(minutes, productivity, total)
        return total

    def _in_zones(self, loop: Callable[..., None], n_zones: int, *arguments: object) -> None:
        """Zones first, first + step, ... to each thread; one zone is done at once."""
        step = min(self.n_threads, n_zones)
        if self._pool is None or step == 1:
            loop(0, 1, *arguments)
        else:
            list(self._pool.map(lambda first: loop(first, step, *arguments), range(step)))


def _order_ends(placed: OrderColumns, zone_ends: Array) -> Array:
    """int64 (Z): entry after the last order of each zone's consumers."""
    return np.searchsorted(placed.consumer, zone_ends.astype(np.uint32))


def _lanes(draw: Draw | Lanes) -> Lanes:
    if isinstance(draw, Lanes):
        return draw
    return Lanes(*(np.uint64(part) for part in (draw.week, draw.stream, *draw.key)))
