"""A week of orders on several threads: shares of the consumers, room for their orders, one list in the end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.kernels.alias import block_bits
from sim.kernels.compiled import ordering
from sim.kernels.layout import ConsumerColumns, MarketTables, OrderColumns, Weights

Array = np.ndarray
BLOCK = 2048
"""Consumers handled at a time: their working arrays fit the second-level cache."""
SHARES_PER_THREAD = 8
"""More shares than threads, so that none waits long for the others."""
KINDS = (np.uint32, np.uint32, np.uint8, np.uint8)


class Shelf:
    """Arrays to be written again once nobody holds them or a part of them: fresh memory costs a microsecond a page."""

    def __init__(self) -> None:
        self.free: dict[int, Array] = {}

    def take(self, size: int, kind: type) -> Array:
        """An array with anything in it."""
        for number, array in list(self.free.items()):
            if array.dtype == kind and array.size >= size and self.free.pop(number, None) is not None:
                return np.asarray(Lent(array, self.free))[:size]
        return np.asarray(Lent(np.empty(size, kind), self.free))[:size]


class Lent:
    """Owner of what was taken from a shelf: every view refers to it, and with the last one the array comes back."""

    MOST_KEPT = 12

    def __init__(self, array: Array, free: dict[int, Array]) -> None:
        self.array, self.free, self.__array_interface__ = array, free, array.__array_interface__

    def __del__(self) -> None:
        self.free[id(self.array)] = self.array
        for oldest in list(self.free)[: -self.MOST_KEPT]:
            self.free.pop(oldest, None)


class OrderingWeek:
    """Keeps working arrays between weeks; what it returns is the caller's."""

    def __init__(self, n_threads: int, pool: ThreadPoolExecutor | None) -> None:
        self.n_threads, self.pool = n_threads, pool
        self.orders_per_consumer, self.orders_per_block = 1.0, BLOCK
        self._zone_ends, self._shares = np.empty(0, np.int64), [np.empty((0, 3), np.int64)]
        self._scratch: list[ordering.Scratch] = []
        self._shape, self._shelf = (), Shelf()

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
        """Log-sum, orders, and their numbers by zone and platform; the week is done again if a share lacks room."""
        keys = ordering.Keys(*(np.uint64(part) for part in (week, *streams, *key)))
        n_slots = tables.quality.size // len(zone_ends)
        shares, log_sum = self._shares_of(zone_ends), self._shelf.take(len(columns.identity), np.float32)
        while True:
            rooms = [self._room(share) for share in shares]
            starts = np.concatenate([[0], np.cumsum(rooms)]).tolist()
            orders = OrderColumns(*(self._shelf.take(starts[-1], kind) for kind in KINDS))
            ends, todo = [0] * len(shares), iter(range(len(shares)))
            shape = (*tables.platform_value.shape, n_slots, n_candidates, BLOCK, self.orders_per_block)

            def work(scratch, orders=orders, starts=starts, ends=ends, todo=todo) -> None:
                scratch.placed[:] = 0
                for s in todo:
                    ends[s] = ordering.order_in_blocks(
                        shares[s],
                        columns,
                        tables,
                        weights,
                        keys,
                        n_candidates,
                        block_bits(n_slots),
                        log_sum,
                        orders,
                        starts[s],
                        starts[s + 1],
                        scratch,
                    )

            scratches = self._scratch_of(shape)
            list((self.pool.map if self.pool else map)(work, scratches))
            missing = -min(ends, default=0)
            if missing <= 0:
                placed = np.sum([scratch.placed for scratch in scratches], axis=0)
                return log_sum, self._join(orders, starts, ends), placed
            # Loops only write their outputs, so that a week may be done again; room is kept and soon suffices for good.
            self.orders_per_consumer = 2.0 * self.orders_per_consumer + 0.1
            self.orders_per_block = max(self.orders_per_block, 2 * missing)

    def _join(self, orders: OrderColumns, starts: list[int], ends: list[int]) -> OrderColumns:
        """Close the gaps between the shares' orders, in place."""

        def close_gaps(column: Array) -> Array:
            n = ends[0]
            for start, end in zip(starts[1:-1], ends[1:], strict=True):
                column[n : n + end - start] = column[start:end]
                n += end - start
            return column[:n]

        return OrderColumns(*(self.pool.map if self.pool else map)(close_gaps, orders))

    def _room(self, share: Array) -> int:
        n_consumers = share[-1, 1] - share[0, 0] if len(share) else 0
        return int(self.orders_per_consumer * n_consumers) + self.orders_per_block

    def _scratch_of(self, shape: tuple[int, ...]) -> list[ordering.Scratch]:
        if self._shape != shape:
            self._scratch, self._shape = [ordering.make_scratch(*shape) for _ in range(self.n_threads)], shape
        return self._scratch

    def _shares_of(self, zone_ends: Array) -> list[Array]:
        """Blocks (first row, row after the last, zone) in shares of about equally many consumers."""
        if not np.array_equal(self._zone_ends, zone_ends):
            ends = [0, *zone_ends.tolist()]
            blocks = np.array(
                [(lo, min(hi, lo + BLOCK), z) for z, hi in enumerate(ends[1:]) for lo in range(ends[z], hi, BLOCK)],
                np.int64,
            ).reshape(-1, 3)
            n_shares = 1 if self.n_threads == 1 else min(len(blocks), SHARES_PER_THREAD * self.n_threads)
            self._zone_ends, self._shares = zone_ends.copy(), np.array_split(blocks, max(1, n_shares))
        return self._shares
