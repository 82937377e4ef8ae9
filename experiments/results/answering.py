"""From finished runs to effects: pairs, frames, record and report, the same for one scenario and for many."""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.statistics import estimates as est
from experiments.request import labels, refusals, strategies
from experiments.request.request import Request
from experiments.results import caveats, conduct_record, draw_effects, enforcement, keeping, moments, records, stopping
from experiments.results.keeping import Answer
from experiments.running import assumption_draws, execution, plan
from experiments.running.plan import Point
from experiments.storage import places, run_store
from experiments.storage.runs import Runs
from sim.errors import PlatformLabError, Problem, RefusedScenario

TITLED = ("effects", "decomposition", "strategies")
"""Tables with a row a metric, which say what the metric is."""
MOST_WITH_AGENTS = 400
"""Runs up to which every agent's outcome is kept where nobody says: 60 kB a run of a town, ten times that of a city."""
MANY_POINTS = 40
"""Points from which on only outcomes are kept week by week."""


def answer(verb: str, request: Request, started: datetime) -> Answer:
    """Run every pair; keep effects, their distribution, trajectories, moments, record and report."""
    refuse_conflicts(verb, request)
    asked_besides = stopping.asked_besides(request)
    request, precision = stopping.settle(request)
    points = plan.of_request(request)
    runs = plan.runs_of(points)
    digest = digest_of(runs, asked_besides)
    folder = folder_of(verb, request, digest)
    if found := keeping.standing(folder, request):
        return found
    with_agents = _keeps_agents(request, len(runs))
    outcome = execution.carry_out(list(runs.values()), request.asking.runner, verb, with_agents=with_agents)
    print(outcome.summary())
    frames = _frames(request, points, outcome, with_agents=with_agents)
    if not any(point.whole for point in points if point.is_main):
        first = next((why for point in points for why in point.failed.values()), "no result could be read")
        raise PlatformLabError(f"every run failed; the first said:\n  {first}")
    frames["runs"] = plan.table(points)
    frames["moments"] = moments.moment_table(request.scenarios[0].sector, points[0].moments_by_draw)
    about = _of_request(request, points, outcome, len(runs)) | {"precision": precision}
    keeping.keep(folder, request, frames, records.record(verb, request, digest, started, **about))
    if outcome.failed:
        print("What failed is in record.json and runs/failed; the same command runs just those again.")
    return keeping.read(folder)


def refuse_conflicts(verb: str, request: Request) -> None:
    """Raise `RefusedScenario` for what leaves no effects, or does not fit the verb."""
    _refuse_no_policy(verb, request)
    refusals.refuse_snapshots(request, verb)
    strategies.refuse_conflicts(request)
    if verb != "compare":
        stopping.refuse_elsewhere(request, verb)
    stopping.refuse_conflicts(request)
    _refuse_unknown_outcomes(request)


def digest_of(runs: Iterable[str], asked_besides: str) -> str:
    """Address of an answer: the names of its runs, and what was asked of them besides."""
    return hashlib.sha256("".join([*sorted(runs), asked_besides]).encode()).hexdigest()


def folder_of(verb: str, request: Request, digest: str) -> Path:
    """Where the answer to a request lies, or will."""
    return places.result_folder(verb, request.asking.name or labels.default_name(request), digest)


def do_shard(verb: str, request: Request) -> None:
    """Carry out the part of a request's runs that is this shard's; nothing is compared yet."""
    _refuse_no_policy(verb, request)
    points = plan.of_request(request)
    runs = [run for point in points for pair in point.pairs for run in pair.runs]
    shard, with_agents = request.asking.runner.shard, _keeps_agents(request, len(runs))
    outcome = execution.carry_out(runs, request.asking.runner, f"{verb}, shard {shard}", with_agents=with_agents)
    print(outcome.summary())
    print("Next: when all shards are done, the same command without --shard compares what they found")


