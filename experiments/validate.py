"""Do agents agree with their own averages, and with what was measured elsewhere?

    platform-lab validate
    platform-lab validate suite=twin
    platform-lab validate suite=evidence quick=true
    platform-lab validate suite=evidence case=waterbed_curve runner.n_workers=1

Suite `twin` holds agents against the market of averages: one zone that grows, whose spread over seeds must fall with
the root of its size while means draw near, and zones of the usual size, whose bias is kept in bias.json. Suite
`evidence` puts published findings to the economy: a commission cut and what comes back of it (waterbed), pay floors
with and without rationing, fares under open entry. `all`, the default, is both. `case=NAME` carries out one case;
`quick=true` takes fewer seeds and smaller zones. The full suite `twin` takes most of an hour on one core.

Leaves table.csv, report.html, page.md, cases.json and record.json under outputs/validate/. Verdicts: `pass`, `miss`,
and `shown` where nothing is asked. A case whose result is there is not computed again, nor is a run.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import _build, _effects, _records, _store
from experiments._tables import show_table
from sim.errors import PlatformLabError, Problem, RefusedScenario
from sim.strict import nearest

if TYPE_CHECKING:
    from experiments.evidence.case import Case, Found

KEYS = ("suite", "case", "quick")


@dataclass(frozen=True)
class Wish:
    """What is to be validated, and how."""

    suite: str
    cases: list[tuple[str, Case]]
    """Suite and case."""
    is_quick: bool
    runner: _build.Runner
    words: list[str]
    only: str | None = None

    @property
    def name(self) -> str:
        """Of the result's folder."""
        return "-".join(filter(None, (self.suite, self.only, "quick" if self.is_quick else "")))


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Carry out cases, print, keep."""
    started = _effects.now()
    wish = ask(overrides, extra)
    done, failed = [], {}
    for suite, case in wish.cases:
        try:
            done.append((case, result_of(suite, case, wish)))
        except PlatformLabError as error:  # a case that fails is a recorded result; the others go on
            failed[case.name] = str(error)
            print(f"{case.name} failed: {error}", file=sys.stderr)
    if not done:
        raise PlatformLabError(f"every case failed; the first said:\n  {next(iter(failed.values()))}")
    folder = keep(wish, done, failed, started)
    print(f"\nResult: {folder}\nReport: {folder / 'report.html'}")


def ask(overrides: list[str], extra: Path | None = None) -> Wish:
    """What was typed, or `RefusedScenario` with every problem."""
    from experiments.evidence.procedures import SUITES

    said, others, problems = {}, [], []
    for i, word in enumerate(overrides):
        key, sign, value = word.partition("=")
        if not sign and i == 0:
            key, value = "suite", word
        if key.startswith("runner"):
            others.append(word)
        elif key not in KEYS or key in said:
            allowed = [*KEYS, "runner.n_workers", "runner.n_threads", "runner.kernels"]
            why = f"{key} is said twice" if key in said else "validation has no such key"
            problems.append(Problem(word, why, ", ".join(allowed), nearest(key, allowed)))
        else:
            said[key] = value
    suites = ["all", *SUITES]
    suite, only, quick = said.get("suite", "all"), said.get("case"), said.get("quick", "false").lower()
    if suite not in suites:
        problems.append(Problem(f"suite={suite}", "there is no such suite", ", ".join(suites), nearest(suite, suites)))
    if quick not in ("true", "false"):
        problems.append(Problem(f"quick={quick}", "it is either so or not", "true, false", "write quick=true"))
    cases = [(name, case) for name, some in SUITES.items() if suite in ("all", name) for case in some]
    names = [case.name for _, case in cases]
    if only is not None and only not in names and suite in suites:
        problems.append(Problem(f"case={only}", "there is no such case", ", ".join(names), nearest(only, names)))
    if problems:
        raise RefusedScenario(problems)
    runner = _build.ask(others, extra).asking.runner
    chosen = [(name, case) for name, case in cases if only in (None, case.name)]
    return Wish(suite, chosen, quick == "true", runner, overrides, only)


def digest_of(case: Case, wish: Wish) -> str:
    """Of all that decides a case's result: the economy's code, the procedure's, and the case."""
    from experiments.evidence.procedures import PROCEDURES

    source = inspect.getsource(inspect.getmodule(PROCEDURES[case.how]) or PROCEDURES[case.how])
    plain = json.dumps(case.plain(is_quick=wish.is_quick), sort_keys=True)
    return hashlib.sha256(f"{_store.code_version()}-{source}-{plain}".encode()).hexdigest()


