"""Where it is said how far the work is: standard error, or nowhere while somebody wants quiet."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import TextIO

from sim.kernels import cache

_quiet: ContextVar[TextIO | None] = ContextVar("quiet", default=None)


def stream() -> TextIO:
    """Where to write what is said meanwhile."""
    return _quiet.get() or sys.stderr


def note(text: str) -> None:
    """Say a sentence at once."""
    print(text, file=stream(), flush=True)


def notes(texts: Iterable[str]) -> None:
    """Say sentences at once, each on a line of its own."""
    for text in texts:
        note(text)


@contextlib.contextmanager
def quiet(*, is_quiet: bool = True) -> Iterator[None]:
    """Until the block is left nothing is said meanwhile, not even that loops are compiled."""
    if not is_quiet:
        yield
        return
    log = logging.getLogger(cache.LOGGER)
    level = log.level
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        token = _quiet.set(nowhere)
        log.setLevel(logging.ERROR)
        try:
            yield
        finally:
            log.setLevel(level)
            _quiet.reset(token)
