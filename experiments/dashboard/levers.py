"""Levers of a rule as a screen shows them: in per cents where they are shares, within their range."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any, get_args

from analysis.wording.numbers import capital, scale_of, unit_text
from experiments.catalogue import instruments, rules
from sim.parameters import Param
from sim.policy.catalogue import CATALOGUE
from sim.policy.instrument import PENALTIES, AbstractInstrument

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
    """One parameter of one rule: meaning, unit, range, usual value, and its basis."""

    key: str
    """Rule and parameter: `commission_cap.ceiling`."""
    title: str
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
                raise Misread(f"{self.title}: {shown!s:.40} is none of {', '.join(self.words)}")
            return shown == YES if isinstance(self.usual, bool) else shown
        number = _number(shown)
        ends = f"{self.shown(self.low):,} to {self.shown(self.high):,} {self.suffix}".rstrip()
        if number is None:
            raise Misread(f"{self.title}: not a number; allowed: {ends}")
        value = float(f"{number / self.factor:.12g}")
        if not self.low <= value <= self.high or (self.is_whole and not value.is_integer()):
            raise Misread(f"{self.title}: {number:g} is not allowed; allowed: {ends}{', whole' * self.is_whole}")
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


@functools.cache
def levers_of(rule: str) -> tuple[Lever, ...]:
    """The levers of a rule: its own first, then when it is in force and for whom; what a breach costs comes last."""
    kind = CATALOGUE[rule]
    own = [_lever(rule, key, hint, note) for key, (hint, note) in kind.parameters().items()]
    own.sort(key=lambda lever: lever.name in PENALTIES)
    return (*own, *(_timing(rule, kind, name) for name in WHEN))


@functools.cache
def lever(key: str) -> Lever | None:
    """A lever by its key; None if there is no such one."""
    rule = key.partition(".")[0]
    return next((one for one in levers_of(rule) if one.key == key), None) if rule in CATALOGUE else None


def _lever(rule: str, key: str, hint: Any, note: Param | None) -> Lever:
    kind, usual = CATALOGUE[rule], getattr(CATALOGUE[rule](), key)
    title = capital(rules.meaning(kind, key, note))
    basis = ": ".join(filter(None, instruments.basis_of(note)))
    if note is None:
        words = (YES, NO) if isinstance(usual, bool) else tuple(map(str, get_args(hint)))
        return Lever(f"{rule}.{key}", title, "", usual, words=words, basis=basis)
    whole = isinstance(usual, int)
    return Lever(f"{rule}.{key}", title, note.unit, usual, note.low, note.high, whole, basis=basis)


def _timing(rule: str, kind: type[AbstractInstrument], name: str) -> Lever:
    is_weeks, usual = name in WEEKS, getattr(kind(), name)
    about = capital(instruments.TIMING[name][1].partition(";")[0])
    high, unit = (float(MOST_WEEKS), "weeks") if is_weeks else (1.0, "share of orders")
    return Lever(f"{rule}.{name}", about, unit, usual, 0.0, high, is_weeks, basis=instruments.LEVER)


def in_words(value: Any, one: Lever) -> str:
    """A value with its unit: `8% of goods value`."""
    if not one.is_number:
        return str(one.shown(value))
    shown = f"{one.shown(value):,}"
    return f"{shown}{one.suffix}" if one.factor != 1.0 else f"{shown} {unit_text(one.suffix)}".rstrip()
