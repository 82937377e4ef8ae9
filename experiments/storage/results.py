"""Read a result folder: the record of what was run, and the tables that came out of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.result import TABLES, Frame, Result
from analysis.statistics.effects import pairing_gain
from sim.errors import PlatformLabError

EARLIER: dict[str, dict[str, dict[str, str]]] = {
    "decomposition": {"part": {"mechanical": "direct", "reaction": "behavioural"}},
    "enforcement": {
        "measure": {
            "looks": "inspections",
            "looks_at_a_breach": "inspections_of_breaches",
            "alive": "breaches_in_force",
        }
    },
}
"""Values of a column as results of earlier versions have them, and what they are called now."""
RECORD_KEYS = ("verb", "title", "question", "levers", "command", "digest")


class UnreadableResult(PlatformLabError):
    """A folder that holds no result, or not a whole one."""


def _refuse(folder: Path, why: str, todo: str) -> UnreadableResult:
    return UnreadableResult(
        f"No result can be read from {folder}\n  why:     {why}\n"
        "  allowed: a folder left by compare or sweep, with record.json and effects.parquet\n"
        f"  do:      {todo}"
    )


def _read_record(folder: Path) -> dict[str, Any]:
    path = folder / "record.json"
    if not path.is_file():
        reason = "it holds no record.json" if folder.is_dir() else "there is no such folder"
        raise _refuse(folder, reason, "name a folder below outputs/compare or outputs/sweep")
    try:
        record = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _refuse(folder, f"record.json is damaged ({error})", "run the command again") from error
    missing = [key for key in RECORD_KEYS if key not in record] if isinstance(record, dict) else RECORD_KEYS
    if missing:
        raise _refuse(folder, f"record.json lacks {', '.join(missing)}", "run the command again")
    return record


def _read_table(folder: Path, name: str, *, is_optional: bool) -> Frame:
    path, columns = folder / f"{name}.parquet", TABLES[name]
    if not path.is_file():
        if is_optional:
            return pd.DataFrame({column: pd.Series(dtype="object") for column in columns})
        raise _refuse(folder, f"it holds no {path.name}", "run compare or sweep; run alone compares nothing")
    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise _refuse(folder, f"{path.name} is damaged ({error})", "run the command again") from error
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise _refuse(folder, f"{path.name} lacks the columns {', '.join(missing)}", "run the command again")
    return frame.replace(EARLIER[name]) if name in EARLIER else frame


def load_result(folder: str | Path) -> Result:
    """Everything in a result folder; all tables but effects may be absent and are then empty.

    Raises `UnreadableResult` when the folder holds no result or a damaged one.
    """
    folder = Path(folder)
    record = _read_record(folder)
    effects = _read_table(folder, "effects", is_optional=False)
    if effects.empty:
        raise _refuse(folder, "effects.parquet has no rows", "look in record.json for runs that failed")
    missing = [lever["key"] for lever in record["levers"] if lever["key"] not in effects.columns]
    if missing:
        why = f"effects.parquet has no column for the levers {', '.join(missing)}"
        raise _refuse(folder, why, "run the command again")
    if "pairing_gain" not in effects.columns:
        effects = effects.assign(pairing_gain=pairing_gain(effects["unpaired_sd"], effects["paired_sd"]))
    return Result(
        folder=folder,
        record=record,
        effects=effects,
        trajectories=_read_table(folder, "trajectories", is_optional=True),
        moments=_read_table(folder, "moments", is_optional=True),
        distribution=_read_table(folder, "distribution", is_optional=True),
        draws=_read_table(folder, "draws", is_optional=True),
        sensitivity=_read_table(folder, "sensitivity_of_effects", is_optional=True),
        decomposition=_read_table(folder, "decomposition", is_optional=True),
        waterbed=_read_table(folder, "waterbed", is_optional=True),
        strategies=_read_table(folder, "strategies", is_optional=True),
        enforcement=_read_table(folder, "enforcement", is_optional=True),
    )


def load_runs(folder: str | Path, metrics: Iterable[str] = ()) -> Frame:
    """Every run of a result, a row each: point, levers, replicate, side, and means over the weeks under the policy.

    `side` is "without" the policy, "with" it, or "policy_conduct_fixed": with it while
    the decision variables of platforms stay as they would be without it.
    `metrics` are the columns of means, all of them where none is named. Runs that failed have none.
    Raises `UnreadableResult` when the folder holds no result.
    """
    return _of_runs(Path(folder), metrics, is_weekly=False)


def load_weeks(folder: str | Path, metrics: Iterable[str] = ()) -> Frame:
    """The same run by run and week by week, before the policy too; runs that failed are left out."""
    return _of_runs(Path(folder), metrics, is_weekly=True)


def _of_runs(folder: Path, metrics: Iterable[str], *, is_weekly: bool) -> Frame:
    from experiments.storage import query

    _read_record(folder)
    listed = _read_table(folder, "runs", is_optional=False)
    with query.connect(folder.parent.parent / "runs") as database:
        known = [name for name in database.table("weekly").columns if name not in ("run", "week")]
        wanted = list(metrics) or known
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise _refuse(folder, f"there is no metric {', '.join(unknown)}", "see platform-lab list metrics")
        database.register("listed", listed)
        if is_weekly:
            columns = ", ".join(["listed.*", "week", *(f'"{name}"' for name in wanted)])
            sql = f"SELECT {columns} FROM listed JOIN weekly USING (run) ORDER BY scenario, replicate, side, week"
            return database.execute(sql).fetch_df()
        means = ", ".join(f'avg("{name}") AS "{name}"' for name in wanted)
        since = "week >= first_policy_week"
        inner = f"SELECT run, {means} FROM weekly JOIN listed USING (run) WHERE {since} GROUP BY run"
        sql = f"SELECT * FROM listed LEFT JOIN ({inner}) USING (run) ORDER BY scenario, replicate, side"
        return database.execute(sql).fetch_df()
