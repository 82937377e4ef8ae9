"""Who works this week, how long and for which apps, and whom platforms admit."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.parameters import CENTS
from sim.populations.consumers import app_flags
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import Array, World


def let_workers_choose_hours(world: World) -> None:
    """A rider works when the hourly earnings of the best mix of apps exceed this week's reservation wage.

    P(work) = e^eta / (e^eta + R^eta); hours split over apps with elasticity of substitution between them. A platform
    admits every rider who wants to, unless it owes them pay by the hour.

    Reads: workers, zones (expected_earnings, usual_placed), platforms (worker_appeal, piece_rate_cents, floor_online,
    rationing).
    Writes: workers (wage_wanted, minutes, locked_out), zones (effective_minutes, capacity, locked_out).
    """
    workers, numbers, zones = world.workers, world.sector.workers, world.zones
    earnings = zones.expected_earnings[:, workers.zone]
    shares, mix = formulas.app_shares(
        earnings,
        world.platforms.worker_appeal,
        app_flags(workers.apps, world.n_platforms),
        numbers.app_elasticity,
    )
    u = draws.uniform(world.seed, Stream.WORKING_WEEK, world.week, workers.identity)
    workers.wage_wanted[:] = formulas.reservation_this_week(workers.reservation, u, numbers.supply_elasticity)
    is_working = workers.is_active & (mix * workers.productivity > workers.wage_wanted)
    wanted = split_whole(np.where(is_working, workers.minutes_if_working, 0), shares)
    workers.minutes[:] = ration(world, wanted) if world.platforms.rationing.any() else wanted
    refused = wanted - workers.minutes
    workers.locked_out[:] = refused.sum(axis=0)
    effective = np.rint(workers.minutes * workers.productivity).astype(np.int64)
    for j in range(world.n_platforms):
        zones.effective_minutes[j] = np.bincount(workers.zone, weights=effective[j], minlength=world.n_zones)
        zones.locked_out[j] = np.bincount(workers.zone, weights=refused[j], minlength=world.n_zones)
    zones.capacity[:] = np.floor(zones.effective_minutes / 60.0 * world.sector.carriage.deliveries_per_hour)


def ration(world: World, wanted: Array) -> Array:
    """int64 (J, W): minutes on line when platforms admit riders, by a weekly lot, until the hours they need are full.

    A platform that owes a floor f for every hour needs no more hours than earn it, O w / f, and no fewer than carry the
    usual orders O with a margin for chance, (O + 2 sqrt O) / (deliveries an hour x utilisation).
    """
    workers, platforms, zones, carriage = world.workers, world.platforms, world.zones, world.sector.carriage
    orders = zones.usual_placed.astype(np.float64)
    floor = np.maximum(platforms.floor_online, 0.01)[:, None]
    earning = orders * (platforms.piece_rate_cents / CENTS)[:, None] / floor
    carrying = (orders + 2.0 * np.sqrt(orders)) / (carriage.deliveries_per_hour * carriage.rationing_utilisation)
    needed = 60.0 * np.maximum(earning, carrying)
    effective = np.rint(wanted * workers.productivity).reshape(world.n_platforms, world.n_zones, -1)
    excess = np.maximum(effective.sum(axis=2) - needed, 0.0)
    room = needed + (1.0 - platforms.rationing)[:, None] * excess
    admitted = wanted.copy()
    for j in np.flatnonzero(platforms.rationing):
        lot = draws.uniform(world.seed, Stream.ADMISSION, world.week, workers.identity, int(j))
        order = np.argsort(lot.reshape(world.n_zones, -1), axis=1, kind="stable")
        sorted_minutes = np.take_along_axis(effective[j], order, axis=1)
        before = np.cumsum(sorted_minutes, axis=1) - sorted_minutes
        is_in = np.empty(order.shape, bool)
        np.put_along_axis(is_in, order, before < room[j][:, None], axis=1)
        admitted[j, ~is_in.ravel()] = 0
    return admitted


def split_whole(total: Array, shares: Array) -> Array:
    """Whole numbers (J, n) in proportion to shares (J, n), summing to total (n): steps of rounded running sums."""
    ends = np.floor(np.cumsum(shares.astype(np.float64), axis=0) * total + 0.5).astype(np.int64)
    ends[-1] = total
    return np.diff(np.minimum(ends, total), axis=0, prepend=0)


def realised_earnings(world: World) -> Array:
    """float32 (J, Z): pay an hour given to a platform, time lost in waiting to be admitted included.

    Where nobody gave any, what a first rider would have earned, and nothing where nobody was let in.
    """
    zones, platforms, carriage = world.zones, world.platforms, world.sector.carriage
    rate = (platforms.piece_rate_cents / CENTS)[:, None]
    waiting = world.sector.workers.waiting_share * zones.locked_out
    hours = (zones.effective_minutes + waiting) / 60.0
    pay = zones.carried * rate + zones.top_up_cents / CENTS
    fullest = np.maximum(formulas.FULLEST * carriage.deliveries_per_hour * rate, platforms.floor_online[:, None])
    alone = np.where(zones.placed > 0, fullest, platforms.floor_online[:, None]) * (zones.locked_out == 0)
    earned = np.where(hours > 0.0, pay / np.where(hours > 0.0, hours, 1.0), alone)
    return np.maximum(earned, 0.01).astype(np.float32)
