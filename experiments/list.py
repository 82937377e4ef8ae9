"""What can I choose?

platform-lab list                 groups and their options, regimes and rules apart, experiments with their questions
platform-lab list instruments     rules in one table; `list instruments minimum_pay A8` describes some in full: our
                                  reading of the law, parameters, units, ranges, defaults, and the source of each number
platform-lab list provisions      what the law asks and which rules model it; `list provisions A4`, `A4.2` or
                                  `commission_cap` describes some in full; --markdown prints docs/provisions.md
platform-lab list metrics         everything that is measured, with unit and meaning
platform-lab list assumptions     assumptions by name, with value and range
platform-lab list cases           the cases of `validate`, suite by suite
platform-lab list results         results in outputs/
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.catalogue import assumptions, instruments, provisions, rows
from experiments.catalogue.provisions import MARKDOWN
from experiments.request import build, folders, refusals, untrusted
from experiments.storage import checksums, places
from experiments.terminal.tables import show_table, wrapped
from sim.errors import Problem, RefusedScenario
from sim.strict import nearest

FLAGS = {MARKDOWN: MARKDOWN}
STALE = "stale: made by other code"


def main(words: list[str], extra: Path | None = None) -> None:
    """Print one of the lists."""
    lists = {
        "choices": rows.list_choices,
        "instruments": instruments.list_instruments,
        "provisions": provisions.list_provisions,
        "metrics": rows.list_metrics,
        "assumptions": list_assumptions,
        "cases": list_cases,
        "results": list_results,
    }
    what = words[0] if words else "choices"
    refuse_unknown(what, list(lists))
    if MARKDOWN in words and what != "provisions":
        raise RefusedScenario(
            [
                Problem(
                    f"list {what} {MARKDOWN}",
                    "only provisions are printed as a page",
                    f"list provisions {MARKDOWN}",
                    f"leave out {MARKDOWN}",
                )
            ]
        )
    untrusted.refuse_hostile(extra, folders.config_folder())
    lists[what](words[1:], extra)


def refuse_unknown(what: str, lists: Sequence[str]) -> None:
    """Raise `RefusedScenario` for a list that there is not."""
    if what not in lists:
        todo = nearest(what, list(lists))
        raise RefusedScenario([Problem(f"list {what}", "there is no such list", ", ".join(lists), todo)])


def list_assumptions(words: list[str], extra: Path | None) -> None:
    """Assumptions of a sector (`list assumptions sector=...`)."""
    request = build.ask(words, extra)
    refusals.refuse_sweep(request, "list assumptions")
    sector = request.scenarios[0].sector
    found = assumptions.assumptions(sector)
    print(f"{len(found)} assumptions of {sector.title}: value (range), unit")
    for a in found:
        unit = "" if a["unit"] == "-" else f", {a['unit']}"
        wrapped(f"{a['assumption']}  {a['label']}: sector.{a['parameter']} = {a['value']}", "")
        wrapped(f"({a['low']:g} to {a['high']:g}{unit}) {a['meaning']}: {a['text']}", "      ")
    print("\nAbout institutions, the same in every market: value, and its reference (I-nn)")
    for key, (value, unit, about) in assumptions.of_institutions(sector).items():
        print(f"{key} = {value}{'' if unit == '-' else ', ' + unit}")
        wrapped(about, "      ")


def list_cases(words: list[str], extra: Path | None) -> None:
    """Every case of validation with its question and the number of its targets."""
    from experiments.validation import files

    found = files.rows(extra)
    for suite in files.suites(extra):
        cases = [case for case in found if case["suite"] == suite]
        print(f"{suite}: {len(cases)} case{'' if len(cases) == 1 else 's'}")
        for case in cases:
            n = case["n_targets"]
            print(f"  {case['name']} ({case['how']}; {n} target{'' if n == 1 else 's'})")
            wrapped(case["question"], "      ")


def list_results(words: list[str], extra: Path | None) -> None:
    """Results in the output folder, newest last; marked where they are damaged, of an earlier version, or stale."""
    kept = places.results()
    found = [[row["folder"], row["made"][:16], str(row["n_replicates"] or ""), _marks(row)] for row in kept]
    show_table("Results", ["folder", "made", "replicates", ""], found)
    damaged = [row for row in kept if _is_damaged(row)]
    for row in damaged:
        print(f"Damaged: {row['folder']}: {row['state']}")
    if damaged:
        print("Next: ask the question of a damaged result again, with the same command; finished runs are found")


def _is_damaged(row: dict[str, Any]) -> bool:
    return row["state"] not in ("", checksums.UNVERIFIED_MARK)


def _marks(row: dict[str, Any]) -> str:
    """What to know of a result before it is used."""
    state = "damaged" if _is_damaged(row) else row["state"]
    return "; ".join(filter(None, [state, STALE if row["is_stale"] else ""]))
