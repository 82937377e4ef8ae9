"""The page of a validation: cases, figures and verdicts in one file that loads nothing from anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from analysis.figures import theme
from analysis.figures.validation_figure import validation_figure
from analysis.figures.verdicts_figure import verdicts_figure
from analysis.wording.numbers import number

HEADS = ("quantity", "unit", "observed", "accepted range", "simulated", "95% interval", "verdict", "note")


def render(record: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]) -> str:
    """The page as text. Each case: suite, name, question, rows (columns of `table.csv`) and panels."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    environment = Environment(
        loader=PackageLoader(__package__ or "", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    colours = theme.PARTY_COLOURS | theme.NEUTRAL_COLOURS
    return environment.get_template("validation.html.j2").render(
        record=record,
        summary=summary(cases, record["failed"]),
        heads=HEADS,
        overview=[_kept("overview", verdicts_figure(cases))] if any(_judged(case) for case in cases) else [],
        misses=[_row(row) for row in misses(cases)],
        suites=list(_suites(cases)),
        colours=[(name, light) for name, (light, _) in colours.items()],
        style=Markup(files(__package__ or "").joinpath("page.css").read_text("utf-8")),
        config=Markup(json.dumps(theme.CONFIG)),
        plotly=Markup(get_plotlyjs()),
    )


def summary(cases: Sequence[Mapping[str, Any]], failed: Mapping[str, Mapping[str, str]]) -> str:
    """The verdict in a sentence: suite by suite, how many of the targets are met, and cases that failed."""
    sentence = []
    for suite in dict.fromkeys([*(case["suite"] for case in cases), *(one["suite"] for one in failed.values())]):
        verdicts = [row["verdict"] for case in cases if case["suite"] == suite for row in _judged(case)]
        n_failed = sum(one["suite"] == suite for one in failed.values())
        counted = f"{verdicts.count('pass')} of {len(verdicts)} pass" if verdicts else "no targets"
        broken = f", {n_failed} case{'s' if n_failed > 1 else ''} could not be carried out" if n_failed else ""
        sentence.append(f"{suite}: {counted}{broken}")
    return f"{'; '.join(sentence)}."


def misses(cases: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows of targets that were not met, in the order of the cases."""
    return [row for case in cases for row in case["rows"] if row["verdict"] == "miss"]


def _judged(case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in case["rows"] if row["verdict"] != "shown"]


def cells(row: Mapping[str, Any]) -> list[str]:
    """A row of the table in words: what is measured, what is accepted, what came out."""
    accepted = _range(row["low"], row["high"])
    interval = f"{shown(row['ci_low'])} to {shown(row['ci_high'])}" if row["ci_low"] == row["ci_low"] else ""
    fact = "" if row["target"] is None else shown(row["target"])
    return [row["quantity"], row["unit"], fact, accepted, shown(row["simulated"]), interval]


def _range(low: float | None, high: float | None) -> str:
    if low is None:
        return "" if high is None else f"at most {shown(high)}"
    return f"at least {shown(low)}" if high is None else f"{shown(low)} to {shown(high)}"


def shown(value: float) -> str:
    """Four digits that count; nothing for what is no number."""
    if value != value:
        return ""
    size = abs(value)
    if not size:
        return "0"
    return number(value, 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 10 else 3 if size >= 0.1 else 4)


def _suites(cases: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Cases by suite, with what a table of contents says of each."""
    for suite in dict.fromkeys(case["suite"] for case in cases):
        mine = [_case(case, f"case-{i}") for i, case in enumerate(cases) if case["suite"] == suite]
        yield {"name": suite, "cases": mine}


def _case(case: Mapping[str, Any], key: str) -> dict[str, Any]:
    judged = _judged(case)
    n_passed = sum(row["verdict"] == "pass" for row in judged)
    sources = dict.fromkeys(row["source"] for row in case["rows"] if row["source"])
    return {
        "key": key,
        "name": case["name"],
        "question": case["question"],
        "verdict": f"{n_passed} of {len(judged)} pass" if judged else "shown",
        "has_missed": n_passed < len(judged),
        "figures": [_kept(f"{key}-{i}", validation_figure(panel)) for i, panel in enumerate(case["panels"])],
        "judged": [_row(row) for row in judged],
        "shown": [_row(row) for row in case["rows"] if row["verdict"] == "shown"],
        "sources": list(sources),
    }


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"case": row["case"], "cells": cells(row), "verdict": row["verdict"], "note": row["note"]}


def _kept(key: str, figure: Any) -> dict[str, Any]:
    """A figure for the page: its words apart from what is drawn."""
    from markupsafe import Markup

    words = theme.words_of(figure)
    text = theme.without_title(figure).to_json() or "{}"
    return {
        "finding": words["finding"],
        "note": words["note"],
        "height": words["height"],
        "id": key,
        "json": Markup(text.replace("</", "<\\/")),
    }
