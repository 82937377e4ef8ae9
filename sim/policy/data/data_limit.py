"""A platform may collect no more than a given amount of data about a consumer with each order."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.parameters.acts import PERSONAL_INFORMATION_LAW
from sim.policy.instrument import AbstractInstrument, Bound, Department, Expect
from sim.policy.openness.interoperability import Interoperability
from sim.rules.hooks import DataTerms, Hook
from sim.rules.sanctions import Sanction


@parameters
class DataLimit(Bound):
    """Limits the data that a platform collects with an order; 1 is what platforms collect today."""

    title = "Data limit"
    reading = (
        "Limits the data that a platform collects with an order; 1 is what platforms collect today. Article (6) asks "
        "that data be collected lawfully, properly and as far as necessary, and not beyond what a service needs (A6.1, "
        "A6.2, A6.3); article (1) asks for detailed rules on personal data and on how platforms process data (A1.3, "
        "A1.5). The model reads this as a ceiling on the units of data that an order leaves. Both benefits and costs "
        "count: profiles hold less as old data expire, so that what is shown fits consumers less; and consumers give "
        "up less privacy, including the part of its cost that they do not perceive when they order. Stored data lose "
        "their value with a half-life of most of a year: a window of one year shows all of the gain in privacy and "
        "part of the loss of relevance."
    )
    left_out = "what data earn platforms outside the market, security of what is stored, and deletion of what is held."
    provisions = ("A6.1", "A6.2", "A6.3", "A1.3", "A1.5")
    department = Department.CYBERSPACE
    hook = Hook.DATA_TERMS
    expects = (
        Expect("consumer_data_collected", "-", "the ceiling binds where more is collected"),
        Expect("consumer_privacy_cost", "-", "consumers give up less with every order"),
    )

    ceiling: Annotated[
        float,
        Param("most data from an order", "units an order", 0.0, 10.0, "policy lever; 1 unit is today's collection"),
    ] = 0.5

    fine_rate: Annotated[
        float,
        Param(
            "fine",
            "share of a year's revenue",
            0.0,
            0.05,
            f"law: {PERSONAL_INFORMATION_LAW.at('Art. 66', 'up to 50m yuan or 5% of turnover')}",
        ),
    ] = 0.05

    def apply(self, terms: DataTerms) -> None:
        """Lower collection above the ceiling to the ceiling."""
        np.minimum(terms.data_per_order, self.ceiling, out=terms.data_per_order)

    def conflict_with(self, other: AbstractInstrument) -> str:
        """Nothing can be carried over where nothing may be collected."""
        if isinstance(other, Interoperability) and other.portability > 0.0 and self.ceiling == 0.0:
            return "a profile cannot move to another platform where no data may be collected"
        return ""

    @property
    def sanction(self) -> Sanction:
        """A share of a year's turnover."""
        return Sanction(revenue_share=self.fine_rate, revenue_cap=0.05)
