"""Trajectories of single agents in one pair of runs: who there is, where each ranks, and each one's weeks.

Stored is one row an agent and side: what the agent is and made in all, and its weeks as lists from `first_week` on.
One agent of one replicate is an illustration, not an estimate: there is no interval, and its
trajectory depends on chance. The effect of a policy is estimated over replicates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from analysis.result import Frame
from analysis.statistics.effects import Array
from sim.errors import PlatformLabError

SIDES = ("without", "with")
CENTS = 100.0
TRAITS = {"consumers": ("quintile",), "merchants": ("tier", "size"), "workers": ("group",)}
"""What an agent is; the run without the policy decides."""
SCALARS = ("party", "side", "identity", "first_week", "n_weeks", "n_policy_weeks", "total_cents")
STORIES = {
    "typical": "with the median effect",
    "gains most": "with the largest gain",
    "loses most": "with the largest loss",
    "leaves earlier": "leaves earlier with the policy than without",
    "leaves later": "stays longer with the policy than without",
    "newcomer": "in the market only with the policy",
    "never enters": "in the market only without the policy",
    "any": "drawn at random",
}
"""Ways to pick an agent, and what they mean. All but those on one side only were there when the rule
began."""


class UnreadableAgentWeeks(PlatformLabError):
    """A file that holds no agents, or an agent that it does not hold."""


@dataclass(frozen=True)
class Measure:
    """A number of an agent's week: how it is made of the file's lists, its title and unit; NaN where there is none."""

    name: str
    title: str
    unit: str
    of: Callable[[dict[str, Array]], Array]


def _money(*columns: str) -> Callable[[dict[str, Array]], Array]:
    """The first of these less the others, in currency."""
    return lambda c: (c[columns[0]] - sum((c[name] for name in columns[1:]), np.zeros(1))) / CENTS


def _ratio(part: str, whole: str, factor: float = 1.0) -> Callable[[dict[str, Array]], Array]:
    return lambda c: factor * c[part] / np.where(c[whole] > 0, c[whole], np.nan)


def _n_bits(name: str) -> Callable[[dict[str, Array]], Array]:
    return lambda c: np.bitwise_count(c[name].astype(np.uint16)).astype(np.float64)


MEASURES: dict[str, tuple[Measure, ...]] = {
    "consumers": (
        Measure("surplus", "Surplus", "{currency} a week", _money("surplus_cents")),
        Measure("orders", "Orders", "orders a week", lambda c: c["orders"]),
        Measure("spent", "Spent on orders", "{currency} a week", _money("spent_cents")),
        Measure("waited", "Waiting time", "minutes", lambda c: c["waited_minutes"]),
    ),
    "merchants": (
        Measure("profit", "Profit", "{currency} a week", _money("profit_cents", "opening_cents")),
        Measure("commission", "Commission paid", "{currency} a week", _money("commission_cents")),
        Measure("sales", "Sales on platforms", "{currency} a week", _money("sales_cents")),
        Measure("orders", "Orders on platforms", "orders a week", lambda c: c["orders"]),
        Measure("price", "Price of an order", "{currency} an order", _ratio("sales_cents", "orders", 1 / CENTS)),
        Measure("platforms", "Platforms listed on", "platforms", _n_bits("listed_on")),
        Measure("opening", "Cost of opening", "{currency} a week", _money("opening_cents")),
    ),
    "workers": (
        Measure("surplus", "Surplus", "{currency} a week", _money("surplus_cents")),
        Measure("pay", "Pay", "{currency} a week", _money("pay_cents")),
        Measure("hours", "Hours online", "hours a week", lambda c: c["minutes"] / 60.0),
        Measure("hourly", "Hourly earnings", "{currency} an hour", _ratio("pay_cents", "minutes", 60.0 / CENTS)),
        Measure("deliveries", "Deliveries", "orders a week", lambda c: c["deliveries"]),
        Measure("platforms", "Platforms worked for", "platforms", _n_bits("worked_for")),
    ),
}
"""Measures of a party; the first is its money, by which agents are ranked."""
LISTS = {
    "consumers": ("surplus_cents", "orders", "spent_cents", "waited_minutes", "platform"),
    "merchants": ("profit_cents", "opening_cents", "commission_cents", "sales_cents", "orders", "listed_on"),
    "workers": ("surplus_cents", "pay_cents", "minutes", "rationed_minutes", "deliveries", "worked_for"),
}


class AgentWeeks(Protocol):
    """Every agent's weeks in one pair of runs, as they are stored."""

    @property
    def about(self) -> Mapping[str, Any]:
        """Runs, seed, sector, currency, n_weeks, first_policy_week, platforms, n_consumers."""
        ...

    def rows(self, party: str) -> Frame:
        """`SCALARS` and traits, a row an agent and side."""
        ...

    def lists(self, party: str, identity: int) -> list[dict[str, Any]]:
        """Side, first_week and `LISTS` of one agent, a row a side; none for an agent that is not there."""
        ...


