"""No coupons below cost that only drive rivals out, and no promotions that merchants are forced to pay."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, Practice, parameters
from sim.parameters.acts import PRICE_LAW, UNFAIR_COMPETITION_LAW
from sim.policy.instrument import Bound, Department, Expect, restrain
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import Sanction


@parameters
class PriceConduct(Bound):
    """Limits coupons below cost and forbids promotions that merchants did not ask for."""

    title = "Price conduct"
    reading = (
        "Limits coupons below cost and forbids promotions that merchants did not ask for. Article (1) asks for rules "
        "on pricing in the platform economy and on unfair competition online (A1.6, A1.4). The model reads this as a "
        "ceiling on the coupons that today's net fees contain, which consumers then lose, and as an end to promotions "
        "charged to merchants."
    )
    left_out = "a test of cost, price parity clauses, and prices of sellers themselves."
    provisions = ("A1.6", "A1.4")
    department = Department.MARKET
    hook = Hook.PRACTICES
    practices = (Practice.PREDATION, Practice.FORCED_DISCOUNT)
    expects = (
        Expect("practice_predation", "-", "coupons below cost are limited"),
        Expect("practice_forced_discount", "-", "merchants need not pay for promotions"),
        Expect("merchant_take_rate", "-", "promotions were a part of what merchants paid"),
        Expect("merchant_profit", "+", "merchants keep what promotions cost them"),
    )

    coupons_left: Annotated[
        float,
        Param(
            "coupons below cost that remain allowed",
            "share of the observed ones",
            0.0,
            1.0,
            "policy lever; no figure in any rule",
        ),
    ] = 0.25
    fine: Annotated[
        float,
        Param(
            "fixed part of the fine, whole country",
            "currency",
            0.0,
            1000000000.0,
            f"law: {UNFAIR_COMPETITION_LAW.at('Art. 30', '50,000 to 500,000 yuan, 2m where serious')}",
        ),
    ] = 500000.0
    gain_multiple: Annotated[
        float,
        Param(
            "gains taken away, and fined",
            "x what was gained",
            0.0,
            10.0,
            f"law: {PRICE_LAW.at('Art. 40', 'gains, and up to five times as much')}",
        ),
    ] = 3.0

    def apply(self, terms: PracticeTerms) -> None:
        """Coupons fall to what is allowed; forced promotions end."""
        restrain(terms, Practice.PREDATION, self.coupons_left)
        restrain(terms, Practice.FORCED_DISCOUNT, 0.0)

    @property
    def sanction(self) -> Sanction:
        """A small fixed fine, and the gain, taken away several times over: the larger part."""
        return Sanction(fixed=self.fine, gain_multiple=self.gain_multiple)
