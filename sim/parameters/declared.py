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
    """Meaning, unit and allowed range of a number; validation reads the range, documentation the rest."""

    meaning: str
    unit: str
    low: float
    high: float
    source: str = "sector file"

    def __iter__(self) -> Iterator[annotated_types.BaseMetadata]:
        yield annotated_types.Ge(self.low)
        yield annotated_types.Le(self.high)


@dataclass_transform(frozen_default=True)
def parameters[T](cls: type[T]) -> type[T]:
    """A frozen dataclass whose validation refuses unknown names, wrong types, infinities and NaN."""
    cls.__pydantic_config__ = {"extra": "forbid", "strict": True, "allow_inf_nan": False}  # pyright: ignore
    return dataclass(frozen=True)(cls)


@parameters
class Source:
    """Where a value comes from: data, a derivation, the fit, or a numbered assumption with a range to sweep."""

    basis: Literal["data", "derived", "fitted", "assumption"]
    text: str
    year: str = ""
    number: str = ""
    moment: str = ""
    low: float | None = None
    high: float | None = None
