"""Practices that rules prohibit, and duties not fulfilled: what changes on a platform that ends one.

In the observed market every practice is at the level that its platforms desire, and calibrated parameters contain what
that does. A practice at that level therefore changes nothing; what is stated here is the effect of ending it.
"""

from __future__ import annotations

from dataclasses import field
from enum import IntEnum
from typing import Annotated, NamedTuple

from sim.parameters.declared import Param, parameters


class Practice(IntEnum):
    """What a platform does, or omits, to somebody's harm; numbers key draws and are never used again."""

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
        """As in configuration and metrics."""
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
    Practice.OPAQUE_DISPATCH: "pay rules hide deductions and penalties from workers",
    Practice.UNSAFE_DEADLINES: "delivery times are promised that can be met only by unsafe speed",
    Practice.BOGUS_SELF_EMPLOYMENT: "workers whom a platform directs are treated as self-employed",
    Practice.UNLICENSED_SUPPLY: "orders are given to workers who lack the licence that the trade asks for",
}

OF_MERCHANTS = frozenset(
    {
        Practice.EXCLUSIVITY,
        Practice.SELF_PREFERENCE,
        Practice.FORCED_DISCOUNT,
        Practice.SKIPPED_VETTING,
    }
)
"""Practices that exist only where merchants sell through platforms."""
OF_WORKERS = frozenset({Practice.OPAQUE_DISPATCH, Practice.UNSAFE_DEADLINES, Practice.BOGUS_SELF_EMPLOYMENT})
"""Practices that exist only where people work for platforms."""


@parameters
class PracticeEffect:
    """What changes on a platform, for all parties to an order, when it ends a practice altogether."""

    fee: Annotated[float, Param("fall of the net fee, alike for all", "share of order value", -0.2, 0.2)] = 0.0
    surcharge: Annotated[
        float, Param("fall of the net fee, in proportion to 1/a of a consumer", "share of order value", 0.0, 0.2)
    ] = 0.0
    promotion: Annotated[float, Param("fall of every merchant's commission", "share of goods value", 0.0, 0.2)] = 0.0
    placement: Annotated[float, Param("fall of chains' commission", "share of goods value", 0.0, 0.2)] = 0.0
    tilt: Annotated[float, Param("rise of independents' weight in the ranking", "log points", 0.0, 2.0)] = 0.0
    multihoming_relief: Annotated[
        float, Param("fall of the commission of merchants who list elsewhere too", "share of goods value", 0.0, 0.15)
    ] = 0.0
    misperceived_value: Annotated[
        float, Param("value that consumers no longer misperceive", "share of order value", 0.0, 0.2)
    ] = 0.0
    harm_spared: Annotated[float, Param("harm that consumers no longer suffer", "share of order value", 0.0, 0.2)] = 0.0
    cost: Annotated[float, Param("rise of the platform's cost of an order", "share of order value", 0.0, 0.2)] = 0.0
    pay: Annotated[float, Param("rise of workers' pay for an order", "share of the piece rate", 0.0, 1.0)] = 0.0
    oncost: Annotated[
        float, Param("contributions that the platform pays on workers' pay", "share of the piece rate", 0.0, 1.0)
    ] = 0.0
    minutes: Annotated[float, Param("rise of the shortest delay", "share of it", 0.0, 1.0)] = 0.0
    safety: Annotated[float, Param("fall of the risk of injury on an order", "share", 0.0, 1.0)] = 0.0
    excluded: Annotated[float, Param("part of workers without a licence who are excluded", "share", 0.0, 1.0)] = 0.0
    noise_reduction: Annotated[float, Param("fall of the noise in merchants' listing choice", "share", 0.0, 0.9)] = 0.0


CHANNELS: tuple[str, ...] = tuple(PracticeEffect.__dataclass_fields__)
"""What ending a practice can change."""


