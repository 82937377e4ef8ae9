"""Results that are stored, as the pages show them: found by folder, read when they are wanted, remembered.

A name that comes from a browser is compared with the names of folders that are there and never becomes part of a path
before it is one of them.
"""

from __future__ import annotations

import functools
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.result import Result
from experiments.storage import places, versions
from experiments.storage.results import load_result, verify
from sim.errors import PlatformLabError

VERBS = ("compare", "sweep")
CASES = "validate"
MOST_LOADED = 32


@dataclass(frozen=True)
class Entry:
    """What is known of a result without reading its tables."""

    name: str
    """`compare/commission_cap-town-1eb285dac5`: what an address calls it."""
    folder: Path
    title: str
    question: str
    sector: str
    population: str
    strategy: str
    started: str
    n_replicates: int
    n_failed: int
    n_scenarios: int
    n_consumers: int
    command: str
    is_stale: bool
    """Whether other code than this made it."""

    @property
    def asked(self) -> str:
        """What was typed behind the verb."""
        return " ".join(self.command.split(" ")[2:])

    @property
    def verb(self) -> str:
        """Which question it answers."""
        return self.name.partition("/")[0]


@dataclass(frozen=True)
class Validation:
    """What `validate` left: its record, and its cases with the rows of their targets."""

    record: dict[str, Any]
    cases: list[dict[str, Any]]


class Library:
    """The results in the output folder as they are now; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[tuple[int, int], Entry | None]] = {}

    def entries(self, *verbs: str) -> list[Entry]:
        """Every readable result of some verbs, or of all, the newest first."""
        found = []
        with self._lock:
            for verb in verbs or VERBS:
                home = places.output_folder() / verb
                for folder in home.iterdir() if home.is_dir() else ():
                    found.append(self._entry(f"{verb}/{folder.name}", folder))
        kept = [entry for entry in found if entry is not None]
        return sorted(kept, key=lambda entry: entry.started, reverse=True)

    def _entry(self, name: str, folder: Path) -> Entry | None:
        path = folder / "record.json"
        try:
            stat = path.stat()
        except OSError:
            return None
        mark = (stat.st_mtime_ns, stat.st_size)
        if name not in self._seen or self._seen[name][0] != mark:
            self._seen[name] = mark, _described(name, folder)
        return self._seen[name][1]

    def find(self, name: str) -> Entry | None:
        """A result by its name; None if there is none."""
        return next((entry for entry in self.entries() if entry.name == name), None)

    def load(self, entry: Entry) -> Result:
        """Its tables; raises `UnreadableResult`."""
        files = sorted(path for path in entry.folder.iterdir() if path.is_file())
        marks = ((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
        return _loaded(entry.folder, tuple(marks))

    def failures(self, most: int = 20) -> list[dict[str, str]]:
        """Runs that failed and have not succeeded since, the newest first: name, error and rules."""
        home = places.output_folder() / "runs" / "failed"
        try:
            paths = sorted(home.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)[:most]
            return [_failure(path) for path in paths]
        except OSError:
            return []

    def validations(self) -> list[Validation]:
        """What `validate` left, the newest first."""
        home = places.output_folder() / CASES
        found = [_validation(path.parent) for path in home.glob("*/table.csv")]
        return sorted(filter(None, found), key=lambda one: str(one.record.get("started")), reverse=True)


@functools.lru_cache(maxsize=MOST_LOADED)
def _loaded(folder: Path, marks: tuple[tuple[str, int, int], ...]) -> Result:
    return load_result(folder)


def _described(name: str, folder: Path) -> Entry | None:
    """The entry of a folder; None where its record cannot be read, which is no reason to show nothing else."""
    try:
        record = json.loads((folder / "record.json").read_text("utf-8"))
        labels = record.get("scenario_labels") or [""]
        return Entry(
            name,
            folder,
            *(str(record.get(key) or "") for key in ("title", "question", "sector_title", "population", "strategy")),
            started=str(record["started"]),
            n_replicates=int(record["n_replicates"]),
            n_failed=int(record.get("n_failed") or 0),
            n_scenarios=len(labels),
            n_consumers=int(record.get("n_consumers") or 0),
            command=str(record["command"]),
            is_stale=record["code_version"] != versions.code_version(),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _failure(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_text("utf-8"))
        rules = ", ".join(kept["scenario"]["policy"]) or "no policy"
        return {"run": path.stem, "error": str(kept["error"]), "rules": rules}
    except (OSError, ValueError, KeyError, TypeError):
        return {"run": path.stem, "error": "its record is damaged", "rules": ""}


def _validation(folder: Path) -> Validation | None:
    """Cases and rows as they were when they were drawn: empty ends of a band are None."""
    import pandas as pd

    try:
        verify(folder)
        record = json.loads((folder / "record.json").read_text("utf-8"))
        table = pd.read_csv(folder / "table.csv", keep_default_na=False, na_values=[""])
        cases = []
        for (suite, name), rows in table.groupby(["suite", "case"], sort=False):
            kept = [_row_of(row) for row in rows.to_dict("records")]
            cases.append({"suite": str(suite), "name": str(name), "rows": kept})
        return Validation(record, cases)
    except (OSError, ValueError, KeyError, PlatformLabError):
        return None  # being written, or damaged


def _row_of(row: dict[Any, Any]) -> dict[str, Any]:
    found = {str(key): value for key, value in row.items()}
    bands = {key: None if found[key] != found[key] else float(found[key]) for key in ("low", "high", "target")}
    texts = {key: "" if found[key] != found[key] else str(found[key]) for key in ("unit", "note", "quantity", "case")}
    return found | bands | texts


def readable(library: Library, entry: Entry) -> Result | str:
    """The tables of a result, or why they cannot be read."""
    try:
        return library.load(entry)
    except (PlatformLabError, OSError) as error:
        return str(error)
