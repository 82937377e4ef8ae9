"""A platform must tell the tax office what its sellers sell."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.parameters.acts import DAC7
from sim.policy.instrument import Department, Duty, Expect
from sim.rules.hooks import Hook, TaxTerms


@parameters
class TaxReporting(Duty):
    """Makes sellers' platform sales known to the tax office."""

    title = "Tax reporting"
    reading = (
        "Makes sellers' platform sales known to the tax office. Article (4) asks platforms to help with taxation by "
        "reporting what bears on it, and asks for firmer supervision of taxes in the platform economy and for action "
        "against evasion (A4.11, A4.12, A4.13). The model reads this as a duty to report the platform sales of a share "
        "of sellers who sell enough in a year. A seller who is reported declares all sales on platforms, since hiding "
        "them no longer pays; the tax is a levy on those sales, which sellers include in their prices. Reports cost "
        "the platform a little."
    )
    left_out = (
        "taxes on platforms' own profit, workers' income (deliveries and rides need not be reported in China), "
        "invoices, how often reports are due, and sellers who move to channels that do not report."
    )
    provisions = ("A4.11", "A4.12", "A4.13")
    department = Department.TAX
    hook = Hook.TAX_TERMS
    expects = (
        Expect("merchant_tax_gap", "-", "sales that are reported cannot be hidden"),
        Expect("state_tax", "+", "sellers who hid their sales pay"),
        Expect("merchant_profit", "-", "sellers who hid their sales keep less of them"),
        Expect("platform_reporting_cost", "+", "platforms compile and send reports"),
    )

    coverage: Annotated[
        float,
        Param(
            "sellers whose sales are reported",
            "share of sellers",
            0.0,
            1.0,
            "policy lever; a duty in force names all",
            label="Sellers reported",
        ),
    ] = 1.0
    min_sales: Annotated[
        float,
        Param(
            "orders a year from which a seller is reported",
            "orders a year",
            0.0,
            1000.0,
            f"law: {DAC7.at('sellers of goods left out', 'fewer than 30 sales and at most 2,000 euros a year')}",
            label="Smallest sales reported",
        ),
    ] = 30.0

    def apply(self, terms: TaxTerms) -> None:
        """Report at least the share of sellers covered; whom that leaves out the rule says."""
        np.maximum(terms.reported, self.coverage, out=terms.reported)
        terms.min_sales[terms.reported > 0.0] = self.min_sales
