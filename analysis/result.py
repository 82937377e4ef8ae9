"""Read a result folder: the record of what was run, and the tables that came out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import tables
from analysis.tables import Frame


@dataclass(frozen=True)
class Result:
    """What a comparison or a sweep left behind: its record, and its tables as `analysis.tables` declares them.

    A table that the result does not have is empty.
    """

    folder: Path
    record: dict[str, Any]
    frames: Mapping[str, Frame]
    """Tables by name."""

    def table(self, name: str) -> Frame:
        """A table by its name; raises `PlatformLabError` for one that is not declared."""
        declared = tables.table(name)
        return self.frames[name] if name in self.frames else declared.empty()

    @property
    def effects(self) -> Frame:
        """Levels without and with the policy, and their paired difference: a row a scenario and metric."""
        return self.table("effects")

    @property
    def trajectories(self) -> Frame:
        """The same week by week."""
        return self.table("trajectories")

    @property
    def moments(self) -> Frame:
        """The market without the policy against the facts: a row a moment."""
        return self.table("moments")

    @property
    def distribution(self) -> Frame:
        """Who gains and who loses: a row a scenario and group within a party."""
        return self.table("distribution")

    @property
    def draws(self) -> Frame:
        """Every value of the assumptions that was drawn."""
        return self.table("draws")

    @property
    def sensitivity(self) -> Frame:
        """Rank correlations of drawn assumptions with effects."""
        return self.table("sensitivity_of_effects")

    @property
    def decomposition(self) -> Frame:
        """Effects in what the rule does by itself and what platforms' response adds."""
        return self.table("decomposition")

    @property
    def waterbed(self) -> Frame:
        """How much of what the rule takes is won back."""
        return self.table("waterbed")

    @property
    def strategies(self) -> Frame:
        """Effects under every strategy of platforms that was tried."""
        return self.table("strategies")

    @property
    def enforcement(self) -> Frame:
        """How far the law reaches, where a rule asks something of platforms."""
        return self.table("enforcement")

    @property
    def levers(self) -> list[dict[str, Any]]:
        """The levers that take more than one value."""
        return [lever for lever in self.record["levers"] if self.effects[lever["key"]].nunique() > 1]

    @property
    def is_sweep(self) -> bool:
        """Whether there is more than one scenario."""
        return self.effects["scenario"].nunique() > 1

    @property
    def has_draws(self) -> bool:
        """Whether replicates drew the assumptions too."""
        return "draw_low" in self.effects.columns


def is_choice(lever: Mapping[str, Any]) -> bool:
    """Whether a lever takes words, such as rules or yes and no, so that its values have no place on an axis."""
    values = lever.get("values") or []
    return any(isinstance(value, bool) or not isinstance(value, int | float) for value in values)
