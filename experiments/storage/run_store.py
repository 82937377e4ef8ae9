"""Keeping finished runs: written by the process that computed them, completely or not at all, and merged into parts.

How they lie and how they are read: `experiments.storage.runs`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.storage import runs
from experiments.storage.places import output_folder
from experiments.storage.runs import META, Runs
from experiments.storage.versions import code_version
from experiments.storage.writing import FullDisk, parquet, unwritten, write_json, write_whole
from experiments.terminal import meanwhile
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.model import PlatformEconomy

RUNS_A_PART = 100
PLAIN: dict[str, Any] = {"use_dictionary": False, "write_statistics": False, "compression": "none"}
"""A run by itself: a third of the time of the defaults, and it is compressed when it is put with others."""


def folder() -> Path:
    """Where finished runs lie."""
    return output_folder() / "runs"


def run_name(scenario: Scenario) -> str:
    """Address of one run: its scenario and the version of the code."""
    return hashlib.sha256(f"{code_version()}-{scenario.digest()}".encode()).hexdigest()[:24]


def all_runs() -> Runs:
    """Every finished run as it lies there now."""
    return Runs(folder())


def keep(scenario: Scenario, model: PlatformEconomy, log: list[str], *, with_agents: bool) -> None:
    """A finished run: its agents' outcomes first, then its weeks, which say that all is there."""
    import numpy as np
    import pyarrow as pa

    name = run_name(scenario)
    if with_agents:
        _put(folder() / "agents", name, parquet(_agents_table(model), compression="zstd", write_statistics=False))
    weeks = {key: pa.array(np.asarray(values)) for key, values in model.weekly.items()}
    n_weeks = len(model.weekly["week"])
    run = pa.DictionaryArray.from_arrays(pa.array(np.zeros(n_weeks, np.int8)), pa.array([name]))
    meta = {"code": code_version(), "scenario": scenario.canonical, "sector": scenario.sector.name}
    meta |= {"population": scenario.population.name, "moments": model.moments, "seconds": model.seconds, "log": log}
    table = pa.table({"run": run} | weeks).replace_schema_metadata({META: json.dumps(meta).encode()})
    _put(folder(), name, parquet(table, **PLAIN))
    (folder() / "failed" / f"{name}.json").unlink(missing_ok=True)


def _put(where: Path, name: str, content: bytes) -> None:
    write_whole(where / f"{name}.{runs.sha_of(content)}.parquet", content)


def _agents_table(model: PlatformEconomy) -> pa.Table:
    import pyarrow as pa

    from analysis.statistics.distribution import agent_columns

    def column(values: Any) -> Any:
        if not isinstance(values, tuple):
            return pa.array(values)
        return pa.DictionaryArray.from_arrays(pa.array(values[0], mask=values[0] < 0), pa.array(values[1], pa.string()))

    return pa.table({name: column(values) for name, values in agent_columns(model.tally.frames()).items()})


def set_aside(damaged: Iterable[Path]) -> None:
    """Move damaged files to where no result is read; a part whose weeks are damaged leaves the manifest."""
    found = list(damaged)
    for path in found:
        _move_aside(path)
    parts = {path.name.split(".")[0] for path in found if path.parent.name == "parts"}
    if parts:
        with _holding_lock():
            _publish([name for name in runs.manifest(folder()) if name not in parts])


def _move_aside(path: Path) -> None:
    aside = folder() / "damaged" / path.name
    try:
        aside.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.replace(path, aside)
    except OSError as error:
        raise unwritten(path, error) from None


def compact(n_least: int = RUNS_A_PART) -> int:
    """Put runs that lie alone together, a hundred a part and of one version of the code; returns how many were.

    Those that do not fill a part stay alone. Who reads meanwhile finds every run in its old place or in its new one:
    parts are written first, then the manifest is replaced, and only then files of single runs are removed.
    """
    if len(runs.alone(folder())) < n_least:
        return 0
    with _holding_lock(wait=False) as is_ours:
        if not is_ours:  # somebody else is at it
            return 0
        seen = all_runs()
        _remove_moved(seen)
        groups: dict[str, list[tuple[str, pa.Table]]] = {}
        made, gone = [], []
        for name, path in sorted(seen.alone.items()):
            content = runs.whole(path)
            if content is None:
                continue  # named and set aside when somebody asks for it
            if not runs.is_readable(content):
                meanwhile.note(f"Cannot be read, moved to runs/damaged: {path}")
                _move_aside(path)
                continue
            table = runs.table_of(content)
            group = groups.setdefault(runs.meta_of(table)["code"], [])
            group.append((name, table))
            if len(group) == RUNS_A_PART:
                made.append(_write_part(group))
                gone += [seen.alone[run] for run, _ in group]
                group.clear()
        if made:
            _publish([*seen.parts, *made])
            for path in gone:
                path.unlink(missing_ok=True)
        return len(gone)


