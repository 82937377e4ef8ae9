"""Licences to work: whom platforms exclude for want of one, and who gets one."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.kernels import elementary
from sim.ledger.accounts import Account, Party
from sim.parameters import CENTS
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import Array, World


def apps_open(world: World, pay: Array, apps: Array) -> Array:
    """Apps that admit each worker (bool, J x W); a worker whom some exclude may get a licence first.

    A platform excludes a share `excluded` of those without a licence, always the same people. pay (J, W): what an hour
    is expected to earn; apps bool (J, W): what is installed.
    """
    is_off = apps & excluded_from(world)
    if not is_off.any():
        return apps
    get_licences(world, pay, apps, is_off)
    return apps & ~(is_off & ~world.workers.is_licensed)


def excluded_from(world: World) -> Array:
    """Platforms that a worker without a licence cannot work for: bool (J, W)."""
    # Drawn in week 0, by identity and platform: the same people as long as the share stays, and more of them, never
    # others, as it grows.
    workers, excluded = world.workers, world.platforms.excluded
    index = np.arange(world.n_platforms)[:, None]
    everyone = np.broadcast_to(workers.identity, (world.n_platforms, len(workers)))
    draw = draws.uniform(world.seed, Stream.BARRING, 0, everyone, np.broadcast_to(index, everyone.shape))
    return (draw < excluded[:, None]) & ~workers.is_licensed & workers.is_active


def get_licences(world: World, pay: Array, apps: Array, is_off: Array) -> None:
    """Excluded workers consider a licence from time to time, and get one if it saves more than it costs.

    Saved: earnings of a mean week with all apps less those with the apps that are open, times the horizon. Costs are
    log-logistic between workers, drawn once. The mean field (`forecast.labour.open_to`) takes the chance that a cost
    lies below what is saved.

    Writes: workers (is_licensed, licence_cents).
    """
    workers, parameters = world.workers, world.sector.licences
    thinks = draws.uniform(world.seed, Stream.LICENCE_REVIEW, world.week, workers.identity) < parameters.review_rate
    rows = np.flatnonzero(thinks & is_off.any(axis=0))
    if not len(rows):
        return
    open_now = apps[:, rows] & ~is_off[:, rows]
    with_all, with_open = (weekly_earnings(world, rows, pay[:, rows], flags) for flags in (apps[:, rows], open_now))
    saved = parameters.horizon_weeks * (with_all - with_open)
    draw = draws.uniform(world.seed, Stream.LICENCE_COST, 0, workers.identity[rows])
    median = np.full(len(rows), parameters.cost_weeks * world.sector.usual_weekly_pay, np.float32)
    cost = formulas.reservation_this_week(median, draw, parameters.cost_spread)
    takes = saved > cost
    workers.is_licensed[rows[takes]] = True
    workers.licence_cents[rows[takes]] = np.rint(CENTS * cost[takes].astype(np.float64)).astype(np.int64)


def weekly_earnings(world: World, rows: Array, pay: Array, flags: Array) -> Array:
    """float32 (n): hours x chance to work x hourly earnings of the best mix; 0 where no app is open."""
    workers, parameters = world.workers, world.sector.workers
    is_in = flags.any(axis=0)
    usable = np.where(is_in, flags, True)
    _, mix = formulas.app_shares(pay, world.platforms.worker_appeal, usable, parameters.app_elasticity)
    odds = elementary.log(mix / workers.reservation[rows])
    chance = elementary.logistic(np.float32(parameters.supply_elasticity) * odds)
    return (workers.minutes_if_working[rows] / np.float32(60.0) * chance * mix * is_in).astype(np.float32)


def settle_licences(world: World) -> None:
    """Licences are paid for.

    Reads: workers.licence_cents. Writes: workers.balance_cents, ledger.
    """
    paid = world.workers.licence_cents
    if paid.any():
        world.ledger.transfer(Account.LICENCES, Party.WORKERS, paid, Party.WORLD, paid.sum())
