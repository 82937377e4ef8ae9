"""What can go wrong, explained to the person who asked."""

from __future__ import annotations

from dataclasses import dataclass


class PlatformLabError(Exception):
    """Any error that the laboratory explains instead of printing a traceback."""


@dataclass(frozen=True)
class Problem:
    """One refused request: what was asked, why it cannot be, what is allowed and what to do."""

    asked: str
    why: str
    allowed: str
    todo: str

    def __str__(self) -> str:
        return f"{self.asked}\n  why:     {self.why}\n  allowed: {self.allowed}\n  do:      {self.todo}"


class RefusedScenario(PlatformLabError):
    """A scenario that cannot be built; carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class BrokenLedger(PlatformLabError):
    """Money appeared or vanished: says the week, the account and the amounts."""


class BrokenMarket(PlatformLabError):
    """Orders, hours or people do not add up: says the week and the counts."""
