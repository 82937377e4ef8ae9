"""Configuration files from somebody else: before Hydra reads any, all are checked, and refused if they could do harm.

They set values and choose among files with plain names; what runs where and what is read is set on the command line.
Nothing here builds what a file describes: YAML is read as events, one by one, and the first excess ends the reading.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from experiments.request import naming, surprises
from sim.errors import Problem, RefusedScenario

MOST_BYTES = 1_000_000
DEEPEST = 20
MOST_PROBLEMS = 5
"""Of one file."""
MOST_INCLUDED = 50
"""Files that one choice may include through defaults of others."""
CASES = "validation"
RESERVED = ("runner", "hydra")
"""Groups of which no folder but the laboratory's own may hold a file."""
COMMAND_LINE_ONLY = (*RESERVED, "snapshot_week", "from_snapshot")
SAY_IT = "set it on the command line"
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
HEADER = re.compile(r"\s*#+\s*@")
PACKAGES = {"experiment": "_global_", "policy": "policy.NAME"}
"""Where the files of a group may put their values; all others only where their folder says."""
CHOICE = re.compile(r"(?:override )?/?([a-z_]+)")

Name = tuple[str, str]
"""Group and stem of a file."""


@dataclass
class _Node:
    """A piece of YAML as it was written."""

    line: int
    text: str | None = None
    is_plain: bool = False
    """Written without quotes, so that YAML decides what it is."""
    tag: str = ""
    items: list[_Node] | None = None
    pairs: list[tuple[_Node, _Node]] | None = None


class _Enough(Exception):
    """Reading ends here."""


@dataclass
class _Look:
    """A file under examination."""

    where: str
    groups: frozenset[str]
    problems: list[Problem] = field(default_factory=list)
    includes: list[Name] = field(default_factory=list)

    @property
    def group(self) -> str:
        """The folder that the file lies in."""
        return self.where.split("/")[0]

    def refuse(self, line: int, what: str, why: str, allowed: str, todo: str) -> None:
        """Note a problem; a few are enough for one file."""
        self.problems.append(
            Problem(f"{naming.shown(self.where, 200)}, line {line}: {naming.shown(what)}", why, allowed, todo)
        )
        if len(self.problems) >= MOST_PROBLEMS:
            raise _Enough

    def last(self, *words: str, line: int = 1) -> _Enough:
        """Note the problem after which nothing more can be read."""
        self.refuse(line, *words)
        return _Enough()


def is_command_line_only(key: str) -> bool:
    """Whether a key, however it is put together, names what runs where or what is read."""
    return any(step in COMMAND_LINE_ONLY for step in _steps(key))


def _steps(key: str) -> list[str]:
    return re.split(r"[^a-z0-9_]+", key.casefold())


def refuse_hostile(folder: Path | None, own: Path) -> None:
    """Raise `RefusedScenario` unless every file of a user's folder holds values and choices only."""
    if folder is None or folder.resolve() == own.resolve():
        return
    problems = problems_of(folder, own)
    if problems:
        raise RefusedScenario(problems)


def problems_of(folder: Path, own: Path) -> list[Problem]:
    """What is wrong with the files of a folder that could be composed, or read as cases."""
    groups = frozenset(path.name for path in own.iterdir() if path.is_dir()) - {CASES}
    root, problems = Path(os.path.realpath(folder)), []
    includes: dict[Name, list[Name]] = {}
    for entry in sorted(root.iterdir()):
        name = entry.name.casefold()  # where case means nothing to a disk, it means nothing here
        if name in RESERVED or name in ("config.yaml", "config.yml"):
            problems.append(_of_reserved(entry))
        elif entry.is_dir() and name not in (*groups, CASES) and any(entry.glob("*.y*ml")):
            if near := get_close_matches(name, sorted(groups), n=1, cutoff=0.6):
                why, allowed = "no group is called so, and its files would not be read", ", ".join(sorted(groups))
                problems.append(Problem(naming.shown(f"{entry.name}/"), why, allowed, f"rename it to {near[0]}/"))
        elif name in groups or name == CASES:
            for path in _paths_below(entry, root, problems):
                if name != CASES:
                    look = look_at(path, path.relative_to(root).as_posix(), groups)
                    problems += look.problems
                    includes.setdefault((path.parent.name, path.stem), []).extend(look.includes)
    return problems + _without_end(includes)


