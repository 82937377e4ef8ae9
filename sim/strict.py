"""From a mapping that somebody wrote to frozen parameters, or to problems stated in the keys that were typed."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from sim.errors import Problem
from sim.parameters import Param
from sim.renamed import new_name_of

# Keys of earlier versions, as patterns: why they are gone, and what to write instead.
RENAMED = {
    "*uncertainty.numbers": (
        "assumptions have names, the same in every market: a number meant another one in each",
        "write uncertainty.assumptions=[price_speed, ...]; platform-lab list assumptions names all",
    ),
    "sector.sources.*.number": (
        "an assumption is known by its parameter, and drawn in the order in which the file states it",
        "leave `number` out",
    ),
}


def nearest(word: str, choices: list[str]) -> str:
    """What to write instead, as a sentence: the new name, the nearest spelling, or how to see all."""
    if new := new_name_of(word, choices):
        return f"`{word}` is called `{new}` now"
    matches = get_close_matches(word, choices, n=1, cutoff=0.5)
    return f"write `{matches[0]}`" if matches else "choose one of the allowed names"


@functools.cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Validator and writer of a dataclass, kept: making one takes fifty times as long as using it."""
    return TypeAdapter(kind)


def build[T](kind: type[T], given: Mapping[str, Any], path: str, problems: list[Problem]) -> T | None:
    """An instance of the dataclass `kind`, or None with every problem appended; `path` is how the user names it."""
    try:  # by way of JSON: there strictness refuses "1" for 1 but takes a mapping for a dataclass
        return adapter(kind).validate_json(json.dumps(dict(given), default=str))
    except ValidationError as error:
        problems.extend(_explain(kind, path, fault) for fault in error.errors())
        return None


def default_group(kind: type, name: str) -> dict[str, Any] | None:
    """Usual values of a group of numbers that need not be stated, as plain mappings; None if it is no such group."""
    for field in dataclasses.fields(kind):
        if field.name == name and field.default_factory is not dataclasses.MISSING:
            usual = field.default_factory()
            return dataclasses.asdict(usual) if dataclasses.is_dataclass(usual) else None  # pyright: ignore
    return None


def patched(instance: Any, steps: list[str], value: Any, path: str, problems: list[Problem]) -> Any:
    """A copy of frozen numbers with another value at `steps` below them, which alone is validated.

    Gives what `build` would give of the whole, and shares with `instance` whatever did not change.
    """
    step, *rest = steps
    if rest:
        is_group = isinstance(instance, dict)
        inner = instance[step] if is_group else getattr(instance, step)
        inner = patched(inner, rest, value, f"{path}.{step}", problems)
        return {**instance, step: inner} if is_group else dataclasses.replace(instance, **{step: inner})
    plain = adapter(type(instance)).dump_python(instance)
    return build(type(instance), {**plain, step: value}, path, problems) or instance


def _explain(kind: type, path: str, fault: Any) -> Problem:
    steps = [str(step) for step in fault["loc"]]
    name, where = ".".join([path, *steps]), _describe(kind, steps)
    if fault["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        names = _names_at(kind, steps[:-1])
        for old, (why, todo) in RENAMED.items():
            if fnmatchcase(name, old):
                return Problem(name, why, ", ".join(names), todo)
        return Problem(name, "there is no such key", ", ".join(names), nearest(steps[-1], names))
    if fault["type"] in ("missing", "missing_argument"):
        return Problem(name, "a value is missing", where, f"set {name}=...")
    asked = f"{name}={_short(fault.get('input'))}"
    return Problem(asked, str(fault["msg"]), where, f"set {name} to an allowed value")


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _names_at(kind: Any, steps: list[str]) -> list[str]:
    inner = _type_at(kind, steps)
    return [field.name for field in dataclasses.fields(inner)] if dataclasses.is_dataclass(inner) else []


def _type_at(kind: Any, steps: list[str]) -> Any:
    for step in steps:
        if dataclasses.is_dataclass(kind):
            kind = get_type_hints(kind, include_extras=True).get(step)
        else:
            kind = get_args(kind)[-1] if get_args(kind) else None
    return kind


def _describe(kind: Any, steps: list[str]) -> str:
    inner = _type_at(kind, steps)
    for note in getattr(inner, "__metadata__", ()):
        if isinstance(note, Param):
            return f"{note.low:g} to {note.high:g} {note.unit} ({note.meaning})"
    if get_origin(inner) is Literal:
        return ", ".join(map(str, get_args(inner)))
    return str(getattr(inner, "__name__", inner)).replace("typing.", "")


def parameter_notes(kind: type, steps: list[str]) -> Param:
    """The declaration (meaning, unit, range) of a number by its path below a dataclass."""
    inner = _type_at(kind, steps)
    return next(
        (note for note in getattr(inner, "__metadata__", ()) if isinstance(note, Param)),
        Param("", "-", 0.0, 0.0),
    )
