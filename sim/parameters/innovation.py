"""Parameters of platforms' research, and of exit and entry of platforms."""

from __future__ import annotations

from typing import Annotated

from sim.parameters.declared import Param, parameters
from sim.parameters.works import (
    BLOOM_SCHANKERMAN_VAN_REENEN,
    DOORDASH_RESEARCH,
    HALL_DEPRECIATION,
    HALL_MAIRESSE_MOHNEN,
    HALL_VAN_REENEN,
    MEITUAN_RESEARCH,
)


@parameters
class InnovationParameters:
    """How spending on research and development becomes a better app; observed growth lies in the observed appeal."""

    research_share: Annotated[
        float,
        Param(
            "usual spending on research and development",
            "share of platform revenue",
            0.0,
            1.0,
            f"assumption I-67: {MEITUAN_RESEARCH.says('16.7bn of 179.1bn yuan, 9.3%')}, "
            f"{DOORDASH_RESEARCH.says('430m of 4,888m dollars, 8.8%')}; sweep 0.04 to 0.15",
        ),
    ] = 0.09
    cost_elasticity: Annotated[
        float,
        Param(
            "rise of spending when research gets cheaper",
            "elasticity, positive",
            0.0,
            5.0,
            "assumption I-68: user-cost elasticities of research near -1, "
            f"{HALL_VAN_REENEN.says('a dollar of tax credit brings a dollar of research')}; sweep 0.5 to 1.5",
        ),
    ] = 1.0
    productivity: Annotated[
        float,
        Param(
            "what a log point of spending adds to appeal if it is kept up for good",
            "utility per log point",
            0.0,
            2.0,
            "assumption I-69: output elasticities of research are assumed to be 0.05 to 0.2, for figures were not "
            f"looked up; {HALL_MAIRESSE_MOHNEN.says('private returns exceed those of ordinary capital')}; "
            "a unit of utility is about a log point of orders; sweep 0.05 to 0.2",
        ),
    ] = 0.1
    depreciation: Annotated[
        float,
        Param(
            "depreciation of technology",
            "share a week",
            0.0001,
            0.5,
            f"assumption I-70: {HALL_DEPRECIATION.says('15% a year in most studies, 20 to 50% by market values')}; "
            "sweep 0.003 to 0.008",
        ),
    ] = 0.0031
    spillover: Annotated[
        float,
        Param(
            "part of what rivals add that a platform gains, too",
            "share of rivals' mean",
            0.0,
            1.0,
            "assumption I-71: "
            f"{BLOOM_SCHANKERMAN_VAN_REENEN.says('social returns to research are at least twice private ones')}; sweep "
            "0 to 0.8",
        ),
    ] = 0.3


@parameters
class FailureParameters:
    """When a platform that loses money under rules exits, and when another one takes its place.

    Amounts are in weeks of the platform's usual revenue, which is smoothed until the first rule is in force.
    """

    memory_weeks: Annotated[
        float,
        Param("weeks over which usual revenue is smoothed", "weeks", 1.0, 520.0, "assumption I-72; sweep 4 to 52"),
    ] = 13.0
    failure_weeks: Annotated[
        float,
        Param(
            "losses under rules at which a platform exits",
            "weeks of usual revenue",
            0.1,
            1e6,
            "assumption I-73: groups behind platforms have carried them through years of losses; a platform without a "
            "group would stop sooner; sweep 13 to 260",
        ),
    ] = 104.0
    entrant_rate: Annotated[
        float,
        Param(
            "chance that somebody considers taking a closed platform's place",
            "per week",
            0.0,
            1.0,
            "assumption I-74: about once a year; sweep 0.005 to 0.1",
        ),
    ] = 0.02
    vacant_weeks: Annotated[
        int,
        Param("least number of weeks a place stays empty", "weeks", 0, 1000, "assumption I-75; sweep 4 to 52"),
    ] = 13
    entry_cost_weeks: Annotated[
        float,
        Param(
            "mean cost of founding a platform",
            "weeks of usual revenue of the place",
            0.0,
            1e4,
            "assumption I-76: no figure; sweep 1 to 26",
        ),
    ] = 4.0
    entry_cost_log_sd: Annotated[
        float, Param("spread of that cost between founders", "log points", 0.0, 3.0, "assumption I-77; sweep 0 to 1")
    ] = 0.5
    entry_horizon: Annotated[
        float,
        Param(
            "weeks of profit set against the cost of founding",
            "weeks",
            1.0,
            1e4,
            "assumption I-78: two years, as for merchants; sweep 52 to 260",
        ),
    ] = 104.0
