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
    """Lowers the price of research to platforms, as far as a fund goes.

    Of article (11) the text at hand holds the heading alone, support for platforms' technological innovation (A11.1):
    no detail is read into it. The model takes the plainest form, a grant in proportion to all spending on research, up
    to a share of the platform's revenue. Cheaper research is done more; apps get better beyond the trend in which they
    are observed, rivals learn part of it, and technology grows old.
    Left out: what research is about, its risk, who is hired away from other work, taxes that pay for the grants, and
    lower costs as a fruit of research.
    """

    title = "Innovation support"
    provisions = ("A11.1",)
    department = Department.FINANCE
    hook = Hook.INNOVATION_TERMS
    expects = (
        Expect("platform_technology", "+", "research that costs less is done more"),
        Expect("state_subsidies", "+", "the state pays its share"),
        Expect("consumer_surplus", "+", "apps get better"),
        Expect("consumer_orders", "+", "better apps are used more"),
    )

    subsidy: Annotated[
        float,
        Param(
            "part of spending on research that the state pays", "share of spending", 0.0, 0.5,
            f"policy lever; 0.19 in China: {CHINA_EXTRA_DEDUCTION.says('75% more deducted, all firms from 2018')}, "
            f"{INCOME_TAX_LAW.at('Art. 4', 'tax of 25%')}",
        ),
    ] = 0.2  # fmt: skip
    fund: Annotated[
        float,
        Param(
            "most that grants may come to",
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
