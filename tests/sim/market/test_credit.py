"""Credit: claims and cash apart, at rest without a rule, and what own money at stake changes."""

import dataclasses
import itertools

import numpy as np
import pytest

from sim import lending
from sim.ledger.accounts import Account, Party
from sim.lending import WEEKS_A_YEAR
from sim.market.credit import gain_of_breach, lend_and_collect
from sim.metrics import credit as credit_metrics
from sim.metrics.credit import measure_credit
from sim.metrics.flows import metric_of
from sim.parameters import CreditParameters
from sim.policy.finance.platform_credit import PlatformCredit
from sim.populations.credit import Credit, Lenders, class_incomes
from sim.rules.rulebook import Rulebook
from tests.economies import BOOKS_OF_FAILURE, NO_CREDIT, economy, economy_after, fingerprint, run

pytestmark = pytest.mark.long

NUMBERS = CreditParameters()
INCOMES = class_incomes(0.6)
FLOWS_OF_CREDIT = {
    metric_of(account)
    for account in Account
    if {account.payer, account.payee} & {Party.BORROWERS, Party.BANKS, Party.LENDERS}
}
OF_CREDIT = FLOWS_OF_CREDIT | {
    *(f"credit.{name}" for name in Credit.columns),
    *(f"lenders.{name}" for name in Lenders.columns),
    *(metric.name for metric in credit_metrics.METRICS),
    "borrowers",
    "banks",
    "lenders",
    "owners",
    "world",
}


def weeks_of_credit(n_weeks, world):
    """Only credit happens, week after week; the books are closed each time."""
    seen = []
    for _ in range(n_weeks):
        world.week += 1
        world.ledger.open_week()
        lend_and_collect(world)
        world.ledger.close_week(world.week)
        seen.append(measure_credit(world))
    return seen


def ruled(world, **values):
    """The same economy under the rule from the next week on, platforms complying."""
    rule = PlatformCredit(start_week=world.week + 1, **values)
    world.rulebook = Rulebook((rule,))
    world.platforms.own_share[:] = np.maximum(world.platforms.own_share, rule.own_share)
    world.platforms.capital_leverage[:] = np.minimum(world.platforms.capital_leverage, rule.leverage_cap)
    return world


@pytest.fixture
def world():
    return economy_after(1, 2000).world


def test_everybody_starts_at_the_steady_state_and_stays_there():
    model = economy(2000)
    world, before = model.world, model.world.credit.outstanding_cents.copy()
    lenders = world.lenders.capital_cents.copy()
    assert before.sum() > 0
    for _ in range(8):
        model.step()
    assert np.abs(world.credit.outstanding_cents - before).max() <= 1e-6 * before.max()
    assert np.abs(world.lenders.capital_cents - lenders).max() <= 5
    assert (world.credit.marketing == 1.0).all()
    assert (world.credit.cutoff == 1.0).all()
    assert model.weekly["credit_leverage"] == pytest.approx([50.0] * 8, rel=1e-3)
    assert model.weekly["credit_own_share"] == pytest.approx([0.02] * 8, rel=1e-3)


def test_a_borrower_of_mean_income_owes_what_was_observed():
    book = lending.steady_book(NUMBERS, np.ones(1), np.array(1.0), np.array(1.0))
    assert book.debt[0] == pytest.approx(NUMBERS.debt_weeks, rel=1e-9)
    assert book.missed[0] == pytest.approx(NUMBERS.missed_share, rel=1e-9)
    assert WEEKS_A_YEAR * book.default[0] == pytest.approx(NUMBERS.yearly_default, rel=1e-9)


