"""Instruments in words: what a rule says, what our reading leaves out, and what its parameters mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from analysis.wording.numbers import listed
from sim.parameters import Param
from sim.policy.instrument import AbstractInstrument


def reading(kind: type[AbstractInstrument]) -> str:
    """The rule in plain words, and what the reading leaves out."""
    return f"{kind.reading} Left out: {kind.left_out}" if kind.left_out else kind.reading


def left_out(kind: type[AbstractInstrument]) -> str:
    """What the reading of a rule leaves out; empty if it leaves out nothing."""
    return kind.left_out


def meaning(kind: type[AbstractInstrument], key: str, note: Param | None) -> str:
    """What a parameter means: what its declaration says, or its name."""
    return note.meaning if note else kind.meanings.get(key, key.replace("_", " "))


def choices(kind: Any) -> str:
    """What a parameter that is no number may be: `yes or no`, `online or engaged`."""
    options: Iterable[Any] = get_args(kind)
    return listed([str(option) for option in options], "or") if options else "yes or no"
