"""Questions that a browser asks, built one at a time: Hydra composes with what the whole process shares."""

from __future__ import annotations

import threading

from experiments.request import build
from experiments.request.request import Request

_ONE_AT_A_TIME = threading.RLock()


def ask(words: list[str]) -> Request:
    """A question of validated overrides; raises `RefusedScenario` for what cannot be."""
    with _ONE_AT_A_TIME:
        return build.ask(words)
