"""Every platform is audited from outside at regular intervals, at its own cost."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.parameters.acts import DIGITAL_SERVICES_ACT
from sim.policy.instrument import Department, Expect, Structure
from sim.rules.hooks import Hook, SupervisionTerms


@parameters
class ComplianceAudit(Structure):
    """Adds external audits to the inspections of departments."""

    title = "Compliance audits"
    reading = (
        "Adds external audits to the inspections of departments. Articles (2) and (3) ask for systems of compliance in "
        "platforms, for appraisal from outside, and for supervision before, during and after the act (A2.3, A2.4, "
        "A3.6). The model reads this as audits of compliance with every rule, at equal intervals; a breach that they "
        "prove becomes a case."
    )
    left_out = "auditors who favour those who pay them, scores, and better management."
    provisions = ("A2.3", "A2.4", "A3.6")
    department = Department.MARKET
    hook = Hook.SUPERVISION
    beside = ("antitrust_fine",)
    expects = (
        Expect("platform_burden", "+", "platforms pay for their audits"),
        Expect("state_true_positives", "+", "auditors find what departments do not inspect"),
    )

    audits: Annotated[
        float,
        Param(
            "audits of a platform",
            "a year",
            0.0,
            52.0,
            f"law: {DIGITAL_SERVICES_ACT.at('Art. 37', 'once a year at least')}; the number is a policy lever",
        ),
    ] = 2.0
    power: Annotated[
        float,
        Param(
            "chance that an audit proves a full breach",
            "share",
            0.0,
            1.0,
            "assumption I-17: half of full breaches are proven; sweep 0.1 to 0.9",
            label="Chance of proof",
        ),
    ] = 0.5
    cost: Annotated[
        float,
        Param(
            "cost of an audit",
            "share of a year's revenue",
            0.0,
            0.05,
            "assumption I-18: a twentieth of a per cent of revenue; sweep 0.0001 to 0.005",
            label="Cost of an audit",
        ),
    ] = 0.0005

    def apply(self, terms: SupervisionTerms) -> None:
        """Audits at least as often as the rule asks."""
        np.maximum(terms.audits, self.audits, out=terms.audits)
        terms.audit_power[terms.audits > 0.0] = self.power
        terms.audit_cost[terms.audits > 0.0] = self.cost
