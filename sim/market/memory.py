"""What people and platforms remember of the week: habits, profiles, expectations, usual orders, luck."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.kernels import elementary
from sim.parameters import CENTS
from sim.populations.merchants import trade_sd
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import Array, World


def renew_memories(world: World) -> None:
    """Habits and profiles follow orders carried; delay, earnings and buyers' tastes follow the zone's week.

    Reads: orders, zones, platforms. Writes: consumers (habit, profile), zones (expected_delay, expected_earnings,
    buyer_sensitivity), merchants (usual_orders, trade, luck).
    """
    kept = ~world.orders.is_cancelled
    consumer, platform = (
        world.orders.placed.consumer[kept].astype(np.int64),
        world.orders.placed.platform[kept],
    )
    renew_habits(world, consumer, platform)
    renew_profiles(world, consumer, platform)
    renew_expectations(world, consumer, platform)
    renew_trade(world)


def renew_habits(world: World, consumer: Array, platform: Array) -> None:
    """Each order pulls habit towards its platform: habit += speed (1[j] - habit), order after order."""
    habit, speed = world.consumers.habit, np.float32(world.sector.consumers.habit_speed)
    starts = np.flatnonzero(np.diff(consumer, prepend=-1))
    turn = np.arange(len(consumer)) - np.repeat(starts, np.diff(starts, append=len(consumer)))
    for t in range(int(turn.max(initial=-1)) + 1):
        rows, chosen = consumer[turn == t], platform[turn == t]
        kept = habit[:, rows] * (np.float32(1) - speed)
        kept[chosen, np.arange(len(rows))] += speed
        habit[:, rows] = kept


def renew_profiles(world: World, consumer: Array, platform: Array) -> None:
    """Data age and are collected anew: profile = (1 - decay) profile + data of this week's orders."""
    profile = world.consumers.profile
    profile *= np.float32(1.0 - world.sector.consumers.profile_decay)
    np.add.at(profile, (platform, consumer), world.platforms.data_per_order[platform])


def renew_expectations(world: World, consumer: Array, platform: Array) -> None:
    """Adaptive expectations of the zone: delay, hourly earnings (in logs) and buyers' mean price sensitivity."""
    zones, numbers, workers = world.zones, world.sector.consumers, world.sector.workers
    zones.expected_delay += np.float32(numbers.delay_learning) * (zones.delay - zones.expected_delay)
    earned = realised_earnings(world)
    step = np.float32(workers.earnings_learning) * (elementary.log(earned) - elementary.log(zones.expected_earnings))
    zones.expected_earnings *= elementary.exp(step)
    cell = platform.astype(np.int64) * world.n_zones + world.consumers.zone[consumer]
    taste = np.bincount(
        cell, weights=world.sensitivity[world.consumers.income_class[consumer]], minlength=zones.carried.size
    )
    n = zones.carried
    mean = taste.reshape(n.shape) / np.maximum(n, 1)
    speed = np.float32(world.sector.merchants.sales_memory) * (n > 0)
    zones.buyer_sensitivity += speed * (mean.astype(np.float32) - zones.buyer_sensitivity)


def realised_earnings(world: World) -> Array:
    """float32 (J, Z): pay an hour on line; where nobody was on line, what a first rider would have earned."""
    zones, carriage = world.zones, world.sector.carriage
    rate = (world.platforms.piece_rate_cents / CENTS)[:, None]
    hours = zones.effective_minutes / 60.0
    fullest = formulas.FULLEST * carriage.deliveries_per_hour * rate
    earned = np.where(
        hours > 0.0,
        zones.carried * rate / np.where(hours > 0.0, hours, 1.0),
        np.where(zones.placed > 0, fullest, 0.0),
    )
    return np.maximum(earned, 0.01).astype(np.float32)


def renew_trade(world: World) -> None:
    """Usual orders are smoothed; offline luck persists and is shaken: x = p x + shock, mean of e^x is 1."""
    merchants, numbers = world.merchants, world.sector.merchants
    speed = np.float32(numbers.sales_memory)
    merchants.usual_orders += (
        speed * (world.orders.n_carried.astype(np.float32) - merchants.usual_orders) * merchants.is_listed
    )
    shock = draws.normal(world.seed, Stream.MERCHANT_TRADE, world.week, merchants.identity)
    trade = numbers.trade_persistence * merchants.trade + numbers.trade_shock_sd * shock
    merchants.trade[:] = trade
    sd = trade_sd(numbers)
    merchants.luck[:] = elementary.exp(merchants.trade - np.float32(0.5 * sd * sd))
