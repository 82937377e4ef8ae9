"""The numbers an economy is built from: meaning, unit and range of each; values come from a sector file.

A value's source stands beside it in the sector file (`sources`), a rule's value beside it in its own file.
"""

from sim.parameters.conduct import CommissionLevels, ConductParameters, LearningParameters
from sim.parameters.credit import CreditParameters
from sim.parameters.declared import CENTS, N_INCOME_CLASSES, Param, Source, numbers
from sim.parameters.people import (
    ConsumerParameters,
    MerchantParameters,
    MerchantTier,
    WorkerGroup,
    WorkerParameters,
)
from sim.parameters.platforms import CarriageParameters, PlatformParameters, RankingParameters
from sim.parameters.sector import Moment, Sector
from sim.parameters.state import DepartmentParameters

__all__ = [
    "CENTS",
    "N_INCOME_CLASSES",
    "CarriageParameters",
    "CommissionLevels",
    "ConductParameters",
    "ConsumerParameters",
    "CreditParameters",
    "DepartmentParameters",
    "LearningParameters",
    "MerchantParameters",
    "MerchantTier",
    "Moment",
    "Param",
    "PlatformParameters",
    "RankingParameters",
    "Sector",
    "Source",
    "WorkerGroup",
    "WorkerParameters",
    "numbers",
]
