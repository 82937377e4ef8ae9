"""What a comparison or sweep left: written whole, and shown again as it stands when the same is asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import tables
from analysis.tables import Frame
from experiments.request.request import Request
from experiments.storage import checksums, places, run_store, versions, writing
from experiments.storage.results import verify


@dataclass(frozen=True)
class Answer:
    """What a comparison or sweep left: its record, and its tables as `analysis.tables` declares them."""

    folder: Path
    record: Mapping[str, Any]
    frames: Mapping[str, Frame]
    """Tables that there are, by name."""

    def table(self, name: str) -> Frame | None:
        """A table by its name, None where this answer has none; raises `PlatformLabError` for an undeclared one."""
        return self.frames.get(tables.table(name).name)

    @property
    def effects(self) -> Frame:
        """Paired effects on every metric."""
        return self.frames["effects"]

    @property
    def moments(self) -> Frame:
        """The market without the policy against the facts."""
        return self.frames["moments"]

    @property
    def distribution(self) -> Frame | None:
        """Who gains and loses within each party; None where agents' outcomes were not kept."""
        return self.table("distribution")

    @property
    def sensitivity(self) -> Frame | None:
        """Rank correlations of drawn assumptions with effects; None without draws."""
        return self.table("sensitivity_of_effects")

    @property
    def decomposition(self) -> Frame | None:
        """What the rule does by itself and what platforms' answer adds; None where they do not answer."""
        return self.table("decomposition")

    @property
    def waterbed(self) -> Frame | None:
        """How much of what the rule takes platforms win back; None where they do not answer."""
        return self.table("waterbed")

    @property
    def enforcement(self) -> Frame | None:
        """How far the law reaches; None where no rule asks anything of platforms."""
        return self.table("enforcement")

    @property
    def strategies(self) -> Frame | None:
        """Every effect under every strategy that was tried; None where only one was."""
        return self.table("strategies")

    @property
    def n_draws(self) -> int:
        """Draws of the assumptions, those that failed included; 0 where none were drawn."""
        return int(self.record["uncertainty"].get("n_draws") or 0)

    @property
    def n_failed_draws(self) -> int:
        """Draws that left no pair of runs."""
        return int(self.record["uncertainty"].get("n_failed_draws") or 0)

    @property
    def precision(self) -> dict[str, Any] | None:
        """What precision was wanted and what was reached; None where none was."""
        return self.record["precision"]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The metrics that were asked about."""
        return tuple(self.record.get("outcomes") or ())


def keep(folder: Path, request: Request, frames: dict[str, Any], record: dict[str, Any]) -> None:
    """Write tables, configuration, record and report, and last the checksums of them all.

    Tables of an earlier answer that this one does not have are removed.

    Raises `PlatformLabError` for a table that is not as it is declared, before anything is written.
    """
    from experiments.results.reporting import write_report

    tables.check(frames)
    with checksums.one_at_a_time(places.output_folder() / "runs"):
        checksums.begin(folder)
        for name, table in tables.TABLES.items():
            if name not in frames:
                (folder / table.file).unlink(missing_ok=True)
        for name, frame in frames.items():
            writing.write_table(folder / tables.TABLES[name].file, frame)
        writing.write_config(folder, request)
        files = [tables.TABLES[name].file for name in frames]
        sums = {file: _sum_of(folder / file) for file in files}
        writing.write_json(folder / "record.json", record | {"asked": asked(request), "checksums": sums})
        write_report(folder, is_new=True)
        checksums.finish(folder, [*files, "config.yaml", "record.json", "report.html"])
    places.remember_last(folder)


def standing(folder: Path, request: Request, say: Callable[[str], None] = print) -> Answer | None:
    """The answer that stands, if the very same was asked of the same code and nothing failed; says so."""
    try:
        record = json.loads((folder / "record.json").read_text("utf-8"))
        is_same = record["asked"] == asked(request) and not record["n_failed"]
        if not is_same or not checksums.verified(folder).is_whole:
            return None
        answer = read(folder)
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    places.remember_last(folder)
    say(f"Runs: {_found(folder)}, and the result made of them on {record['started'][:10]}")
    return answer


def _found(folder: Path) -> str:
    """How many runs of an answer are in the store, whole, now: `60 found`, or `12 of 60 found`."""
    import pandas as pd

    names = set(pd.read_parquet(folder / tables.TABLES["runs"].file, columns=["run"])["run"])
    there, _ = run_store.all_runs().check(names)
    return f"{len(there):,} found" if len(there) == len(names) else f"{len(there):,} of {len(names):,} found"


def read(folder: Path) -> Answer:
    """The tables of a result as frames; raises `UnreadableResult` where they are not as they were written."""
    import pandas as pd

    verify(folder)
    record = json.loads((folder / "record.json").read_text("utf-8"))
    there = [one for one in tables.TABLES.values() if one.is_read and one.file in record["checksums"]]
    return Answer(folder, record, {one.name: pd.read_parquet(folder / one.file) for one in there})


def asked(request: Request) -> str:
    """What was asked of which code, the part that words and draws included."""
    plain = json.dumps(request.plain, sort_keys=True, default=str)
    return hashlib.sha256(f"{versions.code_version()}{versions.answer_version()}{plain}".encode()).hexdigest()


def _sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
