"""Payments for everything that happened this week."""

from __future__ import annotations

import numpy as np

from sim.kernels.order_layout import ShopParameters, Shops
from sim.ledger.accounts import Account, Party
from sim.market.access import settle_access
from sim.market.choice import surcharges_given_up
from sim.market.injuries import settle_injuries
from sim.market.licences import settle_licences
from sim.market.tips import settle_tips
from sim.parameters import CENTS
from sim.world import Array, World


def settle_money(world: World) -> None:
    """Consumers pay platforms; platforms pay merchants, workers and suppliers; merchants pay theirs and draw profits.

    Rounded once for each merchant, platform and week: commission = rate x sales.

    Reads: orders, home, offer_cents, consumers.income_class, merchants, workers, platforms, zones (carried,
    in_pilot).
    Writes: every balance, merchants (sales_cents, commission_cents, profit_cents), workers (pay_cents, top_up_cents,
    tip_cents, injury_cents), zones (top_up_cents, tip_cents, remote), platforms (revenue_cents, profit_cents,
    surcharge_cents, burden_cents).
    """
    # In this order, as each adds to what others have set: tips to pay, premiums to platforms' profit, both after
    # `settle_platforms`; merchants' profit needs sales and commission.
    settle_consumers(world)
    commission = settle_goods(world)
    settle_platforms(world, commission)
    settle_tips(world)
    settle_licences(world)
    settle_injuries(world)
    settle_merchants(world)


def settle_consumers(world: World) -> None:
    """Every order is paid for when placed; a cancelled one is refunded in full, fee included."""
    offered, ledger = world.offer_cents, world.ledger
    ordered, fees, refunds = world.engine.charge_consumers(
        world.orders.placed,
        world.orders.is_cancelled,
        world.zone_ends,
        offered,
        world.platforms.net_fee_cents,
        ledger.balances[Party.CONSUMERS],
    )
    ledger.book_received(Account.GOODS_PAID, Party.PLATFORMS, ordered)
    ledger.book_received(Account.NET_FEES, Party.PLATFORMS, fees)
    ledger.book_paid(Account.REFUNDS, Party.PLATFORMS, refunds)
    world.platforms.surcharge_cents[:] = 0
    if world.platforms.surcharge.any():
        give_back_surcharges(world)


def give_back_surcharges(world: World) -> None:
    """Platforms that have given up personal surcharges charge every class of consumers that much less."""
    placed, consumers = world.orders.placed, world.consumers
    each = surcharges_given_up(world).astype(np.float64)[placed.platform, consumers.income_class[placed.consumer]]
    each *= ~world.orders.is_cancelled
    # Whole cents in doubles: sums are exact below 2^53, in whatever order.
    to_consumers = np.bincount(placed.consumer, weights=each, minlength=len(consumers)).astype(np.int64)
    paid = np.bincount(placed.platform, weights=each, minlength=world.n_platforms).astype(np.int64)
    world.platforms.surcharge_cents[:] = paid
    world.ledger.transfer(Account.SURCHARGES_GIVEN_UP, Party.PLATFORMS, paid, Party.CONSUMERS, to_consumers)


def settle_goods(world: World) -> Array:
    """Goods money goes to merchants; commission, at their homes' rates, to those homes; returns it by platform (J)."""
    merchants, ledger = world.merchants, world.ledger
    rate, column = world.charged(merchants.zone)
    goods, received = world.engine.pay_for_goods(
        world.orders.n_carried,
        world.offer_cents,
        world.home,
        rate,
        column,
        merchants.sales_cents,
        merchants.commission_cents,
    )
    if world.platforms.multihoming_relief.any():
        received -= spare_penalties(world)
    ledger.transfer(Account.GOODS_PASSED_ON, Party.PLATFORMS, goods, Party.MERCHANTS, merchants.sales_cents)
    ledger.transfer(Account.COMMISSION, Party.MERCHANTS, merchants.commission_cents, Party.PLATFORMS, received)
    return received


def spare_penalties(world: World) -> Array:
    """Merchants listed elsewhere too pay less commission where that is no longer penalised; cents (J)."""
    own, sold = np.arange(world.n_platforms)[:, None], world.orders.n_carried * world.offer_cents
    spared = np.rint(world.penalties_given_up() * np.where(world.home == own, sold, 0)).astype(np.int64)
    world.merchants.commission_cents -= spared.sum(axis=0)
    return spared.sum(axis=1)


