"""A platform must hold part of every loan it arranges, and capital behind what it holds."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.parameters.acts import JOINT_LENDING_NOTICE, MICROLENDING_DRAFT
from sim.policy.instrument import Bound, Department, Expect
from sim.rules.hooks import CreditTerms, Hook


@parameters
class PlatformCredit(Bound):
    """Raises a platform's own part of each loan to a floor and limits its loans to a multiple of its capital."""

    title = "Own money in platform credit"
    reading = (
        "Raises a platform's own part of each new loan to a floor, and limits its own loans to a multiple of its "
        "capital. Article (5) asks that requirements on capital and leverage be carried out strictly (A5.12), article "
        "(1) that what platforms do in finance be supervised as finance is (A1.7). The model reads this as two limits "
        "that regulators set at the time: the floor of the 2021 notice on joint lending, and the leverage of the 2020 "
        "draft on online small loans, read as a limit on loans on own books over capital. A lender with its own money "
        "at stake screens more and advertises less: less is lent, to better risks. Earlier loans keep the shares "
        "agreed for them."
    )
    left_out = (
        "limits on partners (a quarter of a bank's core capital, half of its loans), licences, loans per borrower, "
        "what a platform guarantees outside its books, and lenders to whom borrowers turn instead."
    )
    provisions = ("A5.12", "A1.7")
    department = Department.FINANCE
    hook = Hook.CREDIT_TERMS
    expects = (
        Expect("credit_own_share", "+", "new loans are held at the floor, old ones are repaid"),
        Expect("credit_leverage", "-", "the inverse of the own share"),
        Expect("credit_lent", "-", "own money earns less than it costs, and capital grows slowly"),
        Expect("credit_outstanding", "-", "less is lent"),
        Expect("credit_default_share", "-", "a lender that loses its own money screens borrowers"),
        Expect("credit_bank_risk_share", "-", "owners' capital covers a part of what is owed"),
        Expect("consumer_credit_distress", "-", "less debt, of better risks"),
    )

    own_share: Annotated[
        float,
        Param(
            "smallest part of each loan held by the platform",
            "share",
            0.0,
            1.0,
            f"law: {JOINT_LENDING_NOTICE.says('30% of each loan, in force 2022-01-01')}",
        ),
    ] = 0.3
    leverage_cap: Annotated[
        float,
        Param(
            "largest ratio of loans on own books to capital",
            "ratio",
            1.0,
            1000.0,
            f"law: {MICROLENDING_DRAFT.says('1x non-standard and 4x standard financing')}, read as a sum",
        ),
    ] = 5.0

    def apply(self, terms: CreditTerms) -> None:
        """Raise own parts to the floor, lower leverage to the cap."""
        np.maximum(terms.own_share, self.own_share, out=terms.own_share)
        np.minimum(terms.capital_leverage, self.leverage_cap, out=terms.capital_leverage)
