"""Repeat offenders are put on a public list."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.policy.instrument import Department, Expect, Structure
from sim.rules.hooks import Hook, SupervisionTerms


@parameters
class CreditLists(Structure):
    """Lists platforms with decisions against them, for a time; consumers trust them less."""

    title = "Lists of offenders"
    reading = (
        "Lists platforms with decisions against them, for a time; consumers trust them less. Articles (7), (2) and (3) "
        "ask for lists of serious offenders that are exchanged and recognised, and for constraints by credit (A7.5, "
        "A7.6, A2.7, A3.5). The model reads this as a loss of trust while a platform is listed, which platforms "
        "anticipate."
    )
    left_out = "lists of merchants and persons, and what else a listed firm may not do."
    provisions = ("A7.5", "A7.6", "A2.7", "A3.5")
    department = Department.MARKET
    hook = Hook.SUPERVISION
    beside = ("antitrust_fine",)
    expects = (Expect("practice_exclusivity", "-", "platforms avoid being listed"),)

    weeks: Annotated[
        float,
        Param(
            "weeks on the list",
            "weeks",
            0.0,
            260.0,
            "policy lever; 1 to 36 months have been used",
            label="Weeks on the list",
        ),
    ] = 52.0
    strikes: Annotated[
        float,
        Param(
            "decisions after which a platform is listed",
            "decisions",
            1.0,
            10.0,
            "policy lever",
            label="Decisions before listing",
        ),
    ] = 1.0
    stigma: Annotated[
        float,
        Param(
            "value of an order that is lost to distrust",
            "share of order value",
            0.0,
            0.2,
            "assumption I-19: two per cent of an order's value; sweep 0.005 to 0.05",
            label="Cost of distrust",
        ),
    ] = 0.02

    def apply(self, terms: SupervisionTerms) -> None:
        """List for at least as long as the rule asks; the fewest strikes and the greatest stigma count."""
        np.maximum(terms.listing_weeks, self.weeks, out=terms.listing_weeks)
        is_listing = terms.listing_weeks > 0.0
        terms.strikes[is_listing] = self.strikes
        terms.stigma[is_listing] = self.stigma
