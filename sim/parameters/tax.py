"""Parameters of the tax on merchants' sales through platforms."""

from __future__ import annotations

from typing import Annotated

from sim.parameters.acts import TAX_COLLECTION_LAW
from sim.parameters.declared import Param, parameters
from sim.parameters.works import CHINA_VAT_RATE, CHINA_VAT_THRESHOLD, GAO_SOLE_PROPRIETORS


@parameters
class TaxParameters:
    """What is owed on platform sales, who hides them, and what it costs to report them.

    The tax is a levy on turnover that stands for all a seller owes on platform sales. What is declared where the market
    is observed lies inside merchants' fixed costs.
    """

    levy_rate: Annotated[
        float,
        Param(
            "tax on platform sales",
            "share of goods value",
            0.0,
            0.2,
            f"assumption I-61: {CHINA_VAT_RATE.says('small-scale taxpayers owed 1% from 2020 to March 2022')}, taxes "
            "on income come on top; sweep 0.01 to 0.05",
        ),
    ] = 0.02
    exempt_orders: Annotated[
        float,
        Param(
            "weekly platform sales up to which nothing is owed",
            "orders at the market's mean variable cost",
            0.0,
            1e4,
            "assumption I-62: no small threshold in force fits four markets; China's for value-added tax would free "
            f"all but the largest sellers, {CHINA_VAT_THRESHOLD.says('150,000 yuan a month, 2021-22')}; sweep 0 to 100",
        ),
    ] = 10.0
    evasion_base: Annotated[
        float,
        Param(
            "merchants who declare nothing of their platform sales where the market is observed",
            "share",
            0.0,
            1.0,
            "assumption I-63: income that few others report is under-declared by about a half, "
            f"{GAO_SOLE_PROPRIETORS.says('57% by sole proprietors')}, and invoices catch part of it; sweep 0.1 to 0.6",
        ),
    ] = 0.3
    penalty: Annotated[
        float,
        Param(
            "fine for evaded tax, in addition to it",
            "times the tax",
            0.0,
            20.0,
            f"law: {TAX_COLLECTION_LAW.at('Art. 63', '0.5 to 5 times the tax')}",
        ),
    ] = 0.5
    belief_log_sd: Annotated[
        float,
        Param(
            "spread of merchants' beliefs about being found out",
            "log points",
            0.05,
            5.0,
            "assumption I-64: decides who declares when reports are matched only in part; sweep 0.3 to 2",
        ),
    ] = 1.0
    matching: Annotated[
        float,
        Param(
            "chance that a report is compared with what the seller declared",
            "share",
            0.0,
            1.0,
            "assumption I-65: reports are read by machine; sweep 0.2 to 1",
        ),
    ] = 1.0
    reporting_cost: Annotated[
        float,
        Param(
            "cost to a platform of reporting sales",
            "share of goods value",
            0.0,
            0.05,
            "assumption I-66: no published figure; records exist, filing is automatic; sweep 0.0001 to 0.002",
        ),
    ] = 0.0005
