"""Paired runs with agents: a base and sides that differ from it by overrides, with the same draws."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import field
from string import Formatter
from typing import Annotated, Any, Literal

import annotated_types
import numpy as np

from experiments.request.request import Runner
from experiments.running import execution
from experiments.storage import run_store
from experiments.validation.asked import metric_problems, one_of, override_problems, where_problems
from experiments.validation.case import Found, Measured
from experiments.validation.watching import scenario_of
from experiments.validation.waterbed import answer_to, ceiling_of_cut
from sim.errors import PlatformLabError, Problem
from sim.forecast.equilibrium import equilibrium_of
from sim.parameters import Param, parameters
from sim.scenario import Scenario

Array = np.ndarray
MONTH = 4
"""Weeks of a month of a path."""
DERIVED = ("hours_online", "pay_of_busy_hour", "tips_per_hour", "burden_share", "independent_sales")
"""Measures that follow from weekly metrics."""


@parameters
class Measure:
    """One difference between two sides: of a metric's mean over the last weeks."""

    quantity: str
    unit: str
    metric: str
    how: Literal["difference", "points", "percent", "won_back"]
    """In the metric's unit; a hundred times that; relative; or as a share of the way back from `against` to base."""
    side: str
    against: str = "base"


@parameters
class Line:
    """Relative change of a metric against base, side by side, month by month under the rule."""

    metric: str
    title: str
    sides: list[str]
    months: list[Annotated[int, Param("months after the first week of the rule", "months", 1, 1000)]]
    """Months that are rows of the table."""


@parameters
class Paired:
    """Setting of `paired`."""

    overrides: list[str]
    """The base, as it is typed after `platform-lab run`."""
    replicates: Annotated[int, Param("paired replicates", "runs", 2, 10_000)]
    last_weeks: Annotated[int, Param("weeks at the end that means are taken over", "weeks", 1, 10_000)]
    sides: Annotated[dict[str, list[str]], annotated_types.Len(1)]
    """Further overrides of each side; {name} stands for the value of a yardstick."""
    measures: Annotated[list[Measure], annotated_types.Len(1)]
    yardsticks: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Numbers for overrides: a metric's mean in the base and what it is multiplied by."""
    cut: Annotated[
        float, Param("cut of the mean commission that gives the yardstick `ceiling`", "share", 1e-3, 0.99)
    ] = 0.0
    paths: list[Line] = field(default_factory=list)
    beside_mean_field: dict[str, str] = field(default_factory=dict)


def check_paired(setting: Paired) -> list[Problem]:
    """Unknown metrics, sides and yardsticks, and impossible scenarios."""
    problems: list[Problem] = []
    sides, yardsticks = [*setting.sides, "base"], [*setting.yardsticks, *(["ceiling"] if setting.cut else [])]
    if "base" in setting.sides:
        problems.append(
            Problem("sides.base", "base is the setting without a side's overrides", "another name", "rename the side")
        )
    for i, measure in enumerate(setting.measures):
        problems += metric_problems(f"measures.{i}.metric", measure.metric, DERIVED)
        problems += one_of(f"measures.{i}.side", measure.side, list(setting.sides))
        problems += one_of(f"measures.{i}.against", measure.against, sides)
    for i, line in enumerate(setting.paths):
        problems += metric_problems(f"paths.{i}.metric", line.metric, DERIVED)
        problems += [p for side in line.sides for p in one_of(f"paths.{i}.sides", side, list(setting.sides))]
    for name, (metric, _) in setting.yardsticks.items():
        problems += metric_problems(f"yardsticks.{name}", metric, DERIVED)
    has_share = any(measure.quantity == "waterbed share" for measure in setting.measures)
    if setting.beside_mean_field and not (setting.cut and has_share):
        why = "the mean-field model is compared in the waterbed share of a cut"
        problems.append(Problem("beside_mean_field", why, "with `cut` and that measure", "leave it out, or add both"))
    found = override_problems("overrides", setting.overrides, setting.last_weeks)
    problems += where_problems([word for words in setting.sides.values() for word in words])
    for side, words in setting.sides.items():
        try:
            pieces = [piece for word in words for piece in Formatter().parse(word) if piece[1] is not None]
        except ValueError as error:
            problems.append(Problem(f"sides.{side}", str(error), "{name} of a yardstick", "close the brackets"))
            continue
        problems += [p for _, name, *_ in pieces for p in one_of(f"sides.{side}: {{{name}}}", str(name), yardsticks)]
        if any(spec or conversion for _, _, spec, conversion in pieces):
            problems.append(Problem(f"sides.{side}", "numbers have no format", "{name}", "leave the format out"))
        if not found:
            fixed = [*setting.overrides, *(word for word in words if "{" not in word)]
            problems += override_problems(f"sides.{side}", fixed)
    return problems + found


def paired(setting: Mapping[str, Any], runner: Runner) -> Found:
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
            {
                "title": path["title"],
                "kind": "lines",
                "x_title": "months under the rule",
                "y_title": "%",
                "lines": lines,
                "note": "Means over paired replicates of four weeks, bands: 95% intervals.",
            }
        )
    if setting.get("beside_mean_field"):
        measured += _beside_mean_field(base, names["ceiling"], measured)
    if not panels:
        panels = [_bars(measured, setting)]
    return Found(measured, panels)


