"""The page docs/reference.md, from signatures and docstrings.

python -m platform_lab.reference > docs/reference.md
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import platform_lab
from experiments.terminal import consoles
from platform_lab import agents, answers

QUESTIONS = ("compare", "sweep", "run", "calibrate", "validate")
KEPT = ("load", "report", "query", "list")
MODELS = ("model", "Model")
RESULTS = (answers.Answer, answers.Run, answers.Calibration, answers.Validation)
ERRORS = ("PlatformLabError", "RefusedScenario", "Problem")
WIDTH = 100
HEAD = """\
# Reference: the laboratory from Python

{doc}

This page is made of signatures and docstrings by `python -m platform_lab.reference`, and a test compares. `Choice` is
`str | Mapping[str, Any] | Sequence[Any]`: the name of a choice, values of a group by key, or several choices.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD.format(doc=_doc(platform_lab))]
    for title, names in (("Questions", QUESTIONS), ("What is there", KEPT), ("Models", MODELS)):
        parts += [f"## {title}\n", *(_of_callable(f"lab.{name}", getattr(platform_lab, name)) for name in names)]
    parts += ["## Results\n", *map(_of_result, RESULTS)]
    parts += ["## Errors\n", *(f"### `lab.{name}`\n\n{_doc(getattr(platform_lab, name))}\n" for name in ERRORS)]
    parts += ["## `platform_lab.agents`\n", f"{_doc(agents)}\n", *map(_line, agents.__all__)]
    return "\n".join(parts).rstrip() + "\n"


def _of_callable(name: str, value: Any) -> str:
    return f"### `{name}`\n\n```python\n{_signature(name, value)}\n```\n\n{_doc(value)}\n"


def _of_result(kind: type) -> str:
    members = [f"* `{name}`: {_indented(text)}" for name, text in _members(kind)]
    return "\n".join([f"### `{kind.__name__}`\n\n{_doc(kind)}\n", *members, ""])


def _members(kind: type) -> Iterator[tuple[str, str]]:
    """Public properties and methods, its own before those of all results."""
    seen: set[str] = set()
    for owner in kind.__mro__[:-1]:
        for name, value in vars(owner).items():
            if name.startswith("_") or name in seen:
                continue
            seen.add(name)
            if isinstance(value, property | cached_property):
                yield name, _doc(value)
            elif inspect.isfunction(value):
                yield _signature(name, value, is_method=True), _doc(value)


def _signature(name: str, value: Any, *, is_method: bool = False) -> str:
    """As it is written, in lines of the page's width."""
    is_bound = is_method or inspect.isclass(value)
    if inspect.isclass(value):
        value = value.__init__
    found, parts, is_named = inspect.signature(value), [], False
    for i, one in enumerate(found.parameters.values()):
        if is_bound and i == 0:
            continue
        if one.kind is one.KEYWORD_ONLY and not is_named:
            parts.append("*")
        is_named = is_named or one.kind in (one.KEYWORD_ONLY, one.VAR_POSITIONAL)
        star = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        default = "" if one.default is one.empty else f" = {_shown(one.default)}"
        parts.append(f"{star}{one.name}: {one.annotation}{default}")
    result = "" if found.return_annotation in (found.empty, "None") else f" -> {found.return_annotation}"
    text = f"{name}({', '.join(parts)}){result}"
    if is_method or len(text) <= WIDTH:
        return text
    return "\n".join([f"{name}(", *(f"    {part}," for part in parts), f"){result}"])


def _shown(default: Any) -> str:
    return repr(default) if default is None or isinstance(default, str | int | float | tuple) else "..."


def _doc(value: Any) -> str:
    return inspect.getdoc(value) or ""


def _indented(text: str) -> str:
    return textwrap.indent(text, "  ").lstrip()


def _line(name: str) -> str:
    return f"* `{name}`: {_indented(_doc(getattr(agents, name)).partition(chr(10) * 2)[0])}"


if __name__ == "__main__":
    consoles.prepare()
    print(page(), end="")
