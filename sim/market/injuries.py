"""Injuries of those who carry orders: how often, what they cost, and who bears it."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.kernels import precise
from sim.ledger.accounts import Account, Party
from sim.parameters import CENTS
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import Array, World

MILLION = 1e6


def settle_injuries(world: World) -> None:
    """Workers are hurt, treated and paid for; platforms pay premiums for orders that are insured.

    A worker is hurt with chance 1 - exp(-sum over platforms of hazard x (1 - safety) x deliveries), at most once a
    week. The loss is treatment and the pay lost until healed, paid at once; the worker stays online. The insurer pays
    replacement x the insured part of the risk run.

    Reads: workers.deliveries, zones.carried, platforms (safety, coverage, premium, replacement).
    Writes: workers (injury_cents, balance_cents), platforms (profit_cents, burden_cents, balance_cents), ledger.
    """
    workers, platforms, ledger = world.workers, world.platforms, world.ledger
    if not world.has_workers:
        return
    risk = risk_run(world)
    together = risk.sum(axis=0)
    draw = draws.uniform(world.seed, Stream.INJURY, world.week, workers.identity)
    is_hurt = draw < 1.0 - precise.exp(-together)
    workers.injury_cents[:] = is_hurt * round(CENTS * world.sector.loss_from_injury)
    ledger.transfer(Account.INJURIES, Party.WORKERS, workers.injury_cents, Party.WORLD, workers.injury_cents.sum())
    if not platforms.coverage.any():
        return
    each = CENTS * platforms.coverage * platforms.premium
    premiums = np.rint(each * world.zones.carried.sum(axis=1)).astype(np.int64)
    ledger.transfer(Account.PREMIUMS, Party.PLATFORMS, premiums, Party.INSURERS, premiums.sum())
    platforms.profit_cents -= premiums
    platforms.burden_cents += premiums
    # By the risk run on each platform: on which delivery somebody was hurt is not drawn.
    insured = (risk * (platforms.coverage * platforms.replacement)[:, None]).sum(axis=0)
    part = np.where(is_hurt, insured / np.where(is_hurt, together, 1.0), 0.0)
    benefits = np.rint(workers.injury_cents * part).astype(np.int64)
    ledger.transfer(Account.INJURY_BENEFITS, Party.INSURERS, benefits.sum(), Party.WORKERS, benefits)


def risk_run(world: World) -> Array:
    """float64 (J, W): expected injuries of the week's deliveries."""
    hazard = world.sector.injuries.hazard / MILLION * (1.0 - world.platforms.safety)
    return hazard[:, None] * world.workers.deliveries


def loss_relieved(world: World) -> Array:
    """int64 (W): expected loss from injuries that safety and cover avert for a worker this week, cents.

    Relative to hazard x deliveries x loss, what the same deliveries cost where the market is observed: there it is 0.
    """
    # Expected rather than actual losses: injuries are so rare that actual ones would drown the effect in noise.
    platforms = world.platforms
    part = formulas.loss_relieved(platforms.safety, platforms.coverage, platforms.replacement)
    a_delivery = CENTS * world.sector.injuries.hazard / MILLION * world.sector.loss_from_injury * part
    return np.rint((world.workers.deliveries * a_delivery[:, None]).sum(axis=0)).astype(np.int64)
