"""Parameters of licences to work."""

from __future__ import annotations

from typing import Annotated

from sim.parameters.declared import Param, parameters


@parameters
class LicenceParameters:
    """Who may work where a market requires a licence of workers, and who would acquire one."""

    licensed_share: Annotated[
        float,
        Param(
            "workers who hold a licence, or need none, where the market is observed",
            "share",
            0.0,
            1.0,
            "assumption I-87: 1 unless the sector file says otherwise; nobody needs a licence to deliver",
        ),
    ] = 1.0
    cost_weeks: Annotated[
        float,
        Param(
            "median cost of a licence for worker and car",
            "weeks of usual pay",
            0.01,
            520.0,
            "assumption I-88, to be swept from 4 to 60: examination, another use of the car and its insurance",
        ),
    ] = 15.0
    horizon_weeks: Annotated[
        float,
        Param(
            "weeks of lost earnings that are set against the cost",
            "weeks",
            1.0,
            520.0,
            "assumption I-89, to be swept from 13 to 156",
        ),
    ] = 52.0
    cost_spread: Annotated[
        float,
        Param(
            "log odds of getting a licence per log of what it saves over its median cost",
            "elasticity",
            0.1,
            50.0,
            "assumption I-90, to be swept from 1 to 8",
        ),
    ] = 3.0
    review_rate: Annotated[
        float,
        Param(
            "chance that an excluded worker considers a licence",
            "per week",
            0.0,
            1.0,
            "assumption I-91, to be swept from 0.02 to 0.25",
        ),
    ] = 0.08
