"""Tax on what merchants sell through platforms: who declares, what platforms report, what is paid."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.ledger.accounts import Account, Party
from sim.parameters import CENTS, WEEKS_A_YEAR, TaxParameters
from sim.rules.hooks import Hook, TaxTerms
from sim.world import Array, World


def collect_taxes(world: World) -> None:
    """Merchants who declare pay a levy on platform sales above the exempt amount.

    A merchant declares where the expected penalty exceeds the levy (`does_declare`). What merchants declare without
    reports is contained in their fixed costs: the state receives it from the recipients of these. What they declare
    because of reports they pay in addition. A seller is reported by platforms whose share of reported sellers exceeds
    the seller's draw and on which it sells enough in a year.

    Reads: orders, offer_cents, merchants (sales_cents, usual_orders, candour, report_draw), platforms (reported,
    min_sales).
    Writes: merchants (tax_due_cents, tax_cents, levy, profit_cents), platforms (reporting_cents, profit_cents), ledger.
    """
    merchants, parameters = world.merchants, world.sector.tax
    is_liable = merchants.sales_cents > exempt_cents(world)
    owed = np.rint(parameters.levy_rate * merchants.sales_cents).astype(np.int64) * is_liable
    # In the precision in which `does_declare` compares: nobody declares on both grounds, or on neither.
    unprompted = merchants.candour >= np.float32(parameters.evasion_base)
    merchants.tax_due_cents[:] = owed
    in_costs = int((owed * unprompted).sum())
    world.ledger.transfer(Account.TAX_IN_COSTS, Party.WORLD, in_costs, Party.GOVERNMENT, in_costs)
    # Tax declared without reports is inside the fixed costs that merchants are observed with. To charge it again would
    # change every merchant's accounts in a market without a rule.
    reported = world.platforms.reported
    if reported.any():
        is_reported = sellers_reported(world, reported, world.platforms.min_sales)
        newly = does_declare(merchants.candour, is_reported.any(axis=0), parameters) & ~unprompted
        merchants.levy[:] = parameters.levy_rate * (newly & is_liable)
        merchants.tax_cents[:] = owed * newly
        paid, cost = merchants.tax_cents, reporting_cost(world, is_reported)
        world.ledger.transfer(Account.TAXES, Party.MERCHANTS, paid, Party.GOVERNMENT, paid.sum())
        world.ledger.transfer(Account.REPORTING, Party.PLATFORMS, cost, Party.WORLD, cost.sum())
        merchants.profit_cents -= paid
        world.platforms.profit_cents -= cost
        world.platforms.reporting_cents[:] = cost
    elif merchants.levy.any() or merchants.tax_cents.any() or world.platforms.reporting_cents.any():
        merchants.levy[:], merchants.tax_cents[:], world.platforms.reporting_cents[:] = 0.0, 0, 0


def exempt_cents(world: World) -> int:
    """Weekly platform sales up to which nothing is owed: so many orders at the market's mean variable cost."""
    return round(CENTS * world.sector.tax.exempt_orders * world.sector.merchants.unit_cost)


def does_declare(candour: Array, is_reported: Array, parameters: TaxParameters) -> Array:
    """Whether (bool, n) the expected penalty of hiding platform sales exceeds the levy, p (1 + penalty) >= 1.

    Beliefs p of being found out are lognormal over merchants, in the order of `candour` (uniform on [0, 1], n), and
    placed so that the share of the market as observed has p (1 + penalty) < 1:
    p = exp(sd (z(candour) - z(evasion base))) / (1 + penalty). Sales that are reported are found with
    1 - (1 - p) (1 - matching). (Becker 1968; Allingham and Sandmo 1972.)
    """
    unprompted = candour >= np.float32(parameters.evasion_base)
    if not is_reported.any():
        return unprompted
    believed = formulas.belief_by_rank(candour, parameters.evasion_base, parameters.belief_log_sd, parameters.penalty)
    believed_if_reported = 1.0 - (1.0 - believed) * (1.0 - parameters.matching)
    return unprompted | (is_reported & (believed_if_reported * (1.0 + parameters.penalty) >= 1.0))


def sellers_reported(world: World, share: Array, least: Array) -> Array:
    """Sellers (bool, J, R) reported by platforms that report these shares (J), from so many orders a year on (J)."""
    merchants = world.merchants
    sells = WEEKS_A_YEAR * merchants.usual_orders >= least[:, None]
    return (merchants.report_draw < share[:, None]) & sells & merchants.is_active


def reporting_cost(world: World, is_reported: Array) -> Array:
    """int64 (J): cents a week that it costs to report the sales of these sellers (J, R)."""
    goods = (world.orders.n_carried * world.offer_cents * is_reported).sum(axis=1)
    return np.rint(world.sector.tax.reporting_cost * goods).astype(np.int64)


def gain_of_breach(world: World) -> Array:
    """int64 (J): cents a week that a platform saves by reporting nobody under the rules in force."""
    terms = TaxTerms(np.arange(world.n_platforms), np.zeros(world.n_platforms), np.zeros(world.n_platforms))
    world.rulebook.bind(Hook.TAX_TERMS, terms, world.week)
    if not terms.reported.any():
        return np.zeros(world.n_platforms, np.int64)
    return reporting_cost(world, sellers_reported(world, terms.reported, terms.min_sales))
