"""What a comparison shows on the terminal besides its effects, one entry a table of its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from analysis.tables import Frame
from experiments.terminal import tables

Tables = Callable[[str], Frame | None]
"""Gives a table by its name, None where the result has none."""


def show(found: Tables, record: Mapping[str, Any]) -> None:
    """Print every table of `SECTIONS` that there is, in their order."""
    for name, section in SECTIONS.items():
        if found(name) is not None:
            section(found, record)


def _sensitivity(found: Tables, record: Mapping[str, Any]) -> None:
    meanings = {row["assumption"]: row["meaning"] for row in record["assumptions"]}
    drawn = record["uncertainty"]
    tables.show_sensitivity(
        found("sensitivity_of_effects"), meanings, int(drawn["n_draws"]), int(drawn["n_failed_draws"])
    )


SECTIONS: dict[str, Callable[[Tables, Mapping[str, Any]], None]] = {
    "decomposition": lambda found, _: tables.show_answer(found("decomposition"), found("waterbed")),
    "enforcement": lambda found, _: tables.show_enforcement(found("enforcement")),
    "strategies": lambda found, _: tables.show_strategies(found("strategies")),
    "distribution": lambda found, _: tables.show_distribution(found("distribution")),
    "sensitivity_of_effects": _sensitivity,
    "moments": lambda found, _: tables.show_moments(found("moments")),
}
"""How a table is shown, by its name; a new one is a line here."""
