"""Paired runs with agents: a base and sides that differ from it by overrides, with the same draws."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments import _build, _execute, _store
from experiments.evidence.case import Found, Measured
from experiments.evidence.watching import scenario_of
from experiments.evidence.waterbed import answer_to, ceiling_of_cut
from sim.agents.conduct import rest_of
from sim.errors import PlatformLabError
from sim.scenario import Scenario

Array = np.ndarray
MONTH = 4
"""Weeks of a month of a path."""


def paired(setting: Mapping[str, Any], runner: _build.Runner) -> Found:
    """Run base and sides; every measure is a mean over the last weeks, paired over replicates."""
    base = scenario_of(list(setting["overrides"]))
    n, last = int(setting["replicates"]), int(setting["last_weeks"])
    weeks = {"base": _weeks_of(base, n, runner)}
    names = _yardsticks(setting, base, weeks["base"], last)
    for side, words in setting["sides"].items():
        scenario = scenario_of([*setting["overrides"], *(word.format(**names) for word in words)])
        weeks[side] = _weeks_of(scenario, n, runner)
    measured = [Measured(name, "as set", value) for name, value in names.items()]
    measured += [_measure(asked, weeks, last) for asked in setting["measures"]]
    panels = []
    for path in setting.get("paths", ()):
        lines = [_path(path, side, weeks, base.first_policy_week) for side in path["sides"]]
        measured += [m for line in lines for m in _months(path, line)]
        panels.append(
            {"title": path["title"], "kind": "lines", "x_title": "months under the rule", "y_title": "%",
             "lines": lines, "note": "Means over paired replicates of four weeks, bands: 95% intervals."}
        )  # fmt: skip
    if "beside_averages" in setting:
        measured += _beside_averages(base, names["ceiling"], measured)
    if not panels:
        panels = [_bars(measured, setting)]
    return Found(measured, panels)


def _weeks_of(scenario: Scenario, n: int, runner: _build.Runner) -> list[Any]:
    runs = [dataclasses.replace(scenario, seed=scenario.seed + i) for i in range(n)]
    outcome = _execute.carry_out(runs, runner, "paired runs")
    if outcome.failed:
        raise PlatformLabError(next(iter(outcome.failed.values())))
    return [_with_more(_store.read_run(_store.run_path(run))[0]) for run in runs]


def _with_more(weeks: Any) -> Any:
    """Weekly metrics and what follows from them: hours on line, tips and pay of a busy hour."""
    hours = weeks["worker_hours"] * weeks["worker_active"]
    more = {"hours_on_line": hours, "pay_of_busy_hour": weeks["worker_hourly_earnings"] / weeks["worker_utilisation"]}
    return weeks.assign(**more, tips_per_hour=weeks["worker_tips"] / hours)


def _yardsticks(setting: Mapping[str, Any], base: Scenario, weeks: list[Any], last: int) -> dict[str, float]:
    """Numbers that overrides refer to: ratios of what was measured without the rule, or the ceiling of a cut."""
    found = {
        name: round(float(ratio) * float(_means(weeks, metric, last).mean()), 2)
        for name, (metric, ratio) in setting.get("yardsticks", {}).items()
    }
    if "cut" in setting:
        size = base.population.n_consumers / base.population.n_zones
        found["ceiling"] = ceiling_of_cut(base.sector, size, float(setting["cut"]))
    return found


def _means(weeks: list[Any], metric: str, last: int) -> Array:
    return np.array([float(frame[metric].iloc[-last:].mean()) for frame in weeks])


def _measure(asked: Mapping[str, str], weeks: Mapping[str, list[Any]], last: int) -> Measured:
    from analysis.compare import mean_interval, ratio_interval

    ruled, other, base = (
        _means(weeks[side], asked["metric"], last) for side in (asked["side"], asked["against"], "base")
    )
    how = asked["how"]
    note = f"from {other.mean():.5g} to {ruled.mean():.5g}"
    if not np.isfinite(ruled).all() or not np.isfinite(other).all():
        return Measured(asked["quantity"], asked["unit"], float("nan"), note="not defined here", is_judged=False)
    if how == "percent":
        if not other.mean():
            return Measured(asked["quantity"], asked["unit"], float("nan"), note="nothing without", is_judged=False)
        found = [100.0 * (value - 1.0) for value in ratio_interval(ruled, other)]
    elif how == "won_back":
        found = list(ratio_interval(ruled - other, base - other))
    else:
        found = [(100.0 if how == "points" else 1.0) * value for value in mean_interval(ruled - other)]
    return Measured.around(asked["quantity"], asked["unit"], found, note)


def _path(path: Mapping[str, Any], side: str, weeks: Mapping[str, list[Any]], first: int) -> dict[str, Any]:
    """Relative change, in %, month by month from the first week of the rule."""
    from analysis.compare import ratio_interval

    def months(frames: list[Any]) -> Array:
        under = [frame.loc[frame["week"] >= first, path["metric"]].to_numpy() for frame in frames]
        n = len(under[0]) // MONTH
        return np.array([values[: n * MONTH].reshape(n, MONTH).mean(axis=1) for values in under])

    ruled, base = months(weeks[side]), months(weeks["base"])
    found = [ratio_interval(ruled[:, i], base[:, i]) for i in range(ruled.shape[1])]
    y, low, high = ([100.0 * (value - 1.0) for value in column] for column in zip(*found, strict=True))
    return {"name": side, "x": list(range(1, len(y) + 1)), "y": y, "low": low, "high": high}


def _months(path: Mapping[str, Any], line: Mapping[str, Any]) -> list[Measured]:
    return [
        Measured.around(
            f"{line['name']}, month {m}: {path['metric']}", "%",
            [line[key][m - 1] for key in ("y", "low", "high")], "against no rule",
        )
        for m in path["months"]
        if m <= len(line["y"])
    ]  # fmt: skip


def _beside_averages(base: Scenario, ceiling: float, measured: list[Measured]) -> list[Measured]:
    """The same share in the market of averages of a zone of this size, and how far agents are from it."""
    conduct = base.platforms
    size = base.population.n_consumers / base.population.n_zones
    rest = rest_of(base.sector, size, conduct.lever_stiffness, conduct.value_curvature)
    expected = answer_to(rest, ceiling).waterbed_share
    agents = next(m for m in measured if m.quantity == "waterbed share")
    away = [value - expected for value in (agents.simulated, agents.ci_low, agents.ci_high)]
    return [
        Measured("waterbed share, averages", "share", expected),
        Measured.around("waterbed share, agents less averages", "share", away),
    ]


def _bars(measured: list[Measured], setting: Mapping[str, Any]) -> dict[str, Any]:
    asked = {str(one["quantity"]) for one in setting["measures"]}
    shown = [m for m in measured if m.quantity in asked]
    rows = [
        {"name": f"{m.quantity}, {m.unit}", "y": m.simulated, "low": m.ci_low, "high": m.ci_high} for m in shown
    ]  # fmt: skip
    note = "Means over paired replicates with 95% intervals."
    return {"title": "Paired differences", "kind": "bars", "x_title": "in the unit named", "rows": rows, "note": note}