def test_a_week_by_hand():
    """One class of one platform, from its own numbers: every flow is the equation's, to the cent."""
    world = economy_after(1, 2000).world
    row, n = 25, world.sector.credit
    table = world.credit
    due, own, missed, risk = (
        int(table.outstanding_cents[row]),
        int(table.own_cents[row]),
        table.missed[row],
        table.risk[row],
    )
    income = int(table.income_cents[row])
    debt, relative = due / income, class_incomes(world.sector.consumers.income_log_sd)[5]
    usual = n.yearly_default / WEEKS_A_YEAR
    log_odds = np.log(usual / (1 - usual)) + n.debt_risk * (debt - n.debt_weeks) + np.log(risk)
    log_odds += n.missed_risk * (missed - n.missed_share) - n.income_risk * np.log(relative)
    defaulted = round(due / (1 + np.exp(-log_odds)))
    repaid = round(n.repayment_rate * (1 - missed) * (due - defaulted))
    limit = n.debt_weeks / n.limit_use
    out = usual + n.repayment_rate * (1 - n.missed_share) * (1 - usual)
    kappa = n.debt_weeks * out / (1 - n.debt_weeks / limit)
    lent = round(kappa * (1 - debt / limit) * income)
    weeks_of_credit(1, world)
    assert table.defaulted_cents[row] == defaulted
    assert table.repaid_cents[row] == repaid
    assert table.lent_cents[row] == lent
    assert table.outstanding_cents[row] == due - defaulted - repaid + lent
    assert abs(int(table.own_cents[row]) - own - 0.02 * (lent - repaid - defaulted)) < 3


def test_cash_and_claims_of_every_party_agree():
    """What banks and arms have paid out and not got back, interest and costs aside, is what is owed or lost."""
    world = ruled(economy_after(1, 2000).world)
    for _ in range(60):
        own, owed = world.credit.own_cents.copy(), world.credit.outstanding_cents.copy()
        capital, cash = world.lenders.capital_cents.copy(), world.lenders.balance_cents.copy()
        (measured,) = weeks_of_credit(1, world)
        credit, lenders, flows = world.credit, world.lenders, world.ledger.flows
        assert (
            owed + credit.lent_cents - credit.repaid_cents - credit.defaulted_cents == credit.outstanding_cents
        ).all()
        assert (credit.own_cents >= 0).all()
        assert (credit.own_cents <= credit.outstanding_cents).all()
        assert (capital + lenders.profit_cents + lenders.raised_cents == lenders.capital_cents).all()
        of_arms = credit.own_cents.reshape(world.n_platforms, -1).sum(axis=1)
        assert (lenders.balance_cents + of_arms == lenders.capital_cents + lenders.refinanced_cents).all()
        assert not lenders.balance_cents.any()
        assert not cash.any()
        lent = flows[Account.OWN_LOANS] + flows[Account.PARTNER_LOANS]
        assert lent == credit.lent_cents.sum()
        back = flows[Account.OWN_REPAYMENTS] + flows[Account.PARTNER_REPAYMENTS]
        recovered = back - credit.repaid_cents.sum()
        assert abs(recovered - 0.15 * credit.defaulted_cents.sum()) <= len(credit)
        assert measured["credit_own_share"] * measured["credit_leverage"] == pytest.approx(1.0)
        assert own.sum() <= owed.sum()


def test_own_loans_stay_within_leverage_times_capital_from_the_first_new_loan_on():
    world = ruled(economy_after(1, 2000).world)
    slack = 20 + 5.0  # half a cent a class, and what a cent of capital carries
    for _ in range(80):
        before = world.credit.own_cents.reshape(3, -1).sum(axis=1)
        weeks_of_credit(1, world)
        own = world.credit.own_cents.reshape(3, -1).sum(axis=1)
        is_within = own <= 5.0 * world.lenders.capital_cents + slack
        assert (is_within | (own < before)).all()
    assert is_within.all()


def test_more_own_money_means_fewer_loans_to_better_risks():
    free, floor = (economy_after(1, 2000).world for _ in range(2))
    without, under = weeks_of_credit(150, free)[-1], weeks_of_credit(150, ruled(floor))[-1]
    assert under["credit_outstanding"] < 0.7 * without["credit_outstanding"]
    assert under["credit_default_share"] < 0.7 * without["credit_default_share"]
    assert under["consumer_credit_distress"] < without["consumer_credit_distress"]
    assert under["platform_credit_profit"] < without["platform_credit_profit"]
    assert under["credit_leverage"] == pytest.approx(1.0 / 0.3, rel=0.05)
    is_best = floor.credit.income_class == 19
    assert (floor.credit.cutoff[~is_best] < 1.0).all()
    assert (floor.credit.marketing < 1.0).all()
    assert (floor.credit.risk[~is_best] < 1.0).all()


