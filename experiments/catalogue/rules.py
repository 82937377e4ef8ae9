"""Instruments in words: what a rule says, and what our reading leaves out."""

from __future__ import annotations

import re

from sim.policy.instrument import AbstractInstrument


def reading(kind: type[AbstractInstrument]) -> str:
    """The rule in plain words, as its docstring has it."""
    return " ".join((kind.__doc__ or "").split())


def left_out(kind: type[AbstractInstrument]) -> str:
    """What a rule's docstring says our reading leaves out, after `Left out:`; empty if it says nothing."""
    found = re.search(r"Left out:\s*(.+?\.)(?=\s+[A-Z]|$)", reading(kind))
    return found.group(1) if found else ""