def _of_request(
    request: Request, points: list[Point], outcome: execution.Outcome, n_runs: int
) -> dict[str, Any]:  # fmt: skip
    """What the record says besides provenance."""
    conduct = conduct_record.of_conduct(request.scenarios[0])
    return {
        "conduct": conduct,
        "levers": labels.levers(request),
        "design": dataclasses.asdict(request.asking.design) if request.axes else None,
        "outcomes": list(request.asking.outcomes or est.MONEY.values()),
        "scenario_labels": [point.label for point in points if point.is_main],
        "baseline_label": "no policy",
        "policies_in_full": labels.policies_in_full(request),
        "caveats": [*caveats.caveats(request), *conduct_record.caveats(conduct), *_caveats_of(request)],
        "n_runs": n_runs,
        "n_cached": outcome.n_cached,
        "n_failed": len(outcome.failed),
        "failed": outcome.failed,
        "uncertainty": _of_uncertainty(request, points),
    }


def _of_uncertainty(request: Request, points: list[Point]) -> dict[str, Any]:
    """Where the intervals come from."""
    if strategies.is_asked(request):
        source = "chance, under each strategy: replicates differ in their luck only"
        return {
            "over": "strategies",
            "source": source,
            "strategies": [point.strategy for point in points if not point.place],
        }
    if not assumption_draws.is_asked(request):
        return {"over": "nothing", "source": "chance: replicates differ in their luck only"}
    drawn = points[0].draws[0].values
    return {
        "over": "assumptions",
        "source": "chance and assumptions: draws differ in the values of assumptions, their runs in luck too",
        "method": assumption_draws.METHOD,
        "assumptions": {name: assumption_draws.parameter_of(points[0].draws[0], name) for name in drawn},
        "n_draws": sum(len(point.draws) for point in points),
        "seeds_per_draw": request.asking.uncertainty.seeds,
        "n_failed_draws": sum(len(point.lost) for point in points),
        "n_incomplete_draws": sum(point.n_incomplete for point in points),
        "failed_draws": [
            {"scenario": i, "draw": number, "why": why}
            for i, point in enumerate(points)
            for number, why in point.lost.items()
        ],
    }


def _caveats_of(request: Request) -> list[str]:
    """What a reader of this result in particular must know."""
    found = [assumption_draws.CAVEAT] if assumption_draws.is_asked(request) else []
    if any(key.split(".")[0] in ("sector", "population") for key in request.levers):
        found.append("The market is compared with the facts at the first point of the grid only.")
    return found


def _refuse_no_policy(verb: str, request: Request) -> None:
    if all(scenario.policy for scenario in request.scenarios):
        return
    todo = "add policy=commission_cap, or see platform-lab list instruments"
    raise RefusedScenario(
        [Problem(f"{verb} without a policy", "an effect needs a rule to have one", "policy=[...]", todo)]
    )


def _refuse_unknown_outcomes(request: Request) -> None:
    from sim.metrics.registry import REGISTRY
    from sim.strict import nearest

    unknown = [name for name in request.asking.outcomes or () if name not in REGISTRY]
    if unknown:
        allowed = f"{len(REGISTRY)} metrics, see platform-lab list metrics"
        why = "there is no such metric"
        raise RefusedScenario([Problem(f"outcomes={n}", why, allowed, nearest(n, list(REGISTRY))) for n in unknown])


def _keeps_agents(request: Request, n_runs: int) -> bool:
    """The same as `keeps_agents`; says so where it is not, and what would be needed."""
    asked = request.asking.agents
    if asked is None and n_runs > MOST_WITH_AGENTS:
        print(
            f"Who gains within each party is left out: {n_runs:,} runs would keep every agent. agents=true keeps them."
        )
    return keeps_agents(request, n_runs)


def keeps_agents(request: Request, n_runs: int) -> bool:
    """Whether every agent's outcome is kept."""
    asked = request.asking.agents
    return n_runs <= MOST_WITH_AGENTS if asked is None else asked


