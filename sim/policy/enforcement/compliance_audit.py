"""Every platform is audited from outside at regular times, at its own cost."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.parameters.acts import DIGITAL_SERVICES_ACT
from sim.policy.instrument import Department, Expect, Structure
from sim.rules.hooks import Hook, SupervisionTerms


@parameters
class ComplianceAudit(Structure):
    """Adds outside audits to the visits of departments.

    Articles (2) and (3) ask for systems of compliance in platforms, of appraisal from outside, and for supervision all
    along the way (A2.3, A2.4, A3.6). The model reads this as audits of everything that rules ask, at equal intervals;
    what they prove becomes a case. Left out: auditors who please who pays them, scores, and better management.
    """

    title = "Compliance audits"
    provisions = ("A2.3", "A2.4", "A3.6")
    department = Department.MARKET
    hook = Hook.SUPERVISION
    beside = ("antitrust_fine",)
    expects = (
        Expect("platform_burden", "+", "audits are paid by those audited"),
        Expect("state_true_positives", "+", "auditors look where departments do not"),
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
