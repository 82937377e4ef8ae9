"""What every instrument declares: law, reading, parameters, department, hook and expected effects."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, get_type_hints

from sim.parameters import Param, numbers
from sim.rules.hooks import Hook

LAST_WEEK = 5_200
TIMING = ("start_week", "phase_in_weeks", "end_week", "is_on")
"""Parameters that every instrument has."""


class Department(StrEnum):
    """Who watches over a rule; the names of the departments in a sector file."""

    MARKET = "market_regulation"
    CYBERSPACE = "cyberspace_and_data"
    FINANCE = "finance"
    LABOUR = "labour"
    TAX = "tax"
    TRANSPORT = "transport"


@dataclass(frozen=True)
class Expect:
    """A metric that the instrument should move, the sign, and why."""

    metric: str
    sign: Literal["+", "-"]
    why: str


@numbers
class AbstractInstrument:
    """A rule and the weeks in which it is in force; subclasses are final, frozen and fit on a page."""

    title: ClassVar[str]
    provisions: ClassVar[tuple[str, ...]]
    kind: ClassVar[str]
    department: ClassVar[str]
    hook: ClassVar[Hook]
    expects: ClassVar[tuple[Expect, ...]]

    start_week: int | None = None
    """First week in force; without one, the horizon's policy week."""
    phase_in_weeks: Annotated[int, Param("weeks of partial force", "weeks", 0, LAST_WEEK, "policy lever")] = 0
    end_week: int | None = None
    """Last week in force; without one, to the end."""
    is_on: bool = True
    """Off, the rule is named but never in force: shapes stay the same."""

    def strength(self, week: int) -> float:
        """How far the rule is phased in: rises in equal weekly steps to 1; 0 before, after and when off."""
        is_over = self.end_week is not None and week > self.end_week
        if not self.is_on or self.start_week is None or week < self.start_week or is_over:
            return 0.0
        return min(1.0, (week - self.start_week + 1) / (self.phase_in_weeks + 1))

    def apply(self, payload: Any, /) -> None:
        """Change the payload's levers in place."""
        raise NotImplementedError

    def conflict_with(self, other: AbstractInstrument) -> str:
        """Why this rule and another cannot both be the law; empty if they can."""
        return ""

    @classmethod
    @functools.cache
    def parameters(cls) -> dict[str, tuple[type, Param | None]]:
        """Parameters of the instrument itself: type and, for numbers, meaning, unit, range and source."""
        hints = get_type_hints(cls, include_extras=True)
        found = {}
        for field in fields(cls):
            if field.name not in TIMING:
                notes = getattr(hints[field.name], "__metadata__", ())
                found[field.name] = (
                    hints[field.name],
                    next((note for note in notes if isinstance(note, Param)), None),
                )
        return found


@numbers
class Bound(AbstractInstrument):
    """Limits a lever or practice of platforms; may be broken at a risk once conduct is modelled."""

    kind: ClassVar[str] = "Bound"


@numbers
class Structure(AbstractInstrument):
    """Changes how the market works."""

    kind: ClassVar[str] = "Structure"


@numbers
class Duty(AbstractInstrument):
    """Something that platforms must do, at a cost; may be neglected at a risk once conduct is modelled."""

    kind: ClassVar[str] = "Duty"


@numbers
class Support(AbstractInstrument):
    """Money, or lower costs, that the state gives to somebody."""

    kind: ClassVar[str] = "Support"
