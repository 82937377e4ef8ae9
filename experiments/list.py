"""What can I choose?

platform-lab list                 groups and their options, experiments with their questions
platform-lab list instruments     rules with law, parameters, units, ranges, defaults, sources
platform-lab list metrics         everything that is measured, with unit and meaning
platform-lab list assumptions     numbered assumptions with value and range
platform-lab list cases           what `validate` asks, suite by suite
platform-lab list results         results in outputs/
"""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from experiments import _build, _files, _folders, _records, _store, _wording
from experiments._tables import WIDTH, show_table
from sim.errors import Problem, RefusedScenario
from sim.strict import nearest


def main(words: list[str], extra: Path | None = None) -> None:
    """Print one of the lists."""
    lists = {
        "choices": list_choices,
        "instruments": list_instruments,
        "metrics": list_metrics,
        "assumptions": list_assumptions,
        "cases": list_cases,
        "results": list_results,
    }
    what = words[0] if words else "choices"
    if what not in lists:
        raise RefusedScenario(
            [Problem(f"list {what}", "there is no such list", ", ".join(lists), nearest(what, list(lists)))]
        )
    _files.refuse_hostile(extra, _folders.config_folder())
    lists[what](words[1:], extra)


def list_choices(words: list[str], extra: Path | None) -> None:
    """Every group with its options."""
    import yaml

    for group in _folders.groups(extra):
        print(f"{group:12s} {', '.join(_folders.options(group, extra))}")
    print()
    for folder in filter(None, (extra, _folders.config_folder())):
        for path in sorted((folder / "experiment").glob("*.yaml")):
            print(f"experiment={path.stem}\n  {(yaml.safe_load(path.read_text()) or {}).get('question', '')}")


def list_instruments(words: list[str], extra: Path | None) -> None:
    """Rules as they are modelled; what every rule has besides is said once."""
    from sim.policy.catalogue import CATALOGUE

    for name, kind in CATALOGUE.items():
        law = f"{kind.kind}; provisions {', '.join(kind.provisions)}; {kind.department}"
        print(f"{name}: {kind.title} ({law})")
        _wrapped(_wording.reading(kind), "  ")
        default = kind()
        for key, (hint, note) in kind.parameters().items():
            print(f"  policy.{name}.{key} = {_shown(getattr(default, key))}")
            about = f"{_wording.meaning(kind, key, note)}; "
            about += (
                f"{note.unit}, {note.low:g} to {note.high:g}; {note.source}" if note else f"{_wording.choices(hint)}"
            )
            _wrapped(about, "      ")
        for expected in kind.expects:
            _wrapped(f"expects {expected.metric} {expected.sign}: {expected.why}", "  ")
        print()
    print("Every rule: policy.NAME.KEY=VALUE with")
    for key, (default, about) in TIMING.items():
        _wrapped(f"{key} = {default}  ({about})", "  ")
    print("\nSeveral rules combine: 'policy=[commission_cap,minimum_pay]';")
    print("several policies are compared: platform-lab sweep 'policy=[a],[b],[a,b]'")


TIMING = {
    "start_week": ("null", "first week in force; without one, the horizon's policy week"),
    "phase_in_weeks": ("0", "weeks over which the rule comes into force in equal steps"),
    "end_week": ("null", "last week in force; without one, to the end"),
    "is_on": ("true", "false: the rule is named but never in force"),
}


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _wrapped(text: str, indent: str) -> None:
    """Print a text in lines of the width of a table."""
    print(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False))


def list_metrics(words: list[str], extra: Path | None) -> None:
    """Every metric, party by party."""
    from sim.metrics.registry import REGISTRY

    party = ""
    for m in REGISTRY.values():
        if m.party != party:
            print(f"{'' if not party else chr(10)}{m.party.upper()}")
            party = m.party
        better = "" if m.better == "neutral" else f"; {m.better} is better"
        print(f"{m.name}: {m.title}")
        _wrapped(f"{m.unit.format(currency='currency')}{better}; {m.meaning}", "    ")


def list_assumptions(words: list[str], extra: Path | None) -> None:
    """Numbered assumptions of a sector (`list assumptions sector=...`)."""
    sector = _build.ask(words, extra).scenarios[0].sector
    found = _records.assumptions(sector)
    print(f"{len(found)} assumptions of {sector.title}: value (range), unit")
    for a in found:
        unit = "" if a["unit"] == "-" else f", {a['unit']}"
        print(f"{a['number']}  {a['parameter']} = {a['value']}")
        _wrapped(f"({a['low']:g} to {a['high']:g}{unit}) {a['meaning']}: {a['text']}", "      ")


def list_cases(words: list[str], extra: Path | None) -> None:
    """Every case of validation with its question and the number of its targets."""
    from experiments.evidence import files

    problems: list[Problem] = []
    for suite in files.suites(extra):
        cases = files.cases_of(suite, extra, problems)
        print(f"{suite}: {len(cases)} case{'' if len(cases) == 1 else 's'}")
        for case in cases:
            print(f"  {case.name} ({case.how}; {len(case.targets)} target{'' if len(case.targets) == 1 else 's'})")
            _wrapped(case.question, "      ")
    if problems:
        raise RefusedScenario(problems)


def list_results(words: list[str], extra: Path | None) -> None:
    """Results in the output folder, newest last; stale ones were made by other code."""
    rows = []
    for path in sorted(_store.output_folder().glob("*/*/record.json"), key=lambda p: p.stat().st_mtime):
        record = json.loads(path.read_text())
        state = "" if record["code_version"] == _store.code_version() else "stale: made by other code"
        rows.append([str(path.parent), record["started"][:16], str(record["n_replicates"]), state])
    show_table("Results", ["folder", "made", "replicates", ""], rows)


if __name__ == "__main__":
    from experiments.cli import main as cli

    cli(["list", *sys.argv[1:]])
