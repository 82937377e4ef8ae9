"""Cells of columns: written if the column can hold the value exactly, and explained if there is none."""

from __future__ import annotations

import math
from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import numpy as np

from sim.populations.table import Array, Table

EVERYONE = float("inf")


NATURAL = {int: "iuf", float: "f", bool: "b"}
"""Kinds of columns that take a Python number of a type as it is, or raise OverflowError."""

READ_ONLY = ("identity", "is_active", "unique_id")
"""What only entry and exit may write."""


@lru_cache
def explain_unknown(view_class: type[Any], name: str) -> str:
    """Say that a kind of agent has no such attribute, with the nearest right spelling or all columns."""
    near = get_close_matches(name, [known for known in dir(view_class) if not known.startswith("_")], n=1)
    columns = ", ".join(view_class.table_class.columns)
    advice = f"did you mean {near[0]!r}?" if near else f"its columns are {columns}"
    return f"{view_class.__name__} has no attribute {name!r}; {advice}"


def write_cells(table: Table, name: str, rows: int | slice | Array, value: Any) -> None:
    """Write into rows of a column: one value for all or, for several rows, an array with one for each.

    A column with one value a platform takes a number, (J) for every row, or (J, n). Raises AttributeError for
    what only entry and exit may write; ValueError if the shape does not fit or a column of whole numbers, or
    of yes and no, cannot hold the value exactly.
    """
    if name in READ_ONLY:
        raise AttributeError(f"{name!r} is read-only: it changes by the economy's rules of entry and exit")
    column = getattr(table, name)
    if column.dtype.kind in NATURAL.get(type(value), ""):  # 12 times as fast as the general way
        try:
            column[..., rows] = value
        except OverflowError:
            raise ValueError(inexact(name, column, value)) from None
        return
    given = np.asarray(value)
    if column.dtype.kind in "biu":
        with np.errstate(invalid="ignore"):
            is_exact = np.array_equal(given.astype(column.dtype), given)
        if not is_exact:
            raise ValueError(inexact(name, column, value))
    if column.ndim == 2 and given.ndim == 1 and not isinstance(rows, int):
        given = given[:, None]
    column[..., rows] = given


def inexact(name: str, column: Array, value: Any) -> str:
    """What is said of a value that a column cannot hold."""
    return f"{name!r} is a column of {column.dtype}, which cannot hold {value!r} exactly"


def limit_of(at_most: float, n_members: int) -> int | None:
    """Mesa's `at_most` as a number of agents: a float up to 1 is a share of all members; None is no limit."""
    if at_most == EVERYONE:
        return None
    is_share = isinstance(at_most, float) and at_most <= 1.0
    return max(0, int(n_members * at_most) if is_share else math.ceil(at_most))


def call(agent: Any, method: str | Callable, args: tuple, kwargs: dict) -> Any:
    """Call an agent's method by name, or a function with the agent first."""
    return getattr(agent, method)(*args, **kwargs) if isinstance(method, str) else method(agent, *args, **kwargs)
