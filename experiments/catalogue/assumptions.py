"""Assumptions of a market and of institutions, by name: value, range, unit and reason."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections import Counter
from typing import Any, get_args, get_type_hints

from experiments.request.parameters import parameter
from sim.parameters import MEANING, SIZES, Param, PracticeEffect, Sector
from sim.policy.catalogue import CATALOGUE
from sim.strict import parameter_notes

PREFIX = "A."
"""Before the name of an assumption where prose speaks of it: `A.price_speed`."""


def name_of(pattern: str) -> str:
    """What an assumption is called in every market: its pattern without the stars, and without the group.

    `merchants.price_speed` is `price_speed`, `platforms.*.commission.chain` is `commission.chain`. The group stays
    where it has to be said: weights of the ranking (`ranking.price`), fields of several groups (`workers.n_slots`).
    """
    group, *steps = pattern.split(".")
    own = [step for step in steps if step != "*"]
    return ".".join(own) if own and group != "ranking" and not _shared() & set(own) else ".".join([group, *own])


@functools.cache
def _shared() -> frozenset[str]:
    """Fields that more than one group of a sector's values has."""
    hints = get_type_hints(Sector)
    kinds = [(get_args(hints[group]) or (hints[group],))[-1] for group in VALUE_GROUPS]
    n = Counter(field.name for kind in kinds for field in dataclasses.fields(kind))
    return frozenset(name for name, times in n.items() if times > 1)


def assumptions(sector: Sector) -> list[dict[str, Any]]:
    """Every assumption with its name, value, range, unit and reason, in the order in which the sector declares them."""
    plain = dataclasses.asdict(sector)
    found: dict[str, dict[str, Any]] = {}
    for name, value in leaves({key: plain[key] for key in VALUE_GROUPS}):
        pattern, source = sector.pattern_of(name), sector.source_of(name)
        if pattern is not None and source is not None and source.basis == "assumption":
            row = found.setdefault(
                pattern,
                {
                    "assumption": name_of(pattern),
                    "label": parameter(f"sector.{pattern}", sector).label,
                    "parameter": pattern,
                    "value": [],
                    "low": source.low,
                    "high": source.high,
                    "unit": parameter(f"sector.{name}").unit,
                    "meaning": parameter(f"sector.{name}").meaning,
                    "text": source.text,
                },
            )
            row["value"].append(value)
    for row in found.values():
        row["value"] = ", ".join(f"{v:g}" for v in dict.fromkeys(row["value"]))
    return [found[pattern] for pattern in sector.sources if pattern in found]


_INSTITUTIONS = re.compile(r"assumption (I-\d+)[:,]? ?(.*)")


def of_institutions(sector: Sector) -> dict[str, tuple[Any, str, str]]:
    """Assumptions that stand in the code, by dotted key: value, unit, and meaning with range and reference.

    They are in the order of their references (I-01, ...), by which documents cite them.
    """
    groups = [(f"sector.{f.name}", getattr(sector, f.name)) for f in dataclasses.fields(Sector)]
    rules = [(f"policy.{name}", kind()) for name, kind in CATALOGUE.items()]
    found: dict[str, tuple[str, Any, str, str]] = {}  # by reference
    for where, group in [*groups, *rules]:
        if not dataclasses.is_dataclass(group):
            continue
        hints = get_type_hints(type(group), include_extras=True)
        for field in dataclasses.fields(group):
            notes = (note for note in getattr(hints[field.name], "__metadata__", ()) if isinstance(note, Param))
            note = next(notes, None)
            if note is not None and (words := _INSTITUTIONS.match(note.source)):
                about = f"{note.meaning}; {words[2].lstrip('; ')} ({words[1]})"
                key = f"policy.*.{field.name}" if words[1] in found else f"{where}.{field.name}"
                found[words[1]] = (key, getattr(group, field.name), note.unit, about)
    for (practice, channel), size in SIZES.items():
        note = parameter_notes(PracticeEffect, [channel])
        value = getattr(sector.practices.effects.get(practice.label, PracticeEffect()), channel)
        ends = f"where this practice ends: {MEANING[practice]}"
        about = f"{note.meaning}, {ends}; {size.low:g} to {size.high:g}; {size.why} ({size.number})"
        found[size.number] = (f"sector.practices.effects.{practice.label}.{channel}", value, note.unit, about)
    ordered = sorted(found.items(), key=lambda item: int(item[0].removeprefix("I-")))
    return {key: (value, unit, about) for _, (key, value, unit, about) in ordered}


VALUE_GROUPS = ("consumers", "merchants", "workers", "carriage", "ranking", "platforms", "departments")


def leaves(tree: dict[str, Any], path: str = "") -> list[tuple[str, Any]]:
    """Dotted names and values of everything that is not a mapping."""
    found = []
    for key, value in tree.items():
        found += leaves(value, f"{path}{key}.") if isinstance(value, dict) else [(f"{path}{key}", value)]
    return found
