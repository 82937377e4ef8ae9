"""What is to be validated: suites, cases, how exactly, and by how many processes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.request import build, folders, naming, untrusted
from experiments.request.request import Runner
from experiments.validation import files
from experiments.validation.case import Case
from sim.errors import Problem, RefusedScenario
from sim.strict import nearest

KEYS = ("suite", "case", "quick")
USUAL = ("theory", "evidence")
"""Suites where none is named."""


@dataclass(frozen=True)
class Options:
    """What is to be validated, and how."""

    suites: tuple[str, ...]
    """As they were named; the usual ones where none was."""
    cases: list[tuple[str, Case]]
    """Suite and case."""
    is_quick: bool
    runner: Runner
    words: list[str]
    only: str | None = None
    left_out: tuple[str, ...] = ()
    """Cases that are not put where time is short."""

    @property
    def name(self) -> str:
        """Of the result's folder."""
        return "-".join(filter(None, (*self.suites, self.only, "quick" if self.is_quick else "")))


def ask(overrides: list[str], extra: Path | None = None) -> Options:
    """What was typed, or `RefusedScenario` with every problem."""
    untrusted.refuse_hostile(extra, folders.config_folder())
    problems: list[Problem] = []
    text, others = _split(overrides, problems)
    suite, only, quick = text.get("suite"), text.get("case"), text.get("quick", "false").lower()
    if quick not in ("true", "false"):
        problems.append(Problem(f"quick={quick}", "it is either so or not", "true, false", "write --quick"))
    if only is not None and only.endswith((".yaml", ".yml")):
        if suite not in (None, files.OWN):
            why, todo = "a file is a suite of its own", "leave the suite out"
            problems.append(Problem(f"suite={suite}", why, f"case={only} alone", todo))
        case = files.read_case(Path(only), problems)
        suite, only, cases = files.OWN, Path(only).stem, [(files.OWN, case)] if case else []
    else:
        cases = _chosen(suite, only, extra, problems)
    problems += naming.problems_of({"suite": suite, "case": only})
    if problems:
        raise RefusedScenario(list(dict.fromkeys(problems)))
    runner = build.ask(others, extra).asking.runner
    words = [*overrides, *(["--config-dir", str(extra)] if extra else [])]
    suites = (suite,) if suite else (cases[0][0],) if only else USUAL
    left_out = tuple(case.name for _, case in cases if quick == "true" and not only and not case.is_quick)
    cases = [(name, case) for name, case in cases if case.name not in left_out]
    return Options(suites, cases, quick == "true", runner, words, only, left_out)


def _split(overrides: list[str], problems: list[Problem]) -> tuple[dict[str, str], list[str]]:
    """What is said of validation, and of the runner; the one bare word is a suite."""
    text, others = {}, []
    for word in overrides:
        key, sign, value = word.partition("=")
        if not sign:
            key, value = "suite", word
        if key.startswith("runner"):
            others.append(word)
        elif key not in KEYS or key in text:
            allowed = [*KEYS, "runner.n_workers", "runner.n_threads", "runner.kernels"]
            why = f"{key} is said twice" if key in text else "validation has no such key"
            problems.append(Problem(word, why, ", ".join(allowed), nearest(key, allowed)))
        else:
            text[key] = value
    return text, others


def _chosen(suite: str | None, only: str | None, extra: Path | None, problems: list[Problem]) -> list[tuple[str, Case]]:
    """Suite and case of all that is asked for; a case that is named is looked for in every suite."""
    known = files.suites(extra)
    if suite is not None and suite not in (*known, files.ALL):
        allowed = [*known, files.ALL]
        problems.append(
            Problem(f"suite={suite}", "there is no such suite", ", ".join(allowed), nearest(suite, allowed))
        )
        return []
    is_any = suite == files.ALL or (suite is None and only is not None)
    wanted = known if is_any else USUAL if suite is None else (suite,)
    cases = [(name, case) for name in wanted for case in files.cases_of(name, extra, problems)]
    names = [case.name for _, case in cases]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        where = ", ".join(s for s, case in cases if case.name == name)
        problems.append(
            Problem(f"case {name}", f"several cases have this name: in {where}", "one of each name", "rename yours")
        )
    if only is None:
        if not cases and not problems:
            problems.append(Problem(f"suite={suite}", "it has no cases yet", ", ".join(known), "add files to it"))
        return cases
    if only not in names:
        allowed = f"{', '.join(names)}, or a file whose name ends in .yaml"
        problems.append(Problem(f"case={only}", "there is no such case", allowed, nearest(only, names)))
    return [(name, case) for name, case in cases if case.name == only]
