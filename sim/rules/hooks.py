"""Surfaces that a rule may act on: payloads are arrays of any length, of agents or of averages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

Array = np.ndarray


class Hook(Enum):
    """A moment of the week at which rules may change something."""

    MERCHANT_TERMS = "what a platform charges a merchant"


@dataclass
class MerchantTerms:
    """Terms offered to merchants, one entry a (platform, class of merchants)."""

    platform: Array
    """int64 (n): row of the platform."""
    is_independent: Array
    """bool (n): the class is independents rather than chains."""
    commission: Array
    """float64 (n): share of goods value; rules change it in place."""
