"""Practices that rules prohibit, and duties left undone: what changes on a platform that gives one up.

The observed market holds every practice at the level that suits its platforms, and calibrated numbers contain what that
does. A practice at that level therefore changes nothing; what is stated here is the departure when it ends.
"""

from __future__ import annotations

from dataclasses import field
from enum import IntEnum
from typing import Annotated

from sim.parameters.declared import Param, numbers


class Practice(IntEnum):
    """What a platform does, or leaves undone, to somebody's harm; numbers key draws and are never used again."""

    EXCLUSIVITY = 0
    SELF_PREFERENCE = 1
    SURCHARGE = 2
    PREDATION = 3
    FORCED_DISCOUNT = 4
    MISLEADING = 5
    SKIPPED_VETTING = 6
    OPAQUE_TERMS = 7
    OPAQUE_DISPATCH = 8
    UNSAFE_DEADLINES = 9
    BOGUS_SELF_EMPLOYMENT = 10
    UNLICENSED_SUPPLY = 11

    @property
    def label(self) -> str:
        """As it is written in configs and metrics."""
        return self.name.lower()


MEANING: dict[Practice, str] = {
    Practice.EXCLUSIVITY: "merchants who list elsewhere too pay more here (choose one of two)",
    Practice.SELF_PREFERENCE: "brands that pay for placement are shown above what consumers would choose",
    Practice.SURCHARGE: "consumers who care less about money are charged more for the same order",
    Practice.PREDATION: "coupons below cost that rivals cannot match",
    Practice.FORCED_DISCOUNT: "merchants must pay for promotions that they did not ask for",
    Practice.MISLEADING: "advertisements and displayed quality promise more than is delivered",
    Practice.SKIPPED_VETTING: "sellers and goods are listed without a look at their qualifications",
    Practice.OPAQUE_TERMS: "fees and rules are hard to find, change without notice and cannot be compared",
    Practice.OPAQUE_DISPATCH: "pay rules hide deductions and penalties from riders",
    Practice.UNSAFE_DEADLINES: "delivery times are promised that are met by riding too fast",
    Practice.BOGUS_SELF_EMPLOYMENT: "workers whom a platform directs are treated as self-employed",
    Practice.UNLICENSED_SUPPLY: "orders are given to workers who lack the licence that the trade asks for",
}

OF_MERCHANTS = frozenset({
    Practice.EXCLUSIVITY, Practice.SELF_PREFERENCE, Practice.FORCED_DISCOUNT, Practice.SKIPPED_VETTING,
})  # fmt: skip
"""Practices that there are only where merchants sell through platforms."""
OF_WORKERS = frozenset({Practice.OPAQUE_DISPATCH, Practice.UNSAFE_DEADLINES, Practice.BOGUS_SELF_EMPLOYMENT})
"""Practices that there are only where people work for platforms."""


@numbers
class Departure:
    """What changes on a platform, for all of an order's parties, when it gives a practice up altogether."""

    fee: Annotated[float, Param("fall of the net fee, alike for all", "share of order value", -0.2, 0.2)] = 0.0
    surcharge: Annotated[
        float, Param("fall of the net fee, in proportion to 1/a of a consumer", "share of order value", 0.0, 0.2)
    ] = 0.0
    promotion: Annotated[float, Param("fall of every merchant's commission", "share of goods value", 0.0, 0.2)] = 0.0
    placement: Annotated[float, Param("fall of chains' commission", "share of goods value", 0.0, 0.2)] = 0.0
    tilt: Annotated[float, Param("rise of independents' weight in the ranking", "log points", 0.0, 2.0)] = 0.0
    openness: Annotated[
        float, Param("fall of the commission of merchants who list elsewhere too", "share of goods value", 0.0, 0.15)
    ] = 0.0
    allure: Annotated[
        float, Param("worth that consumers are no longer made to believe in", "share of order value", 0.0, 0.2)
    ] = 0.0
    worth: Annotated[float, Param("harm that consumers no longer suffer", "share of order value", 0.0, 0.2)] = 0.0
    cost: Annotated[float, Param("rise of the platform's cost of an order", "share of order value", 0.0, 0.2)] = 0.0
    pay: Annotated[float, Param("rise of what riders are paid for an order", "share of the piece rate", 0.0, 1.0)] = 0.0
    oncost: Annotated[
        float, Param("contributions that the platform pays on riders' pay", "share of the piece rate", 0.0, 1.0)
    ] = 0.0
    minutes: Annotated[float, Param("rise of the shortest delay", "share of it", 0.0, 1.0)] = 0.0
    safety: Annotated[float, Param("fall of the risk of injury on an order", "share", 0.0, 1.0)] = 0.0
    barred: Annotated[float, Param("part of workers without a licence who are kept off", "share", 0.0, 1.0)] = 0.0
    clarity: Annotated[float, Param("fall of the noise in merchants' listing choice", "share", 0.0, 0.9)] = 0.0


CHANNELS: tuple[str, ...] = tuple(Departure.__dataclass_fields__)
"""What a departure can move."""


def _departures() -> dict[str, Departure]:
    """Sizes; their reasons and ranges are in SIZES."""
    return {
        "exclusivity": Departure(openness=0.03),
        "self_preference": Departure(tilt=0.15, placement=0.01),
        "surcharge": Departure(surcharge=0.01),
        "predation": Departure(fee=-0.02),
        "forced_discount": Departure(promotion=0.01),
        "misleading": Departure(allure=0.015, worth=0.005),
        "skipped_vetting": Departure(worth=0.01, cost=0.003),
        "opaque_terms": Departure(clarity=0.3, worth=0.004, cost=0.001),
        "opaque_dispatch": Departure(pay=0.03),
        "unsafe_deadlines": Departure(minutes=0.08, safety=0.4),
        "bogus_self_employment": Departure(oncost=0.15, pay=0.03),
        "unlicensed_supply": Departure(barred=1.0, worth=0.002),  # worth: assumption I-86
    }


@numbers
class PracticeParameters:
    """Practices of this market's platforms, by name; one that is left out does not exist here."""

    departures: dict[str, Departure] = field(default_factory=_departures)
    awareness: Annotated[
        float,
        Param("part of the harm no longer suffered that consumers come to expect of a platform", "share", 0.0, 1.0,
              "assumption I-23, to be swept from 0 to 0.6: what is vetted or disclosed is not seen by those it spares"),
    ] = 0.2  # fmt: skip
