"""What can I choose?

platform-lab list                 groups and their options, experiments with their questions
platform-lab list instruments     rules with law, parameters, units, ranges, defaults, sources
platform-lab list metrics         everything that is measured, with unit and meaning
platform-lab list assumptions     numbered assumptions with value and range
platform-lab list results         results in outputs/
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from experiments import _build, _records, _store
from experiments._tables import show_table
from sim.errors import Problem, RefusedScenario
from sim.strict import nearest


def main(words: list[str], extra: Path | None = None) -> None:
    """Print one of the lists."""
    lists = {
        "choices": list_choices,
        "instruments": list_instruments,
        "metrics": list_metrics,
        "assumptions": list_assumptions,
        "results": list_results,
    }
    what = words[0] if words else "choices"
    if what not in lists:
        raise RefusedScenario(
            [Problem(f"list {what}", "there is no such list", ", ".join(lists), nearest(what, list(lists)))]
        )
    lists[what](words[1:], extra)


def list_choices(words: list[str], extra: Path | None) -> None:
    """Every group with its options."""
    import yaml

    for group in _build.groups(extra):
        print(f"{group:12s} {', '.join(_build.options(group, extra))}")
    print()
    for folder in filter(None, (extra, _build.config_folder())):
        for path in sorted((folder / "experiment").glob("*.yaml")):
            print(f"experiment={path.stem}\n  {yaml.safe_load(path.read_text()).get('question', '')}")


def list_instruments(words: list[str], extra: Path | None) -> None:
    """Rules as they are modelled."""
    from sim.policy.catalogue import CATALOGUE

    for name, kind in CATALOGUE.items():
        print(f"{name}: {kind.title} ({kind.kind}; provisions {', '.join(kind.provisions)}; {kind.department})")
        print(f"  {' '.join((kind.__doc__ or '').split())}")
        default = kind()
        for key, (_, note) in kind.parameters().items():
            about = (
                f"{note.meaning}, {note.unit}, {note.low:g} to {note.high:g}; {note.source}"
                if note
                else "true or false"
            )
            print(f"  policy.{name}.{key} = {getattr(default, key)}  ({about})")
        for expected in kind.expects:
            print(f"  expects {expected.metric} {expected.sign}: {expected.why}")


def list_metrics(words: list[str], extra: Path | None) -> None:
    """Every metric."""
    from sim.metrics.registry import REGISTRY

    show_table(
        "Weekly metrics",
        ["metric", "unit", "better", "meaning"],
        [[m.name, m.unit.format(currency="currency"), m.better, m.meaning] for m in REGISTRY.values()],
    )


def list_assumptions(words: list[str], extra: Path | None) -> None:
    """Numbered assumptions of a sector (`list assumptions sector=...`)."""
    sector = _build.ask(words, extra).scenarios[0].sector
    rows = [
        [a["number"], a["parameter"], a["value"], f"{a['low']:g} to {a['high']:g}", a["unit"], a["text"]]
        for a in _records.assumptions(sector)
    ]
    show_table(f"Assumptions of {sector.title}", ["number", "parameter", "value", "range", "unit", "why"], rows)


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
