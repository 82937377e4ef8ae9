"""Numbered assumptions of a market and of institutions: value, range, unit and reason."""

from __future__ import annotations

import dataclasses
import fnmatch
import re
from typing import Any, get_type_hints

from sim.parameters import MEANING, SIZES, Param, PracticeEffect, Sector
from sim.policy.catalogue import CATALOGUE
from sim.strict import parameter_notes


def assumptions(sector: Sector) -> list[dict[str, Any]]:
    """Every numbered assumption with its value, range, unit and reason."""
    plain = dataclasses.asdict(sector)
    found: dict[str, dict[str, Any]] = {}
    for name, value in leaves({key: plain[key] for key in VALUE_GROUPS}):
        source = sector.source_of(name)
        if source is not None and source.basis == "assumption":
            row = found.setdefault(
                source.number,
                {
                    "number": source.number,
                    "parameter": next(p for p in sector.sources if fnmatch.fnmatchcase(name, p)),
                    "value": [],
                    "low": source.low,
                    "high": source.high,
                    "unit": parameter_notes(Sector, name.split(".")).unit,
                    "meaning": parameter_notes(Sector, name.split(".")).meaning,
                    "text": source.text,
                },
            )
            row["value"].append(value)
    for row in found.values():
        row["value"] = ", ".join(f"{v:g}" for v in dict.fromkeys(row["value"]))
    return sorted(found.values(), key=lambda row: row["number"])


_INSTITUTIONS = re.compile(r"assumption (I-\d+)[:,]? ?(.*)")


def of_institutions(sector: Sector) -> dict[str, tuple[str, Any, str, str]]:
    """Numbered assumptions that are set in the code: where, value, unit, meaning and range; by number."""
    groups = [(f"sector.{f.name}", getattr(sector, f.name)) for f in dataclasses.fields(Sector)]
    rules = [(f"policy.{name}", kind()) for name, kind in CATALOGUE.items()]
    found: dict[str, tuple[str, Any, str, str]] = {}
    for where, group in [*groups, *rules]:
        if not dataclasses.is_dataclass(group):
            continue
        hints = get_type_hints(type(group), include_extras=True)
        for field in dataclasses.fields(group):
            notes = (note for note in getattr(hints[field.name], "__metadata__", ()) if isinstance(note, Param))
            note = next(notes, None)
            if note is not None and (words := _INSTITUTIONS.match(note.source)):
                about = f"{note.meaning}; {words[2].lstrip('; ')}"
                key = f"policy.*.{field.name}" if words[1] in found else f"{where}.{field.name}"
                found[words[1]] = (key, getattr(group, field.name), note.unit, about)
    for (practice, channel), size in SIZES.items():
        note = parameter_notes(PracticeEffect, [channel])
        value = getattr(sector.practices.effects.get(practice.label, PracticeEffect()), channel)
        ends = f"where this practice ends: {MEANING[practice]}"
        about = f"{note.meaning}, {ends}; {size.low:g} to {size.high:g}; {size.why}"
        found[size.number] = (f"sector.practices.effects.{practice.label}.{channel}", value, note.unit, about)
    return found


VALUE_GROUPS = ("consumers", "merchants", "workers", "carriage", "ranking", "platforms", "departments")


def leaves(tree: dict[str, Any], path: str = "") -> list[tuple[str, Any]]:
    """Dotted names and values of everything that is not a mapping."""
    found = []
    for key, value in tree.items():
        found += leaves(value, f"{path}{key}.") if isinstance(value, dict) else [(f"{path}{key}", value)]
    return found
