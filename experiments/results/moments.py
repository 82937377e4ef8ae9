"""Moments of a market: target, simulated, and whether one is within the tolerance of the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.tables import TABLES
from sim.parameters import Moment, Sector

SHARE_TOLERANCE, RELATIVE_TOLERANCE = 0.03, 0.10


def tolerance_of(moment: Moment) -> float:
    """How far a moment may lie from its target: three points for a share, a tenth of the target otherwise."""
    if moment.tolerance is not None:
        return moment.tolerance
    return SHARE_TOLERANCE if moment.unit.startswith("share") else RELATIVE_TOLERANCE * abs(moment.target)


def moment_table(sector: Sector, measured: list[dict[str, float]]) -> Any:
    """Target, simulated (mean over replicates, 95% interval), error, role and verdict of every moment, as a frame."""
    import pandas as pd

    from analysis.statistics.effects import mean_interval

    rows = []
    for name, moment in sector.moments.items():
        values = np.array([found[name] for found in measured if name in found])
        if not len(values) or np.isnan(values).any():
            continue
        mean, low, high = mean_interval(values)
        is_share, tolerance = moment.unit.startswith("share"), tolerance_of(moment)
        error = mean - moment.target if is_share else (mean - moment.target) / moment.target
        rows.append(
            {
                "moment": name,
                "title": moment.title,
                "target": moment.target,
                "simulated": mean,
                "low": low,
                "high": high,
                "unit": moment.unit,
                "role": moment.role,
                "error": error,
                "error_kind": "points" if is_share else "relative",
                "tolerance": tolerance if is_share else tolerance / abs(moment.target),
                "verdict": "within" if abs(mean - moment.target) <= tolerance else "outside",
                "year": moment.year,
                "source": moment.source,
                "note": moment.note,
            }
        )
    return pd.DataFrame(rows) if rows else TABLES["moments"].empty()
