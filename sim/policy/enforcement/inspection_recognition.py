"""An inspection by one department counts for the others."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.policy.instrument import Department, Expect, Structure
from sim.rules.hooks import Hook, SupervisionTerms


@parameters
class InspectionRecognition(Structure):
    """Spares platforms and departments repeated inspections within a week."""

    title = "Recognition of inspections"
    reading = (
        "Spares platforms and departments repeated inspections within a week. Article (3) asks that results of spot "
        "checks and evaluations be recognised by all departments (A3.3). The model reads this as inspections that are "
        "accepted instead of being repeated within the week: what one department finds, all know, and nobody pays for "
        "a second inspection."
    )
    left_out = "inspections that are recognised although they examined something else."
    provisions = ("A3.3",)
    department = Department.MARKET
    hook = Hook.SUPERVISION
    beside = ("exclusivity_ban", "personal_pricing_ban", "work_rules")
    expects = (Expect("state_inspections", "-", "one inspection takes the place of several"),)

    recognition: Annotated[
        float,
        Param("repeated inspections that are replaced by recognition", "share", 0.0, 1.0, "policy lever"),
    ] = 0.8

    def apply(self, terms: SupervisionTerms) -> None:
        """Accept at least as much as the rule asks."""
        np.maximum(terms.recognition, self.recognition, out=terms.recognition)
