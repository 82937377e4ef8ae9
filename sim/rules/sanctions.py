"""What a decision against a platform costs it."""

from __future__ import annotations

from typing import Annotated

from sim.parameters import Param, parameters
from sim.parameters.acts import ALIBABA_DECISION


@parameters
class Sanction:
    """A fine of three parts, and an order to stop.

    fine = revenue_share x severity x a year's revenue + fixed x people here / people served + gain_multiple x what the
    breach has earned; the first part is at most `revenue_cap` of a year's revenue.
    """

    # Fixed sums of the law are scaled to the people simulated; shares of revenue need no scale.

    revenue_share: Annotated[float, Param("part of the fine", "share of a year's revenue", 0.0, 1.0)] = 0.0
    severity: Annotated[float, Param("multiplier for a serious breach", "ratio", 1.0, 5.0)] = 1.0
    revenue_cap: Annotated[float, Param("most of the first part", "share of a year's revenue", 0.0, 1.0)] = 0.5
    fixed: Annotated[float, Param("part of the fine, for a platform of the whole country", "currency", 0.0, 1e12)] = 0.0
    gain_multiple: Annotated[float, Param("part of the fine", "x what was gained", 0.0, 10.0)] = 0.0
    order_weeks: Annotated[
        int,
        Param(
            "weeks in which an order to stop is watched",
            "weeks",
            0,
            520,
            f"law: {ALIBABA_DECISION.says('three years of reports to the authority')}; Meituan's is alike",
        ),
    ] = 156


GainsTaken = Annotated[
    float,
    Param(
        "gains taken away, and fined",
        "x what was gained",
        0.0,
        10.0,
        "assumption I-06: where the law names no figure, gains are taken away and as much or twice as much again; "
        "sweep 0 to 6",
    ),
]
"""The part of a rule's sanction that follows what a breach has earned."""
USUAL = Sanction(gain_multiple=2.0)
"""Where a rule names no sanction: gains are taken away, and as much again is fined (I-06)."""


def heaviest(sanctions: list[Sanction]) -> Sanction:
    """Part by part the largest of several: where rules forbid the same thing, the strictest counts."""
    parts = Sanction.__dataclass_fields__
    return Sanction(**{part: max(getattr(one, part) for one in sanctions) for part in parts})
