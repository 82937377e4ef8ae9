"""From finished runs to effects: pairs, frames, record and report, the same for one scenario and for many."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments import _build, _execute, _records, _snapshots, _store, _uncertainty, _wording
from experiments._uncertainty import Draw
from sim.errors import PlatformLabError, Problem, RefusedScenario
from sim.scenario import Scenario

NOBODY = "nobody ordered anything"


@dataclass(frozen=True)
class Pair:
    """One replicate: the same luck and the same numbers without the policy and with it."""

    replicate: int
    free: Scenario
    ruled: Scenario

    @property
    def runs(self) -> tuple[Scenario, Scenario]:
        """Without the policy and with it."""
        return self.free, self.ruled


@dataclass(frozen=True)
class Answer:
    """What a comparison or sweep left, as frames."""

    folder: Path
    effects: Any
    moments: Any
    distribution: Any
    sensitivity: Any
    """Rank correlations of drawn assumptions with effects; None without draws."""
    n_draws: int
    n_failed_draws: int


@dataclass
class Point:
    """One scenario of a request: its pairs, what was drawn for them, and the weeks of those that are whole."""

    scenario: Scenario
    label: str
    lever: dict[str, Any]
    draws: list[Draw]
    pairs: list[Pair]
    whole: list[Pair] = dataclasses.field(default_factory=list)
    weeks: list[tuple[Any, Any]] = dataclasses.field(default_factory=list)
    moments: list[dict[str, float]] = dataclasses.field(default_factory=list)
    failed: dict[int, str] = dataclasses.field(default_factory=dict)
    """Why a replicate has no effect."""


def answer(verb: str, request: _build.Request, started: datetime) -> Answer:
    """Run every pair; keep effects, their distribution, trajectories, moments, record and report."""
    _refuse_no_policy(verb, request)
    _snapshots.refuse_elsewhere(request, verb)
    points = _points(request)
    runs = {_store.run_name(run): run for point in points for pair in point.pairs for run in pair.runs}
    outcome = _execute.carry_out(list(runs.values()), request.asking.runner, f"{verb}: runs")
    for point in points:
        _read(point, outcome.failed)
    if not any(point.whole for point in points):
        first = next((why for point in points for why in point.failed.values()), "no result could be read")
        raise PlatformLabError(f"every run failed; the first said:\n  {first}")
    frames = _frames(request, points)
    frames["moments"] = _records.moment_table(request.scenarios[0].sector, points[0].moments)
    digest = hashlib.sha256("".join(sorted(runs)).encode()).hexdigest()
    folder = _store.result_folder(verb, request.asking.name or _wording.default_name(request), digest)
    for name, frame in frames.items():
        _store.write_table(folder / f"{name}.parquet", frame)
    _store.write_config(folder, request)
    record = _records.record(verb, request, digest, started, **_of_request(request, points, outcome, len(runs)))
    _store.write_json(folder / "record.json", record)
    _publish(folder)
    if outcome.failed:
        print(
            f"{len(outcome.failed)} of {len(runs)} runs failed (record.json); the same command runs just those again."
        )
    n_draws = sum(len(point.draws) for point in points)
    n_failed = sum(len(point.failed) for point in points) if n_draws else 0
    shown = (frames["effects"], frames["moments"], frames["distribution"], frames.get("sensitivity_of_effects"))
    return Answer(folder, *shown, n_draws, n_failed)


def _points(request: _build.Request) -> list[Point]:
    points = []
    named = zip(request.scenarios, _wording.labels(request), _wording.lever_values(request), strict=True)
    for scenario, label, lever in named:
        draws = _uncertainty.draw(scenario, request) if _uncertainty.is_asked(request) else []
        made = [one.scenario for one in draws] or [scenario] * request.asking.replicates
        pairs = [_pair(one, scenario.seed + r, r) for r, one in enumerate(made) if one is not None]
        refused = {r: one.problem for r, one in enumerate(draws) if one.scenario is None}
        points.append(Point(scenario, label, lever, draws, pairs, failed=refused))
    return points


def _pair(scenario: Scenario, seed: int, replicate: int) -> Pair:
    seeded = dataclasses.replace(scenario, seed=seed)
    return Pair(replicate, seeded.without_policy(), seeded)


def _read(point: Point, failed: dict[str, str]) -> None:
    """Fill a point with the weeks of its whole pairs; a drawn market in which nobody orders has no effect to show."""
    for pair in point.pairs:
        read = [_store.read_run(_store.run_path(run)) for run in pair.runs]
        (free, metadata), (ruled, _) = read
        if free is None or ruled is None:
            errors = [failed[name] for name in map(_store.run_name, pair.runs) if name in failed]
            point.failed[pair.replicate] = next(iter(errors), "no result could be read")
        elif point.draws and not free[free["week"] >= point.scenario.first_policy_week]["consumer_orders"].sum() > 0:
            point.failed[pair.replicate] = NOBODY
        else:
            point.whole.append(pair)
            point.weeks.append((free, ruled))
            point.moments.append(metadata["moments"])


def _of_request(
    request: _build.Request, points: list[Point], outcome: _execute.Outcome, n_runs: int
) -> dict[str, Any]:  # fmt: skip
    """What the record says besides provenance."""
    return {
        "levers": _wording.levers(request),
        "scenario_labels": [point.label for point in points],
        "baseline_label": "no policy",
        "caveats": [*_wording.caveats(request), *_caveats_of(request)],
        "n_runs": n_runs,
        "n_cached": outcome.n_cached,
        "n_failed": len(outcome.failed),
        "failed": outcome.failed,
        "uncertainty": _of_uncertainty(request, points),
    }


def _of_uncertainty(request: _build.Request, points: list[Point]) -> dict[str, Any]:
    """Where the intervals come from."""
    if not _uncertainty.is_asked(request):
        return {"over": "nothing", "source": "chance: replicates differ in their luck only"}
    drawn = points[0].draws[0].values
    return {
        "over": "assumptions",
        "source": "chance and assumptions: replicates differ in their luck and in the values of assumptions",
        "method": _uncertainty.METHOD,
        "numbers": sorted(drawn),
        "parameters": {number: _uncertainty.parameter_of(points[0].draws[0], number) for number in sorted(drawn)},
        "n_draws": sum(len(point.draws) for point in points),
        "n_failed_draws": sum(len(point.failed) for point in points),
        "failed_draws": [
            {"scenario": i, "replicate": replicate, "why": why}
            for i, point in enumerate(points)
            for replicate, why in sorted(point.failed.items())
        ],
    }


def _caveats_of(request: _build.Request) -> list[str]:
    """What a reader of this result in particular must know."""
    found = [_uncertainty.CAVEAT] if _uncertainty.is_asked(request) else []
    if any(key.split(".")[0] in ("sector", "population") for key in request.levers):
        found.append("The market is compared with the facts at the first point of the grid only.")
    return found


def _refuse_no_policy(verb: str, request: _build.Request) -> None:
    if all(scenario.policy for scenario in request.scenarios):
        return
    todo = "add policy=commission_cap, or see platform-lab list instruments"
    raise RefusedScenario(
        [Problem(f"{verb} without a policy", "an effect needs a rule to have one", "policy=[...]", todo)]
    )


def _publish(folder: Path) -> None:
    from analysis.report.page import write_report

    write_report(folder)
    _store.remember_last(folder)


def _frames(request: _build.Request, points: list[Point]) -> dict[str, Any]:
    """Every table of the result but the moments, by name."""
    import pandas as pd

    found: dict[str, list[Any]] = {}
    for i, point in enumerate(points):
        for name, frame in _of_point(point).items() if point.whole else ():
            frame.insert(0, "scenario", i)
            frame.insert(1, "label", point.label)
            found.setdefault(name, []).append(frame)
    frames = {name: pd.concat(parts, ignore_index=True) for name, parts in found.items()}
    return frames | {"effects": _titled(frames["effects"], request.scenarios[0].sector.currency)}


def _of_point(point: Point) -> dict[str, Any]:
    from analysis.compare import paired_effects, paired_trajectories
    from analysis.distribution import distribution

    free, ruled = [pair[0] for pair in point.weeks], [pair[1] for pair in point.weeks]
    first, horizon = point.scenario.first_policy_week, point.scenario.horizon
    effects = _uncertainty.effects_over_draws if point.draws else paired_effects
    frames = {"effects": effects(free, ruled, first), "trajectories": paired_trajectories(free, ruled)}
    frames["effects"] = frames["effects"].assign(**point.lever)
    weeks = (horizon.n_weeks - week + 1 for week in (horizon.policy_week, first))
    frames["distribution"] = distribution(_agents(point), *weeks)
    if point.draws:
        whole = [point.draws[pair.replicate] for pair in point.whole]
        frames["draws"] = _uncertainty.table_of(point.draws)
        frames["sensitivity_of_effects"] = _uncertainty.sensitivity(whole, free, ruled, first)
    return frames


def _agents(point: Point) -> Iterator[tuple[Any, Any]]:
    for pair in point.whole:
        yield _store.read_agents(pair.free), _store.read_agents(pair.ruled)


def _titled(effects: Any, currency: str) -> Any:
    from sim.metrics.registry import REGISTRY

    for column, value in (
        ("title", lambda m: m.title),
        ("party", lambda m: m.party),
        ("unit", lambda m: m.unit.format(currency=currency)),
        ("better", lambda m: m.better),
    ):
        effects[column] = [value(REGISTRY[name]) for name in effects["metric"]]
    return effects


def now() -> datetime:
    """The present, with its zone."""
    return datetime.now(UTC)
