"""Money changes hands for everything that happened this week."""

from __future__ import annotations

import numpy as np

from sim.ledger.accounts import Account, Party
from sim.parameters import CENTS
from sim.world import Array, World


def settle_money(world: World) -> None:
    """Consumers pay platforms; platforms pay merchants, riders and suppliers; merchants pay theirs and draw profits.

    Rounded once a (merchant, platform, week): commission = rate x sales.

    Reads: orders, merchants, workers, platforms.
    Writes: every balance, merchants (sales_cents, commission_cents, profit_cents), workers.pay_cents,
    platforms (revenue_cents, profit_cents).
    """
    settle_consumers(world)
    commission = settle_meals(world)
    settle_platforms(world, commission)
    settle_merchants(world)


def settle_consumers(world: World) -> None:
    """Every order is paid when placed; a cancelled one is refunded in full, fee included."""
    placed, cancelled = world.orders.placed, world.orders.is_cancelled
    goods = world.merchants.price_cents[placed.platform, placed.merchant]
    fees = world.platforms.net_fee_cents[placed.platform]

    def post(account: Account, payer: Party, payee: Party, cents: Array) -> None:
        by_consumer = _sum_by(placed.consumer, cents, len(world.consumers))
        by_platform = _sum_by(placed.platform, cents, world.n_platforms)
        sides = {Party.CONSUMERS: by_consumer, Party.PLATFORMS: by_platform}
        world.ledger.transfer(account, payer, sides[payer], payee, sides[payee])

    post(Account.MEALS_PAID, Party.CONSUMERS, Party.PLATFORMS, goods)
    post(Account.NET_FEES, Party.CONSUMERS, Party.PLATFORMS, fees)
    post(Account.REFUNDS, Party.PLATFORMS, Party.CONSUMERS, np.where(cancelled, goods + fees, 0))


def settle_meals(world: World) -> Array:
    """Goods money goes to merchants, commission comes back; returns commission in cents (J, R)."""
    sales = world.orders.n_carried * world.merchants.price_cents
    rate = world.platforms.commission[:, world.merchants.is_independent.astype(np.int64)]
    commission = np.rint(rate * sales).astype(np.int64)
    world.ledger.transfer(
        Account.MEALS_PASSED_ON, Party.PLATFORMS, sales.sum(axis=1), Party.MERCHANTS, sales.sum(axis=0)
    )
    world.ledger.transfer(
        Account.COMMISSION, Party.MERCHANTS, commission.sum(axis=0), Party.PLATFORMS, commission.sum(axis=1)
    )
    world.merchants.sales_cents[:], world.merchants.commission_cents[:] = (
        sales.sum(axis=0),
        commission.sum(axis=0),
    )
    return commission


def settle_platforms(world: World, commission: Array) -> None:
    """Riders are paid by the piece; payment, support, marketing and overhead are paid outside."""
    platforms, workers = world.platforms, world.workers
    carried = world.zones.carried.sum(axis=1)
    pay = workers.deliveries * platforms.piece_rate_cents[:, None]
    workers.pay_cents[:] = pay.sum(axis=0)
    world.ledger.transfer(Account.RIDER_PAY, Party.PLATFORMS, pay.sum(axis=1), Party.WORKERS, workers.pay_cents)
    costs = carried * platforms.other_cost_cents
    world.ledger.transfer(Account.PLATFORM_COSTS, Party.PLATFORMS, costs, Party.WORLD, costs.sum())
    platforms.revenue_cents[:] = commission.sum(axis=1) + carried * platforms.net_fee_cents
    platforms.profit_cents[:] = platforms.revenue_cents - pay.sum(axis=1) - costs


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


def _sum_by(rows: Array, cents: Array, n: int) -> Array:
    """Whole cents summed by row: exact, since every sum stays below 2^53."""
    return np.bincount(rows, weights=cents, minlength=n).astype(np.int64)
