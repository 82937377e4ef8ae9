"""The trajectory of an agent in words and numbers: with the policy and without it, and what its accounts say.

Every word follows from the agent's own weeks. Parts of a difference are parts of its accounts and add up to it; they
are no causes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.result import Frame
from analysis.statistics import agents
from analysis.statistics.agents import AgentWeeks
from analysis.wording.groups import TITLES
from analysis.wording.numbers import capital, counted, decimals_for, listed, number, sentence

NEWCOMERS = 2**31
"""Identities from here on are of those who came while the market ran."""
OPENING = "Cost of opening"
NO_CHANGE = 0.005
"""Currency a week: less is half a cent."""
NOUN = {"consumers": "consumer", "merchants": "merchant", "workers": "worker"}
COMES = {"merchants": "opens", "workers": "joins", "consumers": "enters"}
GOES = {"merchants": "closes", "workers": "stops working", "consumers": "leaves"}
STAYS = {"merchants": "is in business", "workers": "works", "consumers": "orders"}
MONEY_WORDS = {
    "consumers": "Surplus is the consumer’s valuation of the orders less what they cost, in money",
    "merchants": "Profit is what all sales, on and off platforms, leave after commission, ingredients, "
    "fixed costs and the cost of opening",
    "workers": "Surplus is pay less the value of the time that the worker gives",
}
NOTE = (
    "One agent in one replicate: an illustration, not an estimate, and without an interval. The runs with and without "
    "the policy share their random draws and are the same until the rule begins; later differences follow from the "
    "rule, directly or because it changed which chance events occurred. The effect of the policy on {party} is "
    "estimated over all replicates."
)


@dataclass(frozen=True)
class Row:
    """A measure over the weeks under the policy: a mean a week, absence counting nothing; ratios of what there was."""

    title: str
    unit: str
    without: float
    with_policy: float

    @property
    def change(self) -> float:
        """With the policy less without it."""
        return self.with_policy - self.without

    @property
    def words(self) -> tuple[str, str, str, str]:
        """Title with unit, without, with, and the change, as a table prints them."""
        decimals = decimals_for(self.without, self.with_policy)
        levels = (number(value, decimals) for value in (self.without, self.with_policy))
        return (f"{self.title}, {self.unit}", *levels, number(self.change, decimals, signed=True))  # type: ignore[return-value]


@dataclass(frozen=True)
class AgentTrajectory:
    """All that a page says of one agent."""

    party: str
    identity: int
    name: str
    """`Independent merchant 121 (large)`."""
    headline: str
    """What happened to it, with the number: the title of its picture."""
    sentences: tuple[str, ...]
    note: str
    """How far this may be trusted; belongs beside every number of it."""
    rows: tuple[Row, ...]
    weeks: Frame
    """As `people.weeks`."""
    first_policy_week: int
    effect: float
    rank: int
    n_agents: int
    below: float
    """Share of all of its party with a smaller effect."""
    last_week: tuple[int | None, int | None]
    """Week after which it is gone, without the policy and with it; None where it stays to the end."""


def name_of(party: str, agent: Any) -> str:
    """What an agent is called: what it is and its number, with N before those who came while the market ran."""
    identity = int(agent["identity"])
    digits = number(identity, 0) if identity < NEWCOMERS else f"N{number(identity - NEWCOMERS, 0)}"
    if party == "consumers":
        fifth = TITLES["income quintile"].get(str(agent["quintile"]), "")
        return f"Consumer {digits} ({fifth} fifth)" if fifth else f"Consumer {digits}"
    if party == "workers":
        return capital(f"{agent['group']} worker {digits}")
    size = TITLES["size"].get(str(agent["size"]), str(agent["size"]))
    return capital(f"{agent['tier']} merchant {digits} ({size})")


def agent_trajectory(source: AgentWeeks, party: str, identity: int, everybody: Frame | None = None) -> AgentTrajectory:
    """Everything about one agent; `everybody` spares reading its party again (`people.agents`).

    Raises `people.UnreadableAgentWeeks` for an agent that was not there in any week under the policy.
    """
    known = source.about
    everyone: Any = agents.agents(source, party) if everybody is None else everybody
    mine = everyone[everyone["identity"] == identity]
    if mine.empty:
        what = f"there is no {NOUN[party]} {identity} in the weeks under the policy"
        raise agents.UnreadableAgentWeeks(f"{what}: choose one of the list")
    agent, weeks = mine.iloc[0].to_dict(), agents.weeks(source, party, identity)
    first, n_weeks, currency = known["first_policy_week"], known["n_weeks"], known["currency"]
    rows = _rows(weeks, first)
    name = name_of(party, agent)
    last = tuple(_gone(agent[f"last_week_{side}"], n_weeks) for side in agents.SIDES)
    text = [_accounts(party, rows, currency), _presence(party, agent, n_weeks), _spread(weeks, first)]
    text.append(capital(place(everyone, identity, party)))
    return AgentTrajectory(
        party,
        int(identity),
        name,
        _headline(party, name, agent, n_weeks, currency),
        tuple(sentence(one) for one in (*text, MONEY_WORDS[party]) if one),
        NOTE.format(party=party),
        tuple(rows),
        weeks,
        first,
        float(agent["effect"]),
        int(agent["rank"]),
        len(everyone),
        float(agent["below"]),
        (last[0], last[1]),
    )


def _gone(last_week: float, n_weeks: int) -> int | None:
    return int(last_week) if math.isfinite(last_week) and last_week < n_weeks else None


def _rows(weeks: Frame, first: int) -> list[Row]:
    """Means over the weeks under the policy; what is there in some weeks only, as a price, over those."""
    late = weeks[weeks["week"] >= first]
    rows = []
    for (title, unit), part in late.groupby(["title", "unit"], sort=False):
        values = [part[part["side"] == side]["value"].to_numpy(float) for side in agents.SIDES]
        is_rate = " a week" not in str(unit)
        means = [_mean(v[np.isfinite(v)]) if is_rate else float(np.nan_to_num(v).mean()) for v in values]
        rows.append(Row(str(title), str(unit), *means))
    return [row for row in rows if row.title != OPENING or row.without or row.with_policy]


def _mean(values: Any) -> float:
    return float(values.mean()) if len(values) else math.nan


def _headline(party: str, name: str, agent: dict[str, Any], n_weeks: int, currency: str) -> str:
    """What happened to it: that it entered or left on one side only, else how much more or less it has."""
    ends = [agent[f"last_week_{side}"] for side in agents.SIDES]
    money = _money(party, agent["effect"], currency)
    if not math.isfinite(ends[0]):
        return f"{name} {COMES[party]} in week {agent['first_week_with']:.0f}, and only with the policy"
    if not math.isfinite(ends[1]):
        return f"{name} {COMES[party]} in week {agent['first_week_without']:.0f}, but never with the policy"
    if ends[0] != ends[1]:
        return f"{name} {_end(party, ends[1], n_weeks)} with the policy, and without it {_end(party, ends[0], n_weeks)}"
    return f"{name} {money}"


def _money(party: str, effect: float, currency: str) -> str:
    verb = "earns" if party == "merchants" else "is"
    if abs(effect) < NO_CHANGE:
        return f"{verb} as {'much' if party == 'merchants' else 'well off'} with the policy as without"
    amount = f"{number(abs(effect), min(decimals_for(effect), 2))} {currency} a week"
    word = ("more" if effect > 0 else "less") if party == "merchants" else ("better off" if effect > 0 else "worse off")
    return f"{verb} {amount} {word} with the policy than without"


def _end(party: str, last_week: float, n_weeks: int) -> str:
    return f"{GOES[party]} after week {last_week:.0f}" if last_week < n_weeks else f"{STAYS[party]} to the end"


def _presence(party: str, agent: dict[str, Any], n_weeks: int) -> str:
    """What the headline leaves out: the money where it is about entry or exit, else the common end."""
    ends = [agent[f"last_week_{side}"] for side in agents.SIDES]
    if ends[0] == ends[1]:
        exits = f"{capital(GOES[party])} after week {ends[0]:.0f} with and without the policy"
        return exits if ends[0] < n_weeks else ""
    return "Weeks in which it is absent count as zero"


def _accounts(party: str, rows: list[Row], currency: str) -> str:
    """The difference in money and the parts of its accounts that add up to it."""
    by = {row.title: row for row in rows}
    money = rows[0]
    head = f"{money.title}: {_against(money)} {currency} a week"
    if party == "consumers":
        others = [f"{row.title.lower()} {_against(row)} {_short(row.unit, currency)}" for row in rows[1:]]
        return f"{head}; {', '.join(others)}"
    if party == "merchants":
        commission, opening = by["Commission paid"].change, by[OPENING].change if OPENING in by else 0.0
        parts = [(-commission, "commission"), (-opening, "the cost of opening")]
        parts.append((money.change + commission + opening, "all other items"))
    else:
        parts = [
            (by["Pay"].change, "pay"),
            (money.change - by["Pay"].change, "the value of time, and other costs"),
        ]
    decimals = decimals_for(money.change, *(part for part, _ in parts))
    parts = [(part, word) for part, word in parts if abs(part) >= NO_CHANGE]
    text = listed([f"{number(part, min(decimals, 2), signed=True)} from {word}" for part, word in parts])
    if len(parts) < 2:
        text = f"all from {parts[0][1]}" if parts else "none"
    return f"{head}, a difference of {number(money.change, min(decimals, 2), signed=True)}: {text}"


def _against(row: Row) -> str:
    decimals = min(decimals_for(row.without, row.with_policy), 2)
    return f"{number(row.with_policy, decimals)} instead of {number(row.without, decimals)}"


def _short(unit: str, currency: str) -> str:
    return {"orders a week": "a week", f"{currency} a week": f"{currency} a week"}.get(unit, unit)


def place(everybody: Frame, identity: int, party: str) -> str:
    """Where one agent stands among all: `38% of the 140 merchants are affected less favourably than this one, ...`."""
    effects = everybody["effect"].to_numpy(float)
    mine, n = float(everybody[everybody["identity"] == identity]["effect"].iloc[0]), number(len(effects), 0)
    if mine > 0 and not (effects > mine).any():
        return f"of the {n} {party}, nobody gains more"
    if mine < 0 and not (effects < mine).any():
        return f"of the {n} {party}, nobody loses more"
    worse, better = _percent((effects < mine).mean()), _percent((effects > mine).mean())
    return f"{worse} of the {n} {party} are affected less favourably than this one, {better} more favourably"


def _percent(share: float) -> str:
    """In whole per cents, but never all or none where it is not."""
    if 0 < share < 0.005:
        return "less than 1%"
    return "more than 99%" if 0.995 < share < 1 else f"{number(100 * share, 0)}%"


def _spread(weeks: Frame, first: int) -> str:
    """In how few weeks half of what differs lies: the fewer, the more it is single events."""
    measure = weeks["measure"].iloc[0]
    late = weeks[(weeks["measure"] == measure) & (weeks["week"] >= first)].sort_values("week")
    sides = [np.nan_to_num(late[late["side"] == side]["value"].to_numpy(float)) for side in agents.SIDES]
    apart = np.sort(np.abs(sides[1] - sides[0]))[::-1]
    if not apart.sum() > 0:
        return "No week differs"
    n = int(np.searchsorted(np.cumsum(apart), apart.sum() / 2) + 1)
    return f"Half of the weekly differences, added up, falls in {counted(n, 'week')} of {len(apart)}"
