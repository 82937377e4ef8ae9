"""Consumers borrow through platforms and pay back; platforms' credit arms and partner banks share loans and losses."""

from __future__ import annotations

import numpy as np

from sim import lending
from sim.kernels import precise
from sim.ledger.accounts import Account, Party
from sim.parameters import N_INCOME_CLASSES
from sim.populations.credit import class_incomes
from sim.rules.hooks import CreditTerms, Hook
from sim.world import Array, World


def lend_and_collect(world: World) -> None:
    """Instalments, write-offs, profit, capital and new loans of every credit arm.

    Cash and claims are separate. Loans paid out, repayments, interest, fees and capital are cash and go through the
    ledger; a debt is a claim (`outstanding_cents`, of which `own_cents` is the platform's). A default moves no money:
    the claim ends, and what had been lent stays with the borrower. An arm's cash is zero at the end of the week, as
    long as its capital does not exceed its own loans: own loans = capital + refinancing.

        D' = D - defaulted - repaid + lent,  lent = kappa mu q (1 - debt / limit) income, as far as capital allows
        own loans <= leverage x capital;  capital' = capital + profit + put in - withdrawn

    Reads: platforms (own_share, capital_leverage), credit, lenders.
    Writes: credit (outstanding_cents, own_cents, lent_cents, repaid_cents, defaulted_cents, missed, risk, marketing,
    cutoff, risk_taken, marketing_cents), lenders, ledger.
    """
    parameters = world.sector.credit
    if not parameters.debt_weeks:
        return
    if (world.week - 1) % parameters.review_weeks == 0:
        review_lending(world)
    wanted = _wanted(world)
    _collect(world)
    _lend(world, wanted)


def review_lending(world: World) -> None:
    """Every arm chooses the marketing and cut-off of each income class that earn most at the terms in force."""
    parameters, platforms, credit = world.sector.credit, world.platforms, world.credit
    incomes = class_incomes(world.sector.consumers.income_log_sd)
    for j in range(world.n_platforms):
        terms = float(platforms.own_share[j]), float(platforms.capital_leverage[j])
        offer = lending.best_offer(parameters, incomes, *terms)
        rows = slice(j * N_INCOME_CLASSES, (j + 1) * N_INCOME_CLASSES)
        credit.marketing[rows], credit.cutoff[rows], credit.risk_taken[rows] = offer.marketing, offer.cutoff, offer.risk
        credit.marketing_cents[rows] = np.rint(offer.cost * credit.income_cents[rows])


def gain_of_breach(world: World) -> Array:
    """int64 (J): cents a week that each arm would gain at its desired terms over those that rules allow.

    Difference of the expected gains of a steady week, each with the best marketing and cut-off at these terms, less the
    return that owners ask of capital.
    """
    has_rule = world.rulebook.in_force(world.week, hook=Hook.CREDIT_TERMS)
    if not has_rule or not world.sector.credit.debt_weeks:
        return np.zeros(world.n_platforms, np.int64)
    platforms = world.platforms
    desired = CreditTerms(
        np.arange(world.n_platforms), platforms.own_share_chosen.copy(), platforms.capital_leverage_chosen.copy()
    )
    allowed = desired.copy()
    world.rulebook.bind(Hook.CREDIT_TERMS, allowed, world.week)
    gain = _expected(world, desired) - _expected(world, allowed)
    return np.rint(gain).astype(np.int64)


def _expected(world: World, terms: CreditTerms) -> Array:
    """float64 (J): gain of a steady week at these terms, cents."""
    incomes = class_incomes(world.sector.consumers.income_log_sd)
    income = world.credit.income_cents.reshape(world.n_platforms, N_INCOME_CLASSES)
    each = [
        lending.best(world.sector.credit, incomes, float(share), float(leverage)).gain
        for share, leverage in zip(terms.own_share, terms.capital_leverage, strict=True)
    ]
    return (income * np.array(each)).sum(axis=1)


def _wanted(world: World) -> Array:
    """int64, one a row: new loans that consumers ask for and arms would grant, at the debt of the week's start."""
    credit = world.credit
    income = np.maximum(credit.income_cents, 1)
    weeks = lending.demand(world.sector.credit, credit.outstanding_cents / income, credit.marketing, credit.cutoff)
    return np.rint(weeks * credit.income_cents).astype(np.int64)