def _weeks_of(scenario: Scenario, n: int, runner: Runner) -> list[Any]:
    runs = [dataclasses.replace(scenario, seed=scenario.seed + i) for i in range(n)]
    outcome = execution.carry_out(runs, runner, "paired runs")
    if outcome.failed:
        raise PlatformLabError(next(iter(outcome.failed.values())))
    kept = run_store.all_runs()
    return [_with_more(kept.read(run_store.run_name(run))[0]) for run in runs]


def _with_more(weeks: Any) -> Any:
    """Weekly metrics and what follows from them: hours online, tips and pay of a busy hour, share of burden.

    Sales of independents are their orders at their prices: units of goods value per consumer.
    """
    hours = weeks["worker_hours"] * weeks["worker_active"]
    more = {"hours_online": hours, "pay_of_busy_hour": weeks["worker_hourly_earnings"] / weeks["worker_utilisation"]}
    burden = weeks["platform_burden"] / (1000.0 * weeks["consumer_orders"] * weeks["consumer_price"])
    orders = weeks["consumer_orders"] * weeks["merchant_independent_share"]
    more["independent_sales"] = orders * weeks["merchant_price_independent"]
    return weeks.assign(**more, tips_per_hour=weeks["worker_tips"] / hours, burden_share=burden)


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
    from analysis.statistics.effects import mean_interval, ratio_interval

    with_policy, other, base = (
        _means(weeks[side], asked["metric"], last) for side in (asked["side"], asked.get("against", "base"), "base")
    )
    how = asked["how"]
    note = f"from {other.mean():.5g} to {with_policy.mean():.5g}"
    if not np.isfinite(with_policy).all() or not np.isfinite(other).all():
        return Measured(asked["quantity"], asked["unit"], float("nan"), note="not defined here", is_judged=False)
    if how == "percent":
        if not other.mean():
            return Measured(asked["quantity"], asked["unit"], float("nan"), note="zero before", is_judged=False)
        found = [100.0 * (value - 1.0) for value in ratio_interval(with_policy, other)]
    elif how == "won_back":
        found = list(ratio_interval(with_policy - other, base - other))
    else:
        found = [(100.0 if how == "points" else 1.0) * value for value in mean_interval(with_policy - other)]
    return Measured.around(asked["quantity"], asked["unit"], found, note)


def _path(path: Mapping[str, Any], side: str, weeks: Mapping[str, list[Any]], first: int) -> dict[str, Any]:
    """Relative change, in %, month by month from the first week of the rule."""
    from analysis.statistics.effects import ratio_interval

    def months(frames: list[Any]) -> Array:
        under = [frame.loc[frame["week"] >= first, path["metric"]].to_numpy() for frame in frames]
        n = len(under[0]) // MONTH
        return np.array([values[: n * MONTH].reshape(n, MONTH).mean(axis=1) for values in under])

    with_policy, base = months(weeks[side]), months(weeks["base"])
    found = [ratio_interval(with_policy[:, i], base[:, i]) for i in range(with_policy.shape[1])]
    y, low, high = ([100.0 * (value - 1.0) for value in column] for column in zip(*found, strict=True))
    return {"name": side, "x": list(range(1, len(y) + 1)), "y": y, "low": low, "high": high}


def _months(path: Mapping[str, Any], line: Mapping[str, Any]) -> list[Measured]:
    return [
        Measured.around(
            f"{line['name']}, month {m}: {path['metric']}",
            "%",
            [line[key][m - 1] for key in ("y", "low", "high")],
            "relative to no rule",
        )
        for m in path["months"]
        if m <= len(line["y"])
    ]


def _beside_mean_field(base: Scenario, ceiling: float, measured: list[Measured]) -> list[Measured]:
    """The same share in the mean-field model of a zone of this size, and how far agents are from it."""
    conduct = base.platforms
    size = base.population.n_consumers / base.population.n_zones
    equilibrium = equilibrium_of(base.sector, size, conduct.adjustment_cost, conduct.value_curvature)
    expected = answer_to(equilibrium, ceiling).waterbed_share
    agents = next(m for m in measured if m.quantity == "waterbed share")
    away = [value - expected for value in (agents.simulated, agents.ci_low, agents.ci_high)]
    return [
        Measured("waterbed share, mean-field model", "share", expected),
        Measured.around("waterbed share, agents less mean-field model", "share", away),
    ]


def _bars(measured: list[Measured], setting: Mapping[str, Any]) -> dict[str, Any]:
    asked = {str(one["quantity"]) for one in setting["measures"]}
    shown = [m for m in measured if m.quantity in asked]
    rows = [{"name": f"{m.quantity}, {m.unit}", "y": m.simulated, "low": m.ci_low, "high": m.ci_high} for m in shown]
    note = "Means over paired replicates with 95% intervals."
    return {"title": "Paired differences", "kind": "bars", "x_title": "in the unit named", "rows": rows, "note": note}
