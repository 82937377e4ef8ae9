"""Which implementation runs, on how many threads: a setting of the machine, never of the result."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Literal, Protocol

import numpy as np

from sim.kernels import alias, inclusive, ordering_plain
from sim.kernels.layout import ConsumerColumns, MarketTables, OrderColumns, Weights

Array = np.ndarray
Backend = Literal["auto", "compiled", "plain"]
BLOCK = 1024
"""Consumers handled at a time: their working arrays fit the second-level cache."""
SMALL_RUN = 3_000_000
"""Consumer-weeks below which a cold compilation costs more than the plain kernel."""


class Engine(Protocol):
    """The loops that an economy needs done fast."""

    def build_alias(self, weight: Array, n_slots: int) -> Array:
        """Alias tables (J, Z S) of ranking weights."""
        ...

    def mean_worth(self, weight: Array, quality: Array, price: Array, sensitivity: Array, n_slots: int) -> Array:
        """Ranking-weighted mean worth (J, Z, C) of what is listed."""
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
    ) -> tuple[Array, Array, OrderColumns]:
        """Occasions, log-sum and orders of a week."""
        ...


class PlainEngine:
    """NumPy only: no compilation, one thread, the same bits."""

    build_alias = staticmethod(alias.build_plain)
    mean_worth = staticmethod(inclusive.mean_worth_plain)
    place_orders = staticmethod(ordering_plain.place_orders)


class CompiledEngine:
    """numba loops on `n_threads` threads."""

    def __init__(self, n_threads: int = 1) -> None:
        from sim.kernels.compiled import alias as compiled_alias
        from sim.kernels.compiled import inclusive as compiled_inclusive
        from sim.kernels.compiled import ordering

        self.n_threads = n_threads
        self._ordering, self._alias, self._inclusive = ordering, compiled_alias, compiled_inclusive
        self._orders_per_block, self._occasions_per_block = 2 * BLOCK, 8 * BLOCK
        self._zone_ends, self._blocks = np.empty(0, np.int64), np.empty((0, 3), np.int64)
        self._scratch: list = []
        self._scratch_shape = (0, 0)
        self._room: OrderColumns | None = None
        self._pool = ThreadPoolExecutor(n_threads) if n_threads > 1 else None

    def build_alias(self, weight: Array, n_slots: int) -> Array:
        """Alias tables (J, Z S) of ranking weights."""
        table = np.empty(weight.shape, np.uint64)
        self._alias.build_tables(weight, n_slots, table)
        return table

    def mean_worth(self, weight: Array, quality: Array, price: Array, sensitivity: Array, n_slots: int) -> Array:
        """Ranking-weighted mean worth (J, Z, C) of what is listed."""
        mean = np.empty((weight.shape[0], weight.shape[1] // n_slots, len(sensitivity)))
        self._inclusive.mean_worth(weight, quality, price, sensitivity, n_slots, mean)
        return mean

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
    ) -> tuple[Array, Array, OrderColumns]:
        """Occasions, log-sum and orders of a week; a block that lacks room is given more and the week done again."""
        n_consumers, blocks = len(columns.identity), self._blocks_of(zone_ends)
        keys = self._ordering.Keys(*(np.uint64(part) for part in (week, *streams, *key)))
        occasions, log_sum = np.empty(n_consumers, np.uint8), np.empty(n_consumers, np.float32)
        while True:
            most, room = self._orders_per_block, len(blocks) * self._orders_per_block
            if self._room is None or len(self._room.consumer) != room:
                self._room = OrderColumns(
                    *(np.empty(room, kind) for kind in (np.uint32, np.uint32, np.uint8, np.uint8))
                )
            orders = self._room
            written = np.zeros(len(blocks), np.int64)
            self._reserve(len(tables.perceived_data), n_candidates)

            def work(thread: int, orders=orders, written=written, most=most) -> None:
                self._ordering.order_in_blocks(
                    thread, self.n_threads, blocks, columns, tables, weights, keys, n_candidates,
                    occasions, log_sum, orders, written, most, self._scratch[thread],
                )  # fmt: skip

            list(self._pool.map(work, range(self.n_threads)) if self._pool else map(work, [0]))
            missing = int(-written.min(initial=0))
            if missing == 0:
                return occasions, log_sum, OrderColumns(*(self._ordering.join_blocks(c, written, most) for c in orders))
            self._orders_per_block = max(most, 2 * missing)
            self._occasions_per_block = max(self._occasions_per_block, 2 * missing)
            self._scratch = []

    def _blocks_of(self, zone_ends: Array) -> Array:
        if not np.array_equal(self._zone_ends, zone_ends):
            self._zone_ends = zone_ends.copy()
            starts = np.concatenate([[0], zone_ends[:-1]])
            self._blocks = np.array(
                [
                    (lo, min(hi, lo + BLOCK), z)
                    for z, (a, hi) in enumerate(zip(starts, zone_ends, strict=True))
                    for lo in range(a, hi, BLOCK)
                ],
                np.int64,
            )
        return self._blocks

    def _reserve(self, n_platforms: int, n_candidates: int) -> None:
        shape = (n_platforms, n_candidates)
        if not self._scratch or self._scratch_shape != shape:
            size = self._occasions_per_block
            self._scratch = [self._ordering.make_scratch(*shape, BLOCK, size) for _ in range(self.n_threads)]
            self._scratch_shape = shape


def choose_engine(backend: Backend, n_threads: int, consumer_weeks: int) -> Engine:
    """`auto`: plain for a small run until compiled code lies in the cache, compiled otherwise."""
    if backend == "plain":
        return PlainEngine()
    if backend == "auto" and consumer_weeks < SMALL_RUN:
        from sim.kernels.compiled import cache_folder

        if not any(cache_folder().rglob("ordering.order_in_blocks*.nbc")):
            return PlainEngine()
    return CompiledEngine(n_threads)
