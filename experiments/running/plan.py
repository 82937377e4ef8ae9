"""The scenarios of a request and their runs: pairs, or triples where platforms respond, with the same draws."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from experiments.request import labels, strategies
from experiments.request.request import Request
from experiments.running import assumption_draws
from experiments.running.assumption_draws import Draw
from experiments.storage import run_store
from experiments.storage.runs import Runs
from sim.scenario import Scenario

NOBODY = "nobody ordered anything"


@dataclass(frozen=True)
class Pair:
    """One replicate: the same random draws and parameters without the policy and with it."""

    replicate: int
    baseline: Scenario
    with_policy: Scenario
    conduct_fixed: Scenario | None = None
    """With the policy and the conduct of platforms fixed at what it would be without; None where it is fixed anyway."""
    draw: int = 0
    """Which draw of the assumptions it has; one of its own where none is drawn."""

    @property
    def runs(self) -> tuple[Scenario, ...]:
        """Without the policy, with it, and with it while platforms do not respond."""
        return tuple(run for run in (self.baseline, self.with_policy, self.conduct_fixed) if run is not None)


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
    """Why a pair has no effect, by its replicate."""
    seeds_per_draw: int = 1

    @property
    def strategy(self) -> str:
        """How platforms choose."""
        return self.scenario.platforms.strategy

    @property
    def sides(self) -> list[list[Any]]:
        """Weekly frames without the policy, with it and, where platforms respond, with it while they do not.

        One a draw: the mean over its seeds, so that draws are what intervals count.
        """
        if self.seeds_per_draw == 1:
            return self.sides_of_pairs
        return [[_mean_of(frames) for frames in self.by_draw(side)] for side in self.sides_of_pairs]

    @property
    def sides_of_pairs(self) -> list[list[Any]]:
        """As `sides`, one frame a whole pair."""
        return [list(frames) for frames in zip(*self.weeks, strict=True)]

    @property
    def moments_by_draw(self) -> list[dict[str, float]]:
        """Moments of every draw, or of every whole pair where none was made: means over its seeds."""
        found = self.by_draw(self.moments)
        names = [[name for name in same[0] if all(name in one for one in same)] for same in found]
        return [
            {name: math.fsum(one[name] for one in same) / len(same) for name in own}
            for same, own in zip(found, names, strict=True)
        ]

    @property
    def drawn(self) -> list[Draw]:
        """The draws that left at least one whole pair, in their order."""
        return [self.draws[n] for n in dict.fromkeys(pair.draw for pair in self.whole)]

    @property
    def lost(self) -> dict[int, str]:
        """Why a draw left no whole pair."""
        kept = {pair.draw for pair in self.whole}
        found = {replicate // self.seeds_per_draw: why for replicate, why in reversed(sorted(self.failed.items()))}
        return {n: found[n] for n in sorted(found) if n not in kept}

    @property
    def n_incomplete(self) -> int:
        """Draws of which some seeds failed and others did not."""
        return len({replicate // self.seeds_per_draw for replicate in self.failed} - self.lost.keys())

    def by_draw[T](self, of_pairs: list[T]) -> list[list[T]]:
        """What belongs to whole pairs, draw by draw."""
        found: dict[int, list[T]] = {}
        for pair, one in zip(self.whole, of_pairs, strict=True):
            found.setdefault(pair.draw, []).append(one)
        return list(found.values())


def _mean_of(frames: list[Any]) -> Any:
    """Mean over weekly frames of the same market; a metric that one of them lacks in a week is that of the others."""
    import pandas as pd

    return frames[0] if len(frames) == 1 else pd.concat(frames).groupby("week", sort=False).mean().reset_index()


def of_request(request: Request) -> list[Point]:
    """Every scenario of a request under every strategy that is asked for."""
    points, k = [], request.asking.uncertainty.seeds
    named = zip(request.scenarios, labels.labels(request), labels.lever_values(request), strict=True)
    for place, (asked, label, lever) in enumerate(named):
        for i, scenario in enumerate(strategies.variants(asked, request)):
            draws = assumption_draws.draw(scenario, request) if assumption_draws.is_asked(request) else []
            made = [one.scenario for one in draws for _ in range(k)] or [scenario] * request.asking.replicates
            pairs = [pair(one, scenario.seed + r, r, r // k) for r, one in enumerate(made) if one is not None]
            refused = {r: draws[r // k].problem for r, one in enumerate(made) if one is None}
            points.append(Point(place, i == 0, scenario, label, lever, draws, pairs, failed=refused, seeds_per_draw=k))
    return points


def pair(scenario: Scenario, seed: int, replicate: int, draw: int = 0) -> Pair:
    """The runs of one replicate; three where platforms respond, to separate their response from the rule."""
    with_policy = dataclasses.replace(scenario, seed=seed)
    conduct_fixed = None
    if with_policy.platforms.answers_rules:
        conduct_fixed = dataclasses.replace(
            with_policy, platforms=dataclasses.replace(with_policy.platforms, sees_rules=False)
        )
    return Pair(replicate, with_policy.without_policy(), with_policy, conduct_fixed, draw)


def runs_of(points: list[Point]) -> dict[str, Scenario]:
    """Every run of all pairs by its name; one that several share once."""
    return {run_store.run_name(run): run for point in points for pair in point.pairs for run in pair.runs}


def read(point: Point, kept: Runs, failed: dict[str, str]) -> None:
    """Fill a point with the weeks of its whole pairs; a drawn market in which nobody orders has no effect to show."""
    for one in point.pairs:
        names = [run_store.run_name(run) for run in one.runs]
        found = [kept.read(name) for name in names]
        frames, metadata = tuple(weekly for weekly, _ in found), found[0][1]
        if any(weekly is None for weekly in frames):
            errors = [failed[name] for name in names if name in failed]
            point.failed[one.replicate] = next(iter(errors), "no result could be read")
            continue
        baseline = frames[0]
        if (
            point.draws
            and not baseline[baseline["week"] >= point.scenario.first_policy_week]["consumer_orders"].sum() > 0
        ):
            point.failed[one.replicate] = NOBODY
            continue
        point.whole.append(one)
        point.weeks.append(frames)
        point.moments.append(metadata["moments"])


SIDES = ("without", "with", "policy_conduct_fixed")
"""As `Pair.runs`: without the policy, with it, and with it while platforms do as they would without."""


def table(points: list[Point]) -> Any:
    """Every run of a request: its name in the store, its point and levers, its replicate and its side."""
    import pandas as pd

    rows = [
        {"run": run_store.run_name(run), "scenario": point.place, "label": point.label, "replicate": pair.replicate}
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
