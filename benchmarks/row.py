"""One line of the table: a measured number, its target, and how it was taken."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple


class Row(NamedTuple):
    name: str
    value: float
    unit: str
    target: float | None = None
    bound: Literal["at least", "at most"] = "at least"
    how: str = ""

    @property
    def is_met(self) -> bool | None:
        """None where there is no target."""
        if self.target is None:
            return None
        return self.value >= self.target if self.bound == "at least" else self.value <= self.target

    def as_json(self) -> dict[str, Any]:
        entry = {"value": self.value, "unit": self.unit, "target": self.target, "met": self.is_met}
        return {**entry, "bound": self.bound if self.target is not None else None, "how": self.how}
