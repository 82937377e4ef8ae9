"""A market before a case, and what the decision against its leader costs: shares, and fines over a year's sales."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np

from experiments.request.request import Runner
from experiments.validation.asked import override_problems
from experiments.validation.case import NAN, Found, Measured
from experiments.validation.growing import seeds_of
from experiments.validation.watching import Watch, scenario_of, watch_all
from sim.errors import Problem
from sim.parameters import Param, parameters
from sim.scenario import Scenario

YEAR = 52
LEVELS = {
    "platform_leader_revenue_share": ("leader's share of revenue", "%", 100.0),
    "platform_hhi_revenue": ("HHI of revenue", "HHI, 0 to 10,000", 1.0),
    "platform_take_rate": ("take rate", "% of order value", 100.0),
    "platform_margin": ("operating margin", "% of revenue", 100.0),
}
"""Metrics of the year before the rule: quantity, unit, and factor from the metric to it."""


@parameters
class Fined:
    """Setting of `fine_of_leader`."""

    overrides: list[str]
    """The market and a rule that its leader breaks, as they are typed after `platform-lab run`."""
    replicates: Annotated[int, Param("runs, each with a seed of its own", "runs", 2, 10_000)]


def check_fined(setting: Fined) -> list[Problem]:
    """An impossible market, or one whose rule starts before there was a year to measure."""
    found = override_problems("overrides", setting.overrides)
    if not found and scenario_of(list(setting.overrides)).first_policy_week <= YEAR:
        why = "the market is measured in the year before the rule"
        found.append(Problem("overrides: horizon.policy_week", why, f"more than {YEAR}", "start the rule later"))
    return found


def fine_of_leader(setting: Mapping[str, Any], runner: Runner) -> Found:
    """Means of the year before the rule; fines of the first week with a decision, a decision, over a year's revenue."""
    from analysis.statistics.effects import mean_interval

    runs = seeds_of(scenario_of(list(setting["overrides"])), int(setting["replicates"]))
    seen = watch_all([Watch(run, first_fine) for run in runs], runner, "decisions against leaders")
    measured = []
    for metric, (name, unit, factor) in LEVELS.items():
        values = np.array([one["levels"][metric] for one in seen])
        measured.append(Measured.around(name, unit, [factor * value for value in mean_interval(values)]))
    fined = [one["fine"] for one in seen if one["fine"]]
    n_fined = f"{len(fined)} of {len(seen)} runs with a decision"
    measured.append(Measured("runs with a decision against the leader", "%", 100.0 * len(fined) / len(seen)))
    for name, key, note in (
        ("fine of a decision", "of_usual", "relative to the moving average of a year's revenue that departments use"),
        ("fine of a decision, sales of the 52 weeks before", "of_last_year", "relative to the sum of these weeks"),
        ("all decisions of that week", "together", "two infringement types: exclusivity, paid ranking"),
    ):
        values = 100.0 * np.array([one[key] for one in fined])
        found = mean_interval(values) if len(values) > 1 else [*values, NAN, NAN] if len(values) else [NAN] * 3
        measured.append(Measured.around(name, "% of a year's sales", found, f"{n_fined}; {note}"))
    return Found(measured)


def first_fine(scenario: Scenario, *, n_threads: int, kernels: Any) -> dict[str, Any]:
    """Levels of the year before the rule, and the first fines of the platform that led the market then.

    Fines are read off the ledger's side of the platform, revenue week by week: neither is asked of the rule.
    """
    from sim.model import PlatformEconomy

    model = PlatformEconomy(scenario, n_threads=n_threads, kernels=kernels)
    first, revenue, n_before, fine = scenario.first_policy_week, [], 0, {}
    while not model.is_over and not fine:
        model.step()
        platforms = model.world.platforms
        revenue.append(platforms.revenue_cents.astype(float))
        leader = int(np.sum(revenue[-YEAR:], axis=0).argmax())
        n_decided, paid = int(platforms.n_decisions[leader]) - n_before, float(platforms.fine_cents[leader])
        if model.world.week >= first and n_decided > 0:
            year = float(np.sum(revenue[-YEAR:], axis=0)[leader])
            usual = YEAR * float(platforms.trailing_revenue[leader])
            each = paid / n_decided
            fine = {"of_usual": each / usual, "of_last_year": each / year, "together": paid / usual}
        n_before = int(platforms.n_decisions[leader])
    window = slice(first - 1 - YEAR, first - 1)
    return {"levels": {name: float(np.mean(model.weekly[name][window])) for name in LEVELS}, "fine": fine}