def result_of(suite: str, case: Case, wish: Wish) -> Found:
    """What a case found: read if it is there, else carried out and kept."""
    from experiments.evidence.case import Found
    from experiments.evidence.procedures import PROCEDURES

    name = f"{suite}.{case.name}-{digest_of(case, wish)[:16]}.json"
    path = _store.output_folder() / "validate" / "cases" / name
    if path.exists():
        return Found.of(json.loads(path.read_text()))
    found = PROCEDURES[case.how](case.setting_of(is_quick=wish.is_quick), wish.runner)
    _store.write_json(path, found.plain())
    return Found.of(json.loads(path.read_text()))


def keep(wish: Wish, done: list[tuple[Case, Found]], failed: Mapping[str, str], started: Any) -> Path:
    """Print the table and write the result's folder."""
    import pandas as pd

    from analysis.report.validation import counts, render
    from experiments.evidence.case import COLUMNS, rows

    table = [row for case, found in done for row in rows(case, found)]
    digests = [digest_of(case, wish) for case, _ in done]
    digest = hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    folder = _store.result_folder("validate", wish.name, digest)
    by_case = [
        {"name": case.name, "question": case.question, "rows": list(rows(case, found)), "panels": found.panels}
        for case, found in done
    ]
    frame = pd.DataFrame(table, columns=list(COLUMNS))
    _store.write_whole(folder / "table.csv", frame.to_csv(index=False).encode())
    for name in dict.fromkeys(name for _, found in done for name in found.files):
        merged: dict[str, Any] = {}
        for _, found in done:
            merged |= found.files.get(name, {})
        _store.write_json(folder / name, merged)
    _store.write_json(folder / "cases.json", [case.plain(is_quick=wish.is_quick) for case, _ in done])
    record = _record(wish, digest, started, len(table), failed)
    _store.write_json(folder / "record.json", record)
    _store.write_whole(folder / "report.html", render(record, by_case).encode())
    _store.write_whole(folder / "page.md", _markdown(record, by_case).encode())
    for case in by_case:
        _show(case)
    print(f"\n{counts(table)}")
    return folder


def _record(wish: Wish, digest: str, started: Any, n_rows: int, failed: Mapping[str, str]) -> dict[str, Any]:
    seeds = {case.name: case.setting_of(is_quick=wish.is_quick) for _, case in wish.cases}
    replicates = [int(s.get("seeds", s.get("replicates", 1))) for s in seeds.values()]
    return {
        "verb": "validate",
        "name": wish.name,
        "title": f"Validation: {wish.suite}{f', {wish.only}' if wish.only else ''}",
        "n_replicates": max(replicates),
        "is_quick": wish.is_quick,
        "cases": list(seeds),
        "failed": dict(failed),
        "n_rows": n_rows,
        "digest": digest,
        "command": shlex.join(["platform-lab", "validate", *wish.words]),
        **_records.provenance(started),
    }


def _show(case: Mapping[str, Any]) -> None:
    from analysis.report.validation import cells

    judged = [row for row in case["rows"] if row["verdict"] != "shown"]
    shown = judged or case["rows"]
    heads = ["quantity", "unit", "fact", "accepted", "simulated", "95% interval", "verdict"]
    print()
    show_table(case["name"], heads, [[*cells(row), row["verdict"]] for row in shown], 130)
    if len(shown) < len(case["rows"]):
        print(f"{len(case['rows']) - len(shown)} more quantities are shown in the files")


def _markdown(record: Mapping[str, Any], cases: list[dict[str, Any]]) -> str:
    from analysis.report.validation import HEADS, cells, counts

    lines = [f"# {record['title']}", "", f"`{record['command']}`: {counts([r for c in cases for r in c['rows']])}."]
    for case in cases:
        lines += ["", f"## {case['name']}", "", case["question"], "", f"| {' | '.join(HEADS)} |"]
        lines.append("|" + "---|" * len(HEADS))
        lines += [f"| {' | '.join([*cells(row), row['verdict'], row['note']])} |" for row in case["rows"]]
        sources = dict.fromkeys(row["source"] for row in case["rows"] if row["source"])
        lines += ["", *(f"* {source}" for source in sources)]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    from experiments.cli import main as cli

    cli(["validate", *sys.argv[1:]])
