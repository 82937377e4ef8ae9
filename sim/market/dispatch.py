"""Orders become deliveries: cancellation, workers, delay."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.errors import BrokenMarket
from sim.kernels.order_layout import Draw, chance_below
from sim.randomness.draws import key_of
from sim.randomness.streams import Stream
from sim.world import Array, World


def carry_orders(world: World) -> None:
    """Some orders fail, those beyond capacity are cancelled, the rest are shared among workers online.

    Capacity is a hard limit: hours x productivity x deliveries an hour. Delay = base + congestion u^4 / (1 - u). Where
    nobody works for platforms, parcel services outside carry all orders, with delay base.

    Reads: orders, zones (capacity, placed, effective_minutes), workers (minutes, productivity), platforms.minutes.
    Writes: orders (is_cancelled, n_carried), zones (carried, cancelled, utilisation, delay), workers.deliveries.
    """
    orders, zones, parameters = world.orders, world.zones, world.sector.carriage
    cancel_orders(world)
    zones.carried[:] = world.by_zone(orders.n_carried).sum(axis=2)
    zones.cancelled[:] = zones.placed - zones.carried
    if (zones.cancelled < 0).any() or zones.cancelled.sum() != np.count_nonzero(orders.is_cancelled):
        raise BrokenMarket(f"week {world.week}: {zones.placed.sum()} orders placed, {zones.carried.sum()} carried")
    world.workers.deliveries[:] = share_deliveries(world)
    zones.utilisation[:] = utilisation(world)
    shortest = formulas.shortest_delay(parameters.base_delay, world.platforms.minutes[:, None])
    zones.delay[:] = formulas.delay(zones.utilisation, shortest, parameters.congestion)


def utilisation(world: World) -> Array:
    """Orders carried against capacity (J, Z): 1 where orders met nobody online, 0 where carriage is bought."""
    zones = world.zones
    if not world.has_workers:
        return np.zeros(zones.carried.shape)
    # 0 carried over a capacity of 0 says nothing: orders that met nobody count as the fullest load.
    unserved = (zones.capacity == 0) & (zones.placed > 0)
    return np.where(unserved, 1.0, zones.carried / np.maximum(zones.capacity, 1))


def cancel_orders(world: World) -> None:
    """Random failures, then as many more as exceed the capacity of platform and zone: those with the lowest draws.

    Draws are keyed by consumer and turn, so that orders elsewhere change nobody's.
    """
    # By draws that are kept per order, not by a new lottery of the zone: two runs with a little less capacity then
    # cancel the same orders and a few more.
    orders, zones = world.orders, world.zones
    orders.n_carried[:] = 0
    orders.is_cancelled = world.engine.carry_orders(
        orders.placed,
        world.consumers.identity,
        world.zone_ends,
        zones.placed,
        zones.capacity if world.has_workers else zones.placed,
        chance_below(world.sector.carriage.cancel_share),
        Draw(world.week, int(Stream.CANCELLATION), key_of(world.seed)),
        orders.n_carried,
    )


def share_deliveries(world: World) -> Array:
    """int64 (J, W): each zone's carried orders split over workers by effective time, whole and without remainder."""
    workers, zones = world.workers, world.zones
    return world.engine.share_deliveries(
        workers.minutes, workers.productivity, worker_ends(world), zones.carried, zones.effective_minutes
    )


def worker_ends(world: World) -> Array:
    """int64 (Z): row after the last worker of each zone."""
    return np.searchsorted(world.workers.zone, np.arange(1, world.n_zones + 1, dtype=np.int32))
