"""What every instrument declares: law, reading, parameters, department, hook and expected effects."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Literal, get_type_hints

from sim.parameters import Param, numbers
from sim.rules.hooks import Hook


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
    """A rule with a starting week; subclasses are final, frozen and fit on a page."""

    title: ClassVar[str]
    provisions: ClassVar[tuple[str, ...]]
    kind: ClassVar[str]
    department: ClassVar[str]
    hook: ClassVar[Hook]
    expects: ClassVar[tuple[Expect, ...]]

    start_week: int | None = None

    def apply(self, payload: Any, /) -> None:
        """Change the hook's payload in place."""
        raise NotImplementedError

    def n_breaches(self, payload: Any, /) -> int:
        """Entries of the payload that the rule does not allow: what an inspection can find."""
        raise NotImplementedError

    @classmethod
    def parameters(cls) -> dict[str, tuple[type, Param | None]]:
        """Parameters of the instrument itself: type and, for numbers, meaning, unit, range and source."""
        hints = get_type_hints(cls, include_extras=True)
        found = {}
        for field in fields(cls):
            if field.name != "start_week":
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
