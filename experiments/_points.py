"""The scenarios of a request and their runs: pairs, or triples where platforms answer, with the same draws."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from analysis.runs import Runs
from experiments import _build, _runs, _strategies, _uncertainty, _wording
from experiments._uncertainty import Draw
from sim.scenario import Scenario

NOBODY = "nobody ordered anything"


@dataclass(frozen=True)
class Pair:
    """One replicate: the same luck and the same numbers without the policy and with it."""

    replicate: int
    free: Scenario
    ruled: Scenario
    frozen: Scenario | None = None
    """With the policy and platforms that keep to what they would do without it; None where they do so anyway."""

    @property
    def runs(self) -> tuple[Scenario, ...]:
        """Without the policy, with it, and with it while platforms do not answer."""
        return tuple(run for run in (self.free, self.ruled, self.frozen) if run is not None)


@dataclass
class Point:
    """One scenario of a request: its pairs, what was drawn for them, and the weeks of those that are whole."""

    place: int
    """Its scenario's place in the request: several points share it where several strategies are tried."""
    is_main: bool
    """Whether its effects are the headline; other strategies of the same scenario stand beside it."""
    scenario: Scenario
    label: str
    lever: dict[str, Any]
    draws: list[Draw]
    pairs: list[Pair]
    whole: list[Pair] = dataclasses.field(default_factory=list)
    weeks: list[tuple[Any, ...]] = dataclasses.field(default_factory=list)
    """Weekly frames of every whole pair, as `Pair.runs`."""
    moments: list[dict[str, float]] = dataclasses.field(default_factory=list)
    failed: dict[int, str] = dataclasses.field(default_factory=dict)
    """Why a replicate has no effect."""

    @property
    def strategy(self) -> str:
        """How platforms choose."""
        return self.scenario.platforms.strategy

    @property
    def sides(self) -> list[list[Any]]:
        """Weekly frames without the policy, with it and, where platforms answer, with it while they do not."""
        return [list(frames) for frames in zip(*self.weeks, strict=True)]


def of_request(request: _build.Request) -> list[Point]:
    """Every scenario of a request under every strategy that is asked for."""
    points = []
    named = zip(request.scenarios, _wording.labels(request), _wording.lever_values(request), strict=True)
    for place, (asked, label, lever) in enumerate(named):
        for i, scenario in enumerate(_strategies.variants(asked, request)):
            draws = _uncertainty.draw(scenario, request) if _uncertainty.is_asked(request) else []
            made = [one.scenario for one in draws] or [scenario] * request.asking.replicates
            pairs = [pair(one, scenario.seed + r, r) for r, one in enumerate(made) if one is not None]
            refused = {r: one.problem for r, one in enumerate(draws) if one.scenario is None}
            points.append(Point(place, i == 0, scenario, label, lever, draws, pairs, failed=refused))
    return points


def pair(scenario: Scenario, seed: int, replicate: int) -> Pair:
    """The runs of one replicate; three where platforms answer, so that their answer can be told from the rule."""
    ruled = dataclasses.replace(scenario, seed=seed)
    frozen = None
    if _strategies.answers(ruled):
        frozen = dataclasses.replace(ruled, platforms=dataclasses.replace(ruled.platforms, sees_rules=False))
    return Pair(replicate, ruled.without_policy(), ruled, frozen)


def read(point: Point, kept: Runs, failed: dict[str, str]) -> None:
    """Fill a point with the weeks of its whole pairs; a drawn market in which nobody orders has no effect to show."""
    for one in point.pairs:
        names = [_runs.run_name(run) for run in one.runs]
        found = [kept.read(name) for name in names]
        frames, metadata = tuple(weekly for weekly, _ in found), found[0][1]
        if any(weekly is None for weekly in frames):
            errors = [failed[name] for name in names if name in failed]
            point.failed[one.replicate] = next(iter(errors), "no result could be read")
            continue
        free = frames[0]
        if point.draws and not free[free["week"] >= point.scenario.first_policy_week]["consumer_orders"].sum() > 0:
            point.failed[one.replicate] = NOBODY
            continue
        point.whole.append(one)
        point.weeks.append(frames)
        point.moments.append(metadata["moments"])


SIDES = ("without", "with", "unanswered")
"""As `Pair.runs`: without the policy, with it, and with it while platforms do as they would without."""


def table(points: list[Point]) -> Any:
    """Every run of a request: its name in the store, its point and levers, its replicate and its side."""
    import pandas as pd

    rows = [
        {"run": _runs.run_name(run), "scenario": point.place, "label": point.label, "replicate": pair.replicate}
        | {
            "side": side,
            "strategy": point.strategy,
            "first_policy_week": point.scenario.first_policy_week,
            **point.lever,
        }
        for point in points
        for pair in point.pairs
        for run, side in zip(pair.runs, SIDES, strict=False)
    ]
    return pd.DataFrame(rows)