def _frames(
    request: Request, points: list[Point], outcome: execution.Outcome, *, with_agents: bool
) -> dict[str, Any]:  # fmt: skip
    """Every table of the result but the moments, by name; weeks are read point by point and let go."""
    import pandas as pd
    from rich.console import Console
    from rich.progress import track

    from analysis.wording.conduct import with_agreement

    kept, found = run_store.all_runs(), {}
    how: Any = {"console": Console(file=sys.stderr), "disable": len(points) < MANY_POINTS, "transient": True}
    for point in track(points, "effects", **how):
        plan.read(point, kept, outcome.failed)
        for name, frame in _of_point(point, request, kept if with_agents else None).items() if point.whole else ():
            frame.insert(0, "scenario", point.place)
            frame.insert(1, "label", point.label)
            found.setdefault(name, []).append(frame)
        point.weeks.clear()
    frames = {name: pd.concat(parts, ignore_index=True) for name, parts in found.items()}
    for name in TITLED:
        if name in frames:
            frames[name] = titled(frames[name], request.scenarios[0].sector.currency)
    if "strategies" in frames:
        frames["strategies"] = with_agreement(frames["strategies"])
    return frames


def _of_point(point: Point, request: Request, agents: Runs | None) -> dict[str, Any]:
    """Tables of one point; those of a strategy beside the main one are what it does to the effects."""
    import pandas as pd

    from analysis.statistics import waterbed
    from analysis.statistics.distribution import distribution
    from analysis.statistics.effects import interval_of, paired_effects, paired_trajectories

    baseline, with_policy, *conduct_fixed = point.sides
    interval = interval_of(request.asking.intervals, point.scenario.seed)
    first, horizon = point.scenario.first_policy_week, point.scenario.horizon
    frames: dict[str, Any] = {}
    if strategies.is_asked(request):
        frames["strategies"] = paired_effects(baseline, with_policy, first, interval).assign(strategy=point.strategy)
    for still in conduct_fixed:
        about = {"strategy": point.strategy, "is_main": point.is_main, "unit": _an_order(point)}
        frames["waterbed"] = waterbed.shares(baseline, still, with_policy, first).assign(**about)
        if point.is_main:
            frames["decomposition"] = waterbed.decomposed(baseline, still, with_policy, first, interval).assign(
                **point.lever
            )
    if not point.is_main:
        return frames
    effects = draw_effects.effects_over_draws if point.draws else paired_effects
    frames["effects"] = effects(baseline, with_policy, first, interval).assign(**point.lever)
    several = [pair.draw for pair in point.whole] if point.seeds_per_draw > 1 else None
    if several is not None:
        one_a_pair = point.sides_of_pairs
        parts = draw_effects.splits(one_a_pair[0], one_a_pair[1], first, several)
        frames["effects"] = pd.concat([frames["effects"], parts], axis=1)
    if (reach := enforcement.table(point, with_policy, interval)) is not None:
        frames["enforcement"] = reach
    outcomes = request.asking.outcomes or list(est.MONEY.values())
    frames["trajectories"] = paired_trajectories(
        baseline, with_policy, outcomes if len(request.points) > MANY_POINTS else None
    )
    if agents is not None:
        weeks = (horizon.n_weeks - week + 1 for week in (horizon.policy_week, first))
        frames["distribution"] = distribution(_agents(point, agents), *weeks, draws=several)
    if point.draws:
        frames["draws"] = assumption_draws.table_of(point.draws)
        frames["sensitivity_of_effects"] = draw_effects.sensitivity(point.drawn, baseline, with_policy, first)
    return frames


def _an_order(point: Point) -> str:
    return f"{point.scenario.sector.currency} an order"


def _agents(point: Point, kept: Runs) -> Iterator[tuple[Any, Any]]:
    for pair in point.whole:
        yield tuple(kept.read_agents(run_store.run_name(run)) for run in (pair.baseline, pair.with_policy))


def titled(effects: Any, currency: str) -> Any:
    """A table with a row a metric, and what each of them is: title, party, unit, and which way is better."""
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
