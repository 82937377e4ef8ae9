"""Departments tell each other what they know and decide cases together."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.policy.instrument import Department, Expect, Structure
from sim.rules.hooks import Hook, SupervisionTerms


@parameters
class Coordination(Structure):
    """Lets every department use the leads of the others and shortens cases."""

    title = "Coordination of departments"
    reading = (
        "Lets every department use the leads of the others and shortens cases. Articles (3) and (4) ask for "
        "coordination between departments, consultation on cases, joint action, one standard online and offline, and "
        "effort where the public complains (A3.1, A3.2, A3.4, A3.5, A3.6, A4.1). The model reads this as leads that "
        "departments pass on, so that inspections of a platform are more thorough after a complaint about anything it "
        "does, and as shorter cases."
    )
    left_out = "disputes over who is in charge, and the supervision of offline trade."
    provisions = ("A3.1", "A3.2", "A3.4", "A3.5", "A3.6", "A4.1")
    department = Department.MARKET
    hook = Hook.SUPERVISION
    beside = ("exclusivity_ban", "personal_pricing_ban", "work_rules")
    expects = (Expect("state_leads", "+", "a lead of one department is a lead of all"),)

    sharing: Annotated[
        float,
        Param("leads of others that a department uses", "share", 0.0, 1.0, "policy lever", label="Leads shared"),
    ] = 0.6
    haste: Annotated[
        float,
        Param("part of the length of a case that is saved", "share", 0.0, 0.9, "policy lever", label="Time saved"),
    ] = 0.3

    def apply(self, terms: SupervisionTerms) -> None:
        """Share leads and shorten cases at least as much as the rule asks."""
        np.maximum(terms.sharing, self.sharing, out=terms.sharing)
        np.maximum(terms.haste, self.haste, out=terms.haste)
