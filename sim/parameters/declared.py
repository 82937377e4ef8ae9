"""How a number is declared: meaning, unit, allowed range and source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, dataclass_transform

import annotated_types

N_INCOME_CLASSES = 20
"""Consumers' incomes are the class means of twenty equally large classes (four to a quintile)."""

CENTS = 100
"""Cents in a unit of currency."""

WEEKS_A_YEAR = 52
"""Weeks of a year as rules count them."""


@dataclass(frozen=True)
class Param(annotated_types.GroupedMetadata):
    """Meaning, unit and allowed range of a number; validation reads the range, tables and figures the rest."""

    meaning: str
    unit: str
    low: float
    high: float
    source: str = "sector file"
    label: str = ""
    """Short name, where the field's own would not be understood: `Terms disclosed` of a field `level`."""

    def __iter__(self) -> Iterator[annotated_types.BaseMetadata]:
        yield annotated_types.Ge(self.low)
        yield annotated_types.Le(self.high)


def label_of(name: str, note: Param | None) -> str:
    """What a parameter is called wherever it is shown: as declared, else its field's name in words."""
    if note is not None and note.label:
        return note.label
    words = name.removeprefix("n_").removesuffix("_sd").removesuffix("_log").replace("_", " ")
    if name.startswith("n_"):
        return f"Number {words}" if words.startswith("per ") else f"Number of {words}"
    return f"Spread of {words}" if name.endswith("_sd") else words[:1].upper() + words[1:]


@dataclass_transform(frozen_default=True)
def parameters[T](cls: type[T]) -> type[T]:
    """A frozen dataclass whose validation refuses unknown names, wrong types, infinities and NaN."""
    cls.__pydantic_config__ = {"extra": "forbid", "strict": True, "allow_inf_nan": False}  # pyright: ignore
    return dataclass(frozen=True)(cls)


@parameters
class Source:
    """Where a value comes from: data, a derivation, the fit, or an assumption with a range to sweep."""

    basis: Literal["data", "derived", "fitted", "assumption"]
    text: str
    year: str = ""
    moment: str = ""
    low: float | None = None
    high: float | None = None
