"""Groups within a party in words and numbers: who gains, who loses, how much."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.result import Frame
from analysis.wording.numbers import capital, estimate, interval, number

TITLES = {
    "income quintile": dict(zip("12345", ("poorest", "second", "middle", "fourth", "richest"), strict=True)),
    "tier": {"chain": "chains", "independent": "independents"},
    "size": {"middle": "middle-sized", "new": "opened later"},
}


TABLE_HEADS = ("group", "agents", "effect per agent a week [95%]", "gain", "lose")


@dataclass(frozen=True)
class Group:
    """One row of a distribution: a group's effect per agent and week, and the shares who gain and who lose."""

    party: str
    grouping: str
    group: str
    n_agents: float
    baseline: float
    effect: float
    low: float
    high: float
    total: float
    gain: tuple[float, float, float]
    lose: tuple[float, float, float]

    @property
    def has_interval(self) -> bool:
        """Whether there were replicates enough for an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def sign(self) -> int:
        """+1 or -1 where the whole interval lies on one side of zero, else 0: no effect is claimed."""
        return (self.low > 0) - (self.high < 0) if self.has_interval else 0

    @property
    def title(self) -> str:
        """On an axis or in a table: `Poorest fifth`, `Independents`, `All merchants`."""
        if self.grouping == "all":
            return f"All {self.party}"
        word = TITLES.get(self.grouping, {}).get(self.group, self.group)
        return capital(f"{word} fifth" if self.grouping == "income quintile" else word)

    @property
    def plural(self) -> str:
        """Inside a sentence: `the poorest fifth`, `independents`, `large merchants`, `regular workers`."""
        word = self.title[:1].lower() + self.title[1:]
        if self.grouping == "income quintile":
            return f"the {word}"
        if self.group == "new":
            return "merchants that opened later"
        return f"{word} {self.party}" if self.grouping in ("size", "activity") else word

    @property
    def full(self) -> str:
        """Inside a sentence that has not named the party yet: `the poorest fifth of consumers`."""
        return f"{self.plural} of {self.party}" if self.grouping == "income quintile" else self.plural

    def verb(self, verb: str) -> str:
        """A fifth gains, all others gain."""
        return f"{verb}s" if self.grouping == "income quintile" else verb


def groups(frame: Frame) -> list[Group]:
    """The rows of one scenario, in their order; those without an effect are left out."""
    return [group_of(row) for row in frame.to_dict("records") if math.isfinite(row["effect"])]


def group_of(row: Mapping[str, Any]) -> Group:
    """A row of a distribution frame as a group."""

    def share(name: str) -> tuple[float, float, float]:
        return float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"])

    numbers = {key: float(row[key]) for key in ("n_agents", "baseline", "effect", "low", "high")}
    return Group(
        str(row["party"]),
        str(row["grouping"]),
        str(row["group"]),
        **numbers,
        total=float(row["total_effect"]),
        gain=share("share_gain"),
        lose=share("share_lose"),
    )


def groups_of(frame: Frame, party: str, grouping: str) -> list[Group]:
    """The groups of one grouping of a party."""
    return groups(frame[(frame["party"] == party) & (frame["grouping"] == grouping)])


def percent(share: float, low: float, high: float) -> str:
    """`64% [61, 67]`, in whole per cents unless they are few."""
    decimals = 0 if abs(share) >= 0.1 or share == 0 else 1
    return f"{number(100 * share, decimals)}% {interval(100 * low, 100 * high, decimals)}"


def table_rows(frame: Frame) -> list[list[str]]:
    """The rows of one scenario in words, under `TABLE_HEADS`; money in currency."""
    return [
        [
            g.title if g.grouping == "all" else f"  {g.title}",
            number(g.n_agents, 0),
            estimate(g.effect, g.low, g.high),
            percent(*g.gain),
            percent(*g.lose),
        ]
        for g in groups(frame)
    ]
