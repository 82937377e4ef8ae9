"""Levers of a rule as a screen shows them: in per cents where they are shares, within their range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from analysis.wording.numbers import scale_of, unit_text
from experiments.catalogue import instruments
from experiments.dashboard import questions
from experiments.request.parameters import parameter
from sim.policy.catalogue import CATALOGUE
from sim.policy.instrument import PENALTIES

WEEKS = ("notice_weeks", "grace_weeks", "phase_in_weeks")
WHEN = (*WEEKS, "smallest_share")
"""Levers that every rule has and that a screen offers: when it is in force, and for whom."""
MOST_WEEKS = 52
FURTHER = 4.0
"""How many times its usual value a lever's slider reaches at most; its box takes all that is allowed."""
STEPS = 100
YES, NO = "yes", "no"


class Misread(ValueError):
    """A value that a lever cannot take, in words."""


@dataclass(frozen=True)
class Lever:
    """One parameter of one rule: label, meaning, unit, range, usual value, and its basis."""

    key: str
    """Rule and parameter: `commission_cap.ceiling`."""
    label: str
    meaning: str
    unit: str
    usual: Any
    low: float = 0.0
    high: float = 0.0
    is_whole: bool = False
    words: tuple[str, ...] = ()
    """What may be chosen where it is no number."""
    basis: str = ""

    @property
    def rule(self) -> str:
        """Name of the rule."""
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        """Name of the parameter."""
        return self.key.partition(".")[2]

    @property
    def title(self) -> str:
        """The label behind the rule's title, by which a control is called where rules stand beside each other."""
        return parameter(f"policy.{self.key}").title

    @property
    def is_number(self) -> bool:
        """Whether it is moved along a range."""
        return not self.words

    @property
    def factor(self) -> float:
        """What a value is multiplied by to be shown: 100 for a share."""
        return scale_of(self.unit).factor

    @property
    def suffix(self) -> str:
        """Unit behind the number shown."""
        return scale_of(self.unit).level if self.unit not in ("-", "ratio") else "times"

    @property
    def most_shown(self) -> float:
        """Where the slider ends: the range, or several times the usual value where the range goes far beyond."""
        usual = float(self.usual)
        if self.name in WEEKS:
            return float(MOST_WEEKS)
        return min(self.high, FURTHER * usual) if usual > 0.0 and self.high > 2.0 * FURTHER * usual else self.high

    @property
    def step(self) -> float:
        """Of the slider: a round part of its way, as shown."""
        if self.is_whole:
            return 1.0
        span = (self.most_shown - self.low) * self.factor
        rough = 10.0 ** math.floor(math.log10(span / STEPS))
        return next(rough * m for m in (1.0, 2.0, 5.0, 10.0) if rough * m >= span / STEPS * 0.999)

    def shown(self, value: Any) -> Any:
        """A value as the screen shows it: 8 for 0.08 of a share, `yes` for true."""
        if not self.is_number:
            return (YES if value else NO) if isinstance(value, bool) else str(value)
        found = float(f"{float(value) * self.factor:.10g}")
        return int(found) if found.is_integer() else found

    def taken(self, shown: Any) -> Any:
        """The value behind what the screen shows; raises `Misread` for what the lever cannot be."""
        if not self.is_number:
            if shown not in self.words:
                raise Misread(f"{self.label}: {shown!s:.40} is none of {', '.join(self.words)}")
            return shown == YES if isinstance(self.usual, bool) else shown
        number = _number(shown)
        ends = f"{self.shown(self.low):,} to {self.shown(self.high):,} {self.suffix}".rstrip()
        if number is None:
            raise Misread(f"{self.label}: not a number; allowed: {ends}")
        value = float(f"{number / self.factor:.12g}")
        if not self.low <= value <= self.high or (self.is_whole and not value.is_integer()):
            raise Misread(f"{self.label}: {number:g} is not allowed; allowed: {ends}{', whole' * self.is_whole}")
        return int(value) if self.is_whole else value

    def text(self, value: Any) -> str:
        """A value as an address and a command line say it."""
        return str(value).lower() if isinstance(value, bool) else f"{value!r}" if self.is_number else str(value)

    def read(self, text: str) -> Any:
        """The value of such a text; raises `Misread`."""
        if not self.is_number:
            sentence = {"true": YES, "false": NO}.get(text, text) if isinstance(self.usual, bool) else text
            return self.taken(sentence)
        number = _number(text)
        return self.taken(None if number is None else float(f"{number * self.factor:.12g}"))


def _number(given: Any) -> float | None:
    try:
        found = float(given)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


@questions.until_changed
def levers_of(rule: str) -> tuple[Lever, ...]:
    """The levers of a rule: its own first, then when it is in force and for whom; what a breach costs comes last."""
    kind = CATALOGUE[rule]
    own = [_lever(rule, name) for name in kind.parameters()]
    own.sort(key=lambda lever: lever.name in PENALTIES)
    return (*own, *(_lever(rule, name) for name in WHEN))


@questions.until_changed
def lever(key: str) -> Lever | None:
    """A lever by its key; None if there is no such one."""
    rule = key.partition(".")[0]
    return next((one for one in levers_of(rule) if one.key == key), None) if rule in CATALOGUE else None


def _lever(rule: str, name: str) -> Lever:
    about, usual = parameter(f"policy.{rule}.{name}"), getattr(CATALOGUE[rule](), name)
    basis = ": ".join(filter(None, instruments.basis_of(about.note)))
    if (other := questions.usual(rule).get(name, usual)) != usual:
        usual, basis = other, f"policy/{rule}.yaml in {questions.OPTION} {questions.folder()}"
    ends = (about.low or 0.0, about.high or 0.0)
    own = (f"{rule}.{name}", about.label, about.meaning, about.unit if about.is_number else "", usual)
    return Lever(*own, *ends, about.is_number and isinstance(usual, int), about.choices, basis)


def in_words(value: Any, one: Lever) -> str:
    """A value with its unit: `8% of goods value`."""
    if not one.is_number:
        return str(one.shown(value))
    shown = f"{one.shown(value):,}"
    return f"{shown}{one.suffix}" if one.factor != 1.0 else f"{shown} {unit_text(one.suffix)}".rstrip()
