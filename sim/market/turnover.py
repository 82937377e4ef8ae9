"""Workers who join the pool and workers who leave it."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.ledger.accounts import Account, Party
from sim.market.labour import apps_in_business, expected_pay
from sim.populations.table import Array, first_free_slots
from sim.populations.workers import draw_licences, recruit
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import World

FIRST_RECRUIT = 2**31
"""Identities from here on are recruits', by week, zone and turn."""
MOST_RECRUITS = 64
"""Potential recruits of a zone and week are cut here; identities are spaced by it."""


def turn_over_workers(world: World) -> None:
    """Some workers leave for good; potential recruits join with log odds in proportion to log hourly earnings.

    Of the n0 workers of a zone a share d leaves in a week; 2 d n0 people consider joining, and each does with chance
    e^k / (e^k + usual^k): at usual earnings as many join as leave, and the pool has elasticity k / 2 to earnings.

    Reads: workers, zones (expected_earnings, expected_admission, carried, tip_cents), platforms (worker_appeal,
    piece_rate_cents, floor_online, floor_engaged, is_open).
    Writes: workers (rows of those who join and leave), zones (n_joined, n_left), ledger.
    """
    # The pool turns over even at usual earnings: over a year more people work than are there at a time, which is how
    # statistics count them.
    workers, zones, parameters = world.workers, world.zones, world.sector.workers
    leaves = draws.uniform(world.seed, Stream.WORKER_LEAVING, world.week, workers.identity) < parameters.leaving_rate
    leaves &= workers.is_active
    zones.n_left[:], zones.n_joined[:] = 0, 0
    if leaves.any():
        taken = np.where(leaves, workers.balance_cents, 0)
        world.ledger.transfer(Account.TAKEN_ALONG, Party.WORKERS, taken, Party.WORLD, taken.sum())
        workers.is_active[leaves] = False
        zones.n_left[:] = np.bincount(workers.zone[leaves], minlength=world.n_zones)
    zone, identity = _willing_recruits(world)
    if not len(zone):
        return
    rows, placed = first_free_slots(workers, zone, world.n_zones)
    zones.n_joined[:] = np.bincount(zone[placed], minlength=world.n_zones)
    recruit(workers, rows, identity[placed], parameters, list(world.sector.platforms.values()), world.seed)
    licensed_share = world.sector.licences.licensed_share
    workers.is_licensed[rows] = draw_licences(identity[placed], licensed_share, world.seed)


def _willing_recruits(world: World) -> tuple[Array, Array]:
    """Zone and identity of the people who join this week."""
    parameters, seed, week = world.sector.workers, world.seed, world.week
    everywhere, mean = np.arange(world.n_zones), 2.0 * parameters.leaving_rate * parameters.n_per_zone
    count = draws.poisson(seed, Stream.POTENTIAL_RECRUITS, week, everywhere, mean, MOST_RECRUITS)
    zone = np.repeat(everywhere, count)
    if not len(zone):
        return zone, zone
    turn = np.arange(len(zone)) - np.repeat(np.cumsum(count) - count, count)
    identity = (FIRST_RECRUIT + (week * world.n_zones + zone) * MOST_RECRUITS + turn).astype(np.uint32)
    # Of mean productivity and with every app: what a recruit will have is drawn only when they join.
    pay = expected_pay(world, world.zones.expected_earnings, everywhere)
    has_app = apps_in_business(world, np.ones_like(pay, bool))
    _, mix = formulas.app_shares(pay, world.platforms.worker_appeal, has_app, parameters.app_elasticity)
    chance = formulas.joining_chance(mix, parameters.usual_earnings, parameters.joining_elasticity)[zone]
    joins = draws.uniform(seed, Stream.JOINING, week, identity) < chance
    return zone[joins], identity[joins]
