"""Columns and tables: a column is declared once with its type, unit and meaning; a row becomes an agent on request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Column:
    """Declaration of one column: shape is (n), or (J, n) when there is one value a platform."""

    dtype: str
    unit: str
    meaning: str
    per: Literal["row", "platform"] = "row"


def column(dtype: str, unit: str, meaning: str, per: Literal["row", "platform"] = "row") -> Any:
    """Declare a column of a `Table`; the attribute of an instance is its array."""
    return Column(dtype, unit, meaning, per)


class Table:
    """Columns of equal length. `identity` is never reused; the position of a row may be."""

    columns: ClassVar[dict[str, Column]] = {}

    identity: Array = column("uint32", "-", "what this agent's draws are keyed by; never reused")
    is_active: Array = column("bool", "-", "whether the row holds an agent now")

    def __init_subclass__(cls) -> None:
        declared = {
            name: value
            for base in reversed(cls.__mro__)
            for name, value in vars(base).items()
            if isinstance(value, Column)
        }
        cls.columns = {
            **{k: v for base in cls.__mro__[1:] for k, v in getattr(base, "columns", {}).items()},
            **declared,
        }

    def __init__(self, n_rows: int, n_platforms: int) -> None:
        self.n_rows, self.n_platforms = n_rows, n_platforms
        for name, declared in self.columns.items():
            shape = (n_platforms, n_rows) if declared.per == "platform" else (n_rows,)
            setattr(self, name, np.zeros(shape, declared.dtype))
        self.identity[:] = np.arange(n_rows)
        self.is_active[:] = True

    def __len__(self) -> int:
        """Rows, whether active or not."""
        return self.n_rows

    def arrays(self) -> dict[str, Array]:
        """Every column by name (views, not copies)."""
        return {name: getattr(self, name) for name in self.columns}


def first_free_slots(table: Any, zone: Array, n_zones: int) -> tuple[Array, Array]:
    """Rows for newcomers (given by zone, in ascending order) and which newcomers found one: first free slot first."""
    rows, taken, n_slots = [], [], len(table) // n_zones
    for z in np.unique(zone):
        free = np.flatnonzero(~table.is_active[z * n_slots : (z + 1) * n_slots])
        asking = np.flatnonzero(zone == z)[: len(free)]
        rows.append(z * n_slots + free[: len(asking)])
        taken.append(asking)
    empty = np.zeros(0, np.int64)
    return (np.concatenate(rows), np.concatenate(taken)) if rows else (empty, empty)
