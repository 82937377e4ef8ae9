"""The words of a command line in Hydra's override grammar: choices of groups, values of keys, and what sweeps."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from experiments.request import folders
from experiments.request.designs import Range, stepped
from sim.errors import Problem, RefusedScenario
from sim.strict import nearest

FORBIDDEN = ("hydra", "_target_")
NO_RULE = ("policy", "none")
"""Group and name of the choice that a `glob` of several leaves out."""


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
        if not all(key.split(".")):
            problems.append(Problem(text, "it names no key", "key=value", "write the whole key"))
            continue
        if key in chosen or key in values:
            problems.append(Problem(text, f"{key} is set twice", "each key once", f"keep one; {key}=a,b sweeps"))
            continue
        if re.split(r"[./]", key)[0] in FORBIDDEN or parsed.package is not None or parsed.is_delete():
            problems.append(
                Problem(text, "this would change how Hydra itself runs", "values and choices only", f"leave {key} out")
            )
        elif key in folders.groups(extra):
            found = _choices(text, parsed, extra, problems)
            problems.extend(unknown_options(key, found, extra) or faults_of_values(text, key, found))
            chosen[key] = found
        elif _has_glob(parsed.value()):
            problems.append(_glob_elsewhere(text, key, extra))
        elif parsed.is_interval_sweep():
            interval: Any = parsed.value()
            values[key] = Range(interval.start, interval.end)
        elif parsed.is_sweep_override():
            values[key] = _swept(text, key, parsed, problems)
        else:
            values[key] = [_plain(parsed.value())]
    if problems:
        raise RefusedScenario(problems)
    return chosen, values


def _choices(text: str, parsed: Any, extra: Path | None, problems: list[Problem]) -> list[str]:
    """Options of a group that an override names, one by one or by `glob`; what cannot be named becomes a problem."""
    from hydra.core.override_parser.types import Glob, Transformer

    group, written = parsed.key_or_group, parsed.value()
    allowed = folders.options(group, extra)
    if parsed.is_interval_sweep() or parsed.is_range_sweep():
        todo = "platform-lab list shows them"
        problems.append(Problem(text, "a group is a set of files, not of numbers", ", ".join(allowed), todo))
        return []
    is_listed = parsed.is_sweep_override() and not isinstance(written, Glob)
    parts = list(parsed.sweep_iterator(transformer=Transformer.identity)) if is_listed else [written]
    if any(_has_glob(part) for part in parts if not isinstance(part, Glob)):
        why, todo = "a list combines several files, and glob compares files", "leave the brackets out"
        problems.append(Problem(text, why, f"{group}=glob(...), or names in brackets", todo))
        return []
    flat = [part for value in parts for part in (value if isinstance(value, list) else [value])]
    if any(part is None or isinstance(part, list | dict) for part in flat if not isinstance(part, Glob)):
        why, todo = "a group is chosen by the names of its files", "platform-lab list shows them"
        problems.append(Problem(text, why, f"{group}=NAME or {group}=[NAME,NAME]", todo))
        return []
    if not parsed.is_sweep_override():
        return [text.split("=", 1)[1]]
    found: list[str] = []
    for part in parts:
        names = _matching(part, allowed) if isinstance(part, Glob) else [Transformer.str(part)]
        if not names:
            todo = "* stands for any letters; platform-lab list shows all names"
            problems.append(Problem(text, f"it matches no file of {group}", ", ".join(allowed), todo))
        # Every policy is compared with no rule in any case: as one of the choices it would only have the sweep refused.
        found += [name for name in names if (group, name) != NO_RULE or len(names) == 1]
    return list(dict.fromkeys(found)) if _has_glob(parts) else found


def _matching(glob: Any, allowed: list[str]) -> list[str]:
    """Names that a `glob` picks, in the order given; Hydra's own way needs a loader of configurations."""
    wanted, unwanted = ([str(_plain(sign)) for sign in signs] for signs in (glob.include, glob.exclude))
    return [
        name
        for name in allowed
        if any(fnmatch(name, sign) for sign in wanted) and not any(fnmatch(name, sign) for sign in unwanted)
    ]


def _has_glob(value: Any) -> bool:
    """Whether a parsed value is a `glob(...)` or holds one, however deep."""
    from hydra.core.override_parser.types import ChoiceSweep, Glob

    if isinstance(value, ChoiceSweep | dict | list):
        parts = value if isinstance(value, list) else value.values() if isinstance(value, dict) else value.list
        return any(map(_has_glob, parts))
    return isinstance(value, Glob)


def _glob_elsewhere(text: str, key: str, extra: Path | None) -> Problem:
    why = f"glob chooses among the files of a group, and {key} is no group"
    return Problem(text, why, f"glob for {', '.join(folders.groups(extra))}", f"name the values: {key}=a,b,c")


def one(values: dict[str, Values], key: str) -> Any:
    """Take out the single value of a key that does not sweep; None if it is not set."""
    found = values.pop(key, [None])
    if isinstance(found, Range) or len(found) > 1:
        raise RefusedScenario([Problem(f"several values of {key}", "there is one", "one value", f"name one {key}")])
    return found[0]


def _swept(text: str, key: str, parsed: Any, problems: list[Problem]) -> list[Any]:
    """The values that a key takes in turn; each once, and none that stands for several."""
    from hydra.core.override_parser.types import RangeSweep, Transformer

    written = parsed.value()
    if isinstance(written, RangeSweep):
        found = stepped(text, written.start or 0, written.stop or 0, written.step, problems)
        if written.shuffle:
            problems.append(Problem(text, "the order of a sweep has no meaning", "range(...)", "leave shuffle out"))
        return found
    found = [_plain(value) for value in parsed.sweep_iterator(transformer=Transformer.identity)]
    problems += faults_of_values(text, key, found)
    return found


def faults_of_values(asked: str, key: str, values: list[Any]) -> list[Problem]:
    """What is wrong with a list of values that a key is to take in turn."""
    if any(isinstance(part, dict) for value in values for part in (value if isinstance(value, list) else [value])):
        todo = f"sweep the keys themselves: {key}.NAME=a,b"
        return [Problem(asked, "a value of a sweep is a number, a word or a list", f"{key}=a,b,c", todo)]
    seen: list[str] = []
    for value in map(_identity, values):
        if value in seen:
            return [Problem(asked, f"{value} is named twice", "each value once", "leave one of them out")]
        seen.append(value)
    return []


def _identity(value: Any) -> str:
    """The same word for values that are the same: 1 and 1.0, not 1 and true."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{float(value):.17g}" if is_number and abs(value) < 2**53 else str(value)


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
