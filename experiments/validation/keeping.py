"""What a validation leaves: tables, figures, a page, and a record of how it was made."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from experiments.results import records
from experiments.storage import checksums, places, writing
from experiments.validation.carrying_out import Done, digest_of
from experiments.validation.case import COLUMNS, rows
from experiments.validation.options import Options


@dataclass(frozen=True)
class Kept:
    """What a validation left."""

    folder: Path
    table: Any
    """A row a quantity of a case: what was expected, what was found, and the verdict."""
    cases: list[dict[str, Any]]
    """Suite, name, question, panels and rows of every case that was carried out."""
    record: dict[str, Any]


def keep(options: Options, done: Done, started: datetime) -> Kept:
    """Write the result's folder."""
    import pandas as pd

    from analysis.report.validation import render

    digests = [digest_of(case, options) for _, case, _ in done.found]
    digest = hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    folder = places.result_folder("validate", options.name, digest)
    cases = [
        {
            "suite": suite,
            "name": case.name,
            "question": case.question,
            "panels": found.panels,
            "rows": list(rows(case, found, is_quick=options.is_quick)),
        }
        for suite, case, found in done.found
    ]
    frame = pd.DataFrame([row for case in cases for row in case["rows"]], columns=list(COLUMNS))
    checksums.begin(folder)
    writing.write_whole(folder / "table.csv", frame.to_csv(index=False).encode())
    more = list(dict.fromkeys(name for *_, found in done.found for name in found.files))
    for name in more:
        merged: dict[str, Any] = {}
        for *_, found in done.found:
            merged |= found.files.get(name, {})
        writing.write_json(folder / name, merged)
    plain = [{"suite": suite, **case.plain(is_quick=options.is_quick)} for suite, case, _ in done.found]
    writing.write_json(folder / "cases.json", plain)
    writing.write_json(folder / "figures.json", cases)
    record = _record(options, done, digest, started, len(frame))
    writing.write_json(folder / "record.json", record)
    writing.write_whole(folder / "report.html", render(record, cases).encode())
    writing.write_whole(folder / "page.md", _markdown(record, cases).encode())
    pages = ("table.csv", "cases.json", "figures.json", "record.json", "report.html", "page.md")
    checksums.finish(folder, [*pages, *more])
    return Kept(folder, frame, cases, record)


def _record(options: Options, done: Done, digest: str, started: datetime, n_rows: int) -> dict[str, Any]:
    settings = {case.name: case.setting_of(is_quick=options.is_quick) for _, case in options.cases}
    replicates = [s.get("seeds", s.get("replicates", s.get("sessions", 1))) for s in settings.values()]
    suites = {case.name: suite for suite, case in options.cases}
    return {
        "verb": "validate",
        "name": options.name,
        "title": f"Validation: {' and '.join(options.suites)}{f', {options.only}' if options.only else ''}",
        "n_replicates": max(number for number in (*replicates, 1) if isinstance(number, int)),
        "is_quick": options.is_quick,
        "cases": list(settings),
        "left_out": list(options.left_out),
        "failed": {name: {"suite": suites[name], "why": why} for name, why in done.failed.items()},
        "seconds_of_cases": done.seconds,
        "n_rows": n_rows,
        "digest": digest,
        "command": shlex.join(["platform-lab", "validate", *options.words]),
        **records.provenance(started),
    }


def _markdown(record: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]) -> str:
    from analysis.report.validation import HEADS, cells, misses, summary

    lines = [f"# {record['title']}", "", f"`{record['command']}`: {summary(cases, record['failed'])}"]
    missed = misses(cases)
    if missed:
        lines += ["", "## Misses", "", f"| case | {' | '.join(HEADS)} |", "|" + "---|" * (len(HEADS) + 1)]
        lines += [_line([row["case"], *cells(row), row["verdict"], row["note"]]) for row in missed]
    for name, failure in record["failed"].items():
        lines += ["", f"{name} could not be carried out: {failure['why']}"]
    for case in cases:
        lines += ["", f"## {case['name']}", "", case["question"], "", f"| {' | '.join(HEADS)} |"]
        lines.append("|" + "---|" * len(HEADS))
        lines += [_line([*cells(row), row["verdict"], row["note"]]) for row in case["rows"]]
        sources = dict.fromkeys(row["source"] for row in case["rows"] if row["source"])
        lines += ["", *(f"* {source}" for source in sources)]
    return "\n".join([*lines, ""])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/').replace(chr(10), ' ') for cell in cells)} |"
