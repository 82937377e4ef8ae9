"""Orders become deliveries: cancellation, riders, delay."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.errors import BrokenMarket
from sim.market.choice import count_by_zone
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import Array, World


def carry_orders(world: World) -> None:
    """Some orders fail, those beyond capacity are cancelled, the rest is shared among riders on line.

    Capacity is hard: hours x productivity x deliveries an hour. Delay = base + congestion u^4 / (1 - u).

    Reads: orders, zones (capacity, placed), workers (minutes).
    Writes: orders (is_cancelled, n_carried), zones (carried, cancelled, utilisation, delay), workers.deliveries.
    """
    orders, zones, numbers = world.orders, world.zones, world.sector.carriage
    orders.is_cancelled[:] = cancelled_orders(world)
    kept = ~orders.is_cancelled
    n_rows = len(world.merchants)
    cell = orders.placed.platform[kept].astype(np.int64) * n_rows + orders.placed.merchant[kept]
    orders.n_carried[:] = np.bincount(cell, minlength=orders.n_carried.size).reshape(orders.n_carried.shape)
    zones.carried[:] = world.by_zone(orders.n_carried).sum(axis=2)
    zones.cancelled[:] = zones.placed - zones.carried
    if (zones.cancelled < 0).any() or zones.cancelled.sum() != orders.is_cancelled.sum():
        raise BrokenMarket(f"week {world.week}: {zones.placed.sum()} orders placed, {zones.carried.sum()} carried")
    world.workers.deliveries[:] = share_deliveries(world)
    unserved = (zones.capacity == 0) & (zones.placed > 0)
    zones.utilisation[:] = np.where(unserved, 1.0, zones.carried / np.maximum(zones.capacity, 1))
    zones.delay[:] = formulas.delay(zones.utilisation, numbers.base_delay, numbers.congestion)


def cancelled_orders(world: World) -> Array:
    """bool, one an order: chance failures, then as many more as exceed the capacity of platform and zone."""
    placed, zones = world.orders.placed, world.zones
    u = draws.uniform(
        world.seed,
        Stream.CANCELLATION,
        world.week,
        world.consumers.identity[placed.consumer],
        placed.occasion.astype(np.uint64),
    )
    is_cancelled = u < world.sector.carriage.cancel_share
    remaining = zones.placed - count_by_zone(world, placed.platform[is_cancelled], placed.merchant[is_cancelled])
    for j, z in np.argwhere(remaining > zones.capacity):
        lo, hi = z * world.n_slots, (z + 1) * world.n_slots
        here = np.flatnonzero((placed.platform == j) & (placed.merchant >= lo) & (placed.merchant < hi) & ~is_cancelled)
        excess = int(remaining[j, z] - zones.capacity[j, z])
        is_cancelled[here[np.argsort(u[here], kind="stable")[:excess]]] = True
    return is_cancelled


def share_deliveries(world: World) -> Array:
    """int64 (J, W): each zone's carried orders split over riders by effective time, whole and without remainder."""
    workers, zones = world.workers, world.zones
    effective = np.rint(workers.minutes * workers.productivity).astype(np.int64)
    ends = np.cumsum(effective, axis=1)
    first = np.searchsorted(workers.zone, np.arange(world.n_zones))
    before = np.concatenate([np.zeros((world.n_platforms, 1), np.int64), ends], axis=1)[:, first]
    within = ends - before[:, workers.zone]
    orders, total = zones.carried[:, workers.zone], np.maximum(zones.effective_minutes[:, workers.zone], 1)
    return orders * within // total - orders * (within - effective) // total