def _of_reserved(entry: Path) -> Problem:
    if entry.name.casefold().startswith("config."):
        why, todo = "the laboratory reads its own, never this one", "put it into experiment/ under another name"
        return Problem(entry.name, why, "folders of groups, such as sector/", todo)
    why = "a file may not say what runs where"
    return Problem(f"{entry.name} in --config-dir", why, "the command line only", f"remove it and {SAY_IT}")


def _paths_below(group: Path, root: Path, problems: list[Problem]) -> Iterator[Path]:
    """Every YAML file of a group; links to other folders become problems."""
    if _leads_out(group, root, problems):
        return
    if not group.is_dir():
        why, todo = f"{group.name} is the name of a group", "make it a folder, or rename it"
        problems.append(Problem(group.name, why, "a folder of files", todo))
        return
    for here, folders, files in os.walk(group):
        for path in (Path(here, name) for name in sorted([*folders, *files])):
            is_yaml = path.name.casefold().endswith((".yaml", ".yml"))
            if not _leads_out(path, root, problems) and is_yaml:
                if path.suffix != ".yaml":
                    asked, why = path.relative_to(root).as_posix(), "only files that end in .yaml are read"
                    todo = f"rename it to {path.stem}.yaml"
                    problems.append(Problem(naming.shown(asked, 200), why, "NAME.yaml", todo))
                yield path


def _leads_out(path: Path, root: Path, problems: list[Problem]) -> bool:
    is_out = path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root)
    if is_out:
        asked, why = path.relative_to(root).as_posix(), "it is a link to a file outside the folder"
        problems.append(Problem(naming.shown(asked, 200), why, "files of the folder", "copy the file, or remove it"))
    return is_out


def look_at(path: Path, where: str, groups: frozenset[str]) -> _Look:
    """Examine one file; `where` is how its reader calls it, its group first."""
    look = _Look(where, groups)
    with contextlib.suppress(_Enough):
        if not PLAIN.fullmatch(path.name[: path.name.rfind(".")]):
            look.refuse(1, "its name", "it is no plain name", "letters, digits, _ and -", "rename the file")
        _check(_text_of(path, look), look)
    return look


def look_at_text(text: str, where: str, groups: frozenset[str]) -> _Look:
    """Examine a text that lies in no file, such as one that was pasted."""
    look = _Look(where, groups)
    with contextlib.suppress(_Enough):
        _check(text, look)
    return look


def _check(text: str, look: _Look) -> None:
    _check_header(text, look)
    tree = _tree_of(text, look)
    if tree is not None:
        _check_tree(tree, look)


def _text_of(path: Path, look: _Look) -> str:
    if not path.is_file():
        raise look.last("the file", "it is no ordinary file", "a text file", "remove it")
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        raise look.last("the file", why, "a file that can be read", "correct or remove it") from None
    if len(content) > MOST_BYTES:
        raise look.last("the file", "it is too long", f"at most {MOST_BYTES // 1000} kB", "shorten it")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line, allowed = content[: error.start].count(b"\n") + 1, "text in UTF-8"
        raise look.last("the file", "it is no text in UTF-8", allowed, f"save it as {allowed}", line=line) from None
    if text.startswith("\ufeff"):
        why, todo = "an invisible mark precedes its first line", "save it as UTF-8 without byte order mark"
        raise look.last("the file", why, "plain UTF-8", todo)
    return text


def _check_header(text: str, look: _Look) -> None:
    """Headers say where a file's values go: the one that a group may have is its first line, or it has none."""
    package = PACKAGES.get(look.group)
    usual = re.escape(package or "").replace("NAME", "[A-Za-z0-9][A-Za-z0-9_]*")
    for number, line in enumerate(text.splitlines(), 1):
        is_usual = number == 1 and package and re.fullmatch(rf"#+ *@package +{usual} *", line)
        if HEADER.match(line) and not is_usual:
            why, allowed = "a header would decide where values go", f"# @package {package} as the first line"
            allowed = allowed if package else f"none in {look.group}/"
            look.refuse(number, line.strip(), why, allowed, "remove the header, or correct it")


