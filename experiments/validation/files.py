"""A case as one YAML file: its stem is the case's name, its folder's name the suite's; values only, checked strictly.

Files are read from validation/<suite>/ of the laboratory's configs and of the folder given by --config-dir.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import annotated_types
import yaml

from experiments.request import naming
from experiments.request.folders import config_folder
from experiments.validation.case import Band, Case, Target
from experiments.validation.procedures import PROCEDURES, SUITES
from sim.errors import Problem, RefusedScenario
from sim.parameters import parameters
from sim.strict import build, nearest

LARGEST = 100_000
"""Bytes of a case's file."""
OWN, ALL = "own", "all"
"""The suite of a file that is named on its own, and the word for every suite."""
Words = Annotated[str, annotated_types.Len(1, 2000)]


@parameters
class WrittenTarget:
    """A target as it is written."""

    quantity: Words
    band: Band
    source: Words
    target: float | None = None
    quick_band: Band | None = None
    judged: Literal["point", "interval", "overlap"] = "point"
    note: str = ""
    is_quick: bool = True


@parameters
class WrittenCase:
    """A case as it is written."""

    question: Words
    how: str
    setting: dict[str, Any]
    targets: list[WrittenTarget]
    quick: dict[str, Any] = field(default_factory=dict)


def suites(extra: Path | None = None) -> list[str]:
    """Names of all suites: written in Python or folders of files."""
    return list(dict.fromkeys([*SUITES, *(path.name for path in _folders("*", extra) if path.is_dir())]))


def cases_of(suite: str, extra: Path | None, problems: list[Problem]) -> list[Case]:
    """The cases of a suite, those written in Python first; what cannot be read becomes problems."""
    found = list(SUITES.get(suite, ()))
    paths = [path for folder in _folders(suite, extra) for path in sorted(folder.glob("*.yaml"))]
    return found + [case for path in paths if (case := read_case(path, problems)) is not None]


def rows(extra: Path | None = None) -> list[dict[str, Any]]:
    """Every case of every suite, a row each; raises `RefusedScenario` for files that are no case."""
    problems: list[Problem] = []
    found = [
        {"suite": suite, "name": case.name, "how": case.how, "n_targets": len(case.targets), "question": case.question}
        for suite in suites(extra)
        for case in cases_of(suite, extra, problems)
    ]
    if problems:
        raise RefusedScenario(problems)
    return found


def _folders(suite: str, extra: Path | None) -> list[Path]:
    homes = [folder / "validation" for folder in (config_folder(), extra) if folder is not None]
    return [path for home in homes for path in sorted(home.glob(suite))]


def read_case(path: Path, problems: list[Problem]) -> Case | None:
    """The case of a file, or None with every problem appended, each naming the file and the key."""
    mine: list[Problem] = []
    written = _read(path, mine)
    asked = build(WrittenCase, written, f"{path}:", mine) if written is not None else None
    if written is not None:
        for i, target in enumerate(asked.targets if asked else []):
            mine += _band_problems(f"targets.{i}", target)
        mine += _setting_problems(written)
    for problem in mine:
        words = problem.asked.replace(f"{path}:.", "")
        todo = problem.todo.replace(f"{path}:.", "")
        problems.append(replace(problem, asked=f"{path}: {words}", todo=todo))
    if mine or asked is None:
        return None
    targets = tuple(
        Target(t.quantity, *t.band, t.source, t.target, t.judged, t.note, t.quick_band, t.is_quick)
        for t in asked.targets
    )
    return Case(path.stem, asked.question, asked.how, asked.setting, targets, asked.quick)


def _band_problems(where: str, target: WrittenTarget) -> list[Problem]:
    problems = []
    for key, band in (("band", target.band), ("quick_band", target.quick_band)):
        low, high = band or (0.0, 0.0)
        shown = f"{where}.{key}={list(band or ())}"
        if low is None and high is None:
            why, todo = "a band without ends accepts everything", "set one end, or leave the target out"
            problems.append(Problem(shown, why, "[low, high], one of them may be null", todo))
        elif low is not None and high is not None and low > high:
            problems.append(Problem(shown, "its low end is above its high end", "[low, high]", "swap the ends"))
    if target.quick_band and not problems and not _holds(target.quick_band, target.band):
        shown, why = f"{where}.quick_band={list(target.quick_band)}", "it must be the wider of the two bands"
        problems.append(Problem(shown, why, f"a band that holds {list(target.band)}", "widen it, or leave it out"))
    return problems


def _holds(outer: Band, inner: Band) -> bool:
    is_low = outer[0] is None or (inner[0] is not None and outer[0] <= inner[0])
    return is_low and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))


def _setting_problems(written: Mapping[str, Any]) -> list[Problem]:
    """Of `how`, `setting` and `quick`, as far as these are what they should be at all."""
    how, setting, quick = written.get("how"), written.get("setting"), written.get("quick", {})
    if not isinstance(how, str):
        return []
    procedure = PROCEDURES.get(how)
    if procedure is None or procedure.setting is None:
        allowed = [name for name, known in PROCEDURES.items() if known.setting is not None]
        return [Problem(f"how={how}", "files have no such procedure", ", ".join(allowed), nearest(how, allowed))]
    if not isinstance(setting, Mapping):
        return []
    problems = _problems_of(procedure, "setting", setting)
    if isinstance(quick, Mapping) and quick:
        known = {(p.asked.removeprefix("setting."), p.why) for p in problems}
        more = _problems_of(procedure, "quick", {**setting, **quick})
        problems += [p for p in more if (p.asked.removeprefix("quick."), p.why) not in known]
    return problems


def _problems_of(procedure: Any, where: str, setting: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    found = build(procedure.setting, setting, where, problems)
    if found is None or procedure.check is None:
        return problems
    return [replace(problem, asked=f"{where}.{problem.asked}") for problem in procedure.check(found)]


class _Values(yaml.SafeLoader):
    """Plain values: no anchors, aliases, tags or dates, and no key twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML's own way)
        first: [(tag, look) for tag, look in found if not tag.endswith(":timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or event.anchor or getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(problem="anchors, aliases and tags are not read", problem_mark=event.start_mark)
        if naming.has_controls(getattr(event, "value", None) or "", but="\n\t"):
            raise yaml.MarkedYAMLError(problem="control characters are not read", problem_mark=event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        names: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in names:
                raise yaml.MarkedYAMLError(problem=f"{key.value} is set twice", problem_mark=key.start_mark)
            names.add(key.value)
        return super().construct_mapping(node, deep)


# YAML 1.1 takes 1e-3 for a word.
_Values.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
)


def _read(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    """The mapping that a file holds."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            why, allowed = "the file is too long for a case", f"at most {LARGEST // 1000} kB"
            problems.append(Problem("the file", why, allowed, "put one question into a file"))
            return None
        found = yaml.load(content.decode("utf-8"), _Values)
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        problems.append(Problem("the file", why, "a file that can be read", "check the path"))
        return None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        problems.append(Problem("the file", f"it is no plain YAML: {_text(error)}", "plain YAML, UTF-8", "correct it"))
        return None
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        keys = ", ".join(WrittenCase.__annotations__)
        problems.append(Problem("the file", "it has no keys and values", keys, "see docs/validation.md"))
        return None
    return found


def _text(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark
        return f"{error.problem}{f', line {mark.line + 1}' if mark else ''}"
    if isinstance(error, RecursionError):
        return "brackets within brackets without end"
    return re.sub(r"\s+", " ", str(error))[:200]
