"""Tips: what consumers add for workers, and who receives it."""

from __future__ import annotations

import numpy as np

from sim.ledger.accounts import Account, Party
from sim.market.dispatch import worker_ends
from sim.parameters import CENTS
from sim.world import Array, World


def tip_rate(world: World) -> Array:
    """float64 (J): tip on an order as a share of its goods value: tip share times how strongly the app asks.

    Where nobody works for platforms there is nobody to tip.
    """
    return world.sector.consumers.tip_share * world.platforms.tip_prompt * world.has_workers


def tips_on_offers(world: World) -> Array:
    """int64 (J, R): tip on an order from every merchant on every platform, whole cents."""
    return np.rint(tip_rate(world)[:, None] * world.offer_cents).astype(np.int64)


def offers_with_tips(world: World) -> Array:
    """int64 (J, R): what an order costs its consumer before the fee: price and tip, cents."""
    return world.offer_cents + tips_on_offers(world) if tip_rate(world).any() else world.offer_cents


def settle_tips(world: World) -> None:
    """Consumers tip the workers of orders carried; tips of a platform and zone are shared like its deliveries.

    A tip is charged like goods and refunded where the order was cancelled, by the same loop. Shares are whole cents
    without remainder, in steps of the running sum of deliveries.
    """
    workers, zones, orders, ledger = world.workers, world.zones, world.orders, world.ledger
    workers.tip_cents[:], zones.tip_cents[:] = 0, 0
    if not tip_rate(world).any():
        return
    tips, no_fee = tips_on_offers(world), np.zeros(world.n_platforms, np.int64)
    world.engine.charge_consumers(
        orders.placed, orders.is_cancelled, world.zone_ends, tips, no_fee, ledger.balances[Party.CONSUMERS]
    )
    zones.tip_cents[:] = world.by_zone(orders.n_carried * tips).sum(axis=2)
    # By deliveries alone: these already follow effective time.
    alike = np.ones(len(workers), np.float32)
    shared = world.engine.share_deliveries(
        workers.deliveries, alike, worker_ends(world), zones.tip_cents, zones.carried
    )
    workers.tip_cents[:] = shared.sum(axis=0)
    workers.pay_cents += workers.tip_cents
    ledger.book_received(Account.TIPS, Party.WORKERS, workers.tip_cents)


def tip_of_order(world: World) -> Array:
    """float64 (J): mean tip on the orders that a platform carried last, currency; 0 where it carried none."""
    zones = world.zones
    return zones.tip_cents.sum(axis=1) / np.maximum(zones.carried.sum(axis=1), 1) / CENTS
