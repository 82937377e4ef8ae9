"""A case: a question, what is run, and the results expected; plain values only."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sim.errors import Problem, RefusedScenario
from sim.strict import build

if TYPE_CHECKING:
    from experiments.request.request import Runner

NAN = float("nan")
COLUMNS = (
    "case",
    "quantity",
    "target",
    "low",
    "high",
    "simulated",
    "ci_low",
    "ci_high",
    "verdict",
    "unit",
    "source",
    "note",
)
"""Columns of `table.csv`."""
Band = tuple[float | None, float | None]
"""Lowest and highest value accepted, both included; None leaves an end open."""


@dataclass(frozen=True)
class Target:
    """The range that a quantity should lie in: anything from low to high passes; None leaves an end open."""

    quantity: str
    """Name or pattern (`slope, *`) of what is measured; every target that fits is a row of its own."""
    low: float | None
    high: float | None
    source: str
    value: float | None = None
    """The fact itself, where it is one number."""
    judged: Literal["point", "interval", "overlap"] = "point"
    """What must lie in the range: the estimate, its whole 95% interval, or any part of that interval."""
    note: str = ""
    quick_band: Band | None = None
    """The wider range that applies with `quick`; without one, the range is the same."""
    is_quick: bool = True
    """Whether it applies with `quick` as well."""

    def band(self, *, is_quick: bool) -> Band:
        """The range that applies."""
        return self.quick_band if is_quick and self.quick_band else (self.low, self.high)


@dataclass(frozen=True)
class Case:
    """One question put to the laboratory."""

    name: str
    question: str
    how: str
    """Name of the procedure (`experiments.validation.procedures`)."""
    setting: Mapping[str, Any]
    """What the procedure needs: overrides as they are typed, sizes, replicates."""
    targets: tuple[Target, ...] = ()
    quick: Mapping[str, Any] = field(default_factory=dict)
    """Settings that differ with `quick`."""
    is_quick: bool = True
    """Whether it is run at all with `quick`; one that is named always is."""

    def setting_of(self, *, is_quick: bool) -> dict[str, Any]:
        """What is run."""
        return {**self.setting, **(self.quick if is_quick else {})}

    def asked(self, *, is_quick: bool) -> dict[str, Any]:
        """All that decides the result, as plain values; targets only judge it."""
        return {"how": self.how, "setting": self.setting_of(is_quick=is_quick)}

    def plain(self, *, is_quick: bool) -> dict[str, Any]:
        """The case as it was put, as plain values."""
        targets = [dataclasses.asdict(target) for target in self.targets]
        return {"name": self.name, "question": self.question, **self.asked(is_quick=is_quick), "targets": targets}


@dataclass(frozen=True)
class Measured:
    """One number that a case measured, with its 95% interval."""

    quantity: str
    unit: str
    simulated: float
    ci_low: float = NAN
    ci_high: float = NAN
    note: str = ""
    is_judged: bool = True
    """Whether targets apply to it; what was refused is only shown."""

    @classmethod
    def around(cls, quantity: str, unit: str, estimate: Sequence[float], note: str = "") -> Measured:
        """From estimate, low and high."""
        value, low, high = (float(number) for number in estimate)
        return cls(quantity, unit, value, low, high, note)


@dataclass(frozen=True)
class Found:
    """What a case measured."""

    measured: list[Measured]
    panels: list[dict[str, Any]] = field(default_factory=list)
    """Figures as plain values (`analysis.figures.validation_figure`)."""
    files: dict[str, Any] = field(default_factory=dict)
    """More results to be kept, by file name."""

    def plain(self) -> dict[str, Any]:
        """For a JSON file."""
        return dataclasses.asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Found:
        """Read back."""
        return cls([Measured(**row) for row in kept["measured"]], list(kept["panels"]), dict(kept["files"]))


class Procedure(NamedTuple):
    """How a kind of case is computed, and the type of its setting."""

    run: Callable[[Mapping[str, Any], Runner], Found]
    """Gets the setting as it was written; whatever else decides what it finds has to be in the code."""
    setting: type | None = None
    """A dataclass (`sim.parameters.parameters`) of the setting; None where no YAML file may name the procedure."""
    check: Callable[[Any], list[Problem]] | None = None
    """Problems that types cannot find, of the setting (an instance of its type), before anything runs."""


def typed[T](kind: type[T], setting: Mapping[str, Any]) -> T:
    """A setting as an instance of its type, defaults filled in; raises `RefusedScenario` with every problem."""
    problems: list[Problem] = []
    found = build(kind, setting, "setting", problems)
    if found is None:
        raise RefusedScenario(problems)
    return found


def verdict(measured: Measured, target: Target | None, *, is_quick: bool = False) -> str:
    """`pass`, `miss`, or `shown` where there is no target; what could not be measured misses."""
    if target is None or not measured.is_judged:
        return "shown"
    lowest, highest = target.band(is_quick=is_quick)
    low = -math.inf if lowest is None else lowest
    high = math.inf if highest is None else highest
    ends = (measured.ci_low, measured.ci_high)
    if target.judged == "interval":
        is_in = low <= ends[0] and ends[1] <= high
    elif target.judged == "overlap":
        is_in = ends[0] <= high and low <= ends[1]
    else:
        is_in = low <= measured.simulated <= high
    return "pass" if is_in and not math.isnan(measured.simulated) else "miss"


def rows(case: Case, found: Found, *, is_quick: bool = False) -> Iterator[dict[str, Any]]:
    """The table of a case: everything measured, against each target that fits; then targets that nothing measures."""
    asked = [target for target in case.targets if target.is_quick or not is_quick]
    answered: set[str] = set()
    for measured in found.measured:
        fitting = [target for target in asked if fnmatchcase(measured.quantity, target.quantity)]
        answered |= {target.quantity for target in fitting}
        for target in fitting or [None]:
            yield _row(case, measured, target, is_quick)
    for target in asked:
        if target.quantity not in answered:
            yield _row(case, Measured(target.quantity, "", NAN, note="not measured"), target, is_quick)


def _row(case: Case, measured: Measured, target: Target | None, is_quick: bool) -> dict[str, Any]:
    notes = [note for note in (measured.note, target.note if target else "") if note]
    low, high = target.band(is_quick=is_quick) if target else (None, None)
    return {
        "case": case.name,
        "quantity": measured.quantity,
        "target": target.value if target else None,
        "low": low,
        "high": high,
        "simulated": measured.simulated,
        "ci_low": measured.ci_low,
        "ci_high": measured.ci_high,
        "verdict": verdict(measured, target, is_quick=is_quick),
        "unit": measured.unit,
        "source": target.source if target else "",
        "note": "; ".join(notes),
    }
