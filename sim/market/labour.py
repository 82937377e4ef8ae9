"""Who works this week, how long and for which apps, and whom platforms admit."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.market.licences import apps_open
from sim.market.tips import tip_of_order
from sim.parameters import CENTS
from sim.populations.consumers import app_flags
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import Array, World


def let_workers_choose_hours(world: World) -> None:
    """A worker works when the hourly earnings of the best mix of apps exceed this week's reservation wage.

    P(work) = e^eta / (e^eta + R^eta); hours split over apps with elasticity of substitution between them. A platform
    admits every worker who wants to, unless it owes them pay by the hour or may only employ those with a licence.

    Reads: workers, zones (expected_earnings, expected_admission, usual_placed, carried, tip_cents),
    platforms (worker_appeal, piece_rate_cents, floor_online, floor_engaged, rationing, busy_target, excluded, is_open).
    Writes: workers (wage_wanted, minutes, rationed_minutes, excluded_minutes, is_licensed, licence_cents), zones
    (effective_minutes, capacity, rationed_minutes).
    """
    workers, parameters, zones = world.workers, world.sector.workers, world.zones
    piece = zones.expected_earnings[:, workers.zone] * workers.productivity
    pay = expected_pay(world, piece, workers.zone)
    own, appeal = app_flags(workers.apps, world.n_platforms), world.platforms.worker_appeal
    apps = apps_in_business(world, own)
    shares, mix = formulas.app_shares(pay, appeal, apps, parameters.app_elasticity)
    u = draws.uniform(world.seed, Stream.WORKING_WEEK, world.week, workers.identity)
    # One draw a worker and week, kept as the reservation wage: surplus is later counted from the same number.
    workers.wage_wanted[:] = formulas.reservation_this_week(workers.reservation, u, parameters.supply_elasticity)
    is_working = workers.is_active & (mix > workers.wage_wanted)
    if not world.platforms.is_open.all():
        is_working &= own[world.platforms.is_open].any(axis=0)
    workers.excluded_minutes[:], workers.licence_cents[:] = 0, 0
    if world.platforms.excluded.any():
        is_open = apps_open(world, pay, apps)
        is_in = is_open.any(axis=0)
        shares, mix = formulas.app_shares(pay, appeal, np.where(is_in, is_open, apps), parameters.app_elasticity)
        would_work, is_working = is_working, workers.is_active & is_in & (mix > workers.wage_wanted)
        workers.excluded_minutes[:] = workers.minutes_if_working * (would_work & ~is_working)
    wanted = world.engine.split_whole(workers.minutes_if_working * is_working, shares)
    workers.minutes[:], workers.rationed_minutes[:], zones.rationed_minutes[:] = wanted, workers.excluded_minutes, 0
    if world.platforms.rationing.any():
        workers.minutes[:] = ration(world, wanted)
        refused = wanted - workers.minutes
        workers.rationed_minutes += refused.sum(axis=0, dtype=np.int32)
        zones.rationed_minutes[:] = refused.reshape(world.n_platforms, world.n_zones, -1).sum(axis=2)
    zones.effective_minutes[:] = world.engine.effective_minutes(workers.minutes, workers.productivity, world.n_zones)
    # Whole deliveries, since orders are counted; a zone's remainder, not each worker's, is lost.
    zones.capacity[:] = np.floor(zones.effective_minutes / 60.0 * world.sector.carriage.deliveries_per_hour)


def apps_in_business(world: World, flags: Array) -> Array:
    """Apps (bool, J, n) that workers can work for; who has none of those keeps all, so that shares are numbers."""
    if world.platforms.is_open.all():
        return flags
    usable = flags & world.platforms.is_open[:, None]
    return np.where(usable.any(axis=0), usable, flags)


def expected_pay(world: World, piece: Array, zone: Array) -> Array:
    """float32 (J, n): pay that workers of these zones expect for an hour offered, from the earnings they expect (J, n).

    Of these the platform pays w / (w + tip); the floor where that is more, and the tips; times the part of the time
    offered that is spent online. A floor for hours on deliveries counts for the part of an hour online that a mean
    worker expects to be busy, e / (w x deliveries).
    """
    # Busy time from smoothed earnings, not from last week's utilisation: with the latter, workers chased the busiest
    # app from week to week until the market broke down.
    zones, platforms = world.zones, world.platforms
    if not (platforms.floor_online.any() or platforms.floor_engaged.any()):
        return piece
    rate = np.maximum(platforms.piece_rate_cents, 1) / CENTS
    of_app = (rate / (rate + tip_of_order(world))).astype(np.float32)[:, None]
    full_hour = world.sector.carriage.deliveries_per_hour * rate
    busy = (of_app * zones.expected_earnings / full_hour[:, None]).astype(np.float32)[:, zone]
    online, engaged = (f.astype(np.float32)[:, None] for f in (platforms.floor_online, platforms.floor_engaged))
    paid = of_app * piece
    return formulas.expected_hour(paid, piece - paid, online, engaged, busy, zones.expected_admission[:, zone])


def ration(world: World, wanted: Array) -> Array:
    """int64 (J, W): minutes online when platforms admit workers in a weekly random order, until needed hours are full.

    A platform that owes a floor f for every hour needs no more hours than earn it, O w / f, and no fewer than carry the
    usual orders O with a margin for chance, (O + 2 sqrt O) / (deliveries an hour x utilisation).
    """
    # Without rationing a floor per hour attracts hours while orders do not grow, until platforms lose money on every
    # order. `may_ration: false` of the instrument shows what rationing contributes.
    workers, platforms, zones, carriage = world.workers, world.platforms, world.zones, world.sector.carriage
    needed = 60.0 * formulas.hours_needed(
        zones.usual_placed.astype(np.float64),
        (platforms.piece_rate_cents / CENTS)[:, None],
        platforms.floor_online[:, None],
        carriage.deliveries_per_hour,
        platforms.busy_target[:, None],
    )
    effective = np.rint(wanted * workers.productivity).reshape(world.n_platforms, world.n_zones, -1)
    excess = np.maximum(effective.sum(axis=2) - needed, 0.0)
    room = needed + (1.0 - platforms.rationing)[:, None] * excess
    admitted = wanted.copy()
    for j in np.flatnonzero(platforms.rationing):
        draw = draws.uniform(world.seed, Stream.ADMISSION, world.week, workers.identity, int(j))
        order = np.argsort(draw.reshape(world.n_zones, -1), axis=1, kind="stable")
        sorted_minutes = np.take_along_axis(effective[j], order, axis=1)
        before = np.cumsum(sorted_minutes, axis=1) - sorted_minutes
        is_in = np.empty(order.shape, bool)
        # Whoever starts below the limit comes in with all of their hours: half a worker's too many on average, which
        # the mean field counts as well (`forecast.labour.admit`).
        np.put_along_axis(is_in, order, before < room[j][:, None], axis=1)
        admitted[j, ~is_in.ravel()] = 0
    return admitted


def realised_earnings(world: World) -> Array:
    """float32 (J, Z): pieces and tips of an effective hour online; where nobody was, what a first worker would earn."""
    zones, carriage = world.zones, world.sector.carriage
    rate = (world.platforms.piece_rate_cents / CENTS)[:, None]
    hours = zones.effective_minutes / 60.0
    fullest = formulas.FULLEST * carriage.deliveries_per_hour * (rate + tip_of_order(world)[:, None])
    alone = np.where((zones.placed > 0) & (zones.rationed_minutes == 0), fullest, 0.0)
    pay = zones.carried * rate + zones.tip_cents / CENTS
    earned = np.where(hours > 0.0, pay / np.where(hours > 0.0, hours, 1.0), alone)
    # Expectations follow its logarithm.
    return np.maximum(earned, 0.01).astype(np.float32)


def realised_admission(world: World) -> Array:
    """float32 (J, Z): part of the time offered to a platform that was online; 1 where none was offered."""
    zones = world.zones
    if not zones.rationed_minutes.any():
        return np.ones(zones.rationed_minutes.shape, np.float32)
    online = world.workers.minutes.reshape(world.n_platforms, world.n_zones, -1).sum(axis=2)
    given = formulas.time_given(online, zones.rationed_minutes, world.sector.workers.waiting_share)
    return np.where(given > 0.0, online / np.maximum(given, 1.0), 1.0).astype(np.float32)
