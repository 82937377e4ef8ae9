"""Instruments in words: what a rule says, and what our reading leaves out."""

from __future__ import annotations

from sim.policy.instrument import AbstractInstrument


def reading(kind: type[AbstractInstrument]) -> str:
    """The rule in plain words, and what the reading leaves out."""
    return f"{kind.reading} Left out: {kind.left_out}" if kind.left_out else kind.reading


def left_out(kind: type[AbstractInstrument]) -> str:
    """What the reading of a rule leaves out; empty if it leaves out nothing."""
    return kind.left_out
