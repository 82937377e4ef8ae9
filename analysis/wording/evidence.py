"""Observed, accepted and simulated values: moments of a sector and published findings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.result import Frame
from analysis.wording.numbers import (
    UNKNOWN,
    capital,
    counted,
    decimals_for,
    interval,
    lever_value,
    number,
    scale_of,
    unit_text,
)

COLUMNS = ("what", "fact", "accepted", "laboratory", "verdict", "source")
HEADS = {"what": "", "fact": "Observed", "accepted": "Accepted range", "laboratory": "Simulated [95%]"}
HEADS |= {"verdict": "Verdict", "source": "Source"}
ROLES = {
    "held_out": ("Untargeted", "not used to calibrate the model: the actual test"),
    "implied": ("Implied", "follows from moments that are targeted or inputs: a check of consistency, not a test"),
    "fitted": ("Targeted", "parameters were chosen so that the model meets it"),
    "input": ("Input", "given to the model directly, so that meeting it proves nothing"),
}
"""Roles of moments, those that test the model first: what each is called, and what meeting it is worth."""
MET, MISSED, SHOWN = "met", "missed", "shown"
VERDICTS = {"within": MET, "pass": MET, "outside": MISSED, "miss": MISSED}
"""Verdicts of moments and of validations in one word each; all others are only shown."""
FEWEST = 2
OPEN = "no range"


def of_moments(moments: Frame) -> Frame:
    """Moments of a sector that have a target and a simulated value, with `COLUMNS`; inputs come last."""
    order = {role: place for place, role in enumerate(ROLES)}
    kept = [row for row in moments.to_dict("records") if _is_known(row["target"]) and _is_known(row["simulated"])]
    return _frame(_of_moment(row) for row in sorted(kept, key=lambda row: order.get(row["role"], len(order))))


def of_cases(rows: Iterable[Mapping[str, Any]]) -> Frame:
    """Judged rows of validations (columns of their `table.csv`), with `COLUMNS`."""
    return _frame(_of_case(row) for row in rows if row["verdict"] != SHOWN)


def summary(frame: Frame) -> str:
    """How many of what was judged is met."""
    n_met, n_missed = (int((frame["verdict"] == verdict).sum()) for verdict in (MET, MISSED))
    if not n_met + n_missed:
        return "No fact here has an accepted range"
    n = counted(n_met + n_missed, "fact")
    return f"The model meets {number(n_met, 0)} of {n} that it is compared with"


def role_title(role: str) -> str:
    """What a role is called; one that is not known by its own name."""
    return ROLES[role][0] if role in ROLES else capital(role)


def _frame(rows: Iterable[dict[str, str]]) -> Frame:
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(COLUMNS))


def _is_known(value: Any) -> bool:
    return value is not None and math.isfinite(float(value))


def _of_moment(row: Mapping[str, Any]) -> dict[str, str]:
    unit, target, tolerance = str(row["unit"]), float(row["target"]), row["tolerance"]
    band: tuple[float | None, float | None] = (None, None)
    if _is_known(tolerance):
        half = float(tolerance) * (1.0 if row["error_kind"] == "points" else abs(target))
        band = target - half, target + half
    is_input = row["role"] == "input"
    year = row.get("year")
    dated = "" if year is None or year != year else f", {year if isinstance(year, str) else int(year)}"
    return {
        "what": capital(str(row["title"])),
        "fact": lever_value(target, unit),
        "accepted": _band(*band, unit),
        "laboratory": _measured(row["simulated"], row["low"], row["high"], unit),
        "verdict": "input" if is_input else VERDICTS.get(str(row["verdict"]), SHOWN),
        "source": f"{row['source']}{dated}" if isinstance(row["source"], str) else "",
    }


def _of_case(row: Mapping[str, Any]) -> dict[str, str]:
    unit = str(row["unit"])
    return {
        "what": f"{row['case']}: {row['quantity']}",
        "fact": lever_value(float(row["target"]), unit) if _is_known(row["target"]) else "",
        "accepted": _band(row["low"], row["high"], unit),
        "laboratory": _measured(row["simulated"], row["ci_low"], row["ci_high"], unit),
        "verdict": VERDICTS.get(str(row["verdict"]), SHOWN),
        "source": str(row.get("source") or ""),
    }


def _measured(value: Any, low: Any, high: Any, unit: str) -> str:
    if not _is_known(value):
        return "not measured"
    scale = scale_of(unit)
    numbers = [float(v) * scale.factor if _is_known(v) else math.nan for v in (value, low, high)]
    decimals = decimals_for(*numbers, spread=(numbers[2] - numbers[1]) / 2)
    percent = "%" if scale.factor != 1.0 else ""
    ends = f" {interval(numbers[1], numbers[2], decimals)}" if _is_known(numbers[1]) and _is_known(numbers[2]) else ""
    text = number(numbers[0], decimals)
    return UNKNOWN if text == UNKNOWN else f"{text}{percent}{ends}"


def _band(low: Any, high: Any, unit: str) -> str:
    scale = scale_of(unit)
    ends = [float(v) * scale.factor if _is_known(v) else None for v in (low, high)]
    known = [v for v in ends if v is not None]
    if not known:
        return OPEN
    decimals = decimals_for(*known)
    words = [None if v is None else number(v, decimals) for v in ends]
    suffix = scale.suffix if scale.factor != 1.0 else f" {unit_text(unit)}".rstrip() if len(known) < FEWEST else ""
    if words[0] is None:
        return f"at most {words[1]}{suffix}"
    return f"at least {words[0]}{suffix}" if words[1] is None else f"{words[0]} to {words[1]}{suffix}"
