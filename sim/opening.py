"""The initial state: a world with its populations, before any week has passed."""

from __future__ import annotations

import numpy as np

from sim import formulas, lending
from sim.kernels.engine import Engine
from sim.ledger.accounts import Account, Party
from sim.ledger.ledger import Ledger
from sim.parameters import CENTS, N_INCOME_CLASSES, ConductParameters, Sector
from sim.populations.cases import seed_cases
from sim.populations.consumers import FIRST_ORDERS, Consumers, seed_consumers, sensitivity_of_class
from sim.populations.credit import Credit, Lenders, class_incomes, seed_credit
from sim.populations.departments import seed_departments
from sim.populations.merchants import Merchants, draw_character, install
from sim.populations.platforms import Platforms, seed_platforms
from sim.populations.workers import seed_workers
from sim.populations.zones import Zones
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.rules.infringements import N_INFRINGEMENTS
from sim.rules.rulebook import Rulebook
from sim.world import World, no_orders

FIRST_UTILISATION = 0.75
"""Utilisation at which consumers' first expectation of delay is read."""


def open_world(
    sector: Sector,
    conduct: ConductParameters,
    n_consumers: int,
    n_zones: int,
    seed: int,
    rulebook: Rulebook,
    engine: Engine,
) -> World:
    """Draw all populations, give merchants their cash and platforms their first listings.

    Initial beliefs are rough: scenarios leave half a year to settle before the market is observed.
    """
    platforms = seed_platforms(list(sector.platforms.values()), sector.merchants.tiers)
    platforms.own_share_chosen[:], platforms.capital_leverage_chosen[:] = (
        sector.credit.own_share,
        sector.credit.leverage,
    )
    platforms.busy_target[:] = sector.carriage.rationing_utilisation
    consumers = seed_consumers(sector.consumers, list(sector.platforms.values()), n_consumers, n_zones, seed)
    workers = seed_workers(
        sector.workers, list(sector.platforms.values()), n_zones, seed, sector.licences.licensed_share
    )
    departments = seed_departments(list(sector.departments.values()), n_consumers)
    zones = open_zones(sector, consumers, platforms, n_zones, seed)
    merchants = seed_merchants(sector, zones, platforms, n_zones, seed)
    lenders = Lenders(len(platforms), len(platforms))
    tables = {
        Party.CONSUMERS: consumers,
        Party.MERCHANTS: merchants,
        Party.WORKERS: workers,
        Party.PLATFORMS: platforms,
        Party.DEPARTMENTS: departments,
        Party.LENDERS: lenders,
    }
    ledger = Ledger({party: table.balance_cents for party, table in tables.items()})
    stake = np.where(merchants.is_active, round(CENTS * sector.merchants.cash_buffer), 0)
    ledger.transfer(Account.OWNERS_IN, Party.OWNERS, stake.sum(), Party.MERCHANTS, stake)
    credit = open_credit(sector, consumers, lenders, ledger)
    orders = no_orders(len(platforms), len(merchants))
    return World(
        sector,
        seed,
        engine,
        consumers,
        merchants,
        workers,
        platforms,
        departments,
        seed_cases(len(platforms), N_INFRINGEMENTS, conduct.first_belief, conduct.belief_weeks),
        credit,
        lenders,
        zones,
        rulebook,
        ledger,
        orders,
    )


