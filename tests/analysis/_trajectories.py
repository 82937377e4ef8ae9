"""Made-up files of agents' weeks, so that tests know what must be said of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.statistics.agents import LISTS, SIDES, TRAITS
from experiments.storage.agent_weeks import FORMAT
from experiments.storage.runs import META

N_WEEKS, FIRST = 10, 6
ABOUT = {
    "format": FORMAT,
    "runs": dict.fromkeys(SIDES, "x"),
    "seed": 1,
    "currency": "yuan",
    "sector": "Made up",
    "platforms": ["a", "b"],
    "n_weeks": N_WEEKS,
    "first_policy_week": FIRST,
    "n_consumers": 3,
}
TRAIT = {"consumers": {"quintile": "1"}, "merchants": {"tier": "independent", "size": "small"}}
TRAIT["workers"] = {"group": "regular"}


def row(party: str, side: str, identity: int, span: tuple[int, int] = (1, N_WEEKS), **weekly: Any) -> dict[str, Any]:
    """An agent on one side from the first to the last week of `span`; `weekly` are numbers or lists of its weeks."""
    n = span[1] - span[0] + 1
    lists = {name: list(np.broadcast_to(weekly.get(name, 0), n).tolist()) for name in LISTS[party]}
    late = [span[0] + i >= FIRST for i in range(n)]
    money = np.array(lists[LISTS[party][0]]) - np.array(lists.get("opening_cents", 0))
    return (
        {"party": party, "side": side, "identity": identity, "first_week": span[0], "n_weeks": n}
        | {"n_policy_weeks": sum(late), "total_cents": int(money[late].sum())}
        | TRAIT[party]
        | lists
    )


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """The file of these rows."""
    kinds = {"party": pa.string(), "side": pa.string(), "identity": pa.uint32(), "total_cents": pa.int64()}
    kinds |= {name: pa.uint16() for name in ("first_week", "n_weeks", "n_policy_weeks")}
    kinds |= {trait: pa.string() for traits in TRAITS.values() for trait in traits}
    kinds |= {name: pa.list_(pa.float64()) for lists in LISTS.values() for name in lists}
    order = {party: place for place, party in enumerate(TRAITS)}
    rows = sorted(rows, key=lambda r: (order[r["party"]], r["identity"], r["side"] == "with"))
    table = pa.table({name: pa.array([r.get(name) for r in rows], kind) for name, kind in kinds.items()})
    pq.write_table(table.replace_schema_metadata({META: json.dumps(ABOUT).encode()}), path, row_group_size=4)
    return path


def both(
    party: str, identity: int, without: dict[str, Any], ruled: dict[str, Any], **more: Any
) -> list[dict[str, Any]]:
    """An agent who is there on both sides all the time: the same before the rule, these numbers from then on."""
    rows = []
    for side, late in zip(SIDES, (without, ruled), strict=True):
        weekly = {name: [without[name]] * (FIRST - 1) + [late[name]] * (N_WEEKS - FIRST + 1) for name in late}
        rows.append(row(party, side, identity, **weekly, **more))
    return rows
