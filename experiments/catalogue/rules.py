"""Instruments in words: what a rule says, what our reading leaves out, and what its parameters mean."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from analysis.wording.numbers import listed
from sim.parameters import Param
from sim.policy.instrument import AbstractInstrument


def reading(kind: type[AbstractInstrument]) -> str:
    """The rule in plain words, as its docstring has it."""
    return " ".join((kind.__doc__ or "").split())


def left_out(kind: type[AbstractInstrument]) -> str:
    """What a rule's docstring says our reading leaves out, after `Left out:`; empty if it says nothing."""
    found = re.search(r"Left out:\s*(.+?\.)(?=\s+[A-Z]|$)", reading(kind))
    return found.group(1) if found else ""


def meaning(kind: type[AbstractInstrument], key: str, note: Param | None) -> str:
    """What a parameter means: its note, the words below it in the rule's file, or its name."""
    return note.meaning if note else _words_below(kind).get(key, "").rstrip(".") or key.replace("_", " ")


def _words_below(kind: type[AbstractInstrument]) -> Mapping[str, str]:
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    parts = body.body if isinstance(body, ast.ClassDef) else []
    return {
        above.target.id: " ".join(below.value.value.split())
        for above, below in itertools.pairwise(parts)
        if isinstance(above, ast.AnnAssign) and isinstance(above.target, ast.Name)
        and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str)
    }  # fmt: skip


def choices(kind: Any) -> str:
    """What a parameter that is no number may be: `yes or no`, `online or engaged`."""
    options: Iterable[Any] = get_args(kind)
    return listed([str(option) for option in options], "or") if options else "yes or no"
