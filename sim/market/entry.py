"""Entry and exit of merchants."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import formulas
from sim.ledger.accounts import Account, Party
from sim.market.prospects import margin_of_order, prospective_orders
from sim.parameters import CENTS
from sim.populations.merchants import FIRST_ENTRANT, Character, draw_character, install
from sim.populations.table import first_free_slots
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import Array, World

MOST_ENTRANTS = 8
"""Potential entrants of a zone and week are cut here; identities are spaced by it."""


class Candidates(NamedTuple):
    """Potential entrants of the week who will open, with what they expect of each platform."""

    zone: Array
    identity: Array
    born: Character
    price: Array
    orders: Array
    gain: Array
    entry_cost: Array


def enter_and_exit(world: World) -> None:
    """Merchants with too much debt close; potential entrants open where expected profit covers the cost of opening.

    Reads: merchants, zones, platforms (commission, commission_outside, ranking_lift, small_lift, quality_wanted,
    is_open).
    Writes: merchants (rows of the born and the gone), zones (n_entries, n_exits), ledger.
    """
    merchants, parameters = world.merchants, world.sector.merchants
    gone = merchants.is_active & (merchants.balance_cents < -round(CENTS * parameters.exit_debt))
    debt = np.where(gone, -merchants.balance_cents, 0)
    world.ledger.transfer(Account.OWNERS_IN, Party.OWNERS, debt.sum(), Party.MERCHANTS, debt)
    merchants.is_active[gone] = False
    merchants.is_listed[:, gone], merchants.usual_orders[:, gone] = False, 0.0
    merchants.age[merchants.is_active] += 1
    merchants.opening_cents[:] = 0
    world.zones.n_exits[:] = np.bincount(merchants.zone[gone], minlength=world.n_zones)
    candidates = _willing_entrants(world)
    rows, taken = first_free_slots(merchants, candidates.zone, world.n_zones)
    world.zones.n_entries[:] = np.bincount(candidates.zone[taken], minlength=world.n_zones)
    if not len(rows):
        return
    born = Character(*(values[taken] for values in candidates.born))
    install(merchants, rows, candidates.identity[taken], born, candidates.price[:, taken], parameters, world.seed)
    merchants.is_listed[:, rows] = (candidates.gain[:, taken] > 0.0) & world.platforms.is_open[:, None]
    merchants.usual_orders[:, rows] = candidates.orders[:, taken] * merchants.is_listed[:, rows]
    stake = np.zeros(len(merchants), np.int64)
    stake[rows] = round(CENTS * parameters.cash_buffer)
    world.ledger.transfer(Account.OWNERS_IN, Party.OWNERS, stake.sum(), Party.MERCHANTS, stake)
    merchants.opening_cents[rows] = np.rint(CENTS * candidates.entry_cost[taken])
    opening = merchants.opening_cents.sum()
    world.ledger.transfer(Account.OPENING_COSTS, Party.OWNERS, opening, Party.WORLD, opening)


def _willing_entrants(world: World) -> Candidates:
    """Potential entrants whose expected profit over the horizon exceeds their cost of opening."""
    parameters, seed, week = world.sector.merchants, world.seed, world.week
    everywhere = np.arange(world.n_zones)
    count = draws.poisson(seed, Stream.POTENTIAL_ENTRANTS, week, everywhere, parameters.entrant_rate, MOST_ENTRANTS)
    zone = np.repeat(everywhere, count)
    turn = np.arange(len(zone)) - np.repeat(np.cumsum(count) - count, count)
    identity = (FIRST_ENTRANT + (week * world.n_zones + zone) * MOST_ENTRANTS + turn).astype(np.uint32)
    born = draw_character(parameters, world.sector.consumers, identity, seed)
    rate, column = world.charged(zone, born.tier)
    commission = rate.astype(np.float32)[:, column]
    sensitivity = world.zones.buyer_sensitivity[:, zone]
    alone = np.zeros((), np.float32)
    # At once and not by `price_speed`: a newcomer has no price to adjust from.
    price = formulas.wanted_price(born.unit_cost, commission, sensitivity, alone, world.sector.consumers.merchant_scale)
    is_independent = np.array([tier.is_independent for tier in parameters.tiers.values()])[born.tier]
    orders = prospective_orders(world, born.quality, is_independent, price, zone)
    offline_price = born.offline_price
    margin = margin_of_order(world, price, born.unit_cost, offline_price, commission)
    gain = orders * margin - np.float32(parameters.listing_cost)
    # Losses on a platform are not counted, for who loses there does not list. Own share is taken as nil in the price: a
    # newcomer is small.
    offline = (1.0 - parameters.fixed_cost_share) * born.offline_orders * (offline_price - born.unit_cost)
    profit = np.maximum(gain, 0.0).sum(axis=0, dtype=np.float64) + offline
    # By identity, so that the same person has the same cost in runs that differ in a rule.
    spread = draws.lognormal(seed, Stream.ENTRY_COST, identity, 1.0, parameters.entry_cost_log_sd)
    entry_cost = parameters.entry_cost * spread.astype(np.float64)
    willing = profit * parameters.entry_horizon > entry_cost
    return Candidates(
        zone[willing],
        identity[willing],
        Character(*(v[willing] for v in born)),
        price[:, willing],
        orders[:, willing],
        gain[:, willing],
        entry_cost[willing],
    )
