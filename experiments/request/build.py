"""The only place that turns configuration into scenarios: Hydra composes, the laboratory validates."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.wording.numbers import listed
from experiments.request import designs, folders, grammar, idle, limits, naming, snapshot_options, untrusted
from experiments.request.composition import SCENARIO_KEYS, Composed, built, put, read_kept, unique
from experiments.request.designs import Point, Range
from experiments.request.request import AXES, Asking, Request, Runner
from sim.errors import Problem, RefusedScenario
from sim.scenario import Scenario
from sim.strict import build, nearest

REPLICATES = {"nothing": 8, "assumptions": 32}
"""Replicates where no number is given, by what they draw."""


def ask(overrides: list[str], extra: Path | None = None) -> Request:
    """Compose, apply overrides, expand sweeps, validate; raises `RefusedScenario` with every problem."""
    untrusted.refuse_hostile(extra, folders.config_folder())
    chosen, values = grammar.split(overrides, extra)
    options = snapshot_options.take_out(values)
    kept = read_kept(Path(str(path))) if (path := grammar.one(values, "config")) else {}
    composed = Composed(chosen, extra, options, kept)
    first = composed.at({})
    problems: list[Problem] = []
    _choose_in_file(first, chosen, extra, problems)
    asked, roles = _asked_axes(first, chosen, values, problems)
    fixed = {key: found[0] for key, found in values.items() if key not in asked and isinstance(found, list)}
    composed.put(fixed, problems)
    base = _with_replicates(composed.at({}))
    asking = _asking(base, problems)
    if problems or asking is None:
        raise RefusedScenario(unique(problems))
    _refuse_hidden_design(asking, chosen)
    _refuse_conflicts_of_runner(asking.runner)
    axes = _axes(asked, chosen, composed, problems)
    if (unswept := built(composed.at({}), problems)) is None:
        raise RefusedScenario(unique(problems))
    limits.refuse_too_many(designs.n_points(axes, asking.design), asking, unswept)
    points = designs.points(axes, asking.design, lambda key: composed.value_at(key))
    scenarios = list(_scenarios(points, composed, problems))
    base = base | {"policy": composed.policies}
    levers = {key: list(dict.fromkeys(_hashable(point[key]) for point in points)) for key in axes}
    levers = {key: axis if isinstance(axis := axes[key], list) else found for key, found in levers.items()}
    if "seed" in axes and asking.n_pairs > 1:
        why = f"each point would have {asking.n_pairs} replicates, whose seeds overlap with those of other points"
        todo = "set replicates=1"
        problems.append(Problem("a sweep over seeds", why, "replicates=1, or one seed", todo))
    else:
        problems += limits.faults_of_seeds(scenarios, asking)
    problems += idle.problems_of(scenarios)
    named = {(s.population.name, s.sector.name): s for s in scenarios}.values()
    problems += naming.problems_of({"name": asking.name})
    problems += [problem for scenario in named for problem in naming.problems_of(naming.of_scenario(scenario))]
    if problems:
        raise RefusedScenario(unique(problems))
    words = [*overrides, *(["--config-dir", str(extra)] if extra else [])]
    held = tuple({**fixed, **axes})
    policy = chosen.get("policy", [""])[0]
    pilots = idle.notes_of_pilots(scenarios[0], composed.policies) if not axes else []
    notes = (*_notes(composed, extra), *idle.notes_of(scenarios), *pilots)
    return Request(asking, scenarios, levers, points, axes, roles, base, words, held, options, policy, notes)


def _notes(composed: Composed, extra: Path | None) -> tuple[str, ...]:
    """How the request was read where somebody could have meant something else."""
    found, partly = [], composed.partly()
    if partly:
        words = "acts only where its" if len(partly) == 1 else "act only where their"
        found.append(f"{listed(partly)} {words} rule is chosen.")
    if names := folders.standing_in(extra):
        verb = "stand" if len(names) > 1 else "stands"
        found.append(f"From --config-dir, {listed(names)} {verb} in place of the laboratory's own.")
    return tuple(found)


def _refuse_conflicts_of_runner(runner: Runner) -> None:
    """Raise `RefusedScenario` for a runner that contradicts itself."""
    found = []
    if runner.address is not None and runner.kind == "local":
        asked, why = f"runner.address={runner.address}", "runner=local works on this machine"
        found.append(Problem(asked, why, "with runner=cluster", "add runner=cluster"))
    if runner.shard is not None:
        i, n = map(int, runner.shard.split("/"))
        if i > n:
            asked, why = f"--shard {runner.shard}", f"{n} shards are numbered 1 to {n}"
            found.append(Problem(asked, why, f"1/{n} to {n}/{n}", "choose one of them"))
    if found:
        raise RefusedScenario(found)


def _refuse_hidden_design(asking: Asking, chosen: dict[str, list[str]]) -> None:
    """A design stated in a file would silently override the one that was typed."""
    typed = chosen.get("design", [asking.design.kind])[0]
    if typed != asking.design.kind:
        asked, why = f"design={typed}", f"the experiment sets kind: {asking.design.kind}"
        todo = (
            f"write `- override /design: {asking.design.kind}` among the file's defaults instead, or leave {asked} out"
        )
        raise RefusedScenario([Problem(asked, why, "one of the two", todo)])


def _choose_in_file(
    first: dict[str, Any], chosen: dict[str, list[str]], extra: Path | None, problems: list[Problem]
) -> None:
    """Levers of a file that are choices of a group: `policy: [[commission_cap], [commission_cap, data_limit]]`."""
    groups, levers = folders.groups(extra), first.get("levers")
    levers = levers if isinstance(levers, Mapping) else {}
    for key in [key for key in levers if key in groups]:
        if isinstance(levers[key], Mapping) and (faults := _faults_of_axis("levers", key, levers[key])):
            problems += faults
            continue
        if not isinstance(levers[key], list) or not levers[key]:
            asked, todo = f"levers: {key}: {levers[key]}", f"write a list, or {key}=glob(*) on the command line"
            problems.append(Problem(asked, "a file lists the choices to be compared", "- name, one a line", todo))
            continue
        if any(not isinstance(part, str) for one in levers[key] for part in (one if isinstance(one, list) else [one])):
            asked, todo = f"levers: {key}: {levers[key]}", "platform-lab list shows them"
            why = "a group is chosen by the names of its files"
            problems.append(Problem(asked, why, "- NAME or - [NAME, NAME]", todo))
            continue
        found = [f"[{','.join(one)}]" if isinstance(one, list) else one for one in levers[key]]
        problems += grammar.unknown_options(key, found, extra)
        problems += grammar.faults_of_values(f"levers: {key}", key, found)
        if key not in chosen:
            chosen[key] = found
    if levers:
        first["levers"] = {key: axis for key, axis in levers.items() if key not in groups}
    if problems:
        raise RefusedScenario(problems)


def _asked_axes(
    first: dict[str, Any], chosen: dict[str, list[str]], values: dict[str, Any], problems: list[Problem]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Keys with several values or a range, as asked by file and command line, which wins; and what each of them is."""
    axes: dict[str, Any] = {key: found for key, found in chosen.items() if len(found) > 1}
    roles = dict.fromkeys(axes, "lever")
    for group, role in AXES.items():
        in_file = first.pop(group, None) or {}
        if not isinstance(in_file, Mapping):
            why = "it is no mapping of keys to values or ranges"
            asked, allowed = f"{group}={in_file}", "key: [value, value], key: {low: , high: }, key: declared"
            problems.append(Problem(asked, why, allowed, "write a mapping"))
            continue
        for key, axis in in_file.items():
            problems += _faults_of_axis(group, str(key), axis)
            if roles.get(key, role) != role and key in axes:
                why, todo = "it stands among levers and among uncertainties", "keep one of the two"
                problems.append(Problem(f"{key} in the file", why, "each key once", todo))
            if key not in values:
                axes[key] = axis if isinstance(axis, list) or designs.is_range(axis) else [axis]
                roles[key] = role
    if problems:
        raise RefusedScenario(unique(problems))
    for key, found in values.items():
        is_declared = found == [designs.DECLARED]
        if is_declared or isinstance(found, Range) or len(found) > 1:
            axes[key] = designs.DECLARED if is_declared else found
            roles[key] = "uncertainty" if key.startswith("sector.") else "lever"
    for key in axes:
        if key.split(".")[0] not in SCENARIO_KEYS:
            allowed = ", ".join(f"{part}..." for part in SCENARIO_KEYS)
            todo = nearest(key.split(".")[0], list(SCENARIO_KEYS))
            problems.append(Problem(f"a sweep over {key}", "only keys of a scenario can be swept", allowed, todo))
    return axes, roles


