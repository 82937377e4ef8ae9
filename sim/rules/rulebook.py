"""Which rules are in force, how strongly, for whom, and in which order they act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Protocol

import numpy as np

from sim.parameters import Practice
from sim.rules.hooks import Hook, Terms
from sim.rules.sanctions import Sanction

Array = np.ndarray


class Rule(Protocol):
    """What the market needs to know of an instrument."""

    hook: ClassVar[Hook]
    """Where it acts."""
    department: ClassVar[str]
    """The department that enforces it."""
    practices: ClassVar[tuple[Practice, ...]]
    """Practices that it is about, if its hook is theirs."""

    @property
    def smallest_share(self) -> float:
        """Share of orders from which a platform is bound."""
        ...

    @property
    def sanction(self) -> Sanction:
        """What breaking it costs."""
        ...

    @property
    def binds_from(self) -> float:
        """Share of orders from which other rules bind, if this rule says so; 0 otherwise."""
        ...

    @property
    def zones_share(self) -> float:
        """Share of zones in which it is in force."""
        ...

    def strength(self, week: int) -> float:
        """How far it is phased in: 0 when not in force, 1 when fully."""
        ...

    def time_left(self, week: int) -> float:
        """Part of the time to adapt that is still to come: 0 once breaches are sanctioned."""
        ...

    def foreseen(self) -> Rule:
        """The same rule in force from its announcement on, as those who know of it take it into account."""
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

    def pilot_share(self, week: int, hook: Hook) -> float:
        """Share of zones in which the rules of a hook that is piloted are in force; 1 where none is."""
        return min((rule.zones_share for rule in self.in_force(week, hook=hook)), default=1.0)

    def foreseen(self) -> Rulebook:
        """The rules as platforms take them into account: announced ones count."""
        return Rulebook([rule.foreseen() for rule in self.rules])

    def bind(
        self,
        hook: Hook,
        terms: Terms,
        week: int,
        *,
        is_whole: bool = False,
        coverage: Coverage | None = None,
        is_in_pilot: bool = True,
    ) -> None:
        """Let every rule in force at this hook act on the terms, as far as it is phased in, or fully (`is_whole`).

        Outside the zones of a pilot its rules do not act. `coverage` says whom rules bind and who breaches them;
        without it they bind all platforms, which comply.
        """
        # In the order of the scenario, each on what the ones before have left; breaches come after all of them, since
        # a breach is a part of the whole distance between desired and allowed terms.
        desired = terms.copy() if coverage is not None and coverage.breach is not None else None
        for rule in self.in_force(week, hook=hook):
            if rule.zones_share < 1.0 and not is_in_pilot:
                continue
            strength = 1.0 if is_whole else rule.strength(week)
            terms.lean(allowed_by(rule, terms), strength if coverage is None else strength * coverage.of(rule))
        if coverage is not None and coverage.breach is not None and desired is not None:
            terms.fall_short(desired, coverage.breach)


class Coverage:
    """Whom rules bind and who breaches them, entry by entry of a payload (n); in the mean over zones if asked."""

    def __init__(self, order_share: Array, bound: Array | None, breach: Array | None, *, is_mean: bool = False) -> None:
        self.order_share, self.bound, self.breach, self.is_mean = order_share, bound, breach, is_mean

    def of(self, rule: Rule) -> Array | float:
        """How far a rule binds each entry: by size, by the share of zones, and by the scope of rules."""
        size = np.where(self.order_share >= rule.smallest_share, 1.0, 0.0) if rule.smallest_share > 0.0 else 1.0
        size = size * rule.zones_share if self.is_mean else size
        return size if self.bound is None else size * self.bound


def is_about_size(rules: Iterable[Rule]) -> bool:
    """Whether some of these rules bind platforms by their size, or say which sizes others bind."""
    return any(rule.smallest_share > 0.0 or rule.hook is Hook.SCOPE for rule in rules)


def allowed_by(rule: Rule, terms: Terms) -> Terms:
    """The terms as they would be under this rule, fully phased in."""
    allowed = terms.copy()
    rule.apply(allowed)
    return allowed
