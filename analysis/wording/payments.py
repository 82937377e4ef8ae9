"""Who pays whom how much and for what in an average week, without a policy and with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.result import Frame
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording.numbers import capital, size, unit_text
from analysis.wording.parties import agree
from sim.ledger.accounts import Party
from sim.metrics.flows import account_of

OTHERS = "others"
SIDES = ("consumers", "platforms", "merchants", "workers", "state", OTHERS)
"""Parties of the figure, from top to bottom."""
SIDE_OF = {
    **{party: party.value for party in (Party.CONSUMERS, Party.MERCHANTS, Party.WORKERS, Party.PLATFORMS)},
    Party.GOVERNMENT: "state",
    Party.DEPARTMENTS: "state",
}
"""The side of a holder of money; who is not named here is one of the others."""
GATHERED = "other payments"
N_DRAWN = 10
"""Payments drawn singly; smaller ones of the same payer and payee are combined."""
LEAST = 0.002
"""Part of all payments from which on combined ones are drawn."""
COLUMNS = ("payer", "payee", "what", "unit", "n_replicates", "baseline", "policy", "effect", "low", "high")


@dataclass(frozen=True)
class Payment:
    """What one side pays another for one thing, with and without; `change` has no interval where several are summed."""

    payer: str
    payee: str
    what: str
    change: Estimate

    @property
    def largest(self) -> float:
        """The larger of the two amounts."""
        return max(self.change.baseline, self.change.policy)


def payments(effects: Frame) -> list[Payment]:
    """Payments between sides in the order of the ledger, of one scenario; those that are always zero are left out.

    What is less than nothing in an average week goes the other way.
    """
    flows = []
    for e in est.estimates(est.flows(effects)):
        account = account_of(e.metric)
        if account is None or not (e.baseline or e.policy):
            continue
        payer, payee = (SIDE_OF.get(party, OTHERS) for party in (account.payer, account.payee))
        if payer == payee:
            continue
        if e.baseline <= 0.0 and e.policy <= 0.0:
            payer, payee, e = payee, payer, _turned(e)
        flows.append(Payment(payer, payee, account.what, e))
    return flows


def _turned(e: Estimate) -> Estimate:
    return dataclasses.replace(e, baseline=-e.baseline, policy=-e.policy, effect=-e.effect, low=-e.high, high=-e.low)


def largest_change(flows: Iterable[Payment]) -> Payment | None:
    """The payment that changes most among those whose change is distinguishable from zero."""
    clear = [p for p in flows if p.change.sign]
    return max(clear, key=lambda p: abs(p.change.effect), default=None)


def gathered(flows: Sequence[Payment], n_drawn: int = N_DRAWN) -> list[Payment]:
    """The largest payments and the one that changes most, singly; the rest in sums by payer and payee."""
    most = largest_change(flows)
    order = sorted(flows, key=lambda p: (p is not most, -p.largest))
    kept, rest = order[:n_drawn], order[n_drawn:]
    if len(rest) == 1:
        kept, rest = order, []
    least = LEAST * sum(p.largest for p in flows)
    for pair in dict.fromkeys((p.payer, p.payee) for p in rest):
        whole = _summed([p for p in rest if (p.payer, p.payee) == pair])
        kept += [whole] if whole.largest >= least else []
    places = {side: place for place, side in enumerate(SIDES)}
    return sorted(kept, key=lambda p: (places[p.payer], places[p.payee], p.what == GATHERED, -p.largest))


def _summed(rows: Sequence[Payment]) -> Payment:
    if len(rows) == 1:
        return rows[0]
    totals = {key: sum(getattr(p.change, key) for p in rows) for key in ("baseline", "policy", "effect")}
    change = dataclasses.replace(rows[0].change, **totals, low=float("nan"), high=float("nan"))
    return Payment(rows[0].payer, rows[0].payee, GATHERED, change)


def title(flows: Sequence[Payment]) -> str:
    """The payment that changes most, and by how much."""
    most = largest_change(flows)
    if most is None:
        return "No payment between parties changes by an amount distinguishable from zero"
    e = most.change
    verb = f"{agree([most.payer], 'pay')} {'the state' if most.payee == 'state' else most.payee}"
    much = f"{size(e.effect, e.low, e.high)} {unit_text(e.unit)} {'more' if e.effect > 0 else 'less'}"
    return f"{capital(most.what)}: {verb} {much}, the largest change of a payment"


def table(flows: Iterable[Payment]) -> Frame:
    """Payments as a frame with `COLUMNS`, the data behind the figure."""
    import pandas as pd

    rows = [
        {"payer": p.payer, "payee": p.payee, "what": p.what} | {key: getattr(p.change, key) for key in COLUMNS[3:]}
        for p in flows
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