def _remove_moved(seen: Runs) -> None:
    """Files of runs that a killed process had put in a part and not yet removed, and of runs that were done twice."""
    for path in runs.files(folder()):
        name = path.name.split(".")[0]
        part, other = seen.parts.get(seen.part_of.get(name, "")), seen.alone.get(name, path)
        if (part is not None and part.is_whole) or (other != path and runs.whole(other) is not None):
            path.unlink(missing_ok=True)


def _write_part(group: list[tuple[str, pa.Table]]) -> str:
    import pyarrow as pa

    metas = [runs.meta_of(table) for _, table in group]
    lengths = [table.num_rows for _, table in group]
    starts = [sum(lengths[:i]) for i in range(len(lengths))]
    rows = [
        {"run": name, "first_row": start, "n_rows": n, "meta": json.dumps(meta), **runs.described(meta)}
        for (name, _), meta, start, n in zip(group, metas, starts, lengths, strict=True)
    ]
    plain = [table.replace_schema_metadata(None) for _, table in group]
    weekly = pa.concat_tables(plain, promote_options="default").unify_dictionaries()
    content = parquet(weekly, compression="zstd", compression_level=1, use_dictionary=["run"])
    keys = list(dict.fromkeys(key for row in rows for key in row))
    table = pa.table({key: _column(key, [row.get(key) for row in rows]) for key in keys})
    meta = {"weekly": runs.sha_of(content)}
    listed = parquet(table.replace_schema_metadata({META: json.dumps(meta).encode()}), compression="zstd")
    part = runs.sha_of(listed)
    write_whole(folder() / "parts" / f"{part}.weekly.parquet", content)
    write_whole(folder() / "parts" / f"{part}.runs.parquet", listed)
    return part


def _column(key: str, values: list[Any]) -> Any:
    """A column of a part; as text where one key has words in some runs and numbers in others."""
    import pyarrow as pa

    if key == "seed":
        return pa.array(values, pa.uint64())
    try:
        return pa.array(values)
    except (pa.ArrowException, OverflowError, ValueError, TypeError):
        return pa.array([None if value is None else str(value) for value in values], pa.string())


def _publish(parts: list[str]) -> None:
    write_json(folder() / "manifest.json", {"format": 1, "parts": parts})


@contextlib.contextmanager
def _holding_lock(*, wait: bool = True) -> Iterator[bool]:
    """Nobody else changes the manifest meanwhile; a killed process lets go. Yields whether the lock was had."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder() / ".lock", timeout=-1 if wait else 0)
    try:
        folder().mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        yield False
        return
    except OSError as error:
        raise unwritten(folder() / ".lock", error) from None
    try:
        yield True
    finally:
        lock.release()


def record_failure(scenario: Scenario, error: str, log: list[str]) -> None:
    """Why a run has no result: overwritten when it is tried again, gone when it succeeds."""
    path = folder() / "failed" / f"{run_name(scenario)}.json"
    with contextlib.suppress(FullDisk):  # the error is told in any case
        write_json(path, {"error": error, "log": log, "code": code_version(), "scenario": scenario.to_dict()})


def codes(kept: Runs) -> dict[str, str]:
    """Version of the code of every run, by its name."""
    found = {run: part.metas[0]["code"] for part in kept.parts.values() for run in part.rows}  # one code a part
    for name, path in kept.alone.items():
        content = runs.whole(path)
        if content is not None and runs.is_readable(content):
            found[name] = runs.meta_of(runs.table_of(content))["code"]
    return found


def prune() -> tuple[int, int]:
    """Remove runs of other code and debris, once the manifest has let go of them; how many runs and bytes they were."""
    home = folder()
    with _holding_lock():
        kept = all_runs()
        found, ours = codes(kept), code_version()
        gone = {name for name, code in found.items() if code != ours}
        parts = [name for name, part in kept.parts.items() if not gone.isdisjoint(part.rows)]
        if parts:
            _publish([name for name in kept.parts if name not in parts])
        paths = [path for name in parts for path in kept.parts[name].paths]
        paths += [path for path in runs.files(home) if path.name.split(".")[0] in gone]
        paths += [path for path in runs.files(home / "agents") if path.name.split(".")[0] not in found.keys() - gone]
        listed = {path.name for name in kept.parts for path in kept.parts[name].paths}
        paths += [path for path in home.glob("parts/*.parquet") if path.name not in listed]
        paths += [*home.glob("failed/*"), *home.glob("damaged/*")]
        freed = sum(path.stat().st_size for path in paths if path.exists())
        for path in dict.fromkeys(paths):
            path.unlink(missing_ok=True)
    return len(gone), freed
