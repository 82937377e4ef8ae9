"""Problems of a case's setting that types cannot find: overrides, metrics, names that refer to each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from experiments.request import build, naming, refusals, untrusted
from experiments.results import stopping
from sim.errors import Problem, RefusedScenario
from sim.strict import nearest


def one_of(where: str, name: str, allowed: list[str]) -> list[Problem]:
    """A problem where a name is none of those allowed."""
    if name in allowed:
        return []
    return [Problem(f"{where}={name}", "there is no such name", ", ".join(allowed) or "none", nearest(name, allowed))]


def metric_problems(where: str, name: str, more: Sequence[str] = ()) -> list[Problem]:
    """A problem where a name is neither a weekly metric nor one of `more`."""
    from sim.metrics.registry import REGISTRY

    known = [*REGISTRY, *more]
    if name in known:
        return []
    allowed = f"{len(known)} metrics, see platform-lab list metrics"
    return [Problem(f"{where}={name}", "there is no such metric", allowed, nearest(name, known))]


def where_problems(words: Sequence[str]) -> list[Problem]:
    """Problems of overrides that set what runs where or what is read: no case may."""
    named = [word for word in words if untrusted.is_command_line_only(word.partition("=")[0])]
    why, allowed = "a case may not set what runs where, or what is read", "the command line only"
    return [Problem(naming.shown(word), why, allowed, untrusted.SAY_IT) for word in named]


def refuse_where(words: Sequence[str]) -> None:
    """Raise `RefusedScenario` if overrides say what runs where."""
    problems = where_problems(words)
    if problems:
        raise RefusedScenario(problems)


def override_problems(where: str, words: list[str], last_weeks: int = 1) -> list[Problem]:
    """Problems of the one scenario that overrides ask for, and of weeks at its end that it does not have."""
    try:
        refuse_where(words)
        request = build.ask(words)
        refusals.refuse_sweep(request, "validate")
        stopping.refuse_elsewhere(request, "validate")
    except RefusedScenario as refused:
        return [dataclasses.replace(problem, asked=f"{where}: {problem.asked}") for problem in refused.problems]
    n_weeks = request.scenarios[0].horizon.n_weeks
    if last_weeks > n_weeks:
        asked, allowed = f"last_weeks={last_weeks}", f"1 to {n_weeks}"
        return [Problem(asked, f"the run has {n_weeks} weeks", allowed, "choose fewer, or a longer horizon")]
    return []
