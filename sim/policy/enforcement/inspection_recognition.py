"""A visit that one department has paid counts for the others."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.policy.instrument import Department, Expect, Structure
from sim.rules.hooks import Hook, SupervisionTerms


@parameters
class InspectionRecognition(Structure):
    """Spares platforms and departments repeated visits in a week.

    Article (3) asks that results of spot checks and evaluations be recognised by all departments (A3.3). The model
    reads this as visits of a week that are accepted instead of repeated: what is found is found for all, and the visit
    costs nobody anything a second time. Left out: visits that are recognised although they looked at something else.
    """

    title = "Recognition of inspections"
    provisions = ("A3.3",)
    department = Department.MARKET
    hook = Hook.SUPERVISION
    beside = ("exclusivity_ban", "personal_pricing_ban", "work_rules")
    expects = (Expect("state_inspections", "-", "a platform is visited once where it was visited by several"),)

    recognition: Annotated[
        float,
        Param("repeated visits that are accepted instead", "share", 0.0, 1.0, "policy lever"),
    ] = 0.8

    def apply(self, terms: SupervisionTerms) -> None:
        """Accept at least as much as the rule asks."""
        np.maximum(terms.recognition, self.recognition, out=terms.recognition)
