"""Platforms publish their fees and rules, announce changes and keep old versions."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.policy.instrument import Department, Duty, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import GainsTaken, Sanction


@parameters
class Disclosure(Duty):
    """Makes fees and rules known and comparable before people commit themselves."""

    title = "Disclosure of fees and rules"
    reading = (
        "Makes fees and rules known and comparable before people commit themselves. Articles (2), (3), (6) and (8) ask "
        "for systems of disclosure, more open platforms and notice to merchants (A2.6, A3.10, A6.8, A8.9). The model "
        "reads this as less noise in merchants' choice of platforms, less harm to consumers from terms they did not "
        "know, and a small cost to the platform."
    )
    left_out = "what competitors learn from it, and negotiation."
    provisions = ("A2.6", "A3.10", "A6.8", "A8.9")
    department = Department.MARKET
    hook = Hook.PRACTICES
    practices = (Practice.OPAQUE_TERMS,)
    expects = (
        Expect("practice_opaque_terms", "-", "terms are published"),
        Expect("platform_burden", "+", "publishing and announcing costs money"),
        Expect("consumer_surplus", "+", "consumers are not surprised by terms"),
    )

    level: Annotated[
        float,
        Param(
            "terms that are disclosed",
            "share",
            0.0,
            1.0,
            "policy lever; in force: 7 days of notice (draft of 2025), 15 in the EU, old fee rules kept 3 years",
            label="Terms disclosed",
        ),
    ] = 0.8
    gain_multiple: GainsTaken = 3.0

    def apply(self, terms: PracticeTerms) -> None:
        """Terms stay hidden no more than the rule leaves."""
        restrain(terms, Practice.OPAQUE_TERMS, 1.0 - self.level)

    @property
    def sanction(self) -> Sanction:
        """What was saved by not disclosing, taken away several times over."""
        return Sanction(gain_multiple=self.gain_multiple)
