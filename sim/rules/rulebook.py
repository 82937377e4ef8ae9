"""Which rules are in force, how strongly, and in which order they speak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from sim.rules.hooks import Hook, Terms


class Rule(Protocol):
    """What the market needs to know of an instrument."""

    hook: ClassVar[Hook]
    """Where it acts."""
    department: ClassVar[str]
    """Who watches over it."""

    def strength(self, week: int) -> float:
        """How far it is phased in: 0 when not in force, 1 when fully."""
        ...

    def apply(self, payload: Any, /) -> None:
        """Change the payload's levers in place."""
        ...


class Rulebook:
    """The rules of a scenario in the order in which they were named."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)

    def in_force(self, week: int, *, hook: Hook | None = None, department: str | None = None) -> list[Rule]:
        """Rules in force, of one hook or department if asked."""
        return [
            rule
            for rule in self.rules
            if rule.strength(week) > 0.0 and hook in (None, rule.hook) and department in (None, rule.department)
        ]

    def bind(self, hook: Hook, terms: Terms, week: int, *, is_whole: bool = False) -> None:
        """Let every rule in force at this hook act on the terms, as strongly as it is phased in, or fully."""
        for rule in self.in_force(week, hook=hook):
            terms.lean(allowed_by(rule, terms), 1.0 if is_whole else rule.strength(week))


def allowed_by(rule: Rule, terms: Terms) -> Terms:
    """The terms as they would be under this rule, fully phased in."""
    allowed = terms.copy()
    rule.apply(allowed)
    return allowed
