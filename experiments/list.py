"""What can I choose?

platform-lab list                 groups and their options, regimes and rules apart, experiments with their questions
platform-lab list instruments     rules in one table; `list instruments minimum_pay A8` describes some in full: our
                                  reading of the law, parameters, units, ranges, defaults, and the source of each number
platform-lab list provisions      what the law asks and which rules model it; `list provisions A4`, `A4.2` or
                                  `commission_cap` describes some in full; --markdown prints docs/provisions.md
platform-lab list metrics         everything that is measured, with unit and meaning
platform-lab list assumptions     numbered assumptions with value and range
platform-lab list cases           the cases of `validate`, suite by suite
platform-lab list results         results in outputs/
"""

from __future__ import annotations

import json
from pathlib import Path

from experiments.catalogue import assumptions, instruments, provisions
from experiments.catalogue.provisions import MARKDOWN
from experiments.request import build, folders, policy_names, refusals, untrusted
from experiments.storage import places, versions
from experiments.terminal.tables import show_table, wrapped
from sim.errors import Problem, RefusedScenario
from sim.strict import nearest

FLAGS = {MARKDOWN: MARKDOWN}


def main(words: list[str], extra: Path | None = None) -> None:
    """Print one of the lists."""
    lists = {
        "choices": list_choices,
        "instruments": instruments.list_instruments,
        "provisions": provisions.list_provisions,
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
    if MARKDOWN in words and what != "provisions":
        raise RefusedScenario(
            [Problem(f"list {what} {MARKDOWN}", "only provisions are printed as a page", f"list provisions {MARKDOWN}",
                     f"leave out {MARKDOWN}")]
        )  # fmt: skip
    untrusted.refuse_hostile(extra, folders.config_folder())
    lists[what](words[1:], extra)


def list_choices(words: list[str], extra: Path | None) -> None:
    """Every group with its options."""
    import yaml

    for group in folders.groups(extra):
        options = folders.options(group, extra)
        if group != "policy":
            print(f"{group:12s} {', '.join(options)}")
            continue
        regimes = policy_names.regimes(extra)
        print(f"{'policy':12s} regimes, several rules at once or none: {', '.join(regimes)}")
        print(f"{'':12s} instruments, one rule: {', '.join(name for name in options if name not in regimes)}")
    print()
    for folder in filter(None, (extra, folders.config_folder())):
        for path in sorted((folder / "experiment").glob("*.yaml")):
            print(f"experiment={path.stem}\n  {(yaml.safe_load(path.read_text()) or {}).get('question', '')}")


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
        wrapped(f"{m.unit.format(currency='currency')}{better}; {m.meaning}", "    ")


def list_assumptions(words: list[str], extra: Path | None) -> None:
    """Numbered assumptions of a sector (`list assumptions sector=...`)."""
    request = build.ask(words, extra)
    refusals.refuse_sweep(request, "list assumptions")
    sector = request.scenarios[0].sector
    found = assumptions.assumptions(sector)
    print(f"{len(found)} assumptions of {sector.title}: value (range), unit")
    for a in found:
        unit = "" if a["unit"] == "-" else f", {a['unit']}"
        print(f"{a['number']}  {a['parameter']} = {a['value']}")
        wrapped(f"({a['low']:g} to {a['high']:g}{unit}) {a['meaning']}: {a['text']}", "      ")
    print("\nAbout institutions, the same in every market: where each is set, and its value")
    for number, (where, value, unit, about) in sorted(
        assumptions.of_institutions(sector).items(), key=lambda item: int(item[0][2:])
    ):
        print(f"{number}  {where} = {value}{'' if unit == '-' else ', ' + unit}")
        wrapped(about, "      ")


def list_cases(words: list[str], extra: Path | None) -> None:
    """Every case of validation with its question and the number of its targets."""
    from experiments.validation import files

    problems: list[Problem] = []
    for suite in files.suites(extra):
        cases = files.cases_of(suite, extra, problems)
        print(f"{suite}: {len(cases)} case{'' if len(cases) == 1 else 's'}")
        for case in cases:
            print(f"  {case.name} ({case.how}; {len(case.targets)} target{'' if len(case.targets) == 1 else 's'})")
            wrapped(case.question, "      ")
    if problems:
        raise RefusedScenario(problems)


def list_results(words: list[str], extra: Path | None) -> None:
    """Results in the output folder, newest last; stale ones were made by another version of the code."""
    rows = []
    for path in sorted(places.output_folder().glob("*/*/record.json"), key=lambda p: p.stat().st_mtime):
        record = json.loads(path.read_text())
        state = "" if record["code_version"] == versions.code_version() else "stale: made by other code"
        rows.append([str(path.parent), record["started"][:16], str(record["n_replicates"]), state])
    show_table("Results", ["folder", "made", "replicates", ""], rows)
