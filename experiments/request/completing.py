"""Completions of a half-typed word of the command line, from names of files and texts of code alone.

A shell waits while this runs, so nothing of the economy is imported; an error gives no candidates and no message.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import os
import re
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.request import folders, options
from sim import policy

KEYS_BESIDE = ("config", "from_snapshot", "snapshot_week")
"""Keys that a request has besides those of the top configuration."""
NOT_TYPED = ("defaults", "levers", "uncertainties")
"""Keys of the top configuration that cannot be typed on the command line."""
WORDS = {
    "list": ("choices", "instruments", "provisions", "metrics", "assumptions", "cases", "results"),
    "store": ("check", "compact", "prune", "log"),
    "completion": ("bash", "zsh", "fish"),
    "validate": ("theory", "evidence", "mean_field", "example", "all", "case="),
}
"""First words of verbs that compose no scenario."""
NEXT = {("store", "prune"): ("results",), ("list", "assumptions"): ("sector=",)}
OWN = {
    "run": ("--multirun",),
    "compare": ("--brief", "--multirun", "--shard"),
    "sweep": ("--shard",),
    "list": ("--markdown",),
    "validate": ("--quick",),
    "report": ("--export",),
    "dashboard": ("--host", "--port", "--token", "--public-url"),
}
"""Options of single verbs."""
VALUED = (*options.VALUED, "--export", "--host", "--port", "--token", "--public-url")
"""Options that are followed by their value."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_NAMES = re.compile(r"[A-Za-z0-9_-]+")


def main(asked: Sequence[str], verbs: Sequence[str]) -> None:
    """Print what the last word may become, one a line.

    `asked` is `words` and what was typed behind the command, or `line`, the line up to the cursor and the part of its
    last word that the shell replaces.
    """
    with contextlib.suppress(Exception):
        words, hidden = list(asked[1:]), 0
        if asked[0] == "line":
            line, seen = asked[1:]
            words = _split(line)[1:]
            hidden = len(words[-1]) - len(seen) if words[-1].endswith(seen) else 0
        for word in candidates(words, verbs):
            print(word[hidden:])
        sys.stdout.flush()


def _split(line: str) -> list[str]:
    """Words of a line whose last quotation may still be open; the last one is empty behind a space."""
    for ending in ("", "'", '"'):
        with contextlib.suppress(ValueError):
            words = shlex.split(line + ending)
            return [*words, ""] if not ending and line[-1:].isspace() else words
    return [""]


def candidates(words: Sequence[str], verbs: Sequence[str]) -> list[str]:
    """What the last of the words behind the command may become, in order."""
    *before, word = words or [""]
    word = word.lstrip("'\"")
    extra = _folder_in(before)
    found = _possible(before, word, verbs, extra)
    return sorted({one for one in found if one.startswith(word)})


def _possible(before: list[str], word: str, verbs: Sequence[str], extra: Path | None) -> Iterable[str]:
    if before and (option := _named(before[-1])) in VALUED:
        return ("job",) if option == "--cfg" else ()
    plain = _without_options(before)
    verb = next((one for one in plain if one in verbs), "")
    is_swept = {"-m", "--multirun"} & set(before)
    if word.startswith("-"):
        return _flags(verb, before)
    if not verb and not is_swept:
        return verbs
    if not verb or verb in options.ASKING:
        return _overrides(before, word, extra)
    typed = plain[plain.index(verb) + 1 :]
    if typed[:1] == ["assumptions"] and "=" in word:
        return _overrides(typed, word, extra)
    if typed[:1] in (["instruments"], ["provisions"]):
        return _instruments(extra)
    if not typed:
        return [*WORDS.get(verb, ()), *(_suites(extra) if verb == "validate" else ())]
    return NEXT.get((verb, typed[-1]), ())


def _named(word: str) -> str:
    """The long name of an option behind which its value stands apart."""
    return options.SHORT.get(word, word)


def _without_options(words: list[str]) -> list[str]:
    """What is no option and no option's value."""
    is_value = [False, *(_named(word) in VALUED for word in words)]
    return [word for word, is_one in zip(words, is_value, strict=False) if not is_one and not word.startswith("-")]


def _flags(verb: str, before: list[str]) -> list[str]:
    """Options of a verb, or those that need none."""
    if not verb:
        return ["--help", "--version", "--multirun"]
    asking = ["--cfg", *(["--package", "--resolve"] if {"-c", "--cfg"} & set(before) else [])]
    return ["--help", "--config-dir", *(asking if verb in options.ASKING else []), *OWN.get(verb, ())]


def _folder_in(before: list[str]) -> Path | None:
    """The folder that `--config-dir` names, if there is one."""
    for i, word in enumerate(before):
        name, _, value = word.partition("=")
        if _named(name) == "--config-dir":
            value = value or " ".join(before[i + 1 : i + 2])
            return folder if value and (folder := Path(os.path.expanduser(value))).is_dir() else None
    return None


