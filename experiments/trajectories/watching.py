"""What is recorded of every agent at the end of a week, and the table of these records."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.statistics.agents import TRAITS
from experiments.storage.agent_weeks import ROWS_A_GROUP
from experiments.storage.runs import META
from experiments.storage.writing import parquet
from sim.world import World

if TYPE_CHECKING:
    import pyarrow as pa

Array = np.ndarray
type Columns = dict[str, Array]


def consumers_week(world: World, balance_before: Array) -> Columns:
    """Orders carried, money spent on them, surplus, minutes waited, and the platform most used (-1 for none)."""
    placed, consumers = world.orders.placed, world.consumers
    kept = ~world.orders.is_cancelled
    who, where = placed.consumer[kept].astype(np.int64), placed.platform[kept].astype(np.int64)
    n, n_platforms = len(consumers), world.n_platforms
    by_platform = np.bincount(who * n_platforms + where, minlength=n * n_platforms).reshape(n, n_platforms)
    orders = by_platform.sum(axis=1)
    delay = (by_platform * world.zones.delay.T.astype(np.float64)[consumers.zone]).sum(axis=1)
    waited = np.where(orders > 0, delay / np.maximum(orders, 1), np.nan)
    return {
        "orders": orders.astype(np.int32),
        "spent_cents": (balance_before - consumers.balance_cents).astype(np.int32),
        "surplus_cents": consumers.surplus_cents,
        "waited_minutes": waited.astype(np.float32),
        "platform": np.where(orders > 0, by_platform.argmax(axis=1), -1).astype(np.int8),
    }


def merchants_week(world: World) -> Columns:
    """Orders carried, goods sold on platforms, commission, profit, cost of opening, and platforms listed on (bits)."""
    merchants = world.merchants
    return {
        "orders": world.orders.n_carried.sum(axis=0).astype(np.int32),
        "sales_cents": merchants.sales_cents,
        "commission_cents": merchants.commission_cents,
        "profit_cents": merchants.profit_cents,
        "opening_cents": merchants.opening_cents,
        "listed_on": _bits(merchants.is_listed),
    }


def workers_week(world: World) -> Columns:
    """Minutes online and rationed, deliveries, pay, surplus, and platforms worked for (bits)."""
    workers = world.workers
    return {
        "minutes": workers.minutes.sum(axis=0).astype(np.int32),
        "rationed_minutes": workers.rationed_minutes,
        "deliveries": workers.deliveries.sum(axis=0).astype(np.int32),
        "pay_cents": workers.pay_cents,
        "surplus_cents": workers.surplus_cents,
        "worked_for": _bits(workers.minutes > 0),
    }


def _bits(flags: Array) -> Array:
    """uint16 (n): bit j for platform j, from bool (J, n)."""
    return (flags.astype(np.uint16) << np.arange(len(flags), dtype=np.uint16)[:, None]).sum(axis=0).astype(np.uint16)


PARTIES = ("consumers", "merchants", "workers")
MONEY: dict[str, Callable[[Columns], Array]] = {
    "consumers": lambda c: c["surplus_cents"].astype(np.int64),
    "merchants": lambda c: c["profit_cents"] - c["opening_cents"],
    "workers": lambda c: c["surplus_cents"].astype(np.int64),
}
"""What counts as an agent's money, as in `sim.metrics.tally`."""


