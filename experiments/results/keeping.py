"""What a comparison or sweep left: written whole, and shown again as it stands when the same is asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.request.request import Request
from experiments.storage import places, versions, writing


@dataclass(frozen=True)
class Answer:
    """What a comparison or sweep left, as frames."""

    folder: Path
    effects: Any
    moments: Any
    distribution: Any
    """None where agents' outcomes were not kept."""
    sensitivity: Any
    """Rank correlations of drawn assumptions with effects; None without draws."""
    n_draws: int
    n_failed_draws: int
    decomposition: Any = None
    """What the rule does by itself and what platforms' answer adds; None where they do not answer."""
    waterbed: Any = None
    enforcement: Any = None
    """How far the law reaches; None where no rule asks anything of platforms."""
    strategies: Any = None
    """Every effect under every strategy that was tried; None where only one was."""
    precision: dict[str, Any] | None = None
    """What precision was wanted and what was reached; None where none was."""
    outcomes: tuple[str, ...] = ()
    """The metrics that were asked about."""


def keep(folder: Path, request: Request, frames: dict[str, Any], record: dict[str, Any]) -> None:
    """Write tables, configuration and report, and last the record, which holds the checksums of the tables."""
    from experiments.results.reporting import write_report

    for name, frame in frames.items():
        writing.write_table(folder / f"{name}.parquet", frame)
    writing.write_config(folder, request)
    sums = {f"{name}.parquet": _sum_of(folder / f"{name}.parquet") for name in frames}
    writing.write_json(folder / "record.json", record | {"asked": asked(request), "checksums": sums})
    write_report(folder)
    places.remember_last(folder)


def standing(folder: Path, request: Request, say: Callable[[str], None] = print) -> Answer | None:
    """The answer that stands, if the very same was asked of the same code and nothing failed; says so."""
    try:
        record = json.loads((folder / "record.json").read_text("utf-8"))
        is_same = record["asked"] == asked(request) and not record["n_failed"] and (folder / "report.html").exists()
        if not is_same or any(_sum_of(folder / name) != value for name, value in record["checksums"].items()):
            return None
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    places.remember_last(folder)
    say(f"Runs: {record['n_runs']:,} found, and the result made of them on {record['started'][:10]}")
    return read(folder)


def read(folder: Path) -> Answer:
    """The tables of a result as frames."""
    import pandas as pd

    record = json.loads((folder / "record.json").read_text("utf-8"))
    names = ("effects", "moments", "distribution", "sensitivity_of_effects", "decomposition", "waterbed", "enforcement")
    names = (*names, "strategies")
    paths = {name: folder / f"{name}.parquet" for name in names}
    frames = {name: pd.read_parquet(path) if path.name in record["checksums"] else None for name, path in paths.items()}
    sensitivity, drawn = frames.pop("sensitivity_of_effects"), record["uncertainty"]
    n_draws, n_failed = (int(drawn.get(key) or 0) for key in ("n_draws", "n_failed_draws"))
    how: dict[str, Any] = {"sensitivity": sensitivity, "n_draws": n_draws, "n_failed_draws": n_failed}
    return Answer(folder, **frames, **how, precision=record["precision"], outcomes=tuple(record.get("outcomes") or ()))


def asked(request: Request) -> str:
    """What was asked of which code, the part that words and draws included."""
    plain = json.dumps(request.plain, sort_keys=True, default=str)
    return hashlib.sha256(f"{versions.code_version()}{versions.answer_version()}{plain}".encode()).hexdigest()


def _sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
