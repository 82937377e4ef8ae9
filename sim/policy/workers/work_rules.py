"""Dispatch, piece rates, deductions and deadlines are negotiated and published."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.parameters.acts import DELIVERY_STANDARD
from sim.policy.instrument import Bound, Department, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import GainsTaken, Sanction


@parameters
class WorkRules(Bound):
    """Ends hidden deductions from pay and deadlines that can only be met by riding too fast."""

    title = "Negotiated work rules"
    reading = (
        "Ends hidden deductions from pay and deadlines that can only be met by riding too fast. Articles (10) and (6) "
        "ask that rules on dispatch, piece rates, commission and working time be negotiated with workers and made fair "
        "(A10.4, A10.5, A10.6, A10.7, A6.9). The model reads this as an end to deductions and penalties, so that "
        "workers receive more of the piece rate, and as longer promised delivery times: longer delays and fewer "
        "injuries."
    )
    left_out = "an equal share of orders, limits on hours, and ceilings on a platform's part of a fare."
    provisions = ("A10.4", "A10.5", "A10.6", "A10.7", "A6.9")
    department = Department.LABOUR
    hook = Hook.PRACTICES
    practices = (Practice.OPAQUE_DISPATCH, Practice.UNSAFE_DEADLINES)
    expects = (
        Expect("practice_opaque_dispatch", "-", "deductions are published and negotiated"),
        Expect("practice_unsafe_deadlines", "-", "promises allow for safe riding"),
        Expect("platform_worker_cost_per_order", "+", "what was deducted is paid"),
        Expect("consumer_delay", "+", "nobody rides too fast"),
    )

    deductions_left: Annotated[
        float,
        Param(
            "hidden deductions that remain",
            "share of the observed ones",
            0.0,
            1.0,
            "policy lever; an agreement of 2025 with over 4m riders phases them out",
        ),
    ] = 0.0
    haste_left: Annotated[
        float,
        Param(
            "haste that remains",
            "share of the observed one",
            0.0,
            1.0,
            f"law: {DELIVERY_STANDARD.says('15 km/h instead of 25 in delivery promises')}",
        ),
    ] = 0.4
    gain_multiple: GainsTaken = 2.0

    def apply(self, terms: PracticeTerms) -> None:
        """Deductions and haste fall to what is allowed."""
        restrain(terms, Practice.OPAQUE_DISPATCH, self.deductions_left)
        restrain(terms, Practice.UNSAFE_DEADLINES, self.haste_left)

    @property
    def sanction(self) -> Sanction:
        """The gain, and a fine of the same size."""
        return Sanction(gain_multiple=self.gain_multiple)
