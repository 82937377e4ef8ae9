"""Platforms pay a premium on every order, and injured workers are compensated."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sim.parameters import Param, parameters
from sim.parameters.acts import INJURY_NOTICE
from sim.policy.instrument import Department, Duty, Expect
from sim.rules.hooks import Hook, InsuranceTerms
from sim.rules.sanctions import Sanction


@parameters
class InjuryCover(Duty):
    """Insures workers against injuries on orders, at a premium that platforms pay order by order."""

    title = "Injury cover"
    reading = (
        "Insures workers against injuries on orders, at a premium that platforms pay order by order. Article (10) asks "
        "for a trial of public cover of injuries at work, and for other ways such as private insurance that firms buy "
        "(A10.10, A10.11). The model reads both alike: an insurer takes the premium and pays a part of what an injury "
        "costs a worker; a private policy differs in premium and part paid."
    )
    left_out = (
        "disputes about what counts as an injury at work, care in hospital without a loss of pay, deaths and pensions, "
        "harm to passers-by, and premiums that follow a platform's own accidents."
    )
    provisions = ("A10.10", "A10.11")
    department = Department.LABOUR
    hook = Hook.INSURANCE_TERMS
    expects = (
        Expect("worker_insured_share", "+", "premiums are paid for orders"),
        Expect("worker_injury_loss_uncovered", "-", "insurers pay a part of what injuries cost"),
        Expect("worker_surplus", "+", "workers bear less of what injuries are expected to cost"),
        Expect("platform_burden", "+", "platforms pay the premiums"),
        Expect("platform_profit_per_order", "-", "fees and commissions win back a part of the premium"),
    )

    coverage: Annotated[
        float, Param("orders that must be insured", "share of orders", 0.0, 1.0, "policy lever", label="Orders insured")
    ] = 1.0
    premium: Annotated[
        float,
        Param(
            "premium for an insured order",
            "currency an order",
            0.0,
            10.0,
            f"law: {INJURY_NOTICE.says('0.07 yuan for a delivery, 0.01 for a ride')}",
        ),
    ] = 0.07
    replacement: Annotated[
        float,
        Param(
            "part of the loss from an injury that is paid",
            "share of the loss",
            0.0,
            1.0,
            "assumption I-84: treatment in full and part of the pay lost; sweep 0.4 to 1",
            label="Loss covered",
        ),
    ] = 0.8
    gain_multiple: Annotated[
        float,
        Param(
            "premiums collected later, and fined",
            "x what was saved",
            0.0,
            10.0,
            "assumption I-85: premiums are collected later, and as much again; sweep 0 to 6",
        ),
    ] = 2.0

    def apply(self, terms: InsuranceTerms) -> None:
        """Insure at least so many orders; the rule sets what an insured order costs and pays."""
        np.maximum(terms.coverage, self.coverage, out=terms.coverage)
        is_insured = terms.coverage > 0.0
        np.maximum(terms.premium, self.premium, out=terms.premium, where=is_insured)
        np.maximum(terms.replacement, self.replacement, out=terms.replacement, where=is_insured)

    @property
    def sanction(self) -> Sanction:
        """Premiums are collected afterwards, and a fine of the same size."""
        return Sanction(gain_multiple=self.gain_multiple)
