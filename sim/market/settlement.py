"""Money changes hands for everything that happened this week."""

from __future__ import annotations

import numpy as np

from sim.ledger.accounts import Account, Party
from sim.market.access import settle_access, sum_by_home
from sim.parameters import CENTS
from sim.world import Array, World


def settle_money(world: World) -> None:
    """Consumers pay platforms; platforms pay merchants, riders and suppliers; merchants pay theirs and draw profits.

    Rounded once a (merchant, platform, week): commission = rate x sales.

    Reads: orders, home, offer_cents, merchants, workers, platforms, zones.carried.
    Writes: every balance, merchants (sales_cents, commission_cents, profit_cents), workers (pay_cents, top_up_cents),
    zones (top_up_cents, remote), platforms (revenue_cents, profit_cents).
    """
    settle_consumers(world)
    commission = settle_meals(world)
    settle_platforms(world, commission)
    settle_merchants(world)


def settle_consumers(world: World) -> None:
    """Every order is paid when placed; a cancelled one is refunded in full, fee included."""
    offered, ledger = world.offer_cents, world.ledger
    meals, fees, refunds = world.engine.charge_consumers(
        world.orders.placed,
        world.orders.is_cancelled,
        world.zone_ends,
        offered,
        world.platforms.net_fee_cents,
        ledger.balances[Party.CONSUMERS],
    )
    ledger.book_received(Account.MEALS_PAID, Party.PLATFORMS, meals)
    ledger.book_received(Account.NET_FEES, Party.PLATFORMS, fees)
    ledger.book_paid(Account.REFUNDS, Party.PLATFORMS, refunds)


def settle_meals(world: World) -> Array:
    """Goods money goes to merchants; commission, at their homes' rates, to those homes; returns it by platform (J)."""
    merchants, ledger = world.merchants, world.ledger
    sales = world.orders.n_carried * world.offer_cents
    home = np.where(world.home < 0, np.arange(world.n_platforms)[:, None], world.home)
    rate = world.platforms.commission[home, merchants.is_independent.astype(np.int64)]
    commission = np.rint(rate * sales).astype(np.int64)
    merchants.sales_cents[:], merchants.commission_cents[:] = sales.sum(axis=0), commission.sum(axis=0)
    received = sum_by_home(world, commission)
    ledger.transfer(Account.MEALS_PASSED_ON, Party.PLATFORMS, sales.sum(axis=1), Party.MERCHANTS, merchants.sales_cents)
    ledger.transfer(Account.COMMISSION, Party.MERCHANTS, merchants.commission_cents, Party.PLATFORMS, received)
    return received


def settle_platforms(world: World, commission: Array) -> None:
    """Riders are paid; homes pay those who carried for them; payment, support and overhead are paid outside."""
    platforms, workers, ledger = world.platforms, world.workers, world.ledger
    carried = world.zones.carried.sum(axis=1)
    piece = workers.deliveries * platforms.piece_rate_cents[:, None]
    added = top_ups(world, piece)
    workers.top_up_cents[:] = added.sum(axis=0)
    world.zones.top_up_cents[:] = added.reshape(world.n_platforms, world.n_zones, -1).sum(axis=2)
    workers.pay_cents[:] = piece.sum(axis=0) + workers.top_up_cents
    ledger.transfer(Account.RIDER_PAY, Party.PLATFORMS, piece.sum(axis=1), Party.WORKERS, piece.sum(axis=0))
    ledger.transfer(Account.TOP_UPS, Party.PLATFORMS, added.sum(axis=1), Party.WORKERS, workers.top_up_cents)
    owed, earned = settle_access(world)
    ledger.transfer(Account.ACCESS_CHARGES, Party.PLATFORMS, owed, Party.PLATFORMS, earned)
    costs = carried * platforms.other_cost_cents
    ledger.transfer(Account.PLATFORM_COSTS, Party.PLATFORMS, costs, Party.WORLD, costs.sum())
    platforms.revenue_cents[:] = commission + carried * platforms.net_fee_cents + earned - owed
    platforms.profit_cents[:] = platforms.revenue_cents - piece.sum(axis=1) - added.sum(axis=1) - costs


def top_ups(world: World, piece_cents: Array) -> Array:
    """Cents (J, W) that raise a rider's piece pay on a platform to its floors.

    owed = max(floor x hours on line, floor x hours on deliveries); a delivery takes 1 / (deliveries an hour x
    productivity) hours.
    """
    platforms, workers = world.platforms, world.workers
    if not (platforms.floor_online.any() or platforms.floor_engaged.any()):
        return np.zeros_like(piece_cents)
    busy = workers.deliveries / (world.sector.carriage.deliveries_per_hour * workers.productivity.astype(np.float64))
    online = platforms.floor_online[:, None] * (workers.minutes / 60.0)
    owed = np.maximum(online, platforms.floor_engaged[:, None] * busy)
    return np.maximum(np.rint(CENTS * owed).astype(np.int64) - piece_cents, 0)


def settle_merchants(world: World) -> None:
    """Offline trade (less what platforms divert), costs, and the owners' draw above the cash buffer."""
    merchants, numbers = world.merchants, world.sector.merchants
    carried = world.orders.n_carried.sum(axis=0)
    offline = np.maximum(offline_demand(world) - numbers.diversion * carried, 0.0) * merchants.is_active
    income = np.rint(offline * merchants.offline_price_cents).astype(np.int64)
    ingredients = carried * merchants.unit_cost_cents + np.rint(offline * merchants.unit_cost_cents).astype(np.int64)
    listing = merchants.is_listed.sum(axis=0) * round(CENTS * numbers.listing_cost)
    fixed = (merchants.fixed_cost_cents + listing) * merchants.is_active
    ledger = world.ledger
    ledger.transfer(Account.OFFLINE_SALES, Party.WORLD, income.sum(), Party.MERCHANTS, income)
    ledger.transfer(Account.INGREDIENTS, Party.MERCHANTS, ingredients, Party.WORLD, ingredients.sum())
    ledger.transfer(Account.FIXED_COSTS, Party.MERCHANTS, fixed, Party.WORLD, fixed.sum())
    merchants.profit_cents[:] = merchants.sales_cents - merchants.commission_cents + income - ingredients - fixed
    drawn = np.maximum(merchants.balance_cents - round(CENTS * numbers.cash_buffer), 0)
    ledger.transfer(Account.OWNERS_OUT, Party.MERCHANTS, drawn, Party.OWNERS, drawn.sum())


def offline_demand(world: World) -> Array:
    """float64 (R): orders a merchant would have off the platforms: usual ones times this week's luck."""
    return world.merchants.offline_orders.astype(np.float64) * world.merchants.luck
