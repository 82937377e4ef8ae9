"""Money is whole cents, moves from somebody to somebody, and sums to zero."""

import numpy as np
import pytest

from sim.errors import BrokenLedger
from sim.ledger.accounts import Account, Party
from sim.ledger.ledger import Ledger
from tests.economies import RICH, RULES, economy


def cents(*amounts):
    return np.array(amounts, np.int64)


@pytest.fixture
def ledger():
    return Ledger({Party.CONSUMERS: cents(0, 0, 0), Party.PLATFORMS: cents(0, 0)})


def balances(ledger):
    return {party: balance.tolist() for party, balance in ledger.balances.items()}


def test_a_transfer_moves_money_payer_by_payer_and_payee_by_payee(ledger):
    ledger.transfer(Account.GOODS_PAID, Party.CONSUMERS, cents(5, 0, 2), Party.PLATFORMS, cents(3, 4))
    assert ledger.balances[Party.CONSUMERS].tolist() == [-5, 0, -2]
    assert ledger.balances[Party.PLATFORMS].tolist() == [3, 4]
    assert ledger.flows[Account.GOODS_PAID] == 7


def test_one_side_booked_by_a_loop_needs_the_other(ledger):
    ledger.balances[Party.CONSUMERS] -= cents(5, 0, 2)
    with pytest.raises(BrokenLedger, match="week 3"):
        ledger.close_week(3)
    ledger.book_received(Account.GOODS_PAID, Party.PLATFORMS, cents(4, 6))
    ledger.book_paid(Account.REFUNDS, Party.PLATFORMS, cents(1, 2))
    ledger.close_week(3)
    assert ledger.balances[Party.PLATFORMS].tolist() == [3, 4]
    assert (ledger.flows[Account.GOODS_PAID], ledger.flows[Account.REFUNDS]) == (10, 3)


def test_a_transfer_writes_the_populations_own_column():
    column = cents(0, 0)
    Ledger({Party.PLATFORMS: column}).transfer(Account.COMPLIANCE, Party.PLATFORMS, cents(1, 2), Party.WORLD, 3)
    assert column.tolist() == [-1, -2]


def test_unequal_sides_are_refused_and_change_nothing(ledger):
    before = balances(ledger)
    with pytest.raises(BrokenLedger, match="GOODS_PAID: consumers pay 7 cents but platforms receive 6"):
        ledger.transfer(Account.GOODS_PAID, Party.CONSUMERS, cents(5, 0, 2), Party.PLATFORMS, cents(3, 3))
    assert balances(ledger) == before
    assert not any(ledger.flows.values())


@pytest.mark.parametrize("wrong", [np.array([1.0, 2.0, 4.0]), np.array([True, True, True]), 7.0])
@pytest.mark.parametrize("side", ["payer", "payee"])
def test_money_that_is_not_whole_cents_is_refused(ledger, wrong, side):
    right = int(np.sum(wrong))
    sides = (
        (Party.CONSUMERS, wrong, Party.WORLD, right)
        if side == "payer"
        else (Party.WORLD, right, Party.CONSUMERS, wrong)
    )
    with pytest.raises(BrokenLedger, match="whole cents"):
        ledger.transfer(Account.GOODS_PAID, *sides)


def test_one_amount_is_not_paid_by_everybody(ledger):
    """A scalar against a population of three would take it three times."""
    with pytest.raises(BrokenLedger):
        ledger.transfer(Account.GOODS_PAID, Party.CONSUMERS, 5, Party.WORLD, 5)


def test_closing_catches_money_made_outside_the_ledger(ledger):
    ledger.transfer(Account.GOODS_PAID, Party.CONSUMERS, cents(1, 1, 1), Party.PLATFORMS, cents(3, 0))
    ledger.close_week(1)
    ledger.balances[Party.CONSUMERS][1] += 1
    with pytest.raises(BrokenLedger, match="week 9: balances sum to 1 cents"):
        ledger.close_week(9)


def test_a_new_week_forgets_the_flows_and_keeps_the_balances(ledger):
    ledger.transfer(Account.GOODS_PAID, Party.CONSUMERS, cents(1, 1, 1), Party.PLATFORMS, cents(3, 0))
    before = balances(ledger)
    ledger.open_week()
    assert not any(ledger.flows.values())
    assert balances(ledger) == before


def test_only_access_charges_stay_within_a_party():
    assert {account for account in Account if account.payer is account.payee} == {Account.ACCESS_CHARGES}