class Watch:
    """Agents' weeks so far: one block of columns a week and party, of those present at its end."""

    def __init__(self, world: World) -> None:
        self.blocks: dict[str, list[Columns]] = {party: [] for party in PARTIES}
        self.balance = world.consumers.balance_cents.copy()

    def branch(self, world: World) -> Watch:
        """The same past, for a world that goes on from it by itself."""
        found = copy.copy(self)
        found.blocks = {party: list(blocks) for party, blocks in self.blocks.items()}
        found.balance = world.consumers.balance_cents.copy()
        return found

    def watch(self, world: World) -> None:
        """Take down the week that just ended."""
        seen = {
            "consumers": consumers_week(world, self.balance),
            "merchants": merchants_week(world),
            "workers": workers_week(world),
        }
        self.balance = world.consumers.balance_cents.copy()
        for party, columns in seen.items():
            table = getattr(world, party)
            rows = np.flatnonzero(table.is_active)
            block = {"identity": table.identity, **columns}
            week = {"week": np.full(len(rows), world.week, np.uint16)}
            self.blocks[party].append({name: values[rows] for name, values in block.items()} | week)

    def gathered(self, party: str) -> Columns:
        """Columns over all weeks, sorted by agent and week."""
        blocks = self.blocks[party]
        order = np.argsort(np.concatenate([block["identity"] for block in blocks]), kind="stable")
        return {name: np.concatenate([block[name] for block in blocks])[order] for name in blocks[0]}


def table_of(watches: dict[str, tuple[Watch, Any]], about: dict[str, Any]) -> bytes:
    """The file: one row an agent and side, its weeks as lists; sorted so that an agent's rows are neighbours.

    `watches` holds each side's watch and its model at the end of the horizon.
    """
    import pyarrow as pa

    tables = []
    for party in PARTIES:
        sides = [
            _rows(party, side, watch.gathered(party), model, about["first_policy_week"])
            for side, (watch, model) in watches.items()
        ]
        both = pa.concat_tables(sides)
        tables.append(both.sort_by([("identity", "ascending"), ("side", "descending")]))  # without, with
    table = pa.concat_tables(tables, promote_options="default")
    table = table.replace_schema_metadata({META: json.dumps(about).encode()})
    return parquet(table, compression="zstd", row_group_size=ROWS_A_GROUP, use_dictionary=["party", "side"])


def _rows(party: str, side: str, columns: Columns, model: Any, first_policy_week: int) -> pa.Table:
    """One row an agent of one world."""
    import pyarrow as pa

    identity, starts, n_weeks = np.unique(columns.pop("identity"), return_index=True, return_counts=True)
    week = columns.pop("week")
    is_late = week >= first_policy_week
    money = np.where(is_late, MONEY[party](columns), 0)
    running = np.concatenate([[0], np.cumsum(money)])
    late = np.concatenate([[0], np.cumsum(is_late)])
    ends = starts + n_weeks
    found: dict[str, Any] = {
        "party": pa.array([party] * len(identity), pa.string()),
        "side": pa.array([side] * len(identity), pa.string()),
        "identity": pa.array(identity, pa.uint32()),
        "first_week": pa.array(week[starts], pa.uint16()),
        "n_weeks": pa.array(n_weeks, pa.uint16()),
        "n_policy_weeks": pa.array(late[ends] - late[starts], pa.uint16()),
        "total_cents": pa.array(running[ends] - running[starts], pa.int64()),
    }
    found |= _traits(party, identity, model)
    offsets = pa.array(np.append(starts, len(week)), pa.int32())
    lists = {name: pa.ListArray.from_arrays(offsets, pa.array(_as_kept(name, v))) for name, v in columns.items()}
    return pa.table(found | lists)


def _as_kept(name: str, values: Array) -> Array:
    """Parties share columns, and so their types."""
    return values.astype(np.int64) if name.endswith("_cents") else values


def _traits(party: str, identity: Array, model: Any) -> dict[str, pa.Array]:
    """What agents are, as the tally has it; nothing of those who had gone when the window of the policy began."""
    import pyarrow as pa

    known = model.tally.frames()[party]
    place = np.searchsorted(known["identity"], identity)
    place = np.minimum(place, max(len(known["identity"]) - 1, 0))
    is_known = known["identity"][place] == identity if len(known["identity"]) else np.zeros(len(identity), bool)
    found = {}
    for trait in TRAITS[party]:
        values = known[trait][place].astype(str) if len(known[trait]) else np.full(len(identity), "")
        found[trait] = pa.array(values, pa.string(), mask=~is_known)
    return found
