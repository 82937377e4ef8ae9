"""The numbers an economy is built from: meaning, unit and range of each; values come from a sector file.

A value's source stands beside it in the sector file (`sources`), a rule's value beside it in its own file.
"""

from sim.parameters.clauses import ClauseParameters
from sim.parameters.conduct import CommissionLevels, ConductParameters, EvasionParameters, LearningParameters
from sim.parameters.credit import CreditParameters
from sim.parameters.declared import CENTS, N_INCOME_CLASSES, WEEKS_A_YEAR, Param, Source, label_of, parameters
from sim.parameters.injuries import InjuryParameters
from sim.parameters.innovation import FailureParameters, InnovationParameters
from sim.parameters.licences import LicenceParameters
from sim.parameters.people import (
    ConsumerParameters,
    MerchantParameters,
    MerchantTier,
    WorkerGroup,
    WorkerParameters,
)
from sim.parameters.platforms import CarriageParameters, PlatformParameters, RankingParameters
from sim.parameters.practices import CHANNELS, MEANING, SIZES, Practice, PracticeEffect, PracticeParameters
from sim.parameters.sector import Moment, Sector
from sim.parameters.state import DepartmentParameters, EnforcementParameters
from sim.parameters.tax import TaxParameters

__all__ = [
    "CENTS",
    "CHANNELS",
    "MEANING",
    "N_INCOME_CLASSES",
    "SIZES",
    "WEEKS_A_YEAR",
    "CarriageParameters",
    "ClauseParameters",
    "CommissionLevels",
    "ConductParameters",
    "ConsumerParameters",
    "CreditParameters",
    "DepartmentParameters",
    "EnforcementParameters",
    "EvasionParameters",
    "FailureParameters",
    "InjuryParameters",
    "InnovationParameters",
    "LearningParameters",
    "LicenceParameters",
    "MerchantParameters",
    "MerchantTier",
    "Moment",
    "Param",
    "PlatformParameters",
    "Practice",
    "PracticeEffect",
    "PracticeParameters",
    "RankingParameters",
    "Sector",
    "Source",
    "TaxParameters",
    "WorkerGroup",
    "WorkerParameters",
    "label_of",
    "parameters",
]
