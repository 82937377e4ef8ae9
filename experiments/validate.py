"""Does the laboratory reproduce what theory proves and what was measured, and do agents match the mean-field model?

    platform-lab validate                            theory and evidence
    platform-lab validate theory --quick
    platform-lab validate evidence case=waterbed_curve runner.n_workers=1
    platform-lab validate case=my_case.yaml
    platform-lab validate mine --config-dir DIR      every file of DIR/validation/mine/

Suite `theory` tests parts of the model against results that are known exactly or were published. Suite `evidence`
tests the economy against findings of field studies: a commission cut and how much of it platforms win back (waterbed),
pay floors with and without rationing, fares under open entry. Suite `mean_field` compares agents with the mean-field
model and takes most of an hour on one core; it runs only when it is named, or with `all`. Suite `example` shows how to
write a case.

`case=NAME` runs one case of any suite, `case=FILE.yaml` one of your own (docs/validation.md says how to write it).
`--quick` or `quick=true` runs every case at its smaller size and judges it by its wider bands.

Writes table.csv, report.html, page.md, cases.json, figures.json and record.json under outputs/validate/. Verdicts:
`pass`, `miss`, and `shown` where there is no target. A case that already has a result is not computed again, nor is a
run.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from experiments.request import build, folders, naming, untrusted
from experiments.request.request import Runner
from experiments.results import answering, records
from experiments.storage import places, versions, writing
from experiments.terminal.tables import show_table
from sim.errors import PlatformLabError, Problem, RefusedScenario
from sim.strict import nearest

if TYPE_CHECKING:
    from experiments.validation.case import Case, Found

KEYS = ("suite", "case", "quick")
FLAGS = {"--quick": "quick=true"}
"""Options of this verb and what each stands for."""
USUAL = ("theory", "evidence")
"""Suites where none is named."""


@dataclass(frozen=True)
class Options:
    """What is to be validated, and how."""

    suites: tuple[str, ...]
    """As they were named; the usual ones where none was."""
    cases: list[tuple[str, Case]]
    """Suite and case."""
    is_quick: bool
    runner: Runner
    words: list[str]
    only: str | None = None
    left_out: tuple[str, ...] = ()
    """Cases that are not run with `quick`."""

    @property
    def name(self) -> str:
        """Of the result's folder."""
        return "-".join(filter(None, (*self.suites, self.only, "quick" if self.is_quick else "")))


