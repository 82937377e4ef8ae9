"""What a parameter is called, what it means, its unit, range and source: read from where it is declared.

Tables, figures, sliders and messages all ask here, so that one parameter has one label wherever it is met.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from analysis.wording.numbers import capital, listed, uncapital
from sim.parameters import ConductParameters, Param, Sector, label_of
from sim.policy.catalogue import CATALOGUE
from sim.scenario import Horizon, Population

PARTS = {"sector": Sector, "population": Population, "platforms": ConductParameters, "horizon": Horizon}
"""Parts of a scenario whose keys lead to declarations; those of `policy` lead to the rule's own."""


@dataclass(frozen=True)
class Declaration:
    """One parameter, by its dotted key."""

    key: str
    label: str
    """Short name, `Ceiling`; where the key names a member of a group, behind it: `Leader: appeal`."""
    meaning: str
    unit: str
    """A dash where it has none; the currency by its name where a sector was given."""
    low: float | None
    high: float | None
    """Range that is allowed; None where it is no number."""
    source: str
    choices: tuple[str, ...]
    """What may be chosen where it is no number."""
    note: Param | None

    @property
    def is_number(self) -> bool:
        """Whether it has a unit and a range."""
        return self.note is not None

    @property
    def allowed(self) -> str:
        """`0 to 1`, `yes or no`, or nothing where nothing is declared."""
        return f"{self.low:g} to {self.high:g}" if self.is_number else listed(self.choices, "or")

    @property
    def title(self) -> str:
        """The label behind its rule, for where the rule is not named besides: `Commission cap: ceiling`."""
        part, *steps = self.key.split(".")
        is_of_rule = part == "policy" and len(steps) > 1 and steps[0] in CATALOGUE
        return f"{CATALOGUE[steps[0]].title}: {uncapital(self.label)}" if is_of_rule else self.label


def parameter(key: str, sector: Sector | None = None) -> Declaration:
    """The declaration under a dotted key, `policy.commission_cap.ceiling` or `sector.consumers.price_sensitivity`.

    With a sector, units name its currency, and the source of a value is the one that its file states. A key that leads
    to no declaration, such as `seed`, has a label only.
    """
    found = _declared(key)
    if sector is None:
        return found
    stated = sector.source_of(key.removeprefix("sector.")) if key.startswith("sector.") else None
    source = f"{stated.basis}: {stated.text}" if stated is not None else found.source
    return dataclasses.replace(found, unit=found.unit.replace("currency", sector.currency), source=source)


@functools.cache
def _declared(key: str) -> Declaration:
    part, *steps = key.split(".")
    kind: Any = PARTS.get(part)
    if part == "policy" and steps:
        kind = CATALOGUE.get(steps.pop(0))
    owner, members, name = None, [], steps[-1] if steps else part
    for step in steps if kind is not None else ():
        group = _group(kind)
        if dataclasses.is_dataclass(group):
            owner, name = group, step
            kind = get_type_hints(group, include_extras=True).get(step)
        else:
            members.append(step)
            kind = get_args(group)[-1] if get_args(group) else None
    note = note_of(kind) if steps else None
    label = label_of(name, note)
    named = ", ".join(member.replace("_", " ") for member in members if member != "*")
    return Declaration(
        key=key,
        label=capital(f"{named}: {uncapital(label)}") if named else label,
        meaning=note.meaning if note else _words_of(owner, name) or uncapital(label),
        unit=note.unit if note else "-",
        low=note.low if note else None,
        high=note.high if note else None,
        source=note.source if note else "",
        choices=() if note else _choices(kind),
        note=note,
    )


def note_of(hint: Any) -> Param | None:
    """The `Param` beside a type, or beside one of the types that a value may have."""
    notes = getattr(hint, "__metadata__", ())
    inner = () if notes or get_origin(hint) is dict else get_args(hint)
    return next((note for note in (*notes, *map(note_of, inner)) if isinstance(note, Param)), None)


def _group(kind: Any) -> Any:
    """The dataclass or mapping that a type is, bare of notes and of what stands in its place."""
    args = get_args(kind)
    if dataclasses.is_dataclass(kind) or get_origin(kind) is dict or not args:
        return kind
    return next((group for one in args if dataclasses.is_dataclass(group := _group(one))), args[0])


def _choices(hint: Any) -> tuple[str, ...]:
    options: Iterable[Any] = get_args(hint) if get_origin(hint) is Literal else ()
    return ("yes", "no") if hint is bool else tuple(str(option) for option in options)


def _words_of(owner: Any, name: str) -> str:
    """What a rule, or what it is made from, says of a parameter that is no number."""
    return next(
        (own[name] for kind in getattr(owner, "__mro__", ()) if name in (own := vars(kind).get("meanings", {}))), ""
    )
