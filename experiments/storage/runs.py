"""Finished runs: each in a file of its own until many are put together in parts; found by name, read only if whole.

A run's file is called after the run and the SHA-256 of its content, a part after the SHA-256 of its list of runs, which
holds that of its weeks: what was cut short or altered does not have the content that its name says. The manifest lists
the parts that count and is replaced as a whole; runs that lie alone count by being there.

    runs/<run>.<sha>.parquet          weekly metrics of a run, what it was and how it went (`META` in its schema)
    runs/agents/<run>.<sha>.parquet   what every agent made of the weeks under the policy
    runs/parts/<sha>.runs.parquet     a hundred runs, a row each: scenario, moments, seconds, log
    runs/parts/<sha>.weekly.parquet   their weekly metrics
    runs/manifest.json
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

META = b"platform_lab"
SHA = 16
"""Digits of a SHA-256 in a file's name."""
WEEKS_IN_MEMORY = 2_000_000
"""Run-weeks of parts that are held at once: about a gigabyte."""


def sha_of(content: bytes) -> str:
    """The checksum in a file's name."""
    return hashlib.sha256(content).hexdigest()[:SHA]


def whole(path: Path) -> bytes | None:
    """Content of a file whose name holds its checksum; None if it is gone or is not what its name says."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if sha_of(content) == path.name.split(".")[1] else None


def table_of(content: bytes, columns: list[str] | None = None) -> pa.Table:
    """A Parquet file in memory as a table, or some of its columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pq.ParquetFile(pa.BufferReader(content)).read(columns, use_threads=False)


def meta_of(table: pa.Table) -> dict[str, Any]:
    """What a file says of itself."""
    return json.loads((table.schema.metadata or {})[META])


def is_readable(content: bytes) -> bool:
    """Whether what a run's file says can be understood and put with others: its weeks, and all it is looked for by."""
    import pyarrow as pa

    try:
        table = table_of(content)
        row = described(meta_of(table))
        seed = row["seed"]
        return "run" in table.column_names and isinstance(seed, int) and 0 <= seed < 2**64 and _is_plain(row)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException):
        return False


def _is_plain(row: dict[str, Any]) -> bool:
    """Whether every number of a row fits a column; only seeds may use all of 64 bits."""
    return all(abs(value) < 2**63 for key, value in row.items() if isinstance(value, int) and key != "seed")


def meta_at(path: Path) -> dict[str, Any]:
    """What the file of a run that lies alone says of itself, without reading its weeks."""
    import pyarrow.parquet as pq

    return json.loads(pq.read_schema(path).metadata[META])


def described(meta: dict[str, Any]) -> dict[str, Any]:
    """Columns by which runs are looked for: dotted keys of the scenario but its market, moments, seconds, code."""
    plain = json.loads(meta["scenario"])
    market = hashlib.sha256(json.dumps(plain.pop("sector")).encode()).hexdigest()[:SHA]
    found: dict[str, Any] = {"code": meta["code"], "sector": meta["sector"], "market": market}
    found |= {"population": meta["population"], "rules": "+".join(plain["policy"])}
    found |= {key: value for key, value in _leaves(plain) if isinstance(value, int | float | str)}
    found |= {f"moment.{key}": float(value) for key, value in meta["moments"].items()}
    return found | {"seconds": sum(meta["seconds"].values())}


def _leaves(tree: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


@dataclass(frozen=True)
class Part:
    """Many runs in two files; their weeks are read and checked when they are first wanted."""

    folder: Path
    name: str
    content: bytes
    """Of its list of runs."""

    @property
    def paths(self) -> tuple[Path, Path]:
        """Its list of runs and their weeks."""
        return self.folder / f"{self.name}.runs.parquet", self.folder / f"{self.name}.weekly.parquet"

    @functools.cached_property
    def rows(self) -> dict[str, tuple[int, int, int]]:
        """By name of the run its row in the list, its first week among the weeks, and how many it has."""
        columns = table_of(self.content, ["run", "first_row", "n_rows"]).to_pydict().values()
        return {name: (i, first, n) for i, (name, first, n) in enumerate(zip(*columns, strict=True))}

    @functools.cached_property
    def metas(self) -> list[dict[str, Any]]:
        """What every run says of itself."""
        return [json.loads(meta) for meta in table_of(self.content, ["meta"]).column("meta").to_pylist()]

    @functools.cached_property
    def weekly_sha(self) -> str:
        """Checksum of the weeks."""
        return meta_of(table_of(self.content, ["run"]))["weekly"]

    @functools.cached_property
    def is_whole(self) -> bool:
        """Whether the weeks are those that were written."""
        try:
            return sha_of(self.paths[1].read_bytes()) == self.weekly_sha
        except OSError:
            return False


def read_part(folder: Path, name: str) -> Part | None:
    """A part by its name; None if its list of runs is gone or damaged."""
    path = folder / f"{name}.runs.parquet"
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return Part(folder, name, content) if sha_of(content) == name else None


def manifest(folder: Path) -> list[str]:
    """Names of the parts that count; where the manifest is lost or damaged, of all that lie there."""
    path = folder / "manifest.json"
    try:
        return [str(name) for name in json.loads(path.read_text("utf-8"))["parts"]]
    except FileNotFoundError:
        return sorted(p.name.split(".")[0] for p in (folder / "parts").glob("*.runs.parquet"))
    except (OSError, ValueError, KeyError, TypeError):
        return sorted(p.name.split(".")[0] for p in (folder / "parts").glob("*.runs.parquet"))


def files(folder: Path) -> list[Path]:
    """Files of runs that lie alone, or of their agents; of a run that was computed twice there are two."""
    return [folder / name for name in _file_names(folder)]


def _file_names(folder: Path) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".parquet") and name.count(".") == 2)
    except OSError:
        return []


