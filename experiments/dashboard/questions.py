"""Questions that a browser asks, with the markets and policies of the folder that the dashboard was started with.

They are built one at a time: Hydra composes with what the whole process shares. What follows from files is remembered
until one of them changes, so that a market that is being written can be looked at without starting anew.
"""

from __future__ import annotations

import functools
import shlex
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from experiments.request import build, folders
from experiments.request.request import Request
from sim.errors import PlatformLabError

OPTION = "--config-dir"
OFFERED = ("sector", "policy")
"""Groups whose files in a user's folder can be chosen on the page."""
LOOK_EVERY = 0.5
"""Seconds between two looks at the folders."""
MOST_KEPT = 256
_ONE_AT_A_TIME = threading.RLock()


class _Folder:
    """The user's folder, and how often files have changed since the dashboard was started."""

    path: Path | None = None
    edition = 0
    state: folders.State = ()
    looked = -LOOK_EVERY


def use(folder: Path | None) -> None:
    """Take markets and policies of a folder as well; raises `RefusedScenario` for files that cannot be composed."""
    before = _Folder.path
    _Folder.path = folder
    look(at_once=True)
    try:
        for group in OFFERED:
            for name in own(group):
                ask([f"{group}={name}"])
    except PlatformLabError:
        _Folder.path = before
        raise


def folder() -> Path | None:
    """The user's folder, if there is one."""
    return _Folder.path


def look(*, at_once: bool = False) -> None:
    """Forget what was remembered if a file has changed since the last look; one look every moment is enough."""
    with _ONE_AT_A_TIME:
        if not at_once and time.monotonic() - _Folder.looked < LOOK_EVERY:
            return
        _Folder.looked = time.monotonic()
        state = folders.state(_Folder.path)
        if state != _Folder.state:
            _Folder.state = state
            _Folder.edition += 1


def edition() -> int:
    """A number that is another one whenever files have changed."""
    return _Folder.edition


def until_changed[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Remember what a function returns until a file of the folders changes."""

    @functools.lru_cache(maxsize=MOST_KEPT)
    def kept(edition: int, *arguments: Any) -> R:
        return function(*arguments)  # pyright: ignore[reportCallIssue]

    @functools.wraps(function)
    def found(*arguments: P.args, **named: P.kwargs) -> R:
        assert not named, "what is remembered is asked by place"
        return kept(_Folder.edition, *arguments)

    return found


def own(group: str) -> list[str]:
    """Choices of a group that lie in the user's folder, those among them that take the place of a built-in one."""
    if _Folder.path is None:
        return []
    return sorted(path.stem for path in (_Folder.path / group).glob("*.yaml"))


def option_words() -> list[str]:
    """What a command needs besides, to find the same files."""
    return [OPTION, str(_Folder.path)] if _Folder.path is not None else []


def command(words: list[str]) -> str:
    """The line that asks the same in a terminal."""
    return shlex.join(["platform-lab", "compare", *words, *option_words()])


def ask(words: list[str]) -> Request:
    """A question of validated overrides; raises `RefusedScenario` for what cannot be."""
    with _ONE_AT_A_TIME:
        return build.ask(words, _Folder.path)


@until_changed
def plain(*words: str) -> dict[str, Any]:
    """The configuration of such a question as resolved; raises `RefusedScenario`."""
    return ask(list(words)).plain


def usual(rule: str) -> Mapping[str, Any]:
    """Values that a file of the user's gives a rule where it is chosen by its name; empty where no file does."""
    if rule not in own("policy"):
        return {}
    try:
        return dict(plain(f"policy={rule}")["policy"].get(rule) or {})
    except PlatformLabError:  # whoever chooses the rule is told why
        return {}