def test_the_floor_alone_screens_and_leverage_alone_hardly():
    """With a fiftieth at stake it does not matter what own money costs."""
    floor = lending.best_offer(NUMBERS, INCOMES, 0.3, NUMBERS.leverage)
    leverage = lending.best_offer(NUMBERS, INCOMES, NUMBERS.own_share, 5.0)
    assert (floor.cutoff[:-2] < 1.0).all()
    assert (floor.risk[:-2] < 1.0).all()
    assert (leverage.cutoff >= 0.95).all()
    both = lending.best_offer(NUMBERS, INCOMES, 0.3, 5.0)
    assert (both.marketing <= floor.marketing).all()
    assert both.marketing.mean() < floor.marketing.mean()


def test_the_more_at_stake_the_stricter():
    offers = [lending.best_offer(NUMBERS, INCOMES, share, 10.0) for share in (0.02, 0.1, 0.3, 0.6, 1.0)]
    for milder, harder in itertools.pairwise(offers):
        assert harder.cutoff.mean() < milder.cutoff.mean()
        assert harder.marketing.mean() < milder.marketing.mean()


def test_the_poor_are_screened_most():
    cutoff = lending.best_offer(NUMBERS, INCOMES, 0.3, 5.0).cutoff
    assert (np.diff(cutoff) >= 0.0).all()
    assert cutoff[0] < cutoff[-1]


def test_what_is_observed_is_what_is_best_at_the_observed_terms():
    """Up to the grid; the poorest class aside, whom an arm would screen a little even with others' money."""
    found = lending.best(NUMBERS, INCOMES, NUMBERS.own_share, NUMBERS.leverage)
    assert (found.cutoff[1:] == 1.0).all()
    assert (np.abs(found.marketing[1:] - 1.0) <= 0.051).all()
    offer = lending.best_offer(NUMBERS, INCOMES, NUMBERS.own_share, NUMBERS.leverage)
    assert (offer.marketing == 1.0).all()
    assert (offer.cutoff == 1.0).all()


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("leverage", [1.0, 5.0, 10.0])
def test_looking_twice_finds_the_best_of_all_pairs(share, leverage):
    income, (m, q) = np.array(INCOMES), np.meshgrid(lending.MARKETING, lending.CUTOFFS, indexing="ij")
    pairs = m.reshape(-1, 1), q.reshape(-1, 1)
    whole = lending.earned(NUMBERS, income, *pairs, share, leverage, lending.NARROW_STEPS)
    gain = whole - lending.spent(NUMBERS, INCOMES, pairs[0])
    found = lending.best(NUMBERS, INCOMES, share, leverage)
    top, earns = gain.argmax(axis=0), gain.max(axis=0) > 1e-7
    assert earns.any() or leverage == 1.0
    assert found.gain == pytest.approx(gain.max(axis=0), rel=1e-12, abs=1e-8)
    assert (found.marketing == pairs[0][top, 0])[earns].all()
    assert (found.cutoff == pairs[1][top, 0])[earns].all()


ENDS = {
    "debt_weeks": (2.0, 8.0),
    "limit_use": (0.1, 0.8),
    "yearly_yield": (0.06, 0.16),
    "refinancing_rate": (0.03, 0.06),
    "required_return": (0.10, 0.25),
    "service_cost": (0.002, 0.012),
    "repayment_rate": (0.02, 0.08),
    "yearly_default": (0.01, 0.05),
    "cure_rate": (0.05, 0.3),
    "recovery": (0.0, 0.4),
    "debt_risk": (0.05, 0.3),
    "missed_risk": (0.0, 20.0),
    "income_risk": (0.0, 1.5),
    "risk_spread": (2.0, 5.0),
    "marketing_elasticity": (0.5, 2.0),
    "leverage": (5.0, 50.0),
}


