"""On which platforms merchants list."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.market.access import gain_under_access, is_open_to_others
from sim.market.prospects import margin_of_order, prospective_orders
from sim.parameters import CENTS
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import Array, World


def review_listings(world: World) -> None:
    """Some merchants reconsider each platform: listed with logit chance of the weekly gain over its noise.

    gain = orders ((1 - t) p - c - diversion (offline p - c)) - listing cost; orders are the usual ones where listed,
    elsewhere the share that quality and price would attract. Where platforms are open to each other, a listing is
    credited with the orders that would not come without it.

    Reads: merchants, platforms (commission, commission_outside, visibility, ranking_lift, small_lift, quality_wanted,
    multihoming_relief, noise_reduction, is_open), zones (mean_price, rivals, orders_in_play, buyer_sensitivity,
    in_pilot).
    Writes: merchants (is_listed, usual_orders).
    """
    merchants, parameters = world.merchants, world.sector.merchants
    # Two draws a platform, one for whether it is reviewed and one for the outcome: who reviews decides no outcome.
    turns = 2 * np.arange(world.n_platforms)[:, None]
    draw = draws.uniform(world.seed, Stream.LISTING, world.week, merchants.identity, turns)
    reviews = (draw < parameters.listing_review_rate) & merchants.is_active
    rows = np.flatnonzero(reviews.any(axis=0))
    orders, gain = value_of_listing(world, rows)
    chance = formulas.listing_chance(gain, parameters.listing_scale, world.platforms.noise_reduction)
    lists = draws.uniform(world.seed, Stream.LISTING, world.week, merchants.identity[rows], turns + 1) < chance
    lists &= world.platforms.is_open[:, None]
    usual, listed = merchants.usual_orders, merchants.is_listed
    elsewhere = listed[:, rows].sum(axis=0) - listed[:, rows] > 0
    # A merchant that delists but stays visible through another platform keeps the renown that its remote orders earn,
    # as the comparison of gains assumes.
    kept = orders * elsewhere * world.platforms.visibility[:, None].astype(np.float32)
    usual[:, rows] = np.where(reviews[:, rows], np.where(lists, orders, kept), usual[:, rows])
    listed[:, rows] = np.where(reviews[:, rows], lists, listed[:, rows])


def value_of_listing(world: World, rows: Array) -> tuple[Array, Array]:
    """Orders a week of a listing and what it adds to profit, currency a week: float32 (J, n) each."""
    merchants, parameters = world.merchants, world.sector.merchants
    price, listed = merchants.price[:, rows], merchants.is_listed[:, rows]
    kind = merchants.quality[rows], merchants.is_independent[rows]
    elsewhere = prospective_orders(world, *kind, price, merchants.zone[rows])
    orders = np.where(listed, merchants.usual_orders[:, rows], elsewhere)
    cost, offline = merchants.unit_cost_cents[rows] / CENTS, merchants.offline_price_cents[rows] / CENTS
    margin = margin_of_order(world, price, cost, offline, world.charges_of_merchants()[:, rows])
    gain = gain_under_access(world, listed, price, orders, margin) if is_open_to_others(world) else orders * margin
    if world.platforms.multihoming_relief.any():
        gain = gain + freed_elsewhere(world, listed, orders * price)
    return orders, gain - np.float32(parameters.listing_cost)


def freed_elsewhere(world: World, listed: Array, sales: Array) -> Array:
    """float32 (J, n): penalties on other platforms that a second listing no longer costs, currency a week.

    Merchants know where they are listed; the mean field (`forecast.supply.freed_elsewhere`) takes chances of it.
    """
    at_stake = world.platforms.multihoming_relief[:, None].astype(np.float32) * listed * sales
    is_second = listed.sum(axis=0) - listed == 1
    return (at_stake.sum(axis=0) - at_stake) * is_second
