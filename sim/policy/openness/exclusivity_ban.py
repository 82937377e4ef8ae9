"""No platform may make merchants choose between it and others."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.parameters.acts import UNFAIR_COMPETITION_LAW
from sim.policy.instrument import Bound, Department, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import GainsTaken, Sanction


@parameters
class ExclusivityBan(Bound):
    """Forbids every platform, dominant or not, to penalise merchants who list elsewhere."""

    title = "Ban on forced exclusivity"
    reading = (
        "Forbids every platform, dominant or not, to penalise merchants who list elsewhere. Article (4) asks that "
        "abuses of market position be stopped, article (8) that fees not be used against fair competition (A4.4, "
        "A8.10). The model reads this as an end to the higher commission of those who list on other platforms too, "
        "except for a share of clauses that survives."
    )
    left_out = (
        "demotion in the ranking, deposits held back (1.289bn yuan were returned in 2021), and exclusive rights that "
        "both sides want."
    )
    provisions = ("A4.4", "A8.10")
    department = Department.MARKET
    hook = Hook.PRACTICES
    practices = (Practice.EXCLUSIVITY,)
    expects = (
        Expect("practice_exclusivity", "-", "clauses are forbidden"),
        Expect("merchant_multihoming_share", "+", "listing elsewhere costs no commission"),
        Expect("merchant_profit", "+", "those who list elsewhere no longer pay for it"),
    )

    clauses_left: Annotated[
        float,
        Param(
            "clauses that survive",
            "share of the observed ones",
            0.0,
            1.0,
            "policy lever; no source for what survives a ban",
        ),
    ] = 0.0
    fine: Annotated[
        float,
        Param(
            "fixed part of the fine, whole country",
            "currency",
            0.0,
            1000000000.0,
            f"law: {UNFAIR_COMPETITION_LAW.at('Art. 29', '100,000 to 1m yuan, 5m where serious')}",
        ),
    ] = 1000000.0
    gain_multiple: GainsTaken = 2.0

    def apply(self, terms: PracticeTerms) -> None:
        """Clauses go no further than what survives."""
        restrain(terms, Practice.EXCLUSIVITY, self.clauses_left)

    @property
    def sanction(self) -> Sanction:
        """A fixed fine, and the gain taken away."""
        return Sanction(fixed=self.fine, gain_multiple=self.gain_multiple)