def _collect(world: World) -> None:
    """Instalments are paid, missed or written off; the arm's profit is added to its capital."""
    parameters, credit, lenders = world.sector.credit, world.credit, world.lenders
    due, own = credit.outstanding_cents, credit.own_cents
    miss, gone = _chances(world)
    # Of every payment the platform's part is its part of the claim: own and partners' loans fail alike.
    held = own / np.maximum(due, 1)
    defaulted = np.rint(gone * due).astype(np.int64)
    paying = (1.0 - credit.missed) * (due - defaulted)
    whole = np.rint(
        [
            parameters.repayment_rate * paying,
            parameters.yearly_yield / lending.WEEKS_A_YEAR * paying,
            parameters.recovery * defaulted,
            defaulted,
        ]
    )
    repaid, interest, recovered, _ = whole = whole.astype(np.int64)
    own_repaid, own_interest, own_recovered, own_lost = np.rint(whole * held).astype(np.int64)
    least = repaid + defaulted - own_lost - (due - own)  # partners' part, rounded, must not exceed what they are owed
    own_repaid = np.maximum(np.minimum(own_repaid, own - own_lost), least)
    back, own_back = repaid + recovered, own_repaid + own_recovered
    _share(world, Account.OWN_REPAYMENTS, Account.PARTNER_REPAYMENTS, back, own_back)
    _share(world, Account.OWN_INTEREST, Account.PARTNER_INTEREST, interest, own_interest)
    costs = _pay_costs(world, due, paying * (1.0 - held))
    lenders.profit_cents[:] = _by_platform(own_interest + own_recovered - own_lost) - costs
    lenders.capital_cents += lenders.profit_cents
    credit.repaid_cents[:], credit.defaulted_cents[:] = repaid, defaulted
    credit.outstanding_cents -= repaid + defaulted
    credit.own_cents -= own_repaid + own_lost
    credit.missed += (1.0 - credit.missed) * miss - parameters.cure_rate * credit.missed


def _pay_costs(world: World, due: Array, partners: Array) -> Array:
    """int64 (J): costs and interest that arms pay, less the fee on partner banks' part on which instalments are paid.

    Loans for which there is no money are not advertised: marketing follows the part that could be lent last week.
    """
    parameters, lenders, ledger = world.sector.credit, world.lenders, world.ledger
    running = parameters.service_cost * _by_platform(due)
    yearly = np.array(
        [
            parameters.service_fee * _by_platform(partners),
            running + lending.WEEKS_A_YEAR * lenders.funded * _by_platform(world.credit.marketing_cents),
            parameters.refinancing_rate * lenders.refinanced_cents,
        ]
    )
    fee, cost, borrowed = np.rint(yearly / lending.WEEKS_A_YEAR).astype(np.int64)
    ledger.transfer(Account.SERVICE_FEES, Party.BANKS, fee.sum(), Party.LENDERS, fee)
    ledger.transfer(Account.CREDIT_COSTS, Party.LENDERS, cost, Party.WORLD, cost.sum())
    ledger.transfer(Account.REFINANCING_INTEREST, Party.LENDERS, borrowed, Party.BANKS, borrowed.sum())
    return cost + borrowed - fee


def _chances(world: World) -> tuple[Array, Array]:
    """Chance of falling behind and share of debt written off, one a row (`lending.missing`, `lending.default`)."""
    parameters, credit = world.sector.credit, world.credit
    usual = lending.usual_odds(parameters, class_incomes(world.sector.consumers.income_log_sd))
    debt = credit.outstanding_cents / np.maximum(credit.income_cents, 1)
    strain = parameters.debt_risk * (debt - parameters.debt_weeks)
    behind = parameters.missed_risk * (credit.missed - parameters.missed_share)
    strains = np.array([strain, strain + behind]).reshape(2, -1, N_INCOME_CLASSES)
    odds = precise.exp(usual[:, None] + strains).reshape(2, -1) * credit.risk
    miss, gone = odds / (1.0 + odds)
    return miss, gone


