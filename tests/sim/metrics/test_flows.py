"""Flows of money as metrics: who pays whom is data, and what a party has more is what it received and did not pay."""

import pytest

from sim.ledger.accounts import Account, Party
from sim.metrics import flows
from sim.metrics.registry import REGISTRY
from tests.economies import RICH, RULES, economy


def test_every_account_is_a_metric_and_back():
    named = {metric.name: flows.account_of(metric.name) for metric in flows.METRICS}
    assert list(named.values()) == list(Account)
    assert all(
        REGISTRY[name].party == "flows" and account.what in REGISTRY[name].title for name, account in named.items()
    )
    assert flows.metric_of(Account.COMMISSION) == "flow_commission"
    assert flows.account_of("merchant_profit") is None


def test_what_a_party_receives_less_what_it_pays_is_what_its_balances_gain_in_that_week():
    model = economy(n_weeks=8, policy_week=4, policy=RULES, numbers=RICH)
    ledger, n_consumers = model.world.ledger, len(model.world.consumers)
    before = {party: int(ledger.balances[party].sum()) for party in Party}
    moved = set()
    while model.world.week < 8:
        model.step()
        measured = {flows.account_of(m.name): model.weekly[m.name][-1] for m in flows.METRICS}
        for party in Party:
            received = sum(value for account, value in measured.items() if account.payee is party)
            paid = sum(value for account, value in measured.items() if account.payer is party)
            now = int(ledger.balances[party].sum())
            gained = (now - before[party]) / 100 / n_consumers * 1000
            assert received - paid == pytest.approx(gained, abs=1e-6), party
            moved |= {party} if gained else set()
            before[party] = now
    assert {Party.CONSUMERS, Party.MERCHANTS, Party.WORKERS, Party.PLATFORMS, Party.GOVERNMENT, Party.WORLD} <= moved
