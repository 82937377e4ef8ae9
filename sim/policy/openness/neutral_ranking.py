"""Merchants are shown by what they offer, not by what they pay for the place."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.parameters.acts import UNFAIR_COMPETITION_LAW
from sim.policy.instrument import Bound, Department, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import GainsTaken, Sanction


@parameters
class NeutralRanking(Bound):
    """Forbids a better place in the ranking for the platform's own and for paying brands."""

    title = "Neutral ranking"
    reading = (
        "Forbids a better place in the ranking for the platform's own and for paying brands. Articles (9), (1) and (6) "
        "ask for services under one rule for all and rules against unfair competition online (A9.3, A1.4, A6.12). The "
        "model reads this as an end to the weight that placement adds to brands, and to what they paid for it."
    )
    left_out = (
        "the platform's own goods as sellers of their own, paid results that are marked as such, and traffic that is "
        "diverted from rivals."
    )
    provisions = ("A9.3", "A1.4", "A6.12")
    department = Department.MARKET
    hook = Hook.PRACTICES
    practices = (Practice.SELF_PREFERENCE,)
    expects = (
        Expect("practice_self_preference", "-", "paid places are forbidden"),
        Expect("merchant_independent_share", "+", "independents are shown more"),
        Expect("merchant_take_rate_chain", "-", "brands no longer pay for places"),
    )

    bonus_left: Annotated[
        float,
        Param("paid weight that remains", "share of the observed one", 0.0, 1.0, "policy lever"),
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
        """Paid weight falls to what is allowed."""
        restrain(terms, Practice.SELF_PREFERENCE, self.bonus_left)

    @property
    def sanction(self) -> Sanction:
        """A fixed fine, and the gain taken away."""
        return Sanction(fixed=self.fine, gain_multiple=self.gain_multiple)
