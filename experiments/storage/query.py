"""Queries of all finished runs, whatever request they were made for: two tables, `runs` and `weekly`.

    from analysis import query
    query.runs("policy.commission_cap.ceiling < 0.12")           # a row a run: scenario, moments, seconds
    query.weekly("policy.commission_cap.ceiling < 0.12", ["platform_profit"])
    query.ask('SELECT rules, avg(platform_profit) FROM runs JOIN weekly USING (run) WHERE week > 78 GROUP BY rules')

`runs` has a column for every dotted key of a scenario but its market (`policy.commission_cap.ceiling`, `seed`,
`population.n_consumers`, `platforms.strategy`), besides `run`, `code`, `is_stale` (made by other code than this),
`sector`, `market` (a digest of the sector's numbers), `rules`, `moment.*`, `seconds`, and `meta`, JSON with the whole
scenario and the log. `weekly` has a row a run and week and a column a metric. In a condition dotted names may be
written as they are; in SQL they are quoted: "policy.commission_cap.ceiling".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.storage import places
from experiments.storage import runs as _runs
from experiments.terminal import meanwhile
from sim.errors import PlatformLabError
from sim.snapshot import code_version

if TYPE_CHECKING:
    import duckdb

DOTTED = re.compile(r"(?<![\"'\w.])([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)(?![\"'\w(])")


class RefusedQuery(PlatformLabError):
    """A query that the tables cannot answer."""


def connect(folder: str | Path | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory over the runs in a folder as they are now; it reads their files and writes none.

    The folder is by default that of the output folder. Files that are not as they were written are left out, which is
    said. Raises `RefusedQuery` where no run is finished.
    """
    import duckdb

    folder = Path(folder) if folder is not None else places.output_folder() / "runs"
    kept = _runs.Runs(folder)
    _leave_out_damaged(kept)
    if not len(kept):
        raise RefusedQuery(f"there is no finished run in {folder}: make some, for example with platform-lab sweep")
    database = duckdb.connect()
    database.execute("SET temp_directory = ''")
    weekly = [part.paths[1] for part in kept.parts.values()] + list(kept.alone.values())
    listed = [part.paths[0] for part in kept.parts.values()]
    tables = [_from(listed)] if listed else []
    if kept.alone:
        database.register("alone", _alone(kept))
        tables.append("SELECT * FROM alone")
    # Seeds of parts and of runs that lie alone have types of their own, whose union would be a floating-point number.
    columns = f"* REPLACE (TRY_CAST(seed AS UBIGINT) AS seed), code <> '{code_version()}' AS is_stale"
    database.execute(f"CREATE VIEW runs AS SELECT {columns} FROM ({' UNION ALL BY NAME '.join(tables)})")
    database.execute(f"CREATE VIEW weekly AS {_from(weekly)}")
    return database


def _leave_out_damaged(kept: _runs.Runs) -> None:
    """Runs that cannot be read answer no query, and keep no other from answering one."""
    lost = [kept.folder / "parts" / f"{name}.runs.parquet" for name in kept.lost]
    for name, part in list(kept.parts.items()):
        if not part.is_whole:
            lost.append(part.paths[1])
            del kept.parts[name]
    kept.part_of = {run: name for run, name in kept.part_of.items() if name in kept.parts}
    for name, path in list(kept.alone.items()):
        content = _runs.whole(path)
        if content is None or not _runs.is_readable(content):
            lost.append(path)
            del kept.alone[name]
    for path in lost:
        meanwhile.note(f"Damaged, left out (platform-lab store check sets it aside): {path}")


def _from(paths: Iterable[Path]) -> str:
    names = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"SELECT * FROM read_parquet([{names}], union_by_name = true)"


def _alone(kept: _runs.Runs) -> Any:
    """Rows of the runs that lie alone, as a part has them."""
    import pandas as pd

    rows = []
    for name, path in kept.alone.items():
        meta = _runs.meta_at(path)
        rows.append({"run": name, "meta": json.dumps(meta), "first_row": 0, "n_rows": 0, **_runs.described(meta)})
    return pd.DataFrame(rows)


def ask(sql: str, folder: str | Path | None = None) -> Any:
    """Answer of a query over `runs` and `weekly` as a frame; raises `RefusedQuery` in the database's words."""
    import duckdb

    with connect(folder) as database:
        try:
            return database.execute(sql).fetch_df()
        except duckdb.Error as error:
            raise RefusedQuery(f"the query cannot be answered:\n  {error}") from None


def runs(where: str = "true", folder: str | Path | None = None, *, stale: bool = False) -> Any:
    """Runs that meet a condition, a row each; those of other code only if they are asked for."""
    return ask(f"SELECT * EXCLUDE (meta, first_row, n_rows) FROM runs WHERE {_condition(where, stale)}", folder)


def weekly(
    where: str = "true", metrics: Iterable[str] = (), folder: str | Path | None = None, *, stale: bool = False
) -> Any:
    """Weeks of the runs that meet a condition: run, week and the metrics, or all of them where none is named."""
    wanted = ", ".join(f'"{name}"' for name in metrics) or "* EXCLUDE (run, week)"
    sql = f"SELECT run, week, {wanted} FROM weekly SEMI JOIN (SELECT run FROM runs WHERE {_condition(where, stale)})"
    return ask(f"{sql} USING (run) ORDER BY run, week", folder)


def _condition(where: str, stale: bool) -> str:
    quoted = DOTTED.sub(r'"\1"', where)
    return f"({quoted})" if stale else f"({quoted}) AND NOT is_stale"
