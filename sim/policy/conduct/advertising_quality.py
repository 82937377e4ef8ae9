"""What is advertised must be true, and what is delivered must be what was shown."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.parameters.acts import ADVERTISING_LAW
from sim.policy.instrument import Bound, Department, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import Sanction


@parameters
class AdvertisingQuality(Bound):
    """Forbids misleading advertisements and goods worse than displayed."""

    title = "Honest advertising and quality"
    reading = (
        "Forbids misleading advertisements and goods worse than displayed. Article (4) asks for closer regulation of "
        "advertisements and for an end to goods that are quietly degraded (A4.6, A4.7). The model reads this as a "
        "limit on how much more is promised than delivered: consumers no longer order for a value that they only "
        "believed in, and get more of what they pay for."
    )
    left_out = "which sellers do it, recalls of goods, and reviews."
    provisions = ("A4.6", "A4.7")
    department = Department.MARKET
    hook = Hook.PRACTICES
    practices = (Practice.MISLEADING,)
    expects = (
        Expect("practice_misleading", "-", "promises are checked"),
        Expect("consumer_surplus", "+", "what is delivered is worth more, and less is ordered in error"),
    )

    shading_left: Annotated[
        float,
        Param("misleading promises that remain", "share of the observed ones", 0.0, 1.0, "policy lever"),
    ] = 0.2
    gain_multiple: Annotated[
        float,
        Param(
            "gains taken away, and fined",
            "x what was gained",
            0.0,
            10.0,
            f"law: {ADVERTISING_LAW.at('Art. 55', 'three to five times the cost of the advertisement')}",
        ),
    ] = 4.0

    def apply(self, terms: PracticeTerms) -> None:
        """Promises exceed what is delivered by no more than the rule leaves."""
        restrain(terms, Practice.MISLEADING, self.shading_left)

    @property
    def sanction(self) -> Sanction:
        """The gain, taken away several times over."""
        return Sanction(gain_multiple=self.gain_multiple)