def _lend(world: World, wanted: Array) -> None:
    """Owners move capital towards what the loans asked for need; loans are paid out as far as capital allows."""
    # Missing capital is raised slowly and surplus capital is withdrawn at once: this is why lending stops at first when
    # a rule asks for more own funds, and recovers afterwards.
    parameters, credit, lenders, platforms = world.sector.credit, world.credit, world.lenders, world.platforms
    share, leverage = platforms.own_share, platforms.capital_leverage
    kept = _by_platform(credit.own_cents)
    asked = share * _by_platform(wanted)
    gap = np.rint((kept + asked) / leverage).astype(np.int64) - lenders.capital_cents
    raised = np.where(gap > 0, np.rint(parameters.capital_speed * gap).astype(np.int64), gap)
    put_in, withdrawn = np.maximum(raised, 0), np.maximum(-raised, 0)
    lenders.raised_cents[:] = raised
    lenders.capital_cents += raised
    room = np.maximum(leverage * lenders.capital_cents - kept, 0.0)
    is_short = room + leverage < asked  # a cent of capital more or less is rounding
    lenders.funded[:] = np.where(is_short, room / np.maximum(asked, 1.0), 1.0)
    lent = np.rint(lenders.funded[credit.platform] * wanted).astype(np.int64)
    own = np.rint(share[credit.platform] * lent).astype(np.int64)
    remaining = credit.outstanding_cents
    # One mean is enough, since loans of all risks are taken to be repaid and written off alike.
    credit.risk[:] = (credit.risk * remaining + credit.risk_taken * lent) / np.maximum(remaining + lent, 1)
    credit.lent_cents[:] = lent
    credit.outstanding_cents += lent
    credit.own_cents += own
    pay_out(world, lent, own, put_in, withdrawn)


def pay_out(world: World, lent: Array, own: Array, put_in: Array, withdrawn: Array) -> None:
    """Money for loans: owners' capital, banks' refinancing of the rest, and partner banks' part."""
    ledger, lenders = world.ledger, world.lenders
    needed = np.maximum(_by_platform(world.credit.own_cents) - lenders.capital_cents, 0)
    more = needed - lenders.refinanced_cents
    drawn, given_back = np.maximum(more, 0), np.maximum(-more, 0)
    lenders.refinanced_cents[:] = needed
    own_lent, partners = _by_platform(own), int((lent - own).sum())
    for account, payer, to_arms in (
        (Account.CAPITAL_IN, Party.OWNERS, put_in),
        (Account.REFINANCING_DRAWN, Party.BANKS, drawn),
    ):
        if to_arms.any():
            ledger.transfer(account, payer, to_arms.sum(), Party.LENDERS, to_arms)
    for account, payee, from_arms in (
        (Account.CAPITAL_OUT, Party.OWNERS, withdrawn),
        (Account.REFINANCING_REPAID, Party.BANKS, given_back),
    ):
        if from_arms.any():
            ledger.transfer(account, Party.LENDERS, from_arms, payee, from_arms.sum())
    ledger.transfer(Account.OWN_LOANS, Party.LENDERS, own_lent, Party.BORROWERS, own_lent.sum())
    ledger.transfer(Account.PARTNER_LOANS, Party.BANKS, partners, Party.BORROWERS, partners)


def _share(world: World, own_account: Account, partner_account: Account, whole: Array, own: Array) -> None:
    """Borrowers pay the platform its part and partner banks the rest."""
    to_arms = _by_platform(own)
    paid = int(np.add.reduce(to_arms))
    rest = int(np.add.reduce(whole)) - paid
    world.ledger.transfer(own_account, Party.BORROWERS, paid, Party.LENDERS, to_arms)
    world.ledger.transfer(partner_account, Party.BORROWERS, rest, Party.BANKS, rest)


def _part(amount: Array, share: Array) -> Array:
    return np.rint(amount * share).astype(np.int64)


def _by_platform(values: Array) -> Array:
    """(J): sums over income classes."""
    return np.add.reduce(values.reshape(-1, N_INCOME_CLASSES), axis=1)
