"""What can be chosen, a row each: groups and their options, rules and their parameters, provisions, metrics."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from experiments.catalogue import assumptions, instruments, provisions, rules
from experiments.request import folders, policy_names
from experiments.request.parameters import parameter
from experiments.terminal.tables import wrapped
from sim.metrics.registry import REGISTRY
from sim.parameters import Sector
from sim.policy.catalogue import CATALOGUE

Rows = list[dict[str, Any]]
KINDS = ("", "rule", "regime")
"""Of a policy: one rule, or several at once; other choices have none."""


def choices(extra: Path | None = None) -> Rows:
    """Every option of every group; a policy is a rule or a regime, several rules at once; experiments ask something."""
    regimes, found = policy_names.regimes(extra), []
    for group in folders.groups(extra):
        for name in folders.options(group, extra):
            kind = ("regime" if name in regimes else "rule") if group == "policy" else ""
            question = question_of(name, extra) if group == "experiment" else ""
            found.append({"group": group, "name": name, "kind": kind, "question": question})
    return found


def question_of(experiment: str, extra: Path | None = None) -> str:
    """The question that an experiment's file states."""
    import yaml

    paths = (folder / "experiment" / f"{experiment}.yaml" for folder in (extra, folders.config_folder()) if folder)
    path = next(path for path in paths if path.is_file())
    return str((yaml.safe_load(path.read_text("utf-8")) or {}).get("question", ""))


def rule_rows() -> Rows:
    """Every rule: what it is, who watches over it, and what it stands for."""
    return [
        {
            "name": name,
            "article": instruments.article_of(kind),
            "kind": kind.kind,
            "department": str(kind.department),
            "title": kind.title,
            "n_parameters": len(kind.parameters()),
            "provisions": list(kind.provisions),
            "reading": rules.reading(kind),
        }
        for name, kind in CATALOGUE.items()
    ]


def parameter_rows(words: Iterable[str]) -> Rows:
    """Every parameter of some rules, by name or article; raises `RefusedScenario` for what is neither."""
    found: Rows = []
    for name in instruments.chosen(list(words)):
        kind, usual = CATALOGUE[name], CATALOGUE[name]()
        for key, (_, note) in kind.parameters().items():
            basis, about = instruments.basis_of(note)
            declared = parameter(f"policy.{name}.{key}")
            ends = {"unit": note.unit, "low": note.low, "high": note.high} if note else {}
            found.append(
                {
                    "rule": name,
                    "key": f"policy.{name}.{key}",
                    "default": getattr(usual, key),
                    "unit": "",
                    "low": None,
                    "high": None,
                    **ends,
                    "label": declared.label,
                    "meaning": declared.meaning,
                    "choices": "" if note else declared.allowed,
                    "basis": basis,
                    "source": about,
                }
            )
    return found


def provision_rows(words: Iterable[str] = ()) -> Rows:
    """Provisions of the law, all or some (an article, a provision, a rule), and what answers them."""
    from sim.policy.law.reading import law

    chosen = provisions.chosen([*words]) if [*words] else [*law().provisions]
    return [
        {
            "id": one.id,
            "article": one.part,
            "asks": one.asks,
            "status": one.status,
            "instruments": list(one.instruments),
            "reason": getattr(one, one.status) if not one.instruments else "",
        }
        for one in chosen
    ]


def metric_rows() -> Rows:
    """Everything that is measured week by week."""
    return [
        {
            "name": m.name,
            "title": m.title,
            "party": m.party,
            "unit": m.unit.format(currency="currency"),
            "better": m.better,
            "meaning": m.meaning,
        }
        for m in REGISTRY.values()
    ]


def assumption_rows(sector: Sector) -> Rows:
    """Assumptions of a market, and behind them those about institutions."""
    institutions = assumptions.of_institutions(sector).items()
    about = [
        {"parameter": key, "value": value, "unit": unit, "text": text} for key, (value, unit, text) in institutions
    ]
    return [row | {"parameter": f"sector.{row['parameter']}"} for row in assumptions.assumptions(sector)] + about


def list_choices(words: list[str], extra: Path | None) -> None:
    """Every group with its options."""
    found = choices(extra)
    for group in dict.fromkeys(row["group"] for row in found):
        mine = [row for row in found if row["group"] == group]
        names = {kind: [row["name"] for row in mine if row["kind"] == kind] for kind in KINDS}
        if group != "policy":
            print(f"{group:12s} {', '.join(names[''])}")
            continue
        print(f"{'policy':12s} regimes, several rules at once or none: {', '.join(names['regime'])}")
        print(f"{'':12s} instruments, one rule: {', '.join(names['rule'])}")
    print()
    for row in found:
        if row["group"] == "experiment":
            print(f"experiment={row['name']}\n  {row['question']}")


def list_metrics(words: list[str], extra: Path | None) -> None:
    """Every metric, party by party."""
    party = ""
    for m in metric_rows():
        if m["party"] != party:
            print(f"{'' if not party else chr(10)}{m['party'].upper()}")
            party = m["party"]
        better = "" if m["better"] == "neutral" else f"; {m['better']} is better"
        print(f"{m['name']}: {m['title']}")
        wrapped(f"{m['unit']}{better}; {m['meaning']}", "    ")
