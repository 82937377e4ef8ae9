"""Parameters of platforms' consumer credit: relative to income, so that they fit every market and currency."""

from __future__ import annotations

from typing import Annotated

from sim.parameters.declared import Param, parameters
from sim.parameters.works import ANT_CONSUMER_CREDIT, ANT_DELINQUENCY, ANT_REVENUE, ANT_USERS, CHINA_INCOMES


@parameters
class CreditParameters:
    """What consumers owe platforms' credit arms and their partner banks, at what terms, and who bears what."""

    mean_weekly_income: Annotated[
        float,
        Param(
            "mean income of consumers",
            "currency a week",
            1.0,
            1e6,
            f"data: {CHINA_INCOMES.says('47,412 yuan a head in towns in 2021, up 8.2%')}: 43,800 yuan in 2020",
        ),
    ] = 843.0
    debt_weeks: Annotated[
        float,
        Param(
            "debt of a platform's user of mean income, 0 where there is no credit",
            "weeks of income",
            0.0,
            52.0,
            f"assumption I-41: sweep 2 to 8; {ANT_CONSUMER_CREDIT.says('1,730bn yuan in mid-2020')}, "
            f"{ANT_USERS.says('500 million users')}",
        ),
    ] = 4.1
    limit_use: Annotated[
        float, Param("part of credit lines in use", "share", 0.05, 0.95, "assumption I-42: sweep 0.1 to 0.8")
    ] = 0.35
    yearly_yield: Annotated[
        float,
        Param(
            "interest on debt whose instalments are paid, interest-free debt included",
            "share a year",
            0.0,
            1.0,
            "assumption I-43: sweep 0.06 to 0.16",
        ),
    ] = 0.08
    service_fee: Annotated[
        float,
        Param(
            "what partner banks pay the platform for the money they lend through it",
            "share a year",
            0.0,
            0.5,
            f"assumption I-58: {ANT_REVENUE.says('28.6bn yuan in the first half of 2020')}; 0.027 on the 2,150bn yuan "
            "lent in the end, more on the mean of the half year; sweep 0.025 to 0.03",
        ),
    ] = 0.028
    refinancing_rate: Annotated[
        float, Param("cost of money a credit arm borrows", "share a year", 0.0, 0.5, "assumption I-44: sweep 0.03-0.06")
    ] = 0.045
    required_return: Annotated[
        float,
        Param("return that owners ask of capital", "share a year", 0.0, 1.0, "assumption I-45: sweep 0.10 to 0.25"),
    ] = 0.15
    service_cost: Annotated[
        float,
        Param("cost of administering loans", "share a year", 0.0, 0.5, "assumption I-46: sweep 0.002 to 0.012"),
    ] = 0.006
    repayment_rate: Annotated[
        float, Param("debt repaid where it is paid", "share a week", 0.001, 1.0, "assumption I-47: sweep 0.02 to 0.08")
    ] = 0.038
    yearly_default: Annotated[
        float, Param("debt written off", "share a year", 0.0001, 0.5, "assumption I-48: sweep 0.01 to 0.05")
    ] = 0.03
    missed_share: Annotated[
        float,
        Param(
            "borrowers behind with payments",
            "share",
            0.0001,
            0.5,
            f"data: {ANT_DELINQUENCY.says('3.01% were a month or more behind in May 2020, then a little fewer')}",
        ),
    ] = 0.03
    cure_rate: Annotated[
        float,
        Param("borrowers behind who catch up", "share a week", 0.01, 1.0, "assumption I-49: sweep 0.05 to 0.3"),
    ] = 0.1
    recovery: Annotated[
        float, Param("part of debt written off that comes back", "share", 0.0, 1.0, "assumption I-50: sweep 0 to 0.4")
    ] = 0.15
    debt_risk: Annotated[
        float,
        Param(
            "rise of the log odds of missing and of default with debt",
            "per week of income",
            0.0,
            2.0,
            "assumption I-51: sweep 0.05 to 0.3",
        ),
    ] = 0.15
    missed_risk: Annotated[
        float,
        Param(
            "rise of the log odds of default with payments missed",
            "per share behind",
            0.0,
            50.0,
            "assumption I-52: sweep 0 to 20",
        ),
    ] = 10.0
    income_risk: Annotated[
        float,
        Param(
            "fall of the log odds of missing and of default with income",
            "elasticity",
            0.0,
            3.0,
            "assumption I-53: sweep 0 to 1.5",
        ),
    ] = 0.8
    risk_spread: Annotated[
        float,
        Param("log odds of default, worst less best applicant", "log odds", 0.1, 10.0, "assumption I-54: sweep 2 to 5"),
    ] = 3.0
    marketing_elasticity: Annotated[
        float,
        Param("rise of marketing with what a loan earns", "elasticity", 0.1, 5.0, "assumption I-55: sweep 0.5 to 2"),
    ] = 1.0
    own_share: Annotated[
        float,
        Param(
            "part of each new loan that partner banks ask the platform to hold",
            "share",
            0.0,
            1.0,
            f"data: {ANT_CONSUMER_CREDIT.says('Ant held 2% of what it lent out in mid-2020')}",
        ),
    ] = 0.02
    leverage: Annotated[
        float,
        Param("loans on the arm's own books over its capital", "ratio", 1.0, 1000.0, "assumption I-56: sweep 5 to 50"),
    ] = 10.0
    capital_speed: Annotated[
        float,
        Param(
            "part of missing capital that owners put in", "share a week", 0.0, 1.0, "assumption I-57: sweep 0.02-0.2"
        ),
    ] = 0.05
    review_weeks: Annotated[
        int, Param("weeks between two reviews of lending", "weeks", 1, 52, "assumption C-03, as for prices")
    ] = 4