def open_zones(sector: Sector, consumers: Consumers, platforms: Platforms, n_zones: int, seed: int) -> Zones:
    """Zones with their first expectations of delay, earnings, admission, orders and tastes, and their pilot order."""
    zones = Zones(n_zones, len(platforms))
    # One random order of zones for all pilots, so that a larger pilot contains a smaller one.
    draw = draws.uniform(seed, Stream.PILOT_ZONES, 0, np.arange(n_zones))
    zones.pilot_turn[:], zones.in_pilot[:] = np.argsort(np.argsort(draw, kind="stable"), kind="stable"), True
    with_tip = 1.0 + sector.consumers.tip_share * platforms.tip_prompt[:, None]
    zones.buyer_sensitivity[:] = sensitivity_of_class(sector.consumers).mean(dtype=np.float64) * with_tip
    first = np.full(1, FIRST_UTILISATION, np.float32)
    zones.expected_delay[:] = formulas.delay(first, sector.carriage.base_delay, sector.carriage.congestion)
    for j in range(len(platforms)):
        expected = FIRST_ORDERS * consumers.occasion_rate * consumers.habit[j]
        zones.usual_placed[j] = np.bincount(consumers.zone, weights=expected, minlength=n_zones)
    zones.expected_admission[:] = 1.0
    zones.expected_earnings[:] = max(sector.workers.usual_earnings, 0.01)
    return zones


def open_credit(sector: Sector, consumers: Consumers, lenders: Lenders, ledger: Ledger) -> Credit:
    """Debt at its steady state, the platforms' part of it from owners' capital and refinancing, the rest from banks."""
    # A book that starts empty would still grow when half a year of burn-in is over, and effects of a rule on it would
    # depend on when the rule starts.
    parameters, incomes = sector.credit, class_incomes(sector.consumers.income_log_sd)
    table = seed_credit(parameters, incomes, consumers, len(lenders))
    book = lending.steady_book(parameters, np.array(incomes), np.array(1.0), np.array(1.0))
    weeks, missed = (np.tile(values, len(lenders)) for values in (book.debt, book.missed))
    table.outstanding_cents[:], table.missed[:] = np.rint(weeks * table.income_cents), missed
    table.own_cents[:] = np.rint(parameters.own_share * table.outstanding_cents)
    lenders.funded[:] = 1.0
    own = table.own_cents.reshape(len(lenders), N_INCOME_CLASSES).sum(axis=1)
    lenders.capital_cents[:] = np.minimum(np.ceil(own / parameters.leverage), own)
    lenders.refinanced_cents[:] = own - lenders.capital_cents
    capital, borrowed = lenders.capital_cents, lenders.refinanced_cents
    partners = int((table.outstanding_cents - table.own_cents).sum())
    ledger.transfer(Account.CAPITAL_IN, Party.OWNERS, capital.sum(), Party.LENDERS, capital)
    ledger.transfer(Account.REFINANCING_DRAWN, Party.BANKS, borrowed.sum(), Party.LENDERS, borrowed)
    ledger.transfer(Account.OWN_LOANS, Party.LENDERS, own, Party.BORROWERS, own.sum())
    ledger.transfer(Account.PARTNER_LOANS, Party.BANKS, partners, Party.BORROWERS, partners)
    return table


def seed_merchants(sector: Sector, zones: Zones, platforms: Platforms, n_zones: int, seed: int) -> Merchants:
    """The first slots of every zone in business, listed everywhere and selling equally; reviews then decide."""
    parameters = sector.merchants
    table = Merchants(n_zones * parameters.n_slots, len(platforms))
    table.zone[:] = np.repeat(np.arange(n_zones), parameters.n_slots)
    table.is_active[:] = np.tile(np.arange(parameters.n_slots) < parameters.n_per_zone, n_zones)
    rows = np.flatnonzero(table.is_active)
    identity = table.identity[rows]
    born = draw_character(parameters, sector.consumers, identity, seed)
    commission = platforms.commission.astype(np.float32)[:, born.tier]
    sensitivity = zones.buyer_sensitivity[:, table.zone[rows]]
    own_share = np.zeros((), np.float32)
    price = formulas.wanted_price(born.unit_cost, commission, sensitivity, own_share, sector.consumers.merchant_scale)
    install(table, rows, identity, born, price, parameters, seed)
    is_open = platforms.is_open[:, None]
    table.is_listed[:, rows], table.usual_orders[:, rows] = is_open, is_open
    return table