@dataclass
class Done:
    """Results of the cases run so far."""

    found: list[tuple[str, Case, Found]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    """Cases that could not be carried out, and why."""
    seconds: dict[str, float] = field(default_factory=dict)


def main(overrides: list[str], extra: Path | None = None) -> None:
    """Carry out cases, print, keep."""
    started = answering.now()
    options = ask(overrides, extra)
    if options.left_out:
        print(f"not in the quick suite: {', '.join(options.left_out)}", file=sys.stderr)
    done = carry_out(options)
    if not done.found:
        raise PlatformLabError(f"every case failed; the first error:\n  {next(iter(done.failed.values()))}")
    folder = keep(options, done, started)
    print(f"\nResult: {folder}\nReport: {folder / 'report.html'}")


def carry_out(options: Options) -> Done:
    """Run case by case and print which; one that fails is a recorded result, and the others go on."""
    from experiments.validation.case import rows

    done = Done()
    for i, (suite, case) in enumerate(options.cases, 1):
        place, begun = f"[{i}/{len(options.cases)}] {suite}: {case.name}", time.perf_counter()
        print(f"{place} ...", file=sys.stderr, flush=True)
        try:
            found, is_kept = result_of(case, options)
        except Exception as error:  # a fault in one case must not lose the results of the others
            text = str(error) if isinstance(error, PlatformLabError) else f"{type(error).__name__}: {error}"
            done.failed[case.name] = text
            verdict = f"failed: {text}"
        else:
            done.found.append((suite, case, found))
            text = [row["verdict"] for row in rows(case, found, is_quick=options.is_quick)]
            verdict = ", ".join(f"{text.count(word)} {word}" for word in ("pass", "miss", "shown") if word in text)
            verdict = f"{verdict or 'nothing measured'}{' (stored)' if is_kept else ''}"
        done.seconds[case.name] = round(time.perf_counter() - begun, 2)
        print(f"{place}: {verdict}, {done.seconds[case.name]:.1f} s", file=sys.stderr, flush=True)
    return done


def ask(overrides: list[str], extra: Path | None = None) -> Options:
    """What was typed, or `RefusedScenario` with every problem."""
    from experiments.validation import files

    untrusted.refuse_hostile(extra, folders.config_folder())
    problems: list[Problem] = []
    text, others = _split(overrides, problems)
    suite, only, quick = text.get("suite"), text.get("case"), text.get("quick", "false").lower()
    if quick not in ("true", "false"):
        problems.append(Problem(f"quick={quick}", "it is neither true nor false", "true, false", "write --quick"))
    if only is not None and only.endswith((".yaml", ".yml")):
        if suite not in (None, files.OWN):
            why, todo = "a file belongs to no suite", "leave the suite out"
            problems.append(Problem(f"suite={suite}", why, f"case={only} alone", todo))
        case = files.read_case(Path(only), problems)
        suite, only, cases = files.OWN, Path(only).stem, [(files.OWN, case)] if case else []
    else:
        cases = _chosen(suite, only, extra, problems)
    problems += naming.problems_of({"suite": suite, "case": only})
    if problems:
        raise RefusedScenario(list(dict.fromkeys(problems)))
    runner = build.ask(others, extra).asking.runner
    words = [*overrides, *(["--config-dir", str(extra)] if extra else [])]
    suites = (suite,) if suite else (cases[0][0],) if only else USUAL
    left_out = tuple(case.name for _, case in cases if quick == "true" and not only and not case.is_quick)
    cases = [(name, case) for name, case in cases if case.name not in left_out]
    return Options(suites, cases, quick == "true", runner, words, only, left_out)


def _split(overrides: list[str], problems: list[Problem]) -> tuple[dict[str, str], list[str]]:
    """Settings of validation, and of the runner; the one bare word is a suite."""
    text, others = {}, []
    for word in overrides:
        key, sign, value = word.partition("=")
        if not sign:
            key, value = "suite", word
        if key.startswith("runner"):
            others.append(word)
        elif key not in KEYS or key in text:
            allowed = [*KEYS, "runner.n_workers", "runner.n_threads", "runner.kernels"]
            why = f"{key} is set twice" if key in text else "validation has no such key"
            problems.append(Problem(word, why, ", ".join(allowed), nearest(key, allowed)))
        else:
            text[key] = value
    return text, others


def _chosen(suite: str | None, only: str | None, extra: Path | None, problems: list[Problem]) -> list[tuple[str, Case]]:
    """Suite and case of all that is asked for; a case that is named is looked for in every suite."""
    from experiments.validation import files

    known = files.suites(extra)
    if suite is not None and suite not in (*known, files.ALL):
        allowed = [*known, files.ALL]
        problems.append(
            Problem(f"suite={suite}", "there is no such suite", ", ".join(allowed), nearest(suite, allowed))
        )
        return []
    is_any = suite == files.ALL or (suite is None and only is not None)
    wanted = known if is_any else USUAL if suite is None else (suite,)
    cases = [(name, case) for name in wanted for case in files.cases_of(name, extra, problems)]
    names = [case.name for _, case in cases]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        where = ", ".join(s for s, case in cases if case.name == name)
        why = f"several cases have this name: in {where}"
        problems.append(Problem(f"case {name}", why, "one of each name", "rename yours"))
    if only is None:
        if not cases and not problems:
            problems.append(Problem(f"suite={suite}", "it has no cases yet", ", ".join(known), "add files to it"))
        return cases
    if only not in names:
        allowed = f"{', '.join(names)}, or a file whose name ends in .yaml"
        problems.append(Problem(f"case={only}", "there is no such case", allowed, nearest(only, names)))
    return [(name, case) for name, case in cases if case.name == only]


def digest_of(case: Case, options: Options) -> str:
    """Of all that decides a case's result: the economy's code, the procedure's, and the setting; not of its targets."""
    from analysis.statistics import effects
    from experiments.validation.procedures import PROCEDURES

    run = PROCEDURES[case.how].run
    module = inspect.getmodule(run)
    parts = [effects, *(_modules_of(module) if module else [run])]
    sources = [inspect.getsource(part) for part in parts]
    plain = json.dumps(case.asked(is_quick=options.is_quick), sort_keys=True)
    return hashlib.sha256("\0".join([versions.code_version(), *sources, plain]).encode()).hexdigest()


def _modules_of(module: ModuleType) -> list[ModuleType]:
    """A procedure's module and those of the folder of procedures that it is made of, in a fixed order."""
    found, waiting = {}, [module]
    while waiting:
        part = waiting.pop()
        if part.__name__ not in found:
            found[part.__name__] = part
            names = {getattr(value, "__module__", None) or "" for value in vars(part).values()}
            names |= {value.__name__ for value in vars(part).values() if isinstance(value, ModuleType)}
            waiting += [sys.modules[name] for name in names if name.startswith("experiments.validation.")]
    return [found[name] for name in sorted(found)]


def result_of(case: Case, options: Options) -> tuple[Found, bool]:
    """What a case found, read if it is stored, else computed and stored; and whether it was stored."""
    from experiments.validation.case import Found
    from experiments.validation.procedures import PROCEDURES

    path = places.output_folder() / "validate" / "cases" / f"{case.how}-{digest_of(case, options)[:16]}.json"
    is_kept = path.exists()
    if not is_kept:
        found = PROCEDURES[case.how].run(case.setting_of(is_quick=options.is_quick), options.runner)
        writing.write_json(path, found.plain())
    return Found.of(json.loads(path.read_text())), is_kept


def keep(options: Options, done: Done, started: Any) -> Path:
    """Print the tables and write the result's folder."""
    import pandas as pd

    from analysis.report.validation import render, summary
    from experiments.validation.case import COLUMNS, rows

    digests = [digest_of(case, options) for _, case, _ in done.found]
    digest = hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    folder = places.result_folder("validate", options.name, digest)
    cases = [
        {"suite": suite, "name": case.name, "question": case.question, "panels": found.panels,
         "rows": list(rows(case, found, is_quick=options.is_quick))}
        for suite, case, found in done.found
    ]  # fmt: skip
    frame = pd.DataFrame([row for case in cases for row in case["rows"]], columns=list(COLUMNS))
    writing.write_whole(folder / "table.csv", frame.to_csv(index=False).encode())
    for name in dict.fromkeys(name for *_, found in done.found for name in found.files):
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
    for case in cases:
        _show(case)
    print(f"\n{summary(cases, record['failed'])}")
    return folder


def _record(options: Options, done: Done, digest: str, started: Any, n_rows: int) -> dict[str, Any]:
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


def _show(case: Mapping[str, Any]) -> None:
    from analysis.report.validation import cells

    judged = [row for row in case["rows"] if row["verdict"] != "shown"]
    shown = judged or case["rows"]
    heads = ["quantity", "unit", "fact", "accepted", "simulated", "95% interval", "verdict"]
    print()
    show_table(case["name"], heads, [[*cells(row), row["verdict"]] for row in shown], 130)
    if len(shown) < len(case["rows"]):
        print(f"{len(case['rows']) - len(shown)} more quantities are in the files")


def _markdown(record: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]) -> str:
    from analysis.report.validation import HEADS, cells, misses, summary

    lines = [f"# {record['title']}", "", f"`{record['command']}`: {summary(cases, record['failed'])}"]
    missed = misses(cases)
    if missed:
        lines += ["", "## Misses", "", f"| case | {' | '.join(HEADS)} |", "|" + "---|" * (len(HEADS) + 1)]
        lines += [_line([row["case"], *cells(row), row["verdict"], row["note"]]) for row in missed]
    for name, failure in record["failed"].items():
        lines += ["", f"{name} could not be computed: {failure['why']}"]
    for case in cases:
        lines += ["", f"## {case['name']}", "", case["question"], "", f"| {' | '.join(HEADS)} |"]
        lines.append("|" + "---|" * len(HEADS))
        lines += [_line([*cells(row), row["verdict"], row["note"]]) for row in case["rows"]]
        sources = dict.fromkeys(row["source"] for row in case["rows"] if row["source"])
        lines += ["", *(f"* {source}" for source in sources)]
    return "\n".join([*lines, ""])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/').replace(chr(10), ' ') for cell in cells)} |"
