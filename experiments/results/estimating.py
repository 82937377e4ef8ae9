"""Estimate: every table of a result from its finished runs, point by point.

A table is computed by one function of `ESTIMATORS`, from the weeks of a point's pairs; None where it has nothing to
say. Adding one takes a function here, its declaration among the tables, and a place where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from analysis.statistics import estimates as est
from analysis.statistics.effects import Interval
from experiments.request import strategies
from experiments.request.request import Request
from experiments.results import draw_effects, enforcement, moments
from experiments.running import assumption_draws, plan
from experiments.running.plan import Point
from experiments.storage import run_store
from experiments.storage.runs import Runs
from experiments.terminal import meanwhile

Frame = Any
TITLED = ("effects", "decomposition", "strategies")
"""Tables with a row a metric, which say what the metric is."""
MANY_POINTS = 40
"""Points from which on only outcomes are kept week by week."""


@dataclass(frozen=True)
class Sides:
    """The weeks of a point's pairs on every side, and how they are compared."""

    point: Point
    request: Request
    baseline: list[Frame]
    with_policy: list[Frame]
    conduct_fixed: list[Frame] | None
    """With the policy while platforms do as they would without it; None where they never respond."""
    interval: Interval
    agents: Runs | None
    """Where agents' outcomes are read; None where they were not kept."""

    @property
    def first_week(self) -> int:
        """First week under the policy."""
        return self.point.scenario.first_policy_week

    @property
    def is_main(self) -> bool:
        """Whether the point is under the strategy of the headline; the others stand beside it."""
        return self.point.is_main

    @property
    def pair_draws(self) -> list[int] | None:
        """The draw of the assumptions that every pair has; None where each has one of its own."""
        return [pair.draw for pair in self.point.whole] if self.point.seeds_per_draw > 1 else None


def _effects(sides: Sides) -> Frame | None:
    """Paired effects on every metric; over draws their spread, split into chance and assumptions where it can be."""
    import pandas as pd

    from analysis.statistics.effects import paired_effects

    if not sides.is_main:
        return None
    compare = draw_effects.effects_over_draws if sides.point.draws else paired_effects
    found = compare(sides.baseline, sides.with_policy, sides.first_week, sides.interval).assign(**sides.point.lever)
    if (draws := sides.pair_draws) is None:
        return found
    baseline, with_policy, *_ = sides.point.sides_of_pairs
    return pd.concat([found, draw_effects.splits(baseline, with_policy, sides.first_week, draws)], axis=1)


def _trajectories(sides: Sides) -> Frame | None:
    """Effects week by week, of a large sweep those on its outcomes only."""
    from analysis.statistics.effects import paired_trajectories

    outcomes = sides.request.asking.outcomes or list(est.MONEY.values())
    wanted = outcomes if len(sides.request.points) > MANY_POINTS else None
    return paired_trajectories(sides.baseline, sides.with_policy, wanted) if sides.is_main else None


def _decomposition(sides: Sides) -> Frame | None:
    """Direct effect, behavioural response and total."""
    from analysis.statistics.waterbed import decomposed

    if sides.conduct_fixed is None or not sides.is_main:
        return None
    frames = sides.baseline, sides.conduct_fixed, sides.with_policy
    return decomposed(*frames, sides.first_week, sides.interval).assign(**sides.point.lever)


def _waterbed(sides: Sides) -> Frame | None:
    """How much of what the rule takes from an order platforms win back, under every strategy."""
    from analysis.statistics.waterbed import shares

    if sides.conduct_fixed is None:
        return None
    unit = f"{sides.point.scenario.sector.currency} an order"
    about = {"strategy": sides.point.strategy, "is_main": sides.is_main, "unit": unit}
    return shares(sides.baseline, sides.conduct_fixed, sides.with_policy, sides.first_week).assign(**about)


def _strategies(sides: Sides) -> Frame | None:
    """Effects under every strategy that is tried."""
    from analysis.statistics.effects import paired_effects

    if not strategies.is_asked(sides.request):
        return None
    found = paired_effects(sides.baseline, sides.with_policy, sides.first_week, sides.interval)
    return found.assign(strategy=sides.point.strategy)


def _enforcement(sides: Sides) -> Frame | None:
    """From inspections to fines, where a rule asks something of platforms."""
    return enforcement.table(sides.point, sides.with_policy, sides.interval) if sides.is_main else None


def _distribution(sides: Sides) -> Frame | None:
    """Who gains and who loses within every party."""
    from analysis.statistics.distribution import distribution

    if sides.agents is None or not sides.is_main:
        return None
    horizon = sides.point.scenario.horizon
    weeks = (horizon.n_weeks - week + 1 for week in (horizon.policy_week, sides.first_week))
    return distribution(_agents(sides.point, sides.agents), *weeks, draws=sides.pair_draws)


