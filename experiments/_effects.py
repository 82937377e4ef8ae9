"""From finished runs to effects: pairs, frames, record and report, the same for one scenario and for many."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments import _build, _execute, _records, _store
from sim.errors import PlatformLabError, Problem, RefusedScenario
from sim.scenario import Scenario

CAVEATS = {
    "fixed": "Platforms keep their fees, pay and ranking as they are: these are mechanical effects. A platform that "
    "answers back, by consumer fees or courier pay, would undo part of them.",
}
GENERAL_CAVEATS = (
    "All parties together also takes off what owners spend to open businesses, which no party's own figure holds.",
    "Money the model does not follow: taxes, insurance, and what consumers spend outside delivery.",
)


def answer(verb: str, request: _build.Request, started: datetime) -> tuple[Path, Any, Any]:
    """Run every pair, keep effects, trajectories, moments, record and report; returns (folder, effects, moments)."""
    _refuse_no_policy(verb, request)
    pairs = [[_pair(scenario, r) for r in range(request.asking.replicates)] for scenario in request.scenarios]
    runs = {_store.run_name(run): run for scenario in pairs for pair in scenario for run in pair}
    outcome = _execute.carry_out(list(runs.values()), request.asking.runner, f"{verb}: runs")
    read = {name: _store.read_run(_store.run_path(run)) for name, run in runs.items()}
    labels = [label_of(point) or _records.default_title(request).split(":")[0] for point in request.points]
    effects, trajectories = _frames(request, pairs, read, labels)
    if effects is None:
        first = next(iter(outcome.failed.values()), "no result could be read")
        raise PlatformLabError(f"every run failed; the first said:\n  {first}")
    baselines = [read[_store.run_name(pair[0])] for pair in pairs[0]]
    measured = [metadata["moments"] for frame, metadata in baselines if frame is not None]
    moments = _records.moment_table(request.scenarios[0].sector, measured)
    digest = hashlib.sha256("".join(sorted(runs)).encode()).hexdigest()
    folder = _store.result_folder(verb, request.asking.name or _records.default_name(request), digest)
    for name, frame in (("effects", effects), ("trajectories", trajectories), ("moments", moments)):
        _store.write_table(folder / f"{name}.parquet", frame)
    _store.write_config(folder, request)
    strategy = request.scenarios[0].platforms.strategy
    record = _records.record(
        verb,
        request,
        digest,
        started,
        levers=[_lever(key, values) for key, values in request.levers.items()],
        scenario_labels=labels,
        baseline_label="no policy",
        caveats=[*([CAVEATS[strategy]] if strategy in CAVEATS else []), *GENERAL_CAVEATS, *_caveats_of(request)],
        n_runs=len(runs),
        n_cached=outcome.n_cached,
        n_failed=len(outcome.failed),
        failed=outcome.failed,
    )
    _store.write_json(folder / "record.json", record)
    _publish(folder)
    if outcome.failed:
        print(
            f"{len(outcome.failed)} of {len(runs)} runs failed (record.json); the same command runs just those again."
        )
    return folder, effects, moments


def _caveats_of(request: _build.Request) -> list[str]:
    """What a reader of this sweep in particular must know."""
    if any(key.split(".")[0] in ("sector", "population") for key in request.levers):
        return ["The market is compared with the facts at the first point of the grid only."]
    return []


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


def _pair(scenario: Scenario, replicate: int) -> tuple[Scenario, Scenario]:
    import dataclasses

    seeded = dataclasses.replace(scenario, seed=scenario.seed + replicate)
    return seeded.without_policy(), seeded


def label_of(point: dict[str, Any]) -> str:
    """What a point of a sweep is called: the last part of each swept key and its value; empty for a single scenario."""
    return ", ".join(f"{key.split('.')[-1].replace('_', ' ')} {_said(key, value)}" for key, value in point.items())


def _said(key: str, value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{100 * value:g}%" if _lever(key, [])["unit"].startswith("share") else f"{value:g}"


def _lever(key: str, values: list[Any]) -> dict[str, Any]:
    from sim.parameters import Sector
    from sim.policy.catalogue import CATALOGUE
    from sim.strict import parameter_notes

    steps = key.split(".")
    unit, title = "-", key.split(".")[-1].replace("_", " ")
    if steps[0] == "policy" and len(steps) == 3 and steps[1] in CATALOGUE:
        note = CATALOGUE[steps[1]].parameters().get(steps[2], (None, None))[1]
        title = f"{CATALOGUE[steps[1]].title}: {title}"
        unit = note.unit if note else "-"
    elif steps[0] == "sector":
        unit = parameter_notes(Sector, steps[1:]).unit
    return {"key": key, "title": title, "unit": unit, "values": values}


def _frames(request: _build.Request, pairs: list, read: dict[str, Any], labels: list[str]) -> tuple[Any, Any]:
    import pandas as pd

    from analysis.compare import paired_effects, paired_trajectories
    from sim.metrics.registry import REGISTRY

    effects, trajectories = [], []
    for i, scenario in enumerate(pairs):
        whole = [[read[_store.run_name(run)][0] for run in pair] for pair in scenario]
        whole = [pair for pair in whole if all(frame is not None for frame in pair)]
        if not whole:
            continue
        baseline, policy = [pair[0] for pair in whole], [pair[1] for pair in whole]
        first_week = request.scenarios[i].first_policy_week
        effect, path = paired_effects(baseline, policy, first_week), paired_trajectories(baseline, policy)
        for frame in (effect, path):
            frame.insert(0, "scenario", i)
            frame.insert(1, "label", labels[i])
        for key, value in request.points[i].items():
            effect[key] = value
        effects.append(effect)
        trajectories.append(path)
    if not effects:
        return None, None
    found = pd.concat(effects, ignore_index=True)
    currency = request.scenarios[0].sector.currency
    for column, value in (
        ("title", lambda m: m.title),
        ("party", lambda m: m.party),
        ("unit", lambda m: m.unit.format(currency=currency)),
        ("better", lambda m: m.better),
    ):
        found[column] = [value(REGISTRY[name]) for name in found["metric"]]
    return found, pd.concat(trajectories, ignore_index=True)


def now() -> datetime:
    """The present, with its zone."""
    return datetime.now(UTC)
