"""Which rules are in force, and in which order they speak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from sim.rules.hooks import Hook


class Rule(Protocol):
    """What the market needs to know of an instrument."""

    hook: ClassVar[Hook]
    """Where it acts."""
    department: ClassVar[str]
    """Who watches over it."""

    @property
    def start_week(self) -> int | None:
        """First week in force."""
        ...

    def apply(self, payload: Any, /) -> None:
        """Change the payload in place."""
        ...

    def n_breaches(self, payload: Any, /) -> int:
        """Entries of the payload that the rule does not allow."""
        ...


class Rulebook:
    """The rules of a scenario in the order in which they were named."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)

    def in_force(self, week: int, *, hook: Hook | None = None, department: str | None = None) -> list[Rule]:
        """Rules that have started, of one hook or department if asked."""
        return [
            rule
            for rule in self.rules
            if rule.start_week is not None and week >= rule.start_week
            and hook in (None, rule.hook) and department in (None, rule.department)
        ]  # fmt: skip

    def bind(self, hook: Hook, payload: Any, week: int) -> None:
        """Let every rule in force at this hook act on the payload."""
        for rule in self.in_force(week, hook=hook):
            rule.apply(payload)
