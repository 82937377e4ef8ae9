"""The words of a command line in Hydra's override grammar: choices of groups, values of keys, and what sweeps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.request import folders
from experiments.request.designs import Range
from sim.errors import Problem, RefusedScenario
from sim.strict import nearest

FORBIDDEN = ("hydra", "_target_")


type Values = list[Any] | Range


def split(overrides: list[str], extra: Path | None) -> tuple[dict[str, list[str]], dict[str, Values]]:
    """Choices of groups and values of keys, each a list, of which more than one is a sweep, or a range."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    chosen: dict[str, list[str]] = {}
    values: dict[str, Values] = {}
    parser, problems = OverridesParser.create(), []
    for text in overrides:
        try:
            parsed = parser.parse_override(text)
        except HydraException:
            problems.append(
                Problem(
                    text,
                    "this is not of the form key=value",
                    "key=value, key=a,b,c or key=range(1,5)",
                    "quote brackets and spaces for the shell",
                )
            )
            continue
        key = parsed.key_or_group
        if key in chosen or key in values:
            problems.append(Problem(text, f"{key} is said twice", "each key once", f"keep one; {key}=a,b sweeps"))
            continue
        if re.split(r"[./]", key)[0] in FORBIDDEN or parsed.package is not None or parsed.is_delete():
            problems.append(
                Problem(text, "what runs where is not set this way", "values and choices only", f"leave {key} out")
            )
        elif key in folders.groups(extra):
            found = (
                [str(v) for v in parsed.sweep_string_iterator()]
                if parsed.is_sweep_override()
                else [text.split("=", 1)[1]]
            )
            problems.extend(unknown_options(key, found, extra))
            chosen[key] = found
        elif parsed.is_interval_sweep():
            interval: Any = parsed.value()
            values[key] = Range(interval.start, interval.end)
        elif parsed.is_sweep_override():
            values[key] = [_plain(v) for v in _sweep_values(parsed)]
        else:
            values[key] = [_plain(parsed.value())]
    if problems:
        raise RefusedScenario(problems)
    return chosen, values


def one(values: dict[str, Values], key: str) -> Any:
    """Take out the single value of a key that does not sweep; None if it is not said."""
    found = values.pop(key, [None])
    if isinstance(found, Range) or len(found) > 1:
        raise RefusedScenario([Problem(f"several values of {key}", "there is one", "one value", f"name one {key}")])
    return found[0]


def _sweep_values(parsed: Any) -> Iterator[Any]:
    from hydra.core.override_parser.types import Transformer

    yield from parsed.sweep_iterator(transformer=Transformer.identity)


def _plain(value: Any) -> Any:
    from hydra.core.override_parser.types import QuotedString

    if isinstance(value, QuotedString):
        return value.text
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    return value


def unknown_options(group: str, found: list[str], extra: Path | None) -> list[Problem]:
    """Names that cannot be chosen in a group."""
    allowed = folders.options(group, extra)
    asked = [name for text in found for name in re.findall(r"[^\[\],\s'\"]+", text)]
    return [
        Problem(f"{group}={name}", f"there is no such {group}", ", ".join(allowed), nearest(name, allowed))
        for name in asked
        if name not in allowed and name != "null"
    ]