def _tree_of(text: str, look: _Look) -> _Node | None:
    """What the file holds, as written; None for an empty one. Broken YAML ends the reading."""
    try:
        loader = yaml.SafeLoader(text)  # what Hydra reads with, of which only events are asked
        loader.get_event()
        if loader.check_event(yaml.StreamEndEvent):
            return None
        loader.get_event()
        tree = _node_of(loader, look, 0)
        loader.get_event()
        if not loader.check_event(yaml.StreamEndEvent):
            line = loader.peek_event().start_mark.line + 1  # pyright: ignore[reportOptionalMemberAccess]
            raise look.last("---", "there are several documents", "one a file", "make it several files", line=line)
    except yaml.YAMLError as error:
        mark, position = getattr(error, "problem_mark", None), getattr(error, "position", 0)
        line = mark.line + 1 if mark else text.count("\n", 0, position) + 1
        sentence = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read")
        raise look.last("the file", f"broken YAML: {sentence}", "plain YAML", "correct it", line=line) from None
    return tree


def _node_of(loader: yaml.SafeLoader, look: _Look, depth: int) -> _Node:
    event: Any = loader.get_event()
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
        why = "anchors and aliases are not read"
        look.refuse(line, f"{sign}{event.anchor}", why, "values as they are", "write the value out")
    tag = getattr(event, "tag", None)
    if tag:
        why = "tags are not read: a file holds values, never code"
        look.refuse(line, tag, why, "values only", "remove the tag")
    node = _Node(line)
    if isinstance(event, yaml.ScalarEvent):
        node.text = event.value
        node.tag = str(loader.resolve(yaml.ScalarNode, event.value, event.implicit)).rpartition(":")[2]
        node.is_plain = event.style is None
    elif isinstance(event, yaml.CollectionStartEvent) and depth >= DEEPEST:
        why, allowed = "it is nested too deeply", f"at most {DEEPEST} levels"
        raise look.last("the file", why, allowed, "flatten it", line=line)
    elif isinstance(event, yaml.SequenceStartEvent):
        node.items = []
        while not loader.check_event(yaml.SequenceEndEvent):
            node.items.append(_node_of(loader, look, depth + 1))
        loader.get_event()
    elif isinstance(event, yaml.MappingStartEvent):
        node.pairs = []
        while not loader.check_event(yaml.MappingEndEvent):
            node.pairs.append((_node_of(loader, look, depth + 1), _node_of(loader, look, depth + 1)))
        loader.get_event()
    return node


def _check_tree(tree: _Node, look: _Look) -> None:
    if tree.pairs is None:
        if tree.text != "":
            look.refuse(tree.line, "the file", "it has no keys and values", "key: value", "write keys and values")
        return
    for key, value in tree.pairs:
        if key.text == "defaults":
            _check_defaults(value, look)
        elif key.text == "name" and value.text is not None and (why := naming.fault_of(value.text)):
            look.refuse(value.line, f"name: {value.text}", why, naming.ALLOWED, "choose another name")
    rest = [pair for pair in tree.pairs if pair[0].text != "defaults"]
    if sum(key.text == "defaults" for key, _ in tree.pairs) > 1:
        look.refuse(tree.line, "defaults", "it is set twice", "each key once", "keep one")
    _check_values(_Node(tree.line, pairs=rest), look)


def _check_values(node: _Node, look: _Look) -> None:
    """Keys and texts, all the way down."""
    if node.text is not None:
        _check_text(node, look)
    for item in node.items or ():
        _check_values(item, look)
    seen: set[str] = set()
    for key, value in node.pairs or ():
        _check_key(key, seen, look)
        _check_values(value, look)


def _check_text(node: _Node, look: _Look) -> None:
    text = node.text or ""
    if "${" in text:
        why = "text in ${ } would be looked up or executed"
        look.refuse(node.line, text, why, "values as they are", "write the value itself")
    if naming.has_controls(text, but="\n\t"):
        look.refuse(node.line, text, "it holds control characters", "plain text", "remove them")
    if node.is_plain and (faults := surprises.surprise(node.tag, text)):
        look.refuse(node.line, text, *faults)