def _draws(sides: Sides) -> Frame | None:
    """Every value drawn."""
    return assumption_draws.table_of(sides.point.draws) if sides.is_main and sides.point.draws else None


def _sensitivity(sides: Sides) -> Frame | None:
    """Rank correlations of drawn assumptions with effects."""
    if not (sides.is_main and sides.point.draws):
        return None
    return draw_effects.sensitivity(sides.point.drawn, sides.baseline, sides.with_policy, sides.first_week)


ESTIMATORS: dict[str, Callable[[Sides], Frame | None]] = {
    "strategies": _strategies,
    "waterbed": _waterbed,
    "decomposition": _decomposition,
    "effects": _effects,
    "enforcement": _enforcement,
    "trajectories": _trajectories,
    "distribution": _distribution,
    "draws": _draws,
    "sensitivity_of_effects": _sensitivity,
}
"""Who computes a table of a point, by the table's name."""


def estimated(request: Request, points: list[Point], failed: dict[str, str], *, with_agents: bool) -> dict[str, Frame]:
    """Every table of a result by name; weeks are read point by point and let go. `failed`: errors by run name."""
    import pandas as pd
    from rich.console import Console
    from rich.progress import track

    kept, found = run_store.all_runs(), {}
    how: Any = {"console": Console(file=meanwhile.stream()), "disable": len(points) < MANY_POINTS, "transient": True}
    for point in track(points, "effects", **how):
        plan.read(point, kept, failed)
        for name, frame in _of_point(point, request, kept if with_agents else None) if point.whole else ():
            frame.insert(0, "scenario", point.place)
            frame.insert(1, "label", point.label)
            found.setdefault(name, []).append(frame)
        point.weeks.clear()
    frames = {name: pd.concat(parts, ignore_index=True) for name, parts in found.items()}
    return _completed(frames, request, points)


def _of_point(point: Point, request: Request, agents: Runs | None) -> Iterator[tuple[str, Frame]]:
    """Tables of one point."""
    from analysis.statistics.effects import interval_of

    baseline, with_policy, *conduct_fixed = point.sides
    interval = interval_of(request.asking.intervals, point.scenario.seed)
    still = conduct_fixed[0] if conduct_fixed else None
    sides = Sides(point, request, baseline, with_policy, still, interval, agents)
    for name, estimate in ESTIMATORS.items():
        if (frame := estimate(sides)) is not None:
            yield name, frame


def _completed(frames: dict[str, Frame], request: Request, points: list[Point]) -> dict[str, Frame]:
    """With what needs all points: titles of metrics, agreement of strategies, the runs, and the market's moments."""
    from analysis.wording.conduct import with_agreement

    currencies = {point.place: point.scenario.sector.currency for point in points}
    for name in TITLED:
        if name in frames:
            frames[name] = titled(frames[name], [currencies[place] for place in frames[name]["scenario"]])
    if "strategies" in frames:
        frames["strategies"] = with_agreement(frames["strategies"])
    if any(point.whole for point in points if point.is_main):
        frames["runs"] = plan.table(points)
        frames["moments"] = _moments(points)
    return frames


def _moments(points: list[Point]) -> Frame:
    """Moments of every market that is asked about, at its first point; of several, each under its market's title."""
    import pandas as pd

    firsts: dict[str, Point] = {}
    for point in points:
        if point.is_main and point.whole:
            firsts.setdefault(point.scenario.sector.name, point)
    tables = {name: moments.moment_table(p.scenario.sector, p.moments_by_draw) for name, p in firsts.items()}
    if len(tables) > 1:
        for name, frame in tables.items():
            frame["title"] = f"{firsts[name].scenario.sector.title}: " + frame["title"].astype(str)
    return pd.concat(tables.values(), ignore_index=True)


def _agents(point: Point, kept: Runs) -> Iterator[tuple[Frame, Frame]]:
    for pair in point.whole:
        yield tuple(kept.read_agents(run_store.run_name(run)) for run in (pair.baseline, pair.with_policy))


def titled(effects: Frame, currencies: list[str]) -> Frame:
    """A table with a row a metric, and what each of them is: title, party, unit, and which way is better.

    `currencies` has one a row: units belong to rows, since points may lie in different markets.
    """
    from sim.metrics.registry import REGISTRY

    metrics = [REGISTRY[name] for name in effects["metric"]]
    effects["title"] = [metric.title for metric in metrics]
    effects["party"] = [metric.party for metric in metrics]
    effects["unit"] = [m.unit.format(currency=currency) for m, currency in zip(metrics, currencies, strict=True)]
    effects["better"] = [metric.better for metric in metrics]
    return effects