def alone(folder: Path, known: Mapping[str, Path] | None = None) -> dict[str, Path]:
    """One file a run, by name of the run; those of an earlier look are taken over where they lie there still."""
    was, found = known or {}, {}
    for name in _file_names(folder):
        run, path = name.split(".", 1)[0], was.get(name.split(".", 1)[0])
        found[run] = path if path is not None and path.name == name else folder / name
    return found


class Runs:
    """The runs in a folder as they were when it was looked at; what others have moved since is looked for again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._frames: dict[str, Any] = {}
        self.alone: dict[str, Path] = {}
        self.agents: dict[str, Path] = {}
        self.parts: dict[str, Part] = {}
        self.part_of: dict[str, str] = {}
        self.look()

    def look(self) -> None:
        """See what is there: first what lies alone, then the parts that it may meanwhile have been moved to.

        A part is called after its content, so that one that was read before is not read again.
        """
        self.alone, self.agents = alone(self.folder, self.alone), alone(self.folder / "agents", self.agents)
        self.lost: list[str] = []
        known, self.parts = self.parts, {}
        for name in manifest(self.folder):
            part = known.get(name) or read_part(self.folder / "parts", name)
            if part is None:
                self.lost.append(name)
            else:
                self.parts[name] = part
        if known.keys() != self.parts.keys():
            self.part_of = {run: name for name, part in self.parts.items() for run in part.rows}
        for run in self.alone.keys() & self.part_of.keys():  # moved, and its file not yet removed
            del self.alone[run]

    def let_go(self) -> None:
        """Forget weeks that were read; where runs lie is still known."""
        self._frames.clear()

    def __iter__(self) -> Iterator[str]:
        return iter([*self.part_of, *self.alone])

    def __len__(self) -> int:
        return len(self.part_of) + len(self.alone)

    def check(self, names: Iterable[str], *, with_agents: bool = False) -> tuple[set[str], list[Path]]:
        """Which of these runs are there and whole, and the files that are there and damaged."""
        found: set[str] = set()
        damaged = [self.folder / "parts" / f"{name}.runs.parquet" for name in self.lost]
        for name in names:
            part = self.parts.get(self.part_of.get(name, ""))
            files = [self.agents[name]] if with_agents and name in self.agents else []
            if with_agents and not files:
                continue
            if part is None and name in self.alone:
                files.append(self.alone[name])
            elif part is None or not part.is_whole:
                damaged += [part.paths[1]] if part is not None else []
                continue
            broken = [path for path in files if whole(path) is None]
            damaged += [path for path in broken if path.exists()]
            if not broken:
                found.add(name)
        return found, list(dict.fromkeys(damaged))

    def read(self, name: str) -> tuple[Any, dict[str, Any]]:
        """Weekly metrics (pandas) and what the run says of itself; None if it is missing or damaged."""
        found = self._read(name)
        if found is None:
            self.look()
            found = self._read(name)
        return found or (None, {})

    def _read(self, name: str) -> tuple[Any, dict[str, Any]] | None:
        if name in self.alone:
            content = whole(self.alone[name])
            if content is None:
                return None
            table = table_of(content)
            return table.drop_columns(["run"]).to_pandas(), meta_of(table)
        part = self.parts.get(self.part_of.get(name, ""))
        if part is None or not part.is_whole:
            return None
        row, first, n = part.rows[name]
        return self._frame(part).iloc[first : first + n].reset_index(drop=True), part.metas[row]

    def _frame(self, part: Part) -> Any:
        """All weeks of a part as a frame; the last ones read are kept."""
        import pyarrow.parquet as pq

        if part.name not in self._frames:
            while self._frames and sum(map(len, self._frames.values())) > WEEKS_IN_MEMORY:
                self._frames.pop(next(iter(self._frames)))
            self._frames[part.name] = pq.read_table(part.paths[1]).drop_columns(["run"]).to_pandas()
        return self._frames[part.name]

    def read_agents(self, name: str) -> Any:
        """Outcomes of a run's agents as a frame; None if they were not kept or are damaged."""
        content = whole(self.agents[name]) if name in self.agents else None
        return None if content is None else table_of(content).to_pandas()
