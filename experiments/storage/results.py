"""Read a result folder: the record of what was run, and the tables that came out of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.result import Result
from analysis.statistics.effects import pairing_gain
from analysis.tables import TABLES, Frame
from experiments.storage import checksums
from experiments.storage.agent_weeks import AgentWeeksFile
from experiments.storage.earlier import EARLIER
from sim.errors import PlatformLabError

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
    table = TABLES[name]
    path = folder / table.file
    if not path.is_file():
        if is_optional:
            return table.empty()
        raise _refuse(folder, f"it holds no {path.name}", "run compare or sweep; run alone compares nothing")
    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise _refuse(folder, f"{path.name} is damaged ({error})", "run the command again") from error
    if missing := table.missing(frame):
        raise _refuse(folder, f"{path.name} lacks the columns {', '.join(missing)}", "run the command again")
    return frame.replace(EARLIER[name]) if name in EARLIER else frame


def verify(folder: str | Path, but: Collection[str] = ()) -> checksums.Verified:
    """Compare a result's files with their checksums, all `but` some that will be made anew.

    Raises `UnreadableResult`, which names the file that is not as it was written and the command that makes it again.
    """
    folder = Path(folder)
    found = checksums.verified(folder, but)
    if not found.is_finished:
        raise _refuse(folder, "its writing was begun and not finished", _again(folder))
    if found.faults:
        raise _refuse(folder, found.text, _again(folder))
    return found


def _again(folder: Path) -> str:
    """How to have a damaged result anew; the command is quoted only where its record can be read."""
    try:
        command = f": {json.loads((folder / 'record.json').read_text('utf-8'))['command']}"
    except (OSError, ValueError, KeyError, TypeError):
        command = ", with the same command"
    return f"ask the question again{command} (its finished runs are found, where they are in the store)"


def load_result(folder: str | Path, *, but: Collection[str] = (), is_verified: bool = True) -> Result:
    """Everything in a result folder; all tables but effects may be absent and are then empty.

    Files are compared with their checksums, all `but` some, or none where not `is_verified` (the result is being
    written). Raises `UnreadableResult` when the folder holds no result or a damaged one.
    """
    folder = Path(folder)
    if is_verified:
        verify(folder, but)
    record = _read_record(folder)
    read = (table for table in TABLES.values() if table.is_read)
    frames = {table.name: _read_table(folder, table.name, is_optional=not table.is_needed) for table in read}
    effects = frames["effects"]
    if effects.empty:
        raise _refuse(folder, "effects.parquet has no rows", "look in record.json for runs that failed")
    missing = [lever["key"] for lever in record["levers"] if lever["key"] not in effects.columns]
    if missing:
        why = f"effects.parquet has no column for the levers {', '.join(missing)}"
        raise _refuse(folder, why, "run the command again")
    if "pairing_gain" not in effects.columns:
        gain = pairing_gain(effects["unpaired_sd"], effects["paired_sd"])
        frames["effects"] = effects.assign(pairing_gain=gain)
    return Result(folder, record, frames)


class ResultFolder:
    """A result folder as figures are drawn from it (`analysis.figures.catalogue.Source`)."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def result(self) -> Result:
        """The tables of a comparison or sweep; raises `UnreadableResult`."""
        return load_result(self.folder)

    def plain(self, name: str) -> Any:
        """What a JSON file of the folder holds; raises `UnreadableResult`."""
        try:
            return json.loads((self.folder / name).read_text("utf-8"))
        except (OSError, ValueError):
            raise _refuse(self.folder, f"it holds no {name}", "name a result that has one") from None

    def agent_weeks(self) -> AgentWeeksFile:
        """Every agent's weeks in a pair of this result that was watched; raises `UnreadableResult` where none was."""
        ours = set(_read_table(self.folder, "runs", is_optional=False)["run"])
        paths = sorted((self.folder.parent.parent / "people").glob("*.parquet"))
        watched = [file for file in map(AgentWeeksFile, paths) if ours.issuperset(file.about["runs"].values())]
        if not watched:
            todo = "watch a pair: platform-lab dashboard, the page People"
            raise _refuse(self.folder, "no pair of runs was watched agent by agent", todo)
        return watched[0]


def load_runs(folder: str | Path, metrics: Iterable[str] = ()) -> Frame:
    """Every run of a result, a row each: point, levers, replicate, side, and means over the weeks under the policy.

    `side` is "without" the policy, "with" it, or "policy_conduct_fixed": with it and fixed conduct.
    `metrics` are the columns of means, all of them where none is named. Runs that failed have none.
    Raises `UnreadableResult` when the folder holds no result.
    """
    return _of_runs(Path(folder), metrics, is_weekly=False)


def load_weeks(folder: str | Path, metrics: Iterable[str] = ()) -> Frame:
    """The same run by run and week by week, before the policy too; runs that failed are left out."""
    return _of_runs(Path(folder), metrics, is_weekly=True)


def _of_runs(folder: Path, metrics: Iterable[str], *, is_weekly: bool) -> Frame:
    from experiments.storage import query

    verify(folder)
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
