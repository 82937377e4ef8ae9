"""Parameters of workers' injuries."""

from __future__ import annotations

from typing import Annotated

from sim.parameters.declared import Param, parameters


@parameters
class InjuryParameters:
    """How often workers are hurt, and what that costs them; a week's pay is `Sector.usual_weekly_pay`."""

    hazard: Annotated[
        float,
        Param(
            "injuries in a million deliveries, where the market is observed",
            "per million orders",
            0.0,
            1e5,
            "assumption I-81, to be swept from 3 to 60: with it a premium of 0.07 yuan, four fifths of it paid out, "
            "buys delivery riders the cover that I-84 assumes",
        ),
    ] = 15.0
    medical_weeks: Annotated[
        float,
        Param("cost of treatment", "weeks of usual pay", 0.0, 520.0, "assumption I-82, to be swept from 1 to 12"),
    ] = 4.0
    lost_weeks: Annotated[
        float,
        Param("pay lost until healed", "weeks of usual pay", 0.0, 520.0, "assumption I-83, to be swept from 2 to 20"),
    ] = 6.0