@pytest.mark.parametrize(
    "book",
    [
        lambda ledger: ledger.transfer(Account.TIPS, Party.CONSUMERS, cents(1, 0, 0), Party.PLATFORMS, cents(1, 0)),
        lambda ledger: ledger.transfer(Account.TIPS, Party.PLATFORMS, cents(1, 0), Party.WORKERS, 1),
        lambda ledger: ledger.book_received(Account.TIPS, Party.PLATFORMS, cents(1, 0)),
        lambda ledger: ledger.book_paid(Account.TIPS, Party.PLATFORMS, cents(1, 0)),
    ],
)
def test_a_payment_that_an_account_is_not_for_is_refused_and_changes_nothing(ledger, book):
    before = balances(ledger)
    with pytest.raises(BrokenLedger, match=r"TIPS: .* consumers pay workers"):
        book(ledger)
    assert balances(ledger) == before
    assert not any(ledger.flows.values())


def test_platforms_may_pay_each_other(ledger):
    ledger.transfer(Account.ACCESS_CHARGES, Party.PLATFORMS, cents(5, 1), Party.PLATFORMS, cents(0, 6))
    assert ledger.balances[Party.PLATFORMS].tolist() == [-5, 5]
    assert ledger.flows[Account.ACCESS_CHARGES] == 6


def test_payments_already_taken_from_one_side_are_booked_on_the_other(ledger):
    ledger.balances[Party.CONSUMERS] -= cents(5, 0, 2)
    ledger.book_received(Account.GOODS_PAID, Party.PLATFORMS, cents(3, 4))
    ledger.close_week(1)
    ledger.balances[Party.CONSUMERS] += cents(0, 0, 2)
    ledger.book_paid(Account.REFUNDS, Party.PLATFORMS, cents(0, 2))
    ledger.close_week(1)
    assert ledger.balances[Party.PLATFORMS].tolist() == [3, 2]
    assert (ledger.flows[Account.GOODS_PAID], ledger.flows[Account.REFUNDS]) == (7, 2)
    ledger.book_received(Account.GOODS_PAID, Party.PLATFORMS, cents(1, 0))
    with pytest.raises(BrokenLedger, match="balances sum to 1 cents"):
        ledger.close_week(2)


BUSY = {
    "merchants.exit_debt": 10.0,
    "consumers.tip_share": 0.1,
    "injuries.hazard": 1e5,
    "licences.licensed_share": 0.5,
    "licences.review_rate": 1.0,
    "enforcement.false_alarm": 1.0,
    "enforcement.wrong_decision": 1.0,
    "enforcement.case_weeks": 1,
    "enforcement.appeal_weeks": 2,
}
"""Merchants give up, riders are hurt and need licences, platforms are fined wrongly and have it back."""
RUINED = {
    "failure.failure_weeks": 0.1,
    "failure.entrant_rate": 1.0,
    "failure.vacant_weeks": 2,
    "failure.entry_cost_weeks": 0.1,
}
"""Platforms stop, and others take their places."""
FREE_OF_CHARGE = {"commission_cap": {"ceiling": 0.0, "independents_only": False, "end_week": 18, "start_week": 12}}
"""Nobody can live on it as long as it lasts."""


def test_every_weeks_flows_explain_every_partys_balance():
    """Posting a payment under another account, or to another party than it names, would show here."""
    used = set()
    for numbers, policy in ((BUSY, RULES), (RUINED, FREE_OF_CHARGE)):
        model = economy(n_weeks=26, policy_week=5, policy=policy, numbers={**RICH, **numbers})
        used |= accounts_used(model, 26)
    assert used >= set(Account) - {Account.OPENING_COSTS, Account.PARCELS}, "these runs use every account"


def accounts_used(model, n_weeks):
    """Accounts with a flow in some week; every week's flows must explain every balance."""
    ledger, used = model.world.ledger, set()
    before = {party: int(balance.sum()) for party, balance in ledger.balances.items()}
    while model.world.week < n_weeks:
        model.step()
        change = dict.fromkeys(Party, 0)
        for account, amount in ledger.flows.items():
            change[account.payer] -= amount
            change[account.payee] += amount
            used |= {account} if amount else set()
        now = {party: int(balance.sum()) for party, balance in ledger.balances.items()}
        assert {party: now[party] - before[party] for party in Party} == change
        assert sum(now.values()) == 0
        before = now
    return used