def agents(source: AgentWeeks, party: str) -> Frame:
    """Everybody of a party who was there for a week under the policy on either side, one row each, by identity.

    Traits; `without`, `with` and `effect`: money in currency a week over all weeks under the policy, zero in weeks and
    on sides in which the agent is not there; `rank` by effect, 1 for the largest; `below`: share of all with a smaller
    effect; first and last week on either side (NaN where it never is); `n_policy_weeks` on both sides together;
    `was_there`: when the rule began.
    """
    known = source.about
    first, n_weeks = known["first_policy_week"], known["n_weeks"]
    table = source.rows(party)
    table["last_week"] = table["first_week"].astype(int) + table["n_weeks"] - 1
    kept = ["first_week", "last_week", "n_policy_weeks", "total_cents"]
    sides = [table[table["side"] == side].set_index("identity") for side in SIDES]
    named = [side[[*kept, *TRAITS[party]]].add_suffix(f"_{name}") for side, name in zip(sides, SIDES, strict=True)]
    both = named[0].join(named[1], how="outer").reset_index()
    for trait in TRAITS[party]:
        both[trait] = both[f"{trait}_without"].where(both[f"{trait}_without"].notna(), both[f"{trait}_with"])
        both = both.drop(columns=[f"{trait}_without", f"{trait}_with"])
    both["n_policy_weeks"] = sum(both[f"n_policy_weeks_{side}"].fillna(0) for side in SIDES)
    both = both[both["n_policy_weeks"] > 0].reset_index(drop=True)
    for side in SIDES:
        both[side] = both.pop(f"total_cents_{side}").fillna(0) / CENTS / (n_weeks - first + 1)
        both = both.drop(columns=f"n_policy_weeks_{side}")
    both["effect"] = both["with"] - both["without"]
    both["was_there"] = both["first_week_without"] <= max(first - 1, 1)
    both["rank"] = np.empty(len(both), int)
    both.loc[both.sort_values(["effect", "identity"], ascending=[False, True]).index, "rank"] = np.arange(
        1, len(both) + 1
    )
    both["below"] = np.searchsorted(np.sort(both["effect"]), both["effect"], "left") / max(len(both), 1)
    return both


def pick(everybody: Frame, story: str, *, seed: int = 0) -> int | None:
    """Identity of the agent of a story (`STORIES`), always the same one; None where there is nobody of that kind.

    `everybody` are the agents of one party, or some of them (`agents`). Raises KeyError for an unknown story.
    """
    STORIES[story]
    there = everybody[everybody["was_there"]].sort_values(["effect", "identity"])
    if story in ("newcomer", "never enters"):
        absent = "without" if story == "newcomer" else "with"
        there = everybody[everybody[f"first_week_{absent}"].isna()].sort_values(["n_policy_weeks", "identity"])
    elif story in ("leaves earlier", "leaves later"):
        longer = (there["last_week_with"] - there["last_week_without"]) * (1 if story == "leaves later" else -1)
        there = there.assign(longer=longer)[longer > 0].sort_values(["longer", "identity"])
    if not len(there):
        return None
    place = {"typical": (len(there) - 1) // 2, "loses most": 0}.get(story, -1)
    if story == "any":
        place = int(np.random.default_rng(seed).integers(len(there)))
    return int(there["identity"].iloc[place])


def weeks(source: AgentWeeks, party: str, identity: int) -> Frame:
    """One agent's weeks: week, side, measure, title, unit, value; NaN in weeks in which it is not there.

    Raises `UnreadableAgentWeeks` for an agent whom the file does not hold.
    """
    import pandas as pd

    known, table = source.about, source.lists(party, identity)
    if not table:
        raise UnreadableAgentWeeks(f"there is no {party[:-1]} {identity} among them: choose one of the list")
    n, parts = known["n_weeks"], []
    for side in SIDES:
        rows = [row for row in table if row["side"] == side]
        columns = {name: np.full(n, np.nan) for name in LISTS[party]}
        is_there = np.zeros(n, bool)
        for row in rows:
            span = slice(row["first_week"] - 1, row["first_week"] - 1 + len(row[LISTS[party][0]]))
            is_there[span] = True
            for name in columns:
                columns[name][span] = row[name]
        for measure in MEASURES[party]:
            with np.errstate(invalid="ignore"):
                value = np.where(
                    is_there,
                    measure.of({k: np.nan_to_num(v) if k != "waited_minutes" else v for k, v in columns.items()}),
                    np.nan,
                )
            unit = measure.unit.format(currency=known["currency"])
            parts.append(
                pd.DataFrame(
                    {"week": np.arange(1, n + 1), "side": side, "measure": measure.name, "value": value}
                ).assign(title=measure.title, unit=unit)
            )
    return pd.concat(parts, ignore_index=True)
