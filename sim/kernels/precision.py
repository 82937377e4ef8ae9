"""Which elementary functions fit a number: single precision for agents, double for the mean-field model."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from sim.kernels import elementary, precise


def functions_for(values: np.ndarray) -> ModuleType:
    """exp, log, power and logistic in the precision of these values."""
    return precise if values.dtype == np.float64 else elementary
