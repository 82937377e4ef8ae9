"""Platforms check the qualifications of those who sell through them, and what they sell."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.policy.instrument import Department, Duty, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import GainsTaken, Sanction


@parameters
class MerchantVetting(Duty):
    """Makes platforms check sellers and goods before they are listed."""

    title = "Vetting of merchants"
    reading = (
        "Makes platforms check sellers and goods before they are listed. Articles (4) and (2) ask platforms to review "
        "the qualifications of goods and sellers and to answer for what they let pass (A4.8, A2.1). The model reads "
        "this as a share of listings that is checked: checks cost the platform money on every order and spare "
        "consumers part of the harm from unqualified goods."
    )
    left_out = (
        "good sellers who are refused by mistake, the delay of a check, and courts that make the platform pay for a "
        "seller's harm."
    )
    provisions = ("A4.8", "A2.1")
    department = Department.MARKET
    hook = Hook.PRACTICES
    practices = (Practice.SKIPPED_VETTING,)
    expects = (
        Expect("practice_skipped_vetting", "-", "checks are made"),
        Expect("platform_burden", "+", "a check costs money"),
        Expect("consumer_surplus", "+", "fewer harmful goods are sold"),
    )

    checked_share: Annotated[
        float,
        Param("listings that are checked", "share", 0.0, 1.0, "policy lever"),
    ] = 0.8
    gain_multiple: GainsTaken = 3.0

    def apply(self, terms: PracticeTerms) -> None:
        """Checks are skipped no more than the rule leaves."""
        restrain(terms, Practice.SKIPPED_VETTING, 1.0 - self.checked_share)

    @property
    def sanction(self) -> Sanction:
        """What was saved by not checking, taken away several times over."""
        return Sanction(gain_multiple=self.gain_multiple)
