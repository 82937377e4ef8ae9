"""Departments watch on line, early and without a visit."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.policy.instrument import Department, Expect, Structure
from sim.rules.hooks import Hook, SupervisionTerms


@parameters
class DigitalMonitoring(Structure):
    """Raises the chance that a look at a platform finds a breach.

    Article (7) asks for supervision without contact, for monitoring and early warning, and for enforcement on line
    (A7.1, A7.2, A7.3). The model reads this as a better instrument in the same hands: visits cost what they cost and
    prove more. Left out: what the technology costs, and false alarms that come with it.
    """

    title = "Digital monitoring"
    provisions = ("A7.1", "A7.2", "A7.3")
    department = Department.MARKET
    hook = Hook.SUPERVISION
    beside = ("antitrust_fine",)
    expects = (Expect("state_cases_opened", "+", "the same visits prove more"),)

    gain: Annotated[
        float,
        Param(
            "chance that a visit finds a breach, against today's",
            "ratio",
            1.0,
            20.0,
            "policy lever; no measured figure",
            label="Gain in detection",
        ),
    ] = 4.0

    def apply(self, terms: SupervisionTerms) -> None:
        """See at least as well as the rule asks."""
        np.maximum(terms.technology, self.gain, out=terms.technology)