def _faults_of_axis(group: str, key: str, axis: Any) -> list[Problem]:
    """What is wrong with a swept key of a file: no value, a value that stands for several, keys below keys."""
    asked = f"{group}: {key}: {axis}"
    if axis is None or axis == []:
        why, todo = "it names no value, so that nothing would vary", "name values, or leave the key out"
        return [Problem(asked, why, f"{key}: [value, value]", todo)]
    if isinstance(axis, Mapping) and not set(axis) & set(designs.ENDS):
        inner = ", ".join(f"{key}.{step}" for step in axis)
        why, todo = "keys below keys are not read here", f"write the dotted key: {inner}"
        return [Problem(asked, why, "key.of.a.value: [value, value] or {low: , high: }", todo)]
    return grammar.faults_of_values(asked, key, axis) if isinstance(axis, list) else []


def _axes(
    asked: dict[str, Any], chosen: dict[str, list[str]], composed: Composed, problems: list[Problem]
) -> dict[str, list[Any] | Range]:
    """Axes with their ranges looked up and checked."""
    ranges = {key: axis for key, axis in asked.items() if designs.is_range(axis)}
    config = copy.deepcopy(composed.at({}))
    for key, axis in asked.items():
        if key not in chosen:
            put(config, key, None if isinstance(axis, Range) or key in ranges else axis[0], problems)
            problems += composed.faults_of_axis(key)
    if problems:
        raise RefusedScenario(unique(problems))
    base = built(composed.at({}), problems) if ranges else None
    found: dict[str, Any] = {}
    for key, axis in asked.items():
        plain = axis.plain() if isinstance(axis, Range) else axis
        found[key] = designs.range_of(key, plain, base, problems) if key in ranges else axis
    if problems:
        raise RefusedScenario(unique(problems))
    return found


