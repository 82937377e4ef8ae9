"""What all questions have in common: keywords become words, and progress goes to standard error."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_lab.words import overrides_of
from sim.errors import Problem, RefusedScenario

if TYPE_CHECKING:
    from experiments.request.request import Request


def asked(
    words: Mapping[str, Any], typed: Iterable[str], config_dir: str | Path | None, **named: Any
) -> tuple[list[str], Path | None]:
    """Overrides and the user's own folder of configuration, as the verbs of the command line take them.

    Raises `RefusedScenario` for what no word can say.
    """
    from experiments.request import options

    if isinstance(typed, str):
        asked, todo = f"overrides={typed!r}", f"write overrides=[{typed!r}]"
        raise RefusedScenario([Problem(asked, "several words are a list", 'a list of "key=value"', todo)])
    extra = options.checked_folder(str(config_dir)) if config_dir is not None else None
    return overrides_of({**named, **words}, typed, extra), extra


@contextlib.contextmanager
def meanwhile(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Hear on standard error how far the work is, or nothing; gives what says a sentence there."""
    from experiments.terminal import meanwhile as channel

    with channel.quiet(is_quiet=quiet):
        yield channel.note


def refuse_shard(request: Request, verb: str) -> None:
    """Raise `RefusedScenario` for a part of a question, which has no answer of its own."""
    if (shard := request.asking.runner.shard) is not None:
        why, todo = "a part of the runs has no answer", f"use platform-lab {verb} --shard {shard}"
        raise RefusedScenario([Problem(f"runner.shard={shard}", why, "the command line", todo)])
