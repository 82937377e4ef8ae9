"""The ledger: every payment in whole cents, payer by payer and payee by payee; the books close every week."""

from __future__ import annotations

import numpy as np

from sim.errors import BrokenLedger
from sim.ledger.accounts import Account, Party

Array = np.ndarray
Cents = np.ndarray | np.integer | int


class Ledger:
    """Balances of every party and the flows of the current week.

    A population's balances are its own `balance_cents` column (int64); government, owners and the rest of the world
    have one balance each. Everybody starts at zero, so the sum of all balances is zero at every close.
    """

    def __init__(self, populations: dict[Party, Array]) -> None:
        self.balances = {party: populations.get(party, np.zeros(1, np.int64)) for party in Party}
        self.flows: dict[Account, int] = dict.fromkeys(Account, 0)

    def transfer(self, account: Account, payer: Party, paid: Cents, payee: Party, received: Cents) -> None:
        """Move `paid` (one amount a payer) to `received` (one a payee); both must sum to the same cents."""
        out, into = np.asarray(paid), np.asarray(received)
        if out.dtype.kind != "i" or into.dtype.kind != "i":
            raise BrokenLedger(f"{account.name}: money must be whole cents, got {out.dtype} and {into.dtype}")
        for party, amounts in ((payer, out), (payee, into)):
            if amounts.size != self.balances[party].size:
                n = self.balances[party].size
                raise BrokenLedger(
                    f"{account.name}: {amounts.size} amounts for {n} {party.value}: one a holder is needed"
                )
        _refuse_misbooked(account, payer, payee)
        total, arrived = _total(out), _total(into)
        if total != arrived:
            raise BrokenLedger(f"{account.name}: {payer.value} pay {total} cents but {payee.value} receive {arrived}")
        self.balances[payer] -= out
        self.balances[payee] += into
        self.flows[account] += total

    def book_received(self, account: Account, payee: Party, received: Cents) -> None:
        """The payee's side of payments that a loop has already taken from the payers' balances."""
        _refuse_misbooked(account, account.payer, payee)
        self.balances[payee] += received
        self.flows[account] += _total(received)

    def book_paid(self, account: Account, payer: Party, paid: Cents) -> None:
        """The payer's side of payments that a loop has already added to the payees' balances."""
        _refuse_misbooked(account, payer, account.payee)
        self.balances[payer] -= paid
        self.flows[account] += _total(paid)

    def open_week(self) -> None:
        """Forget last week's flows."""
        self.flows = dict.fromkeys(Account, 0)

    def close_week(self, week: int) -> None:
        """Check that no money was made or lost outside the ledger."""
        totals = {party.value: _total(balance) for party, balance in self.balances.items()}
        if sum(totals.values()) != 0:
            raise BrokenLedger(f"week {week}: balances sum to {sum(totals.values())} cents, not to zero: {totals}")


def _refuse_misbooked(account: Account, payer: Party, payee: Party) -> None:
    if payer is not account.payer or payee is not account.payee:
        who = f"{account.payer.value} pay {account.payee.value}"
        raise BrokenLedger(f"{account.name}: {payer.value} cannot pay {payee.value} here: {who}")


def _total(cents: Cents) -> int:
    return int(np.add.reduce(cents)) if np.ndim(cents) else int(cents)