def _check_key(key: _Node, seen: set[str], look: _Look) -> None:
    if key.text is None or not (key.tag == "str" or key.text == "<<"):
        look.refuse(key.line, f"the key {key.text or ''}".strip(), "it is no plain word", "words", "write a word")
        return
    _check_text(key, look)
    text, once = key.text, "each key once"
    if text in seen:
        look.refuse(key.line, text, "it is set twice", once, "keep one")
    elif text == "<<":
        look.refuse(key.line, text, "merge keys are not read", "keys and values as they are", "write the values out")
    elif is_command_line_only(text):
        look.refuse(key.line, text, "a file may not say what runs where", "the command line only", SAY_IT)
    elif any(len(step) > 1 and step[0] == step[-1] == "_" for step in _steps(text)):
        why = "a configuration holds numbers and names, never code"
        look.refuse(key.line, text, why, "values only", f"remove {naming.shown(text)}")
    seen.add(text)


def _check_defaults(node: _Node, look: _Look) -> None:
    """Only choices among files whose names are plain, in groups that a file may choose in."""
    if node.items is None:
        look.refuse(node.line, "defaults", "it is no list", "- override /group: name", "write a list")
    for item in node.items or ():
        if item.text == "_self_":
            continue
        if item.text is not None:
            _include(look, look.group, item)
        elif item.pairs is not None and len(item.pairs) == 1:
            _check_choice(*item.pairs[0], look)
        else:
            allowed = "- override /group: name"
            look.refuse(item.line, "an entry of defaults", "it is no choice of a group", allowed, "name one choice")


def _check_choice(key: _Node, value: _Node, look: _Look) -> None:
    allowed = sorted(look.groups.difference(RESERVED))
    sentence = key.text if key.text is not None else "an entry of defaults"
    found = CHOICE.fullmatch(sentence)
    if is_command_line_only(sentence):
        look.refuse(key.line, sentence, "a file may not say what runs where", "the command line only", SAY_IT)
    elif not found or found[1] not in allowed:
        todo = "write override /group: name"
        look.refuse(key.line, sentence, "it is no group that a file may choose in", ", ".join(allowed), todo)
    elif value.pairs is not None:
        look.refuse(value.line, sentence, "it is no choice", "a name, or a list of names", "name a file")
    else:
        for name in [value] if value.items is None else value.items:
            if name.text not in ("null", "~", ""):
                _include(look, found[1], name)


def _include(look: _Look, group: str, node: _Node) -> None:
    text = node.text if node.text is not None else "an entry of defaults"
    if PLAIN.fullmatch(text):
        look.includes.append((group, text))
    else:
        look.refuse(node.line, text, "it is no plain name of a file", "letters, digits, _ and -", "name a file")


def _without_end(includes: dict[Name, list[Name]]) -> list[Problem]:
    """Files whose defaults bring in themselves, or one another more often than anybody needs."""
    sizes: dict[Name, float] = {}

    def size(name: Name, above: tuple[Name, ...]) -> float:
        if name in above or len(above) > DEEPEST:
            return math.inf
        if name not in sizes:
            sizes[name] = 1 + sum(size(one, (*above, name)) for one in includes.get(name, ()))
        return sizes[name]

    why, allowed = "its defaults bring in files without end", f"at most {MOST_INCLUDED} files"
    return [
        Problem(f"{naming.shown('/'.join(name))}.yaml: defaults", why, allowed, "choose fewer files")
        for name in includes
        if size(name, ()) > MOST_INCLUDED
    ][:MOST_PROBLEMS]


def checked_folder(folder: Path) -> str:
    """The whole path of a folder that Hydra reads; raises `RefusedScenario` for signs that mean something to it."""
    where = str(folder.resolve())
    if "${" in where or naming.has_controls(where):
        why = "its name has signs that mean something else to a configuration"
        raise RefusedScenario([Problem(naming.shown(where, 200), why, "plain names of folders", "rename the folder")])
    return where
