"""Which implementation runs, on how many threads: a setting of the machine, never of the result."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Literal, Protocol

import numpy as np

from sim.kernels import cache, inclusive, installation, ordering_plain
from sim.kernels.layout import ConsumerColumns, MarketTables, OrderColumns, Weights
from sim.kernels.order_engine import CompiledOrders, OrderEngine, PlainOrders

Array = np.ndarray
Backend = Literal["auto", "compiled", "plain"]
SMALL_RUN = 3_000_000
"""Consumer-weeks below which a cold compilation costs more than the plain kernel."""


class Engine(OrderEngine, Protocol):
    """The loops that an economy needs done fast."""

    def mean_utility(self, weight: Array, quality: Array, price: Array, sensitivity: Array, n_slots: int) -> Array:
        """Ranking-weighted mean of exp(v / scale) of what is listed, (J, Z, C)."""
        ...

    def place_orders(
        self,
        columns: ConsumerColumns,
        tables: MarketTables,
        weights: Weights,
        zone_ends: Array,
        n_candidates: int,
        week: int,
        streams: tuple[int, int],
        key: tuple[int, int],
    ) -> tuple[Array, OrderColumns, Array]:
        """Log-sum (float32, N), orders of a week, and their numbers by zone and platform (int64 (Z, J))."""
        ...


class PlainEngine(PlainOrders):
    """NumPy only: no compilation, one thread, the same bits."""

    mean_utility = staticmethod(inclusive.mean_utility_plain)
    place_orders = staticmethod(ordering_plain.place_orders)


class CompiledEngine(CompiledOrders):
    """numba loops on `n_threads` threads."""

    def __init__(self, n_threads: int = 1) -> None:
        from sim.kernels.compiled import inclusive as compiled_inclusive
        from sim.kernels.compiled.week import OrderingWeek

        super().__init__()
        installation.install()
        self.n_threads = n_threads
        self._pool = ThreadPoolExecutor(n_threads) if n_threads > 1 else None
        self._inclusive = compiled_inclusive
        self.place_orders = OrderingWeek(n_threads, self._pool).place_orders

    def mean_utility(self, weight: Array, quality: Array, price: Array, sensitivity: Array, n_slots: int) -> Array:
        """Ranking-weighted mean of exp(v / scale) of what is listed, (J, Z, C)."""
        n_zones = weight.shape[1] // n_slots
        mean = np.empty((weight.shape[0], n_zones, len(sensitivity)))

        def work(first: int, last: int) -> None:
            self._inclusive.mean_utility(weight, quality, price, sensitivity, n_slots, first, last, mean)

        # By zones, which share nothing that is written: how many threads there are changes no bit.
        cuts = [n_zones * part // self.n_threads for part in range(self.n_threads + 1)]
        list((self._pool.map if self._pool else map)(work, cuts[:-1], cuts[1:]))
        return mean


def choose_engine(backend: Backend, n_threads: int, consumer_weeks: int) -> Engine:
    """`auto`: plain for a small run until compiled code lies in the cache, compiled otherwise."""
    if backend == "plain":
        return PlainEngine()
    if backend == "auto" and consumer_weeks < SMALL_RUN and not cache.is_warm():
        return PlainEngine()
    return CompiledEngine(n_threads)
