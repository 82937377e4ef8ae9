"""What the week changes in people and platforms: habits, profiles, expectations, usual orders, offline trade."""

from __future__ import annotations

import numpy as np

from sim.kernels import elementary
from sim.kernels.order_layout import Draw, Memory, Porting, Renewal, chance_below
from sim.market.labour import realised_admission, realised_earnings
from sim.market.tips import tip_rate
from sim.populations.merchants import trade_sd
from sim.randomness import draws
from sim.randomness.draws import key_of
from sim.randomness.streams import Stream
from sim.world import Array, World


def renew_memories(world: World) -> None:
    """Habits and profiles follow orders carried; delay, harm, earnings and buyers' tastes follow the zone's week.

    Reads: orders, home, zones, platforms, workers.minutes, consumers.income_class.
    Writes: consumers (habit, profile), platforms.expected_harm_spared, zones (expected_delay, usual_placed,
    expected_earnings, expected_admission, buyer_sensitivity), merchants (usual_orders, trade, shock).
    """
    renew_expectations(world, renew_consumers(world))
    renew_trade(world)


def renew_consumers(world: World) -> Array:
    """Habits and profiles after the week; returns orders carried by zone, platform and income class of the buyer.

    Each order pulls habit towards its platform, order after order: habit += speed (1[j] - habit). Data age and are
    collected anew: profile = (1 - decay) profile + data of this week's orders. Under a portability rule each order
    of a consumer who consents closes a share of the gap to the platform that holds most on the consumer, after the
    order's own pull on the habit, and once a week in the profile.
    """
    # A ported habit moves and ported data are copied. Copied habits would add up to more than 1, and so create consumer
    # surplus out of nothing.
    consumers, parameters = world.consumers, world.sector.consumers
    data = world.platforms.data_per_order.astype(np.float32)
    return world.engine.renew_consumers(
        world.orders.placed,
        world.orders.is_cancelled,
        world.zone_ends,
        Memory(consumers.income_class, consumers.habit, consumers.profile),
        Renewal(parameters.habit_speed, parameters.profile_decay, data),
        len(world.sensitivity),
        porting(world),
    )


def porting(world: World) -> Porting | None:
    """Data that move under the rule in force, if there is one; a consumer's consent is drawn once."""
    platforms = world.platforms
    if not platforms.portability.any():
        return None
    consent = np.array([chance_below(float(share)) for share in platforms.consent], np.uint64)
    draw = Draw(0, int(Stream.PORTING_CONSENT), key_of(world.seed))
    return Porting(platforms.portability.astype(np.float32), consent, world.consumers.identity, draw)


def renew_expectations(world: World, n_buyers: Array) -> None:
    """Adaptive expectations of the zone: delay, hourly earnings (in logs) and buyers' mean price sensitivity.

    A tip in proportion makes buyers as much more sensitive to the price that a merchant asks.
    """
    # Earnings in logs, since hours respond to relative changes of them.
    zones, parameters, workers = world.zones, world.sector.consumers, world.sector.workers
    platforms = world.platforms
    platforms.expected_harm_spared += parameters.delay_learning * (
        world.sector.practices.awareness * platforms.harm_spared - platforms.expected_harm_spared
    )
    zones.expected_delay += np.float32(parameters.delay_learning) * (zones.delay - zones.expected_delay)
    zones.usual_placed += np.float32(workers.earnings_learning) * (zones.placed - zones.usual_placed)
    earned = realised_earnings(world)
    step = np.float32(workers.earnings_learning) * (elementary.log(earned) - elementary.log(zones.expected_earnings))
    zones.expected_earnings *= elementary.exp(step)
    lag = realised_admission(world) - zones.expected_admission
    zones.expected_admission += np.float32(workers.earnings_learning) * lag
    n = n_buyers.sum(axis=2).T
    taste = (n_buyers * world.sensitivity.astype(np.float64)).sum(axis=2).T
    mean = (taste / np.maximum(n, 1) * (1.0 + tip_rate(world))[:, None]).astype(np.float32)
    # No buyers, no news of their tastes: what was expected stays.
    speed = np.float32(world.sector.merchants.sales_memory) * (n > 0)
    zones.buyer_sensitivity += speed * (mean - zones.buyer_sensitivity)


def renew_trade(world: World) -> None:
    """Usual orders are smoothed; log offline trade is a first-order process, x = p x + shock, with mean of e^x 1."""
    merchants, parameters = world.merchants, world.sector.merchants
    speed = np.float32(parameters.sales_memory)
    usual = merchants.usual_orders
    usual += speed * (world.orders.n_carried.astype(np.float32) - usual)
    usual *= world.home >= 0
    shock = draws.normal(world.seed, Stream.MERCHANT_TRADE, world.week, merchants.identity)
    trade = parameters.trade_persistence * merchants.trade + parameters.trade_shock_sd * shock
    merchants.trade[:] = trade
    sd = trade_sd(parameters)
    # Less half the long-run variance: trade off the platforms is the usual on average, whatever its spread.
    merchants.shock[:] = elementary.exp(merchants.trade - np.float32(0.5 * sd * sd))
