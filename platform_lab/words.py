"""Keywords of Python as words of the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import Problem, RefusedScenario

type Choice = str | Mapping[str, Any] | Sequence[Any]
"""A choice of a group: its name; names and values of it as a mapping; several as a list."""

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
"""Texts that need no quotes."""
NO_TEXT = ("null", "true", "false", "nan", "inf")
"""Texts that without quotes would be something else."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
KEY = re.compile(r"[A-Za-z0-9_.-]+")
VALUES = "a number, a text, True or False, None, a list, or a mapping of these"


def overrides_of(words: Mapping[str, Any], typed: Iterable[str] = (), extra: Path | None = None) -> list[str]:
    """The overrides that keywords stand for, and behind them those that are typed out.

    A mapping under a group (`population={"n_consumers": 600}`) is a value for each of its keys; under `policy` its keys
    are the rules that are chosen, too. A list in a part of the scenario is several values to try, which only a sweep
    takes; a tuple is one value that is a list. A key that is None is not said; below a group None is a value. Raises
    `RefusedScenario` for what no word can say.
    """
    from experiments.request import folders

    groups, found = folders.groups(extra), []
    for key, value in words.items():
        if value is None and "." not in key:
            continue
        if key == "policy":
            found += _policy(_plain(value))
        elif key in groups and isinstance(value, Mapping):
            found += _below(key, value)
        elif key in groups:
            found.append(f"{key}={','.join(_name(key, one) for one in _listed(key, _plain(value)))}")
        else:
            found.append(_one(key, _plain(value)))
    return [*found, *typed]


def _policy(value: Any) -> Iterator[str]:
    """Rules by name, or rules with their parameters, or several policies to try."""
    if isinstance(value, Mapping):
        yield f"policy={_rules(value)}"
        for name, parameters in value.items():
            if isinstance(parameters, Mapping):
                yield from _below(f"policy.{name}", parameters)
            elif parameters is not None:
                why, allowed = "a rule is named with its parameters", '{"commission_cap": {"ceiling": 0.1}}'
                raise _refused(f"policy={{{name!r}: {parameters!r}}}", why, allowed, "write a mapping, or an empty one")
    elif isinstance(value, list | tuple) and not all(isinstance(one, str) for one in value):
        yield f"policy={','.join(_tried(one) for one in value)}"
    else:
        yield f"policy={_rules(value)}"


def _tried(one: Any) -> str:
    """One policy among several."""
    if isinstance(one, Mapping):
        if any(one.values()):
            todo = "write the names in a list, and the parameters as words of their own, policy.NAME.KEY"
            raise _refused(f"policy={one!r} among several", "of several policies each is named only", "[names]", todo)
        one = [*one]
    return _rules(one)


def _rules(value: Any) -> str:
    """`[commission_cap,minimum_pay]`, or `none`."""
    if isinstance(value, str):
        return _name("policy", value)
    if not isinstance(value, list | tuple | Mapping):
        todo = 'write for example policy="commission_cap"'
        raise _refused(f"policy={value!r}", "a policy is rules by name", "a name, a list of names, a mapping", todo)
    names = [_name("policy", one) for one in value]
    return f"[{','.join(names)}]" if names else "none"


def _name(group: str, value: Any) -> str:
    """The name of a choice."""
    if value is None:
        return "null"
    if not isinstance(value, str) or not NAME.fullmatch(value):
        from experiments.request import folders

        allowed = ", ".join(folders.options(group))
        raise _refused(f"{group}={value!r}", "it is no name of a choice", allowed, "write one of the names")
    return value


def _below(path: str, values: Mapping[str, Any]) -> Iterator[str]:
    """`path.key=value` for every key, however deep."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _below(f"{path}.{key}", value)
        else:
            yield _one(f"{path}.{key}", _plain(value))


def _one(key: str, value: Any) -> str:
    """`key=value`, or `key=a,b,c` for several values of a part of the scenario."""
    from experiments.request.composition import SCENARIO_KEYS

    if not KEY.fullmatch(key):
        raise _refused(f"{key}={value!r}", "it is no key", "letters, digits, _ and full stops", "check the spelling")
    if key.split(".")[0] in SCENARIO_KEYS:
        return f"{key}={','.join(_written(key, one) for one in _listed(key, value))}"
    return f"{key}={_written(key, value)}"


def _listed(key: str, value: Any) -> list[Any]:
    """Values to try: those of a list, or the one there is."""
    if value == []:
        raise _refused(f"{key}=[]", "it names no value", "at least one", "name one, or leave the key out")
    return value if isinstance(value, list) else [value]


def _plain(value: Any) -> Any:
    """Numbers and arrays of NumPy and pandas as Python's own."""
    if isinstance(value, range | set | frozenset):
        return [*value]
    return value.tolist() if hasattr(value, "tolist") else value


def _written(key: str, value: Any) -> str:
    """A value in Hydra's grammar."""
    value = _plain(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str | Path):
        return quoted(str(value))
    if isinstance(value, list | tuple):
        return f"[{','.join(_written(key, one) for one in value)}]"
    if isinstance(value, Mapping):
        wrong = [name for name in value if not isinstance(name, str) or not KEY.fullmatch(name)]
        if wrong:
            raise _refused(f"{key}={{{wrong[0]!r}: ...}}", "it is no key", "plain words", "check the spelling")
        return f"{{{','.join(f'{name}: {_written(key, one)}' for name, one in value.items())}}}"
    raise _refused(f"{key}={value!r}", f"a {type(value).__name__} is no value", VALUES, "write it as one of these")


def quoted(text: str) -> str:
    """A text as Hydra reads it again, in quotes where it needs some."""
    if PLAIN.fullmatch(text) and text.lower() not in NO_TEXT:
        return text
    text = re.sub(r"(\\*)'", lambda found: found[1] * 2 + r"\'", text)
    return "'" + re.sub(r"(\\+)$", lambda found: found[1] * 2, text) + "'"


def _refused(asked: str, why: str, allowed: str, todo: str) -> RefusedScenario:
    return RefusedScenario([Problem(asked, why, allowed, todo)])
