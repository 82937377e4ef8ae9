"""Merchants' prices."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.parameters import CENTS
from sim.world import Array, World

FEWEST_ORDERS = np.float32(1e-3)
"""Orders a week with which a platform without any counts where a clause ties prices."""
CHEAPEST = np.float32(0.01)
"""Least mark-up, currency."""


def price_goods(world: World) -> None:
    """Prices close part of the gap to the price that maximises profit, by platform or as clauses allow.

    Reads: merchants, platforms (commission, commission_outside, multihoming_relief), zones (buyer_sensitivity,
    in_pilot).
    Writes: merchants (price, price_cents).
    """
    # The mark-up of plain logit demand, from the merchant's own share of the zone's orders: merchants ignore that high
    # prices lower their ranking and that part of platform orders replace offline ones. With few candidates on a screen
    # the conditional share of a small seller is larger than that, so that its mark-up is a lower bound.
    merchants, parameters = world.merchants, world.sector.merchants
    usual = world.by_zone(merchants.usual_orders)
    total = usual.sum(axis=2, dtype=np.float64).astype(np.float32)
    unit_cost = (merchants.unit_cost_cents / CENTS).astype(np.float32)
    wanted = formulas.wanted_price(
        unit_cost.reshape(world.n_zones, world.n_slots),
        world.by_zone(world.charges_of_merchants()),
        world.zones.buyer_sensitivity[:, :, None],
        formulas.own_share(usual, total),
        world.sector.consumers.merchant_scale,
    ).reshape(merchants.price.shape)
    if world.sector.clauses.parity != "none":
        wanted = under_clauses(world, wanted, unit_cost)
    merchants.price += np.float32(parameters.price_speed) * (wanted - merchants.price)
    merchants.price_cents[:] = np.rint(merchants.price * np.float32(CENTS))


def under_clauses(world: World, wanted: Array, unit_cost: Array) -> Array:
    """float32 (J, R): the most profitable prices that parity clauses allow, from those wanted one by one.

    Wide: one price on every platform and in direct sales. Narrow: platform by platform, at most the direct price, which
    a merchant raises for the sake of expensive platforms as far as direct buyers count for less. Accounts do not follow
    the direct price: buyers off the platforms do not respond to it. A merchant listed nowhere is not bound; its price
    where it is not listed hardly counts in those elsewhere.

    Source: Edelman & Wright 2015 (price coherence); order-weighted by `formulas.pull`.
    """
    merchants, clauses = world.merchants, world.sector.clauses
    charges = world.charges_of_merchants()
    mark_up = np.maximum(wanted - unit_cost / (np.float32(1) - charges), CHEAPEST)
    is_bound = merchants.is_listed.any(axis=0)
    orders = np.maximum(merchants.usual_orders * merchants.is_listed, FEWEST_ORDERS) * is_bound
    weight = formulas.pull(orders, charges, mark_up)
    direct = (merchants.offline_price_cents / CENTS).astype(np.float32)
    usual = np.float32(clauses.direct_weight) * merchants.offline_orders * is_bound
    direct_weight = formulas.pull(usual, np.zeros_like(direct), np.maximum(direct - unit_cost, CHEAPEST))
    if clauses.parity == "wide":
        outlets = np.concatenate([wanted, direct[None]]), np.concatenate([weight, direct_weight[None]])
        prices = formulas.common_price(*outlets)[: world.n_platforms]
    else:
        prices = np.minimum(wanted, formulas.direct_price(wanted, weight, direct, direct_weight))
        prices = np.where(is_bound, prices, wanted)
    return prices.astype(np.float32)