class Size(NamedTuple):
    """How much a channel changes when a practice ends: an assumption with a range to sweep."""

    value: float
    low: float
    high: float
    number: str
    why: str


SIZES: dict[tuple[Practice, str], Size] = {
    (Practice.EXCLUSIVITY, "multihoming_relief"): Size(
        0.03, 0.0, 0.15, "I-24", "unlike rates were found in China (SAMR 2021)"
    ),
    (Practice.SELF_PREFERENCE, "tilt"): Size(0.15, 0.05, 0.5, "I-25", "no source"),
    (Practice.SELF_PREFERENCE, "placement"): Size(0.01, 0.0, 0.03, "I-26", "no source"),
    (Practice.SURCHARGE, "surcharge"): Size(0.01, 0.002, 0.03, "I-27", "14 of 32 test pairs differ (Beijing, 2022)"),
    (Practice.PREDATION, "fee"): Size(-0.02, -0.05, 0.0, "I-28", "no source"),
    (Practice.FORCED_DISCOUNT, "promotion"): Size(0.01, 0.0, 0.03, "I-29", "no source"),
    (Practice.MISLEADING, "misperceived_value"): Size(0.015, 0.005, 0.04, "I-30", "no source"),
    (Practice.MISLEADING, "harm_spared"): Size(0.005, 0.0, 0.02, "I-31", "no source"),
    (Practice.SKIPPED_VETTING, "harm_spared"): Size(0.01, 0.002, 0.03, "I-32", "no source"),
    (Practice.SKIPPED_VETTING, "cost"): Size(0.003, 0.001, 0.01, "I-33", "no source"),
    (Practice.OPAQUE_TERMS, "noise_reduction"): Size(0.3, 0.0, 0.6, "I-34", "no source"),
    (Practice.OPAQUE_TERMS, "harm_spared"): Size(0.004, 0.0, 0.01, "I-35", "no source"),
    (Practice.OPAQUE_TERMS, "cost"): Size(0.001, 0.0, 0.005, "I-36", "no source"),
    (Practice.OPAQUE_DISPATCH, "pay"): Size(0.03, 0.0, 0.1, "I-37", "no source"),
    (Practice.UNSAFE_DEADLINES, "minutes"): Size(0.08, 0.02, 0.2, "I-38", "15 instead of 25 km/h on part of the way"),
    (Practice.UNSAFE_DEADLINES, "safety"): Size(0.4, 0.1, 0.6, "I-39", "no source"),
    (Practice.BOGUS_SELF_EMPLOYMENT, "oncost"): Size(0.15, 0.05, 0.4, "I-40", "contributions of 20 to 40% in part"),
    (Practice.BOGUS_SELF_EMPLOYMENT, "pay"): Size(0.03, 0.0, 0.1, "I-10", "no source"),
    (Practice.UNLICENSED_SUPPLY, "excluded"): Size(1.0, 0.0, 1.0, "I-11", "all who lack the licence"),
    (Practice.UNLICENSED_SUPPLY, "harm_spared"): Size(0.002, 0.0, 0.01, "I-86", "no data; small"),
}
"""What ending each practice changes; in the unit of the channel (`PracticeEffect`)."""


def _practice_effects() -> dict[str, PracticeEffect]:
    """The usual sizes, practice by practice."""
    return {
        practice.label: PracticeEffect(
            **{channel: size.value for (own, channel), size in SIZES.items() if own is practice}
        )
        for practice in Practice
    }


@parameters
class PracticeParameters:
    """Practices of this market's platforms, by name; one that is left out does not exist here."""

    effects: dict[str, PracticeEffect] = field(default_factory=_practice_effects)
    awareness: Annotated[
        float,
        Param(
            "part of the harm no longer suffered that consumers come to expect of a platform",
            "share",
            0.0,
            1.0,
            "assumption I-23, to be swept from 0 to 0.6: what is vetted or disclosed is not seen by those it spares",
        ),
    ] = 0.2
