"""What every instrument declares: law, reading and its gaps, parameters, department, hook and expected effects."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self, get_type_hints

import numpy as np

from sim.parameters import Param, Practice, parameters
from sim.rules.hooks import Hook, PracticeTerms
from sim.rules.sanctions import USUAL, Sanction

LAST_WEEK = 5_200
TIMING = (
    "notice_weeks",
    "start_week",
    "grace_weeks",
    "phase_in_weeks",
    "end_week",
    "smallest_share",
    "zones_share",
    "is_on",
)
"""Parameters that every instrument has: when it is in force, and for whom."""
PENALTIES = ("fine", "fine_rate", "severity", "gain_multiple", "report_weeks")
"""Names of parameters by which instruments say what breaking them costs."""


class Department(StrEnum):
    """Who enforces a rule; the names of the departments in a sector file."""

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


@parameters
class AbstractInstrument:
    """A rule and the weeks in which it is in force; subclasses are final, frozen and fit on a page."""

    title: ClassVar[str]
    reading: ClassVar[str]
    """The rule in plain words: what the provisions ask, and how the model reads it."""
    left_out: ClassVar[str]
    """What the reading leaves out, to be said after `Left out: `; a caveat of every result with the rule."""
    meanings: ClassVar[Mapping[str, str]] = {
        "start_week": "first week in force; without one, the horizon's policy week",
        "end_week": "last week in force; without one, to the end",
        "is_on": "whether it is ever in force; off, the rule is only named, and shapes stay the same",
    }
    """What parameters that are no numbers mean, by name; numbers say it in their `Param`."""
    provisions: ClassVar[tuple[str, ...]]
    kind: ClassVar[str]
    department: ClassVar[str]
    hook: ClassVar[Hook]
    expects: ClassVar[tuple[Expect, ...]]
    practices: ClassVar[tuple[Practice, ...]] = ()
    """Practices that it limits, where its hook is theirs."""
    beside: ClassVar[tuple[str, ...]] = ()
    """Rules without which it has no effect: its effects are measured together with them."""

    notice_weeks: Annotated[
        int, Param("weeks before the start in which platforms know of the rule", "weeks", 0, LAST_WEEK, "policy lever")
    ] = 0
    start_week: int | None = None
    """First week in force; without one, the horizon's policy week."""
    grace_weeks: Annotated[
        int, Param("weeks from the start in which a breach is not sanctioned", "weeks", 0, LAST_WEEK, "policy lever")
    ] = 0
    phase_in_weeks: Annotated[
        int, Param("weeks over which it comes into force in equal steps", "weeks", 0, LAST_WEEK, "policy lever")
    ] = 0
    end_week: int | None = None
    """Last week in force; without one, to the end."""
    smallest_share: Annotated[
        float, Param("share of orders from which a platform is bound", "share of orders", 0.0, 1.0, "policy lever")
    ] = 0.0
    zones_share: Annotated[
        float,
        Param("share of zones in which it is in force, as a pilot", "share of zones", 0.0, 1.0, "policy lever"),
    ] = 1.0
    is_on: bool = True
    """Off, the rule is named but never in force: shapes stay the same."""

    def strength(self, week: int) -> float:
        """How far the rule is phased in: rises in equal weekly steps to 1; 0 before, after and when off."""
        is_over = self.end_week is not None and week > self.end_week
        if not self.is_on or self.start_week is None or week < self.start_week or is_over:
            return 0.0
        return min(1.0, (week - self.start_week + 1) / (self.phase_in_weeks + 1))

    def time_left(self, week: int) -> float:
        """Share of the weeks of grace that is still to come: 1 in the first of them, 0 once breaches are sanctioned."""
        if not self.grace_weeks or self.start_week is None:
            return 0.0
        return min(1.0, max(0.0, 1.0 - (week - self.start_week) / self.grace_weeks))

    def foreseen(self) -> Self:
        """The rule as it looks to platforms that know of it: fully in force from the first week of notice."""
        if not self.notice_weeks or self.start_week is None:
            return self
        first = max(1, self.start_week - self.notice_weeks)
        return dataclasses.replace(self, start_week=first, phase_in_weeks=0)

    @property
    def sanction(self) -> Sanction:
        """What breaking the rule costs; where a rule names nothing, the gain and a fine of the same size."""
        return USUAL

    @property
    def binds_from(self) -> float:
        """Share of orders from which other rules bind, where this one says so; 0 otherwise."""
        return 0.0

    def apply(self, payload: Any, /) -> None:
        """Change the payload's values in place."""
        raise NotImplementedError

    def conflict_with(self, other: AbstractInstrument) -> str:
        """Why this rule and another cannot both be the law; empty if they can."""
        return ""

    @classmethod
    @functools.cache
    def parameters(cls) -> dict[str, tuple[type, Param | None]]:
        """Parameters of the instrument itself: type and, for numbers, meaning, unit, range and source."""
        hints = get_type_hints(cls, include_extras=True)
        by_name = {}
        for field in fields(cls):
            if field.name not in TIMING:
                notes = getattr(hints[field.name], "__metadata__", ())
                by_name[field.name] = (
                    hints[field.name],
                    next((note for note in notes if isinstance(note, Param)), None),
                )
        return by_name


def restrain(terms: PracticeTerms, practice: Practice, left: float) -> None:
    """Let a practice go no further than this part of its observed level."""
    np.minimum(terms.intensity, left, out=terms.intensity, where=terms.practice == int(practice))


@parameters
class Bound(AbstractInstrument):
    """Limits a price or practice of platforms; platforms can break it, at a risk."""

    kind: ClassVar[str] = "Bound"


@parameters
class Duty(AbstractInstrument):
    """Something that a platform must do, at a cost; platforms can neglect it, at a risk."""

    kind: ClassVar[str] = "Duty"


@parameters
class Support(AbstractInstrument):
    """Money, traffic or lower costs for somebody."""

    kind: ClassVar[str] = "Support"


@parameters
class Structure(AbstractInstrument):
    """Changes how the market works."""

    kind: ClassVar[str] = "Structure"