def _overrides(before: list[str], word: str, extra: Path | None) -> list[str]:
    """Groups, their choices, and keys of what is chosen."""
    sentence = {key: value for key, is_set, value in (one.partition("=") for one in before) if is_set}
    groups, (key, is_value, value) = folders.groups(extra), word.partition("=")
    if is_value:
        start = re.match(r".*[\[,(]|", value)[0]  # pyright: ignore[reportOptionalSubscript]
        taken = _NAMES.findall(start)
        return [f"{key}={start}{name}" for name in _choices(key, extra) if name not in taken] if key in groups else []
    if "." in word:
        parent = word.rpartition(".")[0]
        return [f"{parent}.{name}" for name in _keys_below(parent.split("."), sentence, extra)]
    top = re.findall(r"^([a-z_]+):", (folders.config_folder() / "config.yaml").read_text("utf-8"), re.MULTILINE)
    keys = [f"{one}=" for one in (*groups, *top, *KEYS_BESIDE) if one not in sentence and one not in NOT_TYPED]
    return [*keys, *(f"{group}." for group in groups if group in sentence and _keys_below([group], sentence, extra))]


def _choices(group: str, extra: Path | None) -> list[str]:
    """Choices of a group whose names are plain words: what a shell reads holds nothing else."""
    return [name for name in folders.options(group, extra) if _PLAIN.fullmatch(name)]


def _suites(extra: Path | None) -> list[str]:
    """Suites of validation in a folder of the user's own."""
    return [path.name for path in extra.glob("validation/*") if _PLAIN.fullmatch(path.name)] if extra else []


def _keys_below(path: list[str], sentence: Mapping[str, str], extra: Path | None) -> list[str]:
    """Keys at a dotted path in what is chosen: `name=` for a value, `name.` for more keys."""
    group, *steps = path
    if group != "policy":
        tree: Any = _tree(group, sentence)
        for step in steps:
            tree = tree.get(step) if isinstance(tree, dict) else None
        if not isinstance(tree, dict):
            return []
        return [f"{name}{'.' if isinstance(tree[name], dict) else '='}" for name in tree if _PLAIN.fullmatch(str(name))]
    chosen = _chosen_rules(sentence, extra)
    if not steps:
        return [f"{name}." for name in chosen]
    return [f"{key}=" for key in keys_of(steps[0])] if len(steps) == 1 and steps[0] in chosen else []


def _tree(group: str, sentence: Mapping[str, str]) -> Any:
    """The file of the laboratory's own that is chosen in a group, or usual there."""
    import yaml

    folder, loader = folders.config_folder(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    name = sentence.get(group)
    if name is None:
        text = (folder / "config.yaml").read_text("utf-8")
        name = next(iter(re.findall(rf"^  - {re.escape(group)}: (\w+)$", text, re.MULTILINE)), "")
    if not _PLAIN.fullmatch(name):
        return {}
    path = folder / group / f"{name}.yaml"
    return (yaml.load(path.read_text("utf-8"), loader) if path.is_file() else None) or {}


def _instruments(extra: Path | None = None) -> dict[str, Path]:
    """Files of instruments by name."""
    known = _choices("policy", extra)
    return {path.stem: path for path in sorted(_policy_folder().rglob("*.py")) if path.stem in known}


def _chosen_rules(sentence: Mapping[str, str], extra: Path | None) -> list[str]:
    """Instruments that are named, or that a file names which is chosen."""
    known, named = _instruments(extra), []
    for group in ("policy", "experiment"):
        for name in _NAMES.findall(sentence.get(group, "")):
            named.append(name)
            paths = [folder / group / f"{name}.yaml" for folder in (extra, folders.config_folder()) if folder]
            if name not in known and (path := next((path for path in paths if path.is_file()), None)):
                named += _NAMES.findall(re.sub(r"#.*", "", path.read_text("utf-8")))
    return [name for name in dict.fromkeys(named) if name in known]


def _policy_folder() -> Path:
    return Path(str(policy.__file__)).parent


@functools.cache
def _classes(path: Path) -> dict[str, ast.ClassDef]:
    body = ast.parse(path.read_text("utf-8")).body
    return {part.name: part for part in body if isinstance(part, ast.ClassDef)}


def keys_of(instrument: str) -> list[str]:
    """Keys of an instrument, its own first, as its file and that of all instruments declare them."""
    own = _classes(_instruments()[instrument])
    classes = _classes(_policy_folder() / "instrument.py") | own
    found, waiting = [], [list(own)[-1]]
    while waiting:
        name = waiting.pop(0)
        if name in classes:
            found += [
                part.target.id
                for part in classes[name].body
                if isinstance(part, ast.AnnAssign)
                and isinstance(part.target, ast.Name)
                and "ClassVar" not in ast.unparse(part.annotation)
            ]
            waiting += [ast.unparse(base) for base in classes[name].bases]
    return list(dict.fromkeys(found))
