"""A question as a configuration file, and a file or a command somebody pastes as a question again.

What is pasted is looked at, sign by sign, before any of it is read as YAML, and of what it says only the names and
numbers of `view` come through; nothing of it becomes a path.
"""

from __future__ import annotations

import shlex
from typing import Any
from urllib.parse import urlencode

import yaml

from experiments.dashboard import questions
from experiments.dashboard.levers import levers_of
from experiments.dashboard.questions import plain
from experiments.dashboard.view import View, choices, read
from experiments.request import folders, untrusted
from sim.errors import PlatformLabError, Problem, RefusedScenario
from sim.policy.catalogue import CATALOGUE

LONGEST = 200_000
"""Characters of what is pasted."""
PROGRAM = "platform-lab"


def written(view: View) -> str:
    """The configuration as resolved, as a result holds it; `platform-lab compare config=FILE` asks the same."""
    head = f"# {questions.command(['config=question.yaml'])}\n# {questions.command(view.words)}\n"
    return head + yaml.safe_dump(questions.ask(view.words).plain, sort_keys=False, allow_unicode=True)


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
    for word in _without_folder(words):
        key, _, value = word.partition("=")
        if key == "policy":
            value = value.strip("[]").replace(" ", "")
        sentence[key.removeprefix("policy.")] = value.strip()
    return _viewed(sentence)


def _without_folder(words: list[str]) -> list[str]:
    """The words without the folder that the dashboard has; it is compared as a text and never looked for."""
    own = questions.option_words()
    if own and "=".join(own) in words:
        return [word for word in words if word != "=".join(own)]
    for place in range(len(words) - 1):
        if own and words[place : place + 2] == own:
            return words[:place] + words[place + 2 :]
    return words


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
    return next((name for name in choices("horizon") if plain(f"horizon={name}")["horizon"] == part), str(part))


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
    own = questions.ask(view.words).plain
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


def sector_facts(name: str) -> dict[str, str]:
    """Title and currency of a sector; its name and `currency` while a file of the user's own cannot be read."""
    try:
        sector = plain(f"sector={name}")["sector"]
    except PlatformLabError:  # whoever asks about it is told why
        return {"title": name, "currency": "currency"}
    return {key: str(sector[key]) for key in ("title", "currency")}


@questions.until_changed
def policy_of(name: str) -> View | None:
    """The view of a policy by the name of its file: its rules with their values; None if a view cannot hold them.

    Raises `RefusedScenario` for a file that cannot be read.
    """
    asked = questions.ask([f"policy={name}"])
    found = asked.plain["policy"]
    sentence = {"policy": ",".join(found)}
    for rule, values in found.items():
        sentence |= _levers(str(rule), values)
    view, faults = read(urlencode(sentence))
    rules = asked.scenarios[0].policy
    is_same = not faults and (not rules or questions.ask(view.words).scenarios[0].policy == rules)
    return view if is_same else None
