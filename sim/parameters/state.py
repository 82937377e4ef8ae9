"""Parameters of government departments and of enforcement."""

from __future__ import annotations

from typing import Annotated

import annotated_types

from sim.parameters.acts import ADMINISTRATIVE_PENALTY_LAW, MEITUAN_DECISION
from sim.parameters.declared import Param, parameters


@parameters
class DepartmentParameters:
    """One government department: its money and what an inspection costs."""

    name: Annotated[str, annotated_types.Len(1, 40)]
    budget: Annotated[float, Param("appropriation per million consumers", "currency a week", 0.0, 1e9)]
    staff_cost: Annotated[float, Param("standing cost per million consumers", "currency a week", 0.0, 1e9)]
    inspection_cost: Annotated[
        float, Param("cost to the department of one inspection, per million consumers", "currency", 0.01, 1e7)
    ]
    compliance_cost: Annotated[
        float, Param("cost to the platform of one inspection, per million consumers", "currency", 0.0, 1e7)
    ]


@parameters
class EnforcementParameters:
    """How departments find breaches and how long cases take; one set of parameters for all of them."""

    people_served: Annotated[
        float,
        Param(
            "users of these platforms in the country: fixed fines are scaled to the people simulated",
            "people",
            1e3,
            1e10,
            "data: 690.5m users of food delivery (Meituan, annual results 2021)",
        ),
    ] = 690.5e6
    detection: Annotated[
        float,
        Param(
            "chance that a visit finds a full, open breach",
            "share",
            0.0,
            1.0,
            "assumption I-01, to be swept from 0.005 to 0.2: at 0.02 and a visit a week two in three within a year",
        ),
    ] = 0.02
    false_alarm: Annotated[
        float,
        Param(
            "chance that a visit opens a case against a platform that complies",
            "share",
            0.0,
            1.0,
            "assumption I-02, to be swept from 0 to 0.01",
        ),
    ] = 0.0005
    wrong_decision: Annotated[
        float,
        Param(
            "chance that such a case nevertheless ends in a fine",
            "share",
            0.0,
            1.0,
            "assumption I-03, to be swept from 0 to 0.5",
        ),
    ] = 0.2
    case_weeks: Annotated[
        int,
        Param(
            "from opening a case to its decision",
            "weeks",
            0,
            520,
            f"law: {MEITUAN_DECISION.says('April to October 2021')}; Alibaba, December 2020 to April 2021",
        ),
    ] = 24
    appeal_weeks: Annotated[
        int,
        Param("from a wrong fine to its repayment", "weeks", 1, 520, "assumption I-04, to be swept from 13 to 104"),
    ] = 26
    report_rate: Annotated[
        float,
        Param(
            "those harmed who complain",
            "share",
            0.0,
            1.0,
            "data: 26.72% would complain of price discrimination (Beijing Consumers Association, 2019)",
        ),
    ] = 0.2672
    lead_weight: Annotated[
        float,
        Param(
            "rise of the chance of finding a breach that was complained about",
            "ratio",
            0.0,
            20.0,
            "assumption I-05, to be swept from 0 to 4",
        ),
    ] = 1.0
    limitation_weeks: Annotated[
        int,
        Param(
            "how far back gains of a breach are taken away",
            "weeks",
            1,
            520,
            f"law: {ADMINISTRATIVE_PENALTY_LAW.at('Art. 36', 'two years')}",
        ),
    ] = 104