@pytest.mark.parametrize(("name", "end"), [(name, end) for name, ends in ENDS.items() for end in ends])
def test_at_either_end_of_every_assumption_less_is_lent_to_no_worse_risks(name, end):
    numbers = dataclasses.replace(NUMBERS, **{name: end})
    income = np.array(INCOMES)
    offer = lending.best_offer(numbers, INCOMES, 0.3, 5.0)
    before = lending.steady_book(numbers, income, np.array(1.0), np.array(1.0))
    after = lending.steady_book(numbers, income, offer.marketing, offer.cutoff)
    if name == "yearly_yield" and end == 0.16:
        assert (after.debt * income).sum() > 0.8 * (before.debt * income).sum(), "own money that earns more than a fee"
        return
    assert (after.debt * income).sum() < (before.debt * income).sum()
    assert (after.default * after.debt * income).sum() < (before.default * before.debt * income).sum()


def test_breaking_the_rule_pays_and_the_more_the_harder_it_is():
    world = economy_after(1, 2000).world
    assert not gain_of_breach(world).any()
    gains = []
    for share in (0.02, 0.1, 0.3, 0.6):
        world.rulebook = Rulebook((PlatformCredit(start_week=1, own_share=share, leverage_cap=10.0),))
        gain = gain_of_breach(world)
        assert gain.dtype == np.int64
        assert gain.shape == (3,)
        gains.append(gain)
    assert not gains[0].any(), "what is wished is allowed"
    assert all((more > less).all() for less, more in itertools.pairwise(gains))
    income = world.credit.income_cents.reshape(3, -1)
    best = [lending.best(NUMBERS, class_incomes(0.6), share, 10.0).gain for share in (0.02, 0.3)]
    if world.sector.consumers.income_log_sd == 0.6:
        assert gains[2] == pytest.approx((income * (best[0] - best[1])).sum(axis=1), abs=1)


def test_credit_changes_nothing_else_to_the_bit():
    with_credit, without = run(1000, 2), run(1000, 2, numbers=NO_CREDIT)
    assert fingerprint(with_credit, OF_CREDIT) == fingerprint(without, OF_CREDIT)
    assert with_credit.world.credit.outstanding_cents.any()


def test_where_nobody_lends_nothing_moves_under_the_rule_either():
    model = run(500, policy={"platform_credit": {}}, numbers=NO_CREDIT)
    for party in (Party.BORROWERS, Party.BANKS, Party.LENDERS):
        assert not model.world.ledger.balances[party].any()
    assert not gain_of_breach(model.world).any()
    assert set(model.weekly["credit_outstanding"]) == {0.0}


def test_the_rule_changes_nothing_of_the_market_but_what_watching_it_costs():
    """Platforms that answer rules do not think about this one."""
    free, under = (
        run(500, n_weeks=12, policy=policy, numbers={"departments.finance.budget": 1.0})
        for policy in ({}, {"platform_credit": {}})
    )
    assert under.world.departments.n_inspections.sum() == 0
    without = {*OF_CREDIT, "platforms.own_share", "platforms.capital_leverage", "departments.n_watched", "departments"}
    without |= {"departments.balance_cents", "government", "state_net", "welfare_total", *BOOKS_OF_FAILURE}
    without |= {metric_of(account) for account in Account if Party.DEPARTMENTS in (account.payer, account.payee)}
    assert fingerprint(free, without) == fingerprint(under, without)
    assert under.weekly["credit_lent"][-1] < free.weekly["credit_lent"][-1]


def test_losses_beyond_capital_are_made_good_by_owners_and_no_loan_is_made_meanwhile(world):
    world.lenders.capital_cents -= 10 * world.lenders.capital_cents
    world.lenders.refinanced_cents[:] = world.credit.own_cents.reshape(3, -1).sum(axis=1) - world.lenders.capital_cents
    weeks_of_credit(1, world)
    assert not world.credit.lent_cents.any()
    assert (world.lenders.raised_cents > 0).all()
    weeks_of_credit(100, world)
    assert (world.lenders.capital_cents > 0).all()
    assert world.credit.lent_cents.all()
