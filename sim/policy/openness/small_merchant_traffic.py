"""Small merchants of good quality are shown more."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.kernels import precise
from sim.parameters import Param, parameters
from sim.policy.instrument import Department, Duty, Expect
from sim.rules.hooks import Hook, RankingTerms


@parameters
class SmallMerchantTraffic(Duty):
    """Adds weight, in the ranking, to independents who sell little and are of high quality."""

    title = "Traffic for small merchants"
    reading = (
        "Adds weight, in the ranking, to independents who sell little and are of high quality. Article (8) asks for "
        "traffic support for small merchants of merit (A8.7). The model reads this as a factor on the chance to be "
        "shown, for independents below a size and above a quality among merchants. What is shown instead may suit "
        "consumers less."
    )
    left_out = "support in money, and small merchants who only appear to be good."
    provisions = ("A8.7",)
    department = Department.MARKET
    hook = Hook.RANKING_TERMS
    expects = (
        Expect("merchant_independent_share", "+", "independents are shown more"),
        Expect("merchant_gini", "-", "merchants who sell little sell more"),
    )

    factor: Annotated[
        float,
        Param(
            "chance of being shown, relative to similar merchants",
            "ratio",
            1.0,
            10.0,
            "policy lever",
            label="Traffic factor",
        ),
    ] = 1.5
    small_below: Annotated[
        float,
        Param(
            "merchants, by orders from below, who count as small",
            "share",
            0.0,
            1.0,
            "assumption I-21: the lower half; sweep 0.1 to 0.9",
        ),
    ] = 0.5
    quality_floor: Annotated[
        float,
        Param(
            "merchants, by quality from below, who do not count as good",
            "share",
            0.0,
            1.0,
            "assumption I-22: the lowest third; sweep 0 to 0.8",
        ),
    ] = 0.33

    def apply(self, terms: RankingTerms) -> None:
        """Show them more, at least by the factor."""
        np.maximum(terms.small_lift, float(precise.log(self.factor)), out=terms.small_lift)
        is_lifted = terms.small_lift > 0.0
        terms.small_below[is_lifted] = self.small_below
        terms.quality_floor[is_lifted] = self.quality_floor
