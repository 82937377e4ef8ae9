"""Enforcement in runs: inspections, breaches, leads, cases, fines and errors a year, and what is left of practices."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from analysis.statistics.effects import Interval, mean_interval, ratio_interval
from sim.parameters import WEEKS_A_YEAR

Array = np.ndarray
PRACTICE = "practice_"
"""Begins the name of a metric that says how far a practice goes."""
STEPS = {
    "inspections": ("Inspections", "inspections a year"),
    "inspections_of_breaches": ("Inspections of a breach", "inspections a year"),
    "proven": ("Breaches proven", "inspections a year"),
    "opened": ("Cases opened", "cases a year"),
    "decided": ("Cases decided", "cases a year"),
    "fined": ("Cases that end in a fine", "cases a year"),
}
"""The funnel, from the widest step to the narrowest."""
AROUND = {
    "visits": ("Inspection visits", "visits a year"),
    "breaches_in_force": ("Breaches in force", "full breaches in a mean week"),
    "leads": ("Leads", "leads a year"),
    "fines": ("Fines", "{currency} per 1,000 consumers a year"),
    "paid_back": ("Unjustified fines repaid", "{currency} per 1,000 consumers a year"),
    "burden": ("Cost of compliance", "{currency} per 1,000 consumers a year"),
    "missed_share": ("Undetected", "share of inspections of a breach"),
    "suspected_share": ("Wrongly suspected", "share of inspections without a breach"),
}
"""What surrounds the steps: visits, breaches and leads, money, and how often inspections err."""
_PROVEN, _MISSED = "state_true_positives", "state_false_negatives"
_SUSPECTED, _IN_ORDER = "state_false_positives", "state_true_negatives"


def funnel(
    runs: list[Any],
    first_week: int,
    n_platforms: int,
    asked: Mapping[str, float],
    interval: Interval = mean_interval,
    currency: str = "currency",
) -> Any:
    """One row a measure of STEPS and AROUND and a practice of `asked`.

    Columns: measure, title, unit, n_replicates, value, low, high, asked.

    `runs` are weekly frames of replicates under the policy, of which the weeks from `first_week` on count. Counts and
    money are a year at the rate of these weeks: 52 x mean week. Breaches in force are those of a mean week, covert
    ones by what they do. Shares are ratios of sums over replicates, with intervals after Fieller. A practice is the
    share of its observed level that is left, mean over orders; `asked` is what rules leave of it on platforms that
    they bind.
    """
    import pandas as pd

    means = _means(runs, first_week)

    def mean(*names: str) -> Array:
        return sum((means[name] for name in names), np.zeros(len(runs)))

    rows = [
        _row(name, (title, unit.format(currency=currency)), reckon(mean, n_platforms, interval))
        for name, (title, unit) in (STEPS | AROUND).items()
        for reckon in (_MEASURES[name],)
    ]
    for name, left in asked.items():
        words = (name.removeprefix(PRACTICE).replace("_", " "), "share of the observed level")
        rows.append(_row(name, words, interval(mean(name))) | {"asked": left})
    frame = pd.DataFrame(rows)
    frame.insert(3, "n_replicates", len(runs))
    return frame


def _means(runs: list[Any], first_week: int) -> dict[str, Array]:
    """Every metric's mean over the weeks that count, one entry a run; a week in which it is unknown does not count."""
    of_runs = [run[run["week"] >= first_week].mean(numeric_only=True) for run in runs]
    return {str(name): np.array([one[name] for one in of_runs]) for name in of_runs[0].index}


def _row(name: str, words: tuple[str, str], interval: tuple[float, float, float]) -> dict[str, Any]:
    value, low, high = interval
    return {"measure": name, "title": words[0], "unit": words[1], "value": value, "low": low, "high": high} | {
        "asked": float("nan")
    }


type _Mean = Callable[..., Array]
type _Measure = Callable[[_Mean, int, Interval], tuple[float, float, float]]


def _a_year(*names: str) -> _Measure:
    return lambda mean, n_platforms, interval: interval(WEEKS_A_YEAR * mean(*names))


def _part(part: str, *whole: str) -> _Measure:
    def reckon(mean: _Mean, n_platforms: int, interval: Interval) -> tuple[float, float, float]:
        above, below = mean(part), mean(*whole)
        return ratio_interval(above, below) if below.any() else (math.nan, math.nan, math.nan)

    return reckon


_MEASURES: dict[str, _Measure] = {
    "inspections": _a_year(_PROVEN, _MISSED, _SUSPECTED, _IN_ORDER),
    "inspections_of_breaches": _a_year(_PROVEN, _MISSED),
    "proven": _a_year(_PROVEN),
    "opened": _a_year("state_cases_opened"),
    "decided": _a_year("state_cases_decided"),
    "fined": _a_year("state_cases_fined"),
    "visits": _a_year("state_inspections"),
    "breaches_in_force": lambda mean, n_platforms, interval: interval(n_platforms * mean("state_violations")),
    "leads": _a_year("state_leads"),
    "fines": _a_year("state_fines", "state_fines_paid_back"),
    "paid_back": _a_year("state_fines_paid_back"),
    "burden": _a_year("platform_burden"),
    "missed_share": _part(_MISSED, _PROVEN, _MISSED),
    "suspected_share": _part(_SUSPECTED, _SUSPECTED, _IN_ORDER),
}