def settle_platforms(world: World, commission: Array) -> None:
    """Workers are paid; homes pay platforms that carried for them; payment, support and overhead are paid outside.

    Where nobody works for platforms, the piece rate goes to parcel services outside.
    """
    platforms, workers, ledger = world.platforms, world.workers, world.ledger
    carried = world.zones.carried.sum(axis=1)
    piece = workers.deliveries * platforms.piece_rate_cents[:, None]
    paid, workers.pay_cents[:] = piece.sum(axis=1), piece.sum(axis=0)
    ledger.transfer(Account.WORKER_PAY, Party.PLATFORMS, paid, Party.WORKERS, workers.pay_cents)
    if not world.has_workers:
        paid = carried * platforms.piece_rate_cents
        ledger.transfer(Account.PARCELS, Party.PLATFORMS, paid, Party.WORLD, paid.sum())
    workers.top_up_cents[:], world.zones.top_up_cents[:] = 0, 0
    if platforms.floor_online.any() or platforms.floor_engaged.any():
        paid = paid + settle_top_ups(world, top_ups(world, piece))
    owed, earned = settle_access(world)
    if owed.any():
        ledger.transfer(Account.ACCESS_CHARGES, Party.PLATFORMS, owed, Party.PLATFORMS, earned)
    costs = carried * platforms.other_cost_cents
    ledger.transfer(Account.PLATFORM_COSTS, Party.PLATFORMS, costs, Party.WORLD, costs.sum())
    platforms.revenue_cents[:] = commission + carried * platforms.net_fee_cents + earned - owed
    platforms.revenue_cents -= platforms.surcharge_cents
    platforms.burden_cents[:] = settle_burden(world, carried)
    platforms.profit_cents[:] = platforms.revenue_cents - paid - costs - platforms.burden_cents


def settle_burden(world: World, carried: Array) -> Array:
    """Cost of compliance in cents (J): on every order, and contributions on what workers are paid for it."""
    platforms, ledger = world.platforms, world.ledger
    if not (platforms.cost.any() or platforms.oncost.any()):
        return np.zeros(world.n_platforms, np.int64)
    burden = np.rint(CENTS * platforms.cost * carried).astype(np.int64)
    contributions = np.rint(platforms.oncost * platforms.piece_rate_cents * carried).astype(np.int64)
    ledger.transfer(Account.BURDEN, Party.PLATFORMS, burden, Party.WORLD, burden.sum())
    ledger.transfer(Account.CONTRIBUTIONS, Party.PLATFORMS, contributions, Party.GOVERNMENT, contributions.sum())
    return burden + contributions


def settle_top_ups(world: World, added: Array) -> Array:
    """Workers are paid what pay floors add (J, W); returns it by platform (J)."""
    workers, of_platform = world.workers, added.sum(axis=1)
    workers.top_up_cents[:] = added.sum(axis=0)
    workers.pay_cents += workers.top_up_cents
    world.zones.top_up_cents[:] = added.reshape(world.n_platforms, world.n_zones, -1).sum(axis=2)
    world.ledger.transfer(Account.TOP_UPS, Party.PLATFORMS, of_platform, Party.WORKERS, workers.top_up_cents)
    return of_platform


def top_ups(world: World, piece_cents: Array) -> Array:
    """Cents (J, W) that raise a worker's piece pay on a platform to its floors, worker by worker.

    owed = max(floor x hours online, floor x hours on deliveries); a delivery takes 1 / (deliveries an hour x
    productivity) hours.
    """
    platforms, workers = world.platforms, world.workers
    # Worker by worker, as a minimum wage is owed. A guarantee to the average worker, as in New York, would cost less:
    # those faster than the floor would make up for those slower.
    busy = workers.deliveries / (world.sector.carriage.deliveries_per_hour * workers.productivity.astype(np.float64))
    online = platforms.floor_online[:, None] * (workers.minutes / 60.0)
    owed = np.maximum(online, platforms.floor_engaged[:, None] * busy)
    return np.maximum(np.rint(CENTS * owed).astype(np.int64) - piece_cents, 0)


def settle_merchants(world: World) -> None:
    """Offline trade (less what platforms divert), costs, and the owners' draw above the cash buffer.

    Off the platforms a merchant would have the usual orders times this week's shock.
    """
    merchants, parameters, ledger = world.merchants, world.sector.merchants, world.ledger
    shops = Shops(
        n_carried=world.orders.n_carried,
        is_listed=merchants.is_listed,
        is_active=merchants.is_active,
        offline_orders=merchants.offline_orders,
        shock=merchants.shock,
        offline_price=merchants.offline_price_cents,
        unit_cost=merchants.unit_cost_cents,
        fixed_cost=merchants.fixed_cost_cents,
        sales=merchants.sales_cents,
        commission=merchants.commission_cents,
        profit=merchants.profit_cents,
        balance=ledger.balances[Party.MERCHANTS],
    )
    listing, buffer = round(CENTS * parameters.listing_cost), round(CENTS * parameters.cash_buffer)
    income, ingredients, fixed, drawn = world.engine.trade_off_platforms(
        shops, ShopParameters(parameters.diversion, listing, buffer)
    )
    ledger.book_paid(Account.OFFLINE_SALES, Party.WORLD, income)
    ledger.book_received(Account.INGREDIENTS, Party.WORLD, ingredients)
    ledger.book_received(Account.FIXED_COSTS, Party.WORLD, fixed)
    ledger.book_received(Account.OWNERS_OUT, Party.OWNERS, drawn)
