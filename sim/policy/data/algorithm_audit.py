"""Algorithms that rank, price and dispatch are filed, explained and checked."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.parameters.acts import ALGORITHM_PROVISIONS
from sim.policy.instrument import Department, Duty, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import GainsTaken, Sanction


@parameters
class AlgorithmAudit(Duty):
    """Holds the bias of algorithms within a tolerance that audits check."""

    title = "Audit of algorithms"
    reading = (
        "Holds the bias of algorithms within a tolerance that audits check. Articles (6) and (2) ask for fair and "
        "explained algorithms and a system for their security (A6.7, A6.8, A6.9, A2.10). The model reads this as one "
        "tolerance for three uses of algorithms: paid ranking, personal surcharges and hidden deductions from workers' "
        "pay."
    )
    left_out = "the cost of filing, and what rivals learn from an explanation."
    provisions = ("A6.7", "A6.8", "A6.9", "A2.10")
    department = Department.CYBERSPACE
    hook = Hook.PRACTICES
    practices = (Practice.SELF_PREFERENCE, Practice.SURCHARGE, Practice.OPAQUE_DISPATCH)
    expects = (
        Expect("practice_self_preference", "-", "a biased ranking is found"),
        Expect("practice_surcharge", "-", "personal prices are found"),
        Expect("practice_opaque_dispatch", "-", "hidden deductions are found"),
    )

    tolerance: Annotated[
        float,
        Param("bias that remains", "share of the observed one", 0.0, 1.0, "policy lever"),
    ] = 0.4
    fine: Annotated[
        float,
        Param(
            "fixed part of the fine, whole country",
            "currency",
            0.0,
            1000000000.0,
            f"law: {ALGORITHM_PROVISIONS.at('Art. 31', '10,000 to 100,000 yuan')}",
        ),
    ] = 100000.0
    gain_multiple: GainsTaken = 2.0

    def apply(self, terms: PracticeTerms) -> None:
        """Algorithms are biased no more than is tolerated."""
        for practice in self.practices:
            restrain(terms, practice, self.tolerance)

    @property
    def sanction(self) -> Sanction:
        """A fixed fine, and the gain taken away."""
        return Sanction(fixed=self.fine, gain_multiple=self.gain_multiple)
