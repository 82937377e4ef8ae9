"""Platforms that stop because rules make them lose money, and platforms founded in their place."""

from __future__ import annotations

import numpy as np

from sim.ledger.accounts import Account, Party
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import Array, World


def review_platforms(world: World, is_bound: bool) -> None:
    """Platforms whose losses under rules are too large exit; new platforms may take the place of those that did.

    A platform's reserve adds up its profit in weeks with a rule in force, from the first that binds somebody on
    (`is_bound`: last week one did), beyond the losses that its owners bear anyway: without a rule, no platform exits.
    It exits when the reserve falls below minus so many weeks of usual revenue. Losses might close one zone after the
    other; that a platform leaves the whole market at once is a simplification.
    """
    # Relative to usual losses, since owners who carry a loss-making platform where the market is observed would go on
    # doing so: an exit for such losses would be an event without a cause in the model.
    platforms, parameters = world.platforms, world.sector.failure
    platforms.has_failed[:], platforms.has_entered[:], platforms.opening_cents[:] = False, False, 0
    if world.week == 1:
        return
    add_last_week(world, is_bound)
    limit = -parameters.failure_weeks * platforms.revenue_before
    fails = platforms.is_open & (platforms.reserve_cents < limit) & (platforms.revenue_before > 0.0)
    if fails.any():
        stop(world, fails)
    if not platforms.is_open.all():
        platforms.weeks_closed += ~platforms.is_open
        enters, cost = founders(world)
        if enters.any():
            found(world, enters, cost)


def add_last_week(world: World, is_bound: bool) -> None:
    """Last week's results: usual revenue and profit before the first rule that binds, the reserve under rules.

    Where a rule has bound from the first week on, nothing is usual, and no platform exits: the rule is part of the
    market.
    """
    platforms, speed = world.platforms, 1.0 / world.sector.failure.memory_weeks
    revenue, profit = platforms.revenue_cents, platforms.profit_cents
    if not (is_bound or (platforms.reserve_cents.any() and world.rulebook.in_force(world.week - 1))):
        # The first week is taken whole: smoothed from 0, usual revenue would be too small for many weeks.
        is_first = platforms.revenue_before == 0.0
        for usual, now in ((platforms.revenue_before, revenue), (platforms.profit_before, profit)):
            usual += np.where(is_first, 1.0, speed) * (now - usual) * platforms.is_open
        return
    borne = np.rint(np.minimum(platforms.profit_before, 0.0)).astype(np.int64)
    platforms.reserve_cents += (profit - borne) * platforms.is_open


def stop(world: World, fails: Array) -> None:
    """Platforms `fails` (bool, J) close: listings end, what they knew of consumers is lost, owners settle accounts."""
    platforms, merchants, consumers = world.platforms, world.merchants, world.consumers
    platforms.is_open[fails], platforms.has_failed[fails], platforms.weeks_closed[fails] = False, True, 0
    platforms.technology[fails], platforms.reserve_cents[fails] = 0.0, 0
    merchants.is_listed[fails], merchants.usual_orders[fails] = False, 0.0
    consumers.habit[fails], consumers.profile[fails] = 0.0, 0.0
    debts = np.where(fails, np.maximum(-platforms.balance_cents, 0), 0)
    cash = np.where(fails, np.maximum(platforms.balance_cents, 0), 0)
    world.ledger.transfer(Account.DEBTS_LEFT, Party.OWNERS, debts.sum(), Party.PLATFORMS, debts)
    world.ledger.transfer(Account.CASH_LEFT, Party.PLATFORMS, cash, Party.OWNERS, cash.sum())


def founders(world: World) -> tuple[Array, Array]:
    """Places (bool, J) that somebody takes, and what founding costs there (int64, J, cents).

    A potential founder considers, with a weekly chance, a place that has been empty for a while, and expects the
    place's usual revenue at the margin that open platforms made last week, or, with none open, the place's usual profit
    if no rule is in force. A platform is founded if that over the horizon exceeds the cost, lognormal over founders.
    """
    platforms, parameters, place = world.platforms, world.sector.failure, np.arange(world.n_platforms)
    usual, spread = platforms.revenue_before, parameters.entry_cost_log_sd
    comes = draws.uniform(world.seed, Stream.PLATFORM_ENTRY, world.week, place) < parameters.entrant_rate
    factor = draws.lognormal(world.seed, Stream.PLATFORM_ENTRY_COST, platforms.identity, 1.0, spread).astype(np.float64)
    cost = np.rint(parameters.entry_cost_weeks * usual * factor).astype(np.int64)
    revenue = (platforms.revenue_cents * platforms.is_open).sum()
    if revenue > 0:
        expected = usual * ((platforms.profit_cents * platforms.is_open).sum() / revenue)
    else:
        expected = platforms.profit_before * (not world.rulebook.in_force(world.week))
    is_free = ~platforms.is_open & (platforms.weeks_closed > parameters.vacant_weeks)
    return is_free & comes & (expected * parameters.entry_horizon > cost), cost


def found(world: World, enters: Array, cost: Array) -> None:
    """New platforms open where others exited: every merchant lists there, and no consumer has a habit for them yet."""
    platforms, merchants, zones = world.platforms, world.merchants, world.zones
    rivals = platforms.is_open.copy()
    platforms.is_open[enters], platforms.has_entered[enters], platforms.weeks_closed[enters] = True, True, 0
    # A new identity, hence a cost of founding of its own the next time.
    platforms.identity[enters] += np.uint32(world.n_platforms)
    platforms.opening_cents[:] = cost * enters
    paid = platforms.opening_cents.sum()
    world.ledger.transfer(Account.FOUNDING, Party.OWNERS, paid, Party.WORLD, paid)
    merchants.is_listed[enters] = merchants.is_active
    merchants.usual_orders[enters] = merchants.is_active
    if rivals.any():
        for belief in (zones.expected_earnings, zones.expected_delay):
            # Nobody has seen it yet: people expect of it what they know of the others.
            belief[enters] = belief[rivals].mean(axis=0, dtype=np.float64)
    zones.expected_admission[enters] = 1.0
