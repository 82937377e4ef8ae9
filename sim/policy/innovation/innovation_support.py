"""The state pays a share of what platforms spend on research and development."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.parameters.acts import INCOME_TAX_LAW
from sim.parameters.works import CHINA_EXTRA_DEDUCTION
from sim.policy.instrument import Department, Expect, Support
from sim.rules.hooks import Hook, InnovationTerms


@parameters
class InnovationSupport(Support):
    """Lowers the price of research to platforms, up to the limit of a fund."""

    title = "Innovation support"
    reading = (
        "Lowers the price of research to platforms, up to the limit of a fund. The text used here has only the heading "
        "of article (11), support for platforms' technological innovation (A11.1): no detail is read into it. The "
        "model takes the simplest form, a grant in proportion to all spending on research, up to a share of the "
        "platform's revenue. Platforms do more research when it is cheaper; apps improve beyond their observed trend, "
        "rivals learn part of it, and technology depreciates."
    )
    left_out = (
        "what research is about, its risk, people hired away from other work, taxes that pay for the grants, and lower "
        "costs as a result of research."
    )
    provisions = ("A11.1",)
    department = Department.FINANCE
    hook = Hook.INNOVATION_TERMS
    expects = (
        Expect("platform_technology", "+", "platforms do more research when it is cheaper"),
        Expect("state_subsidies", "+", "the state pays its share"),
        Expect("consumer_surplus", "+", "apps get better"),
        Expect("consumer_orders", "+", "better apps are used more"),
    )

    subsidy: Annotated[
        float,
        Param(
            "part of spending on research that the state pays",
            "share of spending",
            0.0,
            0.5,
            f"policy lever; 0.19 in China: {CHINA_EXTRA_DEDUCTION.says('75% more deducted, all firms from 2018')}, "
            f"{INCOME_TAX_LAW.at('Art. 4', 'tax of 25%')}",
        ),
    ] = 0.2
    fund: Annotated[
        float,
        Param(
            "largest total of grants",
            "share of the platform's revenue",
            0.0,
            0.5,
            "policy lever",
            label="Largest grant",
        ),
    ] = 0.05

    def apply(self, terms: InnovationTerms) -> None:
        """Pay at least this share; the fund is the rule's."""
        np.maximum(terms.subsidy, self.subsidy, out=terms.subsidy)
        terms.fund[terms.subsidy > 0.0] = self.fund
