"""Consumers order: nested choice of platform, then the best of a few ranked merchants."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.kernels.layout import MarketTables
from sim.market.tips import offers_with_tips
from sim.parameters import CENTS
from sim.populations.consumer_rule import decide
from sim.randomness.draws import key_of
from sim.randomness.streams import Stream
from sim.rules.practice_effects import incidence
from sim.world import Array, WeeksOrders, World


def let_consumers_order(world: World) -> None:
    """Every consumer's week: number of orders, and for each its platform, candidates and merchant.

    V_ij = A_j + I_ij + nu ln(N_j / N_ref) - a_i fee_j - b D_jz + rho z_ij + h habit_ij - concern_i perceived_j, nested
    logit over the apps a consumer has and an outside option of value 0; then logit over the candidates shown. Prices
    include the tip. The world's consumer rule may replace occasions, apps considered and part of V.

    Reads: consumers, merchants, platforms, zones (expected_delay, variety), ranking, offer_cents.
    Writes: orders, consumers.log_sum, zones.placed.
    """
    parameters, consumers, merchants = world.sector.consumers, world.consumers, world.merchants
    scale, price = np.float32(parameters.merchant_scale), (offers_with_tips(world) / CENTS).astype(np.float32)
    tables = MarketTables(
        platform_value=platform_value(world, price),
        is_reachable=(world.by_zone(world.ranking).max(axis=2) > 0.0).T.astype(np.uint8).copy(),
        perceived_data=(parameters.privacy_awareness * world.platforms.data_per_order).astype(np.float32),
        # Divided once a week, not once a candidate.
        sensitivity=world.sensitivity / scale,
        quality=merchants.quality / scale,
        price=price,
        ranking=world.ranking,
    )
    decided = decide(world.consumer_rule, world, formulas.choice_weights(parameters, np.float32))
    streams = (int(Stream.ORDER_COUNT), int(Stream.ORDERS))
    consumers.log_sum, placed, n_placed = world.engine.place_orders(
        decided.columns,
        tables,
        decided.weights,
        world.zone_ends,
        parameters.n_candidates,
        world.week,
        streams,
        key_of(world.seed),
    )
    n_orders = len(placed.consumer)
    n_carried = np.zeros(merchants.price.shape, np.int64)
    world.orders = WeeksOrders(placed, np.zeros(n_orders, bool), n_carried, decided.columns.occasion_rate)
    world.zones.placed[:] = n_placed.T


def surcharges_given_up(world: World) -> Array:
    """int64 (J, C): cents that an order costs a class of consumers less where personal surcharges end.

    Whole cents, since they are paid; the mean field takes the same product (`incidence`) unrounded.
    """
    return np.rint(CENTS * world.platforms.surcharge[:, None] * incidence(world.sensitivity)).astype(np.int64)


def platform_value(world: World, price: Array) -> Array:
    """float32 (Z, J, C): utility of a platform before what is personal, by income class; `price` float32 (J, R).

    I = lambda ln of the ranking-weighted mean of exp(v / lambda).
    """
    # A mean and no sum: a sum would grow with the number of merchants by lambda ln N, while the value of variety has a
    # parameter of its own, nu ln(N / N_ref).
    parameters, zones, platforms, merchants = (
        world.sector.consumers,
        world.zones,
        world.platforms,
        world.merchants,
    )
    scale, money = np.float32(parameters.merchant_scale), world.sensitivity
    of_variety = formulas.variety_value(zones.variety, parameters.variety_weight, parameters.reference_variety)
    appeal, minute = (platforms.appeal + platforms.technology)[:, None], parameters.disutility_of_minute
    common = formulas.market_value(appeal, of_variety, zones.expected_delay, minute)
    utility = world.engine.mean_utility(
        world.ranking,
        merchants.quality / scale,
        price,
        money / scale,
        world.n_slots,
    )
    menu = formulas.inclusive_value(utility.astype(np.float32), parameters.merchant_scale)
    # What consumers believe, not what happens, drives choice; the difference is surplus (`market.surplus`).
    believed = formulas.believed_value(
        parameters.price_sensitivity, platforms.expected_harm_spared, platforms.misperceived_value
    )
    # As paid, in whole cents: choices and books do not differ by rounding.
    fee = (platforms.net_fee_cents / CENTS).astype(np.float32)[:, None, None]
    if platforms.surcharge.any():
        fee = fee - (surcharges_given_up(world) / CENTS).astype(np.float32)[:, None, :]
    value = formulas.platform_utility(common, believed[:, None].astype(np.float32), menu, money, fee)
    return np.ascontiguousarray(value.transpose(1, 0, 2))
