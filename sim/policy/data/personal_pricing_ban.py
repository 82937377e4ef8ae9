"""The same order costs everybody the same."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.parameters.acts import PERSONAL_INFORMATION_LAW
from sim.policy.instrument import Bound, Department, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import Sanction


@parameters
class PersonalPricingBan(Bound):
    """Forbids prices that differ with what a platform knows about a person."""

    title = "Ban on personal prices"
    reading = (
        "Forbids prices that differ with what a platform knows about a person. Article (6) asks that data not be used "
        "to treat loyal customers worse (A6.5). The model reads this as a limit on surcharges that are higher for less "
        "price-sensitive consumers, in proportion to 1/a (a: price sensitivity); consumers know what they pay. A "
        "platform that is free to set its fees can charge all consumers what it charged some: who pays changes more "
        "than how much is paid."
    )
    left_out = (
        "differences between old and new users as such, coupons to newcomers, and prices that differ by time and place."
    )
    provisions = ("A6.5",)
    department = Department.CYBERSPACE
    hook = Hook.PRACTICES
    practices = (Practice.SURCHARGE,)
    expects = (
        Expect("practice_surcharge", "-", "surcharges are forbidden"),
        Expect("platform_fee_per_order", "-", "the surcharge of the average consumer ends"),
    )

    gap_left: Annotated[
        float,
        Param(
            "surcharges that remain",
            "share of the observed ones",
            0.0,
            1.0,
            "policy lever; 14 of 32 test pairs showed a gap (Beijing Consumers Association, 2022)",
        ),
    ] = 0.0
    fine_rate: Annotated[
        float,
        Param(
            "fine",
            "share of a year's revenue",
            0.0,
            0.05,
            f"law: {PERSONAL_INFORMATION_LAW.at('Art. 66', 'up to 50m yuan or 5% of turnover')}",
        ),
    ] = 0.05

    def apply(self, terms: PracticeTerms) -> None:
        """Surcharges fall to what is allowed."""
        restrain(terms, Practice.SURCHARGE, self.gap_left)

    @property
    def sanction(self) -> Sanction:
        """A share of a year's turnover."""
        return Sanction(revenue_share=self.fine_rate, revenue_cap=0.05)
