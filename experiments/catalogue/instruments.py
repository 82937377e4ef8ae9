"""Rules of the catalogue on the terminal: one table of all, or everything that some of them declare."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from analysis.wording.numbers import uncapital
from experiments.catalogue import rules
from experiments.request.parameters import Declaration, parameter
from experiments.terminal.tables import wrapped
from sim.errors import Problem, RefusedScenario
from sim.parameters import Param
from sim.policy.catalogue import CATALOGUE
from sim.policy.instrument import TIMING, AbstractInstrument
from sim.strict import nearest

LEVER = "policy lever"
_SOURCE = re.compile(rf"(?P<basis>law|data|assumption I-\d{{2,3}}): (?P<words>.+)|{LEVER}(?:[;:,] (?P<about>.+))?")


def basis_of(note: Param | None) -> tuple[str, str]:
    """Basis of a rule's parameter, and what its source says besides.

    A source begins with `law: ` (a figure of a rule in force or proposed somewhere), `data: ` (measured),
    `policy lever` (the question itself) or `assumption I-nn: ` (to be swept over its range). A choice among words is a
    policy lever. A source that begins otherwise has no basis.
    """
    if note is None:
        return LEVER, ""
    found = _SOURCE.fullmatch(note.source)
    if found is None:
        return "", note.source
    return found["basis"] or LEVER, found["words"] or found["about"] or ""


def article_of(kind: type[AbstractInstrument]) -> str:
    """Article of the first provision that a rule stands for, which is where its file lies: `A8`."""
    return kind.provisions[0].partition(".")[0]


def list_instruments(words: list[str], extra: Path | None) -> None:
    """All rules in a table, or some in full."""
    if not words:
        _table()
        print("\nplatform-lab list instruments NAME or ARTICLE    describes some in full: minimum_pay, A8")
        print("platform-lab list provisions NAME                provisions of the law that it models")
    for name in chosen(words):
        _entry(name, CATALOGUE[name])
        print()
    if words:
        print("Every rule: policy.NAME.KEY=VALUE with")
        for key in TIMING:
            about = parameter(f"policy.{next(iter(CATALOGUE))}.{key}")
            wrapped(
                f"{key} = {_shown(getattr(AbstractInstrument(), key))}  ({about.label}: {uncapital(about.meaning)})",
                "  ",
            )
    print("\nSeveral rules combine: 'policy=[commission_cap,minimum_pay]';")
    print("several policies are compared: platform-lab sweep 'policy=[a],[b],[a,b]'")


def chosen(words: list[str]) -> list[str]:
    """Names of rules by name or article, each once, in the order asked; an unknown word is refused."""
    articles: dict[str, list[str]] = {}
    for name, kind in CATALOGUE.items():
        articles.setdefault(article_of(kind), []).append(name)
    known = [*CATALOGUE, *articles]
    problems = [
        Problem(f"list instruments {word}", "there is no such rule or article", ", ".join(known), nearest(word, known))
        for word in words
        if word not in known
    ]
    if problems:
        raise RefusedScenario(problems)
    return list(dict.fromkeys(name for word in words for name in articles.get(word, [word])))


def _table() -> None:
    print(f"{len(CATALOGUE)} rules: name, article, kind, department, how many parameters, title")
    rows = [
        (name, article_of(kind), kind.kind, str(kind.department), str(len(kind.parameters())), kind.title)
        for name, kind in CATALOGUE.items()
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for cells in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())


def _entry(name: str, kind: type[AbstractInstrument]) -> None:
    print(f"{name}: {kind.title}")
    wrapped(f"{kind.kind}; provisions {', '.join(kind.provisions)}; {kind.department}", "  ")
    wrapped(rules.reading(kind), "  ")
    default = kind()
    for key in kind.parameters():
        about = parameter(f"policy.{name}.{key}")
        print(f"  {about.key} = {_shown(getattr(default, key))}")
        wrapped(
            f"{about.label}: {uncapital(about.meaning)}; {', '.join((*_unit(about), about.allowed))}",
            "      ",
        )
        basis, words = basis_of(about.note)
        wrapped(f"basis: {basis or 'not stated'}{f' ({words})' if words else ''}", "      ")
    own = {key: getattr(default, key) for key in TIMING if getattr(default, key) != getattr(AbstractInstrument(), key)}
    for key, value in own.items():
        if value is not None:
            about = parameter(f"policy.{name}.{key}")
            print(f"  {about.key} = {_shown(value)}")
            wrapped(f"{about.label}: {about.meaning.partition(';')[0]}", "      ")
    for expected in kind.expects:
        wrapped(f"expects {expected.metric} {expected.sign}: {expected.why}", "  ")


def _shown(value: Any) -> str:
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _unit(about: Declaration) -> tuple[str, ...]:
    return (about.unit,) if about.is_number else ()
