"""Names that become part of a path: what a result may be called, stated in one place."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sim.errors import Problem, RefusedScenario

if TYPE_CHECKING:
    from sim.scenario import Scenario

LONGEST = 100
"""Characters of a name; a folder's name holds one and more besides."""
MOST_BYTES = 200
"""Bytes of a name: file systems stop at 255."""
ALLOWED = f"up to {LONGEST} letters, digits, spaces and signs, except / and \\, not starting with a full stop"


def shown(text: str, longest: int = 60) -> str:
    """A text that may be printed on any terminal: what is invisible is spelt out, and it is not long."""
    seen = "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
    return seen if len(seen) <= longest else f"{seen[: longest - 3]}..."


def shown_lines(text: str) -> str:
    """The same of a text of several lines, however long."""
    return "\n".join(shown(line, len(line) * 10 + 10) for line in text.split("\n"))


def has_controls(text: str, but: str = "") -> bool:
    """Whether a text holds control characters or halves of characters, besides those of `but`."""
    return any(unicodedata.category(c) in ("Cc", "Cs") and c not in but for c in text)


def fault_of(name: str, longest: int = LONGEST) -> str:
    """Why a name cannot be part of a path; empty if it can."""
    if not name.strip():
        return "the name is empty"
    if "/" in name or "\\" in name:
        return "it would point to another folder"
    if name.startswith("."):
        return "a leading full stop hides a folder or leads out of it"
    if has_controls(name):
        return "it holds control characters"
    if len(name) > longest or len(name.encode()) > max(MOST_BYTES, longest):
        return f"it has {len(name)} characters, in {len(name.encode())} bytes"
    return ""


def problems_of(names: dict[str, str | None]) -> list[Problem]:
    """Problems of the names that are given, each under the key that sets it."""
    faults = {key: fault_of(name) for key, name in names.items() if name is not None}
    return [
        Problem(f"{key}={shown(names[key] or '')}", why, ALLOWED, f"choose another {key}")
        for key, why in faults.items()
        if why
    ]


def of_scenario(scenario: Scenario) -> dict[str, str | None]:
    """Names in a scenario that results are called by."""
    return {"sector.name": scenario.sector.name, "population.name": scenario.population.name}


def checked(name: str) -> str:
    """The name of a whole folder, which may hold several names; raises `RefusedScenario` if it cannot be one."""
    why = fault_of(name, MOST_BYTES)
    if why:
        raise RefusedScenario([Problem(f"name={shown(name)}", why, ALLOWED, "choose another name")])
    return name
