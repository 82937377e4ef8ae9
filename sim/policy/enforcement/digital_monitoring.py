"""Departments monitor platforms online, early and without a visit."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.policy.instrument import Department, Expect, Structure
from sim.rules.hooks import Hook, SupervisionTerms


@parameters
class DigitalMonitoring(Structure):
    """Raises the chance that an inspection of a platform finds a breach."""

    title = "Digital monitoring"
    reading = (
        "Raises the chance that an inspection of a platform finds a breach. Article (7) asks for supervision without "
        "contact, for monitoring and early warning, and for online enforcement (A7.1, A7.2, A7.3). The model reads "
        "this as better detection by the same departments: inspections cost the same and prove more."
    )
    left_out = "the cost of the technology, and its false alarms."
    provisions = ("A7.1", "A7.2", "A7.3")
    department = Department.MARKET
    hook = Hook.SUPERVISION
    beside = ("antitrust_fine",)
    expects = (Expect("state_cases_opened", "+", "the same inspections prove more"),)

    gain: Annotated[
        float,
        Param(
            "chance that an inspection finds a breach, relative to today's",
            "ratio",
            1.0,
            20.0,
            "policy lever; no measured figure",
            label="Gain in detection",
        ),
    ] = 4.0

    def apply(self, terms: SupervisionTerms) -> None:
        """Detect breaches at least as well as the rule asks."""
        np.maximum(terms.technology, self.gain, out=terms.technology)