def _scenarios(points: list[Point], composed: Composed, problems: list[Problem]) -> Iterator[Scenario]:
    """The scenario of every point; only what differs from the first one is built anew. Stops at the first problem."""
    chosen = composed.chosen
    for point in points:
        moved = {key: value for key, value in point.items() if key not in chosen}
        scenario = composed.scenario(point, moved, problems)
        for key, value in moved.items() if scenario is not None else ():
            if scenario is not None:
                scenario = (
                    scenario.with_value(key, value, problems) if "." in key else _moved(scenario, key, value, problems)
                )
        if scenario is None or problems:
            raise RefusedScenario(unique(problems))
        yield scenario.settled()


def _moved(scenario: Scenario, key: str, value: Any, problems: list[Problem]) -> Scenario | None:
    """The scenario with a whole part replaced, or its seed."""
    if key == "seed" and isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**64:
        return dataclasses.replace(scenario, seed=value)
    plain = scenario.to_dict()
    put(plain, key, value, problems)
    return built(plain, problems)


def _hashable(value: Any) -> Any:
    return value if not isinstance(value, list | dict) else str(value)


def _with_replicates(config: dict[str, Any]) -> dict[str, Any]:
    uncertainty = config.get("uncertainty")
    over = uncertainty.get("over") if isinstance(uncertainty, Mapping) else "nothing"
    if config.get("replicates") is None:
        config["replicates"] = REPLICATES.get(str(over), REPLICATES["nothing"])
    return config


def _asking(config: dict[str, Any], problems: list[Problem]) -> Asking | None:
    given = {key: value for key, value in config.items() if key not in (*SCENARIO_KEYS, *AXES)}
    return build(Asking, given, "request", problems)
