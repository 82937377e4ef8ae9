"""A platform may charge merchants no more than a given share of what they sell through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np

from sim.parameters import Param, parameters
from sim.parameters.acts import PRICE_LAW
from sim.policy.instrument import Bound, Department, Expect
from sim.rules.hooks import Hook, MerchantTerms
from sim.rules.sanctions import Sanction


@parameters
class CommissionCap(Bound):
    """Limits the commission of the merchants it protects to a share of goods value."""

    title = "Commission cap"
    reading = (
        "Limits the commission of the merchants it protects to a share of goods value. Article (8) asks that "
        "commissions be reasonable and in line with the service given (A8.6, A8.8). The model reads this as a ceiling "
        "on commission. A platform below the ceiling is not touched; what it may charge consumers or pay workers stays "
        "free."
    )
    left_out = (
        "per-order fees and paid placement (no platform charges them in this version), and the softer readings "
        "(guidance, negotiation, notice)."
    )
    provisions = ("A8.6", "A8.8")
    department = Department.MARKET
    hook = Hook.MERCHANT_TERMS
    expects = (
        Expect("merchant_take_rate_independent", "-", "the ceiling binds where commissions exceed it"),
        Expect("merchant_profit", "+", "merchants keep a larger part of each sale"),
        Expect("merchant_price_independent", "-", "a commission is a cost in proportion to marginal cost"),
        Expect("platform_profit", "-", "revenue per order falls while conduct is held fixed"),
    )

    meanings: ClassVar[Mapping[str, str]] = {"independents_only": "whether only independents are protected, not chains"}

    ceiling: Annotated[
        float,
        Param(
            "largest commission",
            "share of goods value",
            0.0,
            1.0,
            "policy lever; in force: 0.15 (with card and other fees 0.23) in New York, 0.05 for Meituan's "
            "merchants in difficulty (2022)",
        ),
    ] = 0.08
    gain_multiple: Annotated[
        float,
        Param(
            "gains taken away, and fined",
            "x what was gained",
            0.0,
            10.0,
            f"law: {PRICE_LAW.at('Art. 39 and 40', 'gains, and up to five times as much')}",
        ),
    ] = 6.0
    independents_only: bool = True

    def apply(self, terms: MerchantTerms) -> None:
        """Lower commissions above the ceiling to the ceiling."""
        np.minimum(terms.commission, self.ceiling, out=terms.commission, where=self._protects(terms))

    def _protects(self, terms: MerchantTerms) -> np.ndarray:
        return terms.is_independent if self.independents_only else np.ones_like(terms.is_independent)

    @property
    def sanction(self) -> Sanction:
        """The gain, taken away several times over."""
        return Sanction(gain_multiple=self.gain_multiple)
