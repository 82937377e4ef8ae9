"""The open-entry gig market of theory: a fare that rises, and drivers who come for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import numpy as np

from experiments.request.request import Runner
from experiments.terminal import meanwhile
from experiments.validation.case import Found, Measured, typed
from experiments.validation.open_entry import half_life
from sim.errors import Problem
from sim.parameters import Param, parameters
from sim.theory.gig_market import GigMarket, Weeks, drive

Array = np.ndarray
SHOWN = 40
TITLES = {"earnings": "earnings an hour", "hours": "hours", "trips": "trips", "utilisation": "utilisation"}


@parameters
class Gig:
    """Setting of `gig_market`."""

    market: GigMarket
    replicates: Annotated[int, Param("paired replicates", "runs", 3, 10_000)]
    last_weeks: Annotated[int, Param("weeks at the end that means are taken over", "weeks", 1, 1000)]
    seed: Annotated[int, Param("seed of the first replicate", "-", 0, 2**63)] = 1


def check_gig(setting: Gig) -> list[Problem]:
    """Weeks of the long run that begin before the fare rises."""
    problems = [
        Problem("market", why, "learning below 1 / (1 + supply_elasticity)", "lower market.learning")
        for why in setting.market.conflicts()
    ]
    if setting.last_weeks <= setting.market.weeks_after:
        return problems
    why, allowed = "the long run would begin before the rise", f"1 to {setting.market.weeks_after}"
    return [*problems, Problem(f"last_weeks={setting.last_weeks}", why, allowed, "choose fewer, or more weeks_after")]


def gig_market(setting: Mapping[str, Any], runner: Runner) -> Found:
    """Changes at once and in the long run, and the half-life of the rise in earnings, over paired replicates."""
    import joblib
    from rich.console import Console
    from rich.progress import track

    from analysis.statistics.effects import mean_interval

    asked = typed(Gig, setting)
    how: dict[str, Any] = {"n_jobs": runner.n_workers or -1, "return_as": "generator"}
    jobs = (joblib.delayed(_pair)(asked.market, asked.seed + i) for i in range(asked.replicates))
    done: Iterable[Any] = track(
        joblib.Parallel(**how)(jobs), "drivers", total=asked.replicates, console=Console(file=meanwhile.stream())
    )
    logs = dict(zip(TITLES, np.stack(list(done)).transpose(1, 0, 2), strict=True))  # (replicates, weeks) each
    last = asked.last_weeks
    measured = []
    for name, title in TITLES.items():
        first, final = logs[name][:, 0], logs[name][:, -last:].mean(axis=1)
        if name != "trips":
            measured.append(Measured.around(f"{title}, first week", "%", _percent(mean_interval(first))))
        measured.append(Measured.around(f"{title}, long run", "%", _percent(mean_interval(final))))
    agent_trajectory, error = half_life(logs["earnings"], last)
    ends = (agent_trajectory, agent_trajectory - 1.96 * error, agent_trajectory + 1.96 * error)
    measured.append(Measured.around("half-life of the rise in earnings", "weeks", ends, "of the mean path; jackknife"))
    lines = []
    for name, title in TITLES.items():
        found = [_percent(mean_interval(column)) for column in logs[name][:, :SHOWN].T]
        y, low, high = (list(column) for column in zip(*found, strict=True))
        lines.append({"name": title, "x": list(range(1, len(y) + 1)), "y": y, "low": low, "high": high})
    panel = {
        "title": "A higher fare attracts drivers, who then wait longer for trips",
        "kind": "lines",
        "x_title": "weeks after the rise",
        "y_title": "relative to no rise, %",
        "lines": lines,
        "note": "Means over paired replicates, bands: 95% intervals.",
    }
    return Found(measured, [panel])


def _pair(market: GigMarket, seed: int) -> Array:
    """(4, T): logs of a raised market's weeks over those of the same without the rise, from the rise on."""
    raised, usual = (drive(market, seed, is_raised=is_raised) for is_raised in (True, False))
    ratios = [np.log(a / b)[market.weeks_before :] for a, b in zip(raised, usual, strict=True)]
    assert Weeks._fields == tuple(TITLES)
    return np.stack(ratios)


def _percent(values: Any) -> tuple[float, ...]:
    return tuple(100.0 * (float(np.exp(value)) - 1.0) for value in values)
