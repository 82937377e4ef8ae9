"""A question as a configuration file, and a file or a command somebody pastes as a question again.

What is pasted is looked at, sign by sign, before any of it is read as YAML, and of what it says only the names and
numbers of `view` come through; nothing of it becomes a path.
"""

from __future__ import annotations

import functools
import shlex
from typing import Any
from urllib.parse import urlencode

import yaml

from experiments.dashboard.levers import levers_of
from experiments.dashboard.questions import ask
from experiments.dashboard.view import CHOICES, View, read
from experiments.request import folders, untrusted
from sim.errors import Problem, RefusedScenario
from sim.policy.catalogue import CATALOGUE

LONGEST = 200_000
"""Characters of what is pasted."""
PROGRAM = "platform-lab"


def written(view: View) -> str:
    """The configuration as resolved, as a result holds it; `platform-lab compare config=FILE` asks the same."""
    head = f"# {PROGRAM} compare config=question.yaml\n# {PROGRAM} compare {' '.join(map(shlex.quote, view.words))}\n"
    return head + yaml.safe_dump(ask(view.words).plain, sort_keys=False, allow_unicode=True)


def taken(text: str) -> View:
    """The view of a pasted configuration or command; raises `RefusedScenario` for what a view cannot hold."""
    if len(text) > LONGEST:
        why, allowed = f"it has {len(text):,} characters", f"{LONGEST:,} characters"
        raise RefusedScenario([Problem("this text", why, f"at most {allowed}", "paste less")])
    words = text.strip()
    if words.startswith(PROGRAM):
        return _of_command(words)
    look = untrusted.look_at_text(words, "the text", frozenset(folders.groups()))
    if look.problems:
        raise RefusedScenario(look.problems)
    found = yaml.safe_load(words)
    if not isinstance(found, dict) or not isinstance(found.get("sector"), dict | str):
        why, todo = "it is no configuration", "paste a config.yaml, or a line that begins with platform-lab compare"
        raise RefusedScenario([Problem("this text", why, "a configuration or a command", todo)])
    return _of_config(found)


def _of_command(line: str) -> View:
    try:
        program, verb, *words = shlex.split(line)
    except ValueError as error:
        why, todo = f"it cannot be taken apart ({error})", "copy the whole line"
        raise RefusedScenario([Problem("this command", why, "one line of a command", todo)]) from None
    if (program, verb) != (PROGRAM, "compare"):
        why, todo = "this page asks what compare asks", "use the command line"
        raise RefusedScenario([Problem(f"{program} {verb}", why, f"{PROGRAM} compare ...", todo)])
    sentence: dict[str, str] = {}
    for word in words:
        key, _, value = word.partition("=")
        if key == "policy":
            value = value.strip("[]").replace(" ", "")
        sentence[key.removeprefix("policy.")] = value.strip()
    return _viewed(sentence)


def _of_config(found: dict[str, Any]) -> View:
    sector = found["sector"] if isinstance(found["sector"], dict) else {"name": found["sector"]}
    sentence: dict[str, str] = {"sector": str(sector.get("name"))}
    sentence["population"] = str(_named(found.get("population"), "name"))
    sentence["platforms"] = str(_named(found.get("platforms"), "strategy"))
    rules = found.get("policy") if isinstance(found.get("policy"), dict) else {}
    sentence["policy"] = ",".join(map(str, rules or {}))
    for name in rules or {}:
        sentence |= _levers(str(name), (rules or {})[name])
    sentence["replicates"] = str(found.get("replicates"))
    sentence["horizon"] = _horizon(found.get("horizon"))
    view = _viewed({key: value for key, value in sentence.items() if value not in ("None", "")})
    _refuse_more(found, view)
    return view


def _named(part: Any, key: str) -> Any:
    return part.get(key) if isinstance(part, dict) else part


def _horizon(part: Any) -> str:
    return next((name for name in CHOICES["horizon"] if _plain(f"horizon={name}")["horizon"] == part), str(part))


def _levers(name: str, values: Any) -> dict[str, str]:
    if name not in CATALOGUE or not isinstance(values, dict):
        return {}
    known = {one.name: one for one in levers_of(name)}
    return {
        f"{name}.{key}": known[key].text(value) if known[key].is_number or isinstance(value, bool) else str(value)
        for key, value in values.items()
        if key in known and value != known[key].usual
    }


def _viewed(sentence: dict[str, str]) -> View:
    """A view of names and texts, all of which must be understood."""
    view, faults = read(urlencode(sentence))
    if faults:
        todo = "ask it on the command line, or leave that out"
        raise RefusedScenario([Problem("this text", one, "what this page offers", todo) for one in faults])
    return view


def _refuse_more(found: dict[str, Any], view: View) -> None:
    """Raise `RefusedScenario` where a configuration says what the view of it does not: it would be another question."""
    own = ask(view.words).plain
    problems = []
    for key in sorted({*found, *own} - {"runner"}):
        if found.get(key, own.get(key)) != own.get(key):
            where = _first_difference(found.get(key), own.get(key), key)
            why, todo = "this page offers no control for it", f"{PROGRAM} compare config=FILE"
            problems.append(Problem(where, why, "markets and numbers as they are usually", todo))
    if problems:
        raise RefusedScenario(problems[:5])


def _first_difference(a: Any, b: Any, path: str) -> str:
    if isinstance(a, dict) and isinstance(b, dict):
        for key in [*a, *(k for k in b if k not in a)]:
            if a.get(key) != b.get(key):
                return _first_difference(a.get(key), b.get(key), f"{path}.{key}")
    return f"{path}={str(a)[:60]}"


@functools.lru_cache(maxsize=16)
def _plain(*words: str) -> dict[str, Any]:
    return ask(list(words)).plain


def sector_facts(name: str) -> dict[str, str]:
    """Title and currency of a sector."""
    sector = _plain(f"sector={name}")["sector"]
    return {key: str(sector[key]) for key in ("title", "currency")}
