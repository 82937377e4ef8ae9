"""Read a result folder: the record of what was run, and the tables that came out of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.compare import pairing_gain
from sim.errors import PlatformLabError

# A pandas.DataFrame. By pandas' annotations every selection of rows might be a Series as well, which would have
# to be denied line by line.
type Frame = Any

EFFECT_COLUMNS = (
    *("scenario", "label", "metric", "title", "party", "unit", "better", "n_replicates"),
    *("baseline", "policy", "effect", "low", "high", "paired_sd", "unpaired_sd"),
)
TRAJECTORY_COLUMNS = ("scenario", "label", "metric", "week", "baseline", "policy", "effect", "low", "high")
MOMENT_COLUMNS = (
    *("moment", "title", "target", "simulated", "low", "high", "unit", "role"),
    *("error", "error_kind", "tolerance", "verdict", "year", "source", "note"),
)
DISTRIBUTION_COLUMNS = (
    *("scenario", "label", "party", "grouping", "group", "n_replicates", "n_agents"),
    *("baseline", "effect", "low", "high", "total_effect", "threshold"),
    *("p5", "p10", "p25", "p50", "p50_low", "p50_high", "p75", "p90", "p95"),
    *("share_gain", "share_gain_low", "share_gain_high", "share_lose", "share_lose_low", "share_lose_high"),
)
DRAW_COLUMNS = ("scenario", "label", "draw", "number", "parameter", "value")
SENSITIVITY_COLUMNS = ("scenario", "label", "number", "parameter", "metric", "correlation", "p_value", "n_draws")
DECOMPOSITION_COLUMNS = (*EFFECT_COLUMNS[:-2], "part")
WATERBED_COLUMNS = (
    *("scenario", "label", "strategy", "is_main", "measure", "part", "n_replicates", "why", "unit"),
    *("share", "share_low", "share_high", "taken", "taken_low", "taken_high"),
    *("returned", "returned_low", "returned_high"),
)
ENFORCEMENT_COLUMNS = (
    *("scenario", "label", "measure", "title", "unit", "n_replicates"),
    *("value", "low", "high", "asked"),
)
STRATEGY_COLUMNS = (*EFFECT_COLUMNS[:-2], "strategy", "agreement")
RUN_COLUMNS = ("run", "scenario", "label", "replicate", "side", "strategy", "first_policy_week")
RECORD_KEYS = ("verb", "title", "question", "levers", "command", "digest")
TABLES = {
    "effects": EFFECT_COLUMNS,
    "trajectories": TRAJECTORY_COLUMNS,
    "moments": MOMENT_COLUMNS,
    "distribution": DISTRIBUTION_COLUMNS,
    "draws": DRAW_COLUMNS,
    "sensitivity_of_effects": SENSITIVITY_COLUMNS,
    "decomposition": DECOMPOSITION_COLUMNS,
    "waterbed": WATERBED_COLUMNS,
    "strategies": STRATEGY_COLUMNS,
    "enforcement": ENFORCEMENT_COLUMNS,
    "runs": RUN_COLUMNS,
}


class UnreadableResult(PlatformLabError):
    """A folder that holds no result, or not a whole one."""


@dataclass(frozen=True)
class Result:
    """What a comparison or a sweep left behind.

    `effects` has one row a scenario and metric (levels without and with the policy, their paired difference
    and its 95% interval), `trajectories` the same week by week, `moments` one row a moment of the sector.
    In `moments`, the error is simulated / target - 1 where `error_kind` is "relative", and simulated - target
    where it is "points"; tolerances are in the same measure. `distribution` has one row a scenario and group within
    a party (`analysis.distribution.distribution`). `draws` and `sensitivity` have rows only where assumptions were
    drawn: every value drawn, and its rank correlation with the effect on every metric.

    Where platforms answer the rule, `decomposition` splits every effect into what the rule does by itself and what
    the answer adds, and `waterbed` says how much of what the rule takes is won back. `strategies` has rows where the
    policy was tried under several strategies of platforms: every effect under each, and whether they agree.
    `enforcement` has rows where a rule asks something of platforms: how far the law reaches (`analysis.funnel.funnel`).
    """

    folder: Path
    record: dict[str, Any]
    effects: Frame
    trajectories: Frame
    moments: Frame
    distribution: Frame
    draws: Frame
    sensitivity: Frame
    decomposition: Frame
    waterbed: Frame
    strategies: Frame
    enforcement: Frame

    @property
    def levers(self) -> list[dict[str, Any]]:
        """The levers that take more than one value."""
        return [lever for lever in self.record["levers"] if self.effects[lever["key"]].nunique() > 1]

    @property
    def is_sweep(self) -> bool:
        """Whether there is more than one scenario to tell apart."""
        return self.effects["scenario"].nunique() > 1

    @property
    def has_draws(self) -> bool:
        """Whether replicates drew the assumptions too."""
        return "draw_low" in self.effects.columns


def is_choice(lever: Mapping[str, Any]) -> bool:
    """Whether a lever takes words, such as rules or yes and no, so that its values have no place on an axis."""
    values = lever.get("values") or []
    return any(isinstance(value, bool) or not isinstance(value, int | float) for value in values)


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
    return frame


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

    `side` is "without" the policy, "with" it, or "unanswered": with it while platforms do as they would without.
    `metrics` are the columns of means, all of them where none is named. Runs that failed have none.
    Raises `UnreadableResult` when the folder holds no result.
    """
    return _of_runs(Path(folder), metrics, is_weekly=False)


def load_weeks(folder: str | Path, metrics: Iterable[str] = ()) -> Frame:
    """The same run by run and week by week, before the policy too; runs that failed are left out."""
    return _of_runs(Path(folder), metrics, is_weekly=True)


def _of_runs(folder: Path, metrics: Iterable[str], *, is_weekly: bool) -> Frame:
    from analysis import query

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
