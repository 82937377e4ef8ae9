"""The page of a validation: cases, figures and verdicts in one file that loads nothing from anywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from analysis.figures import theme
from analysis.figures.validation_figure import validation_figure
from analysis.wording import number

HEADS = ("quantity", "unit", "fact", "accepted", "simulated", "95% interval", "verdict", "note")


def render(record: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]) -> str:
    """The page as text. Each case: name, question, rows (columns of `table.csv`) and panels."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    environment = Environment(
        loader=PackageLoader("analysis.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    colours = theme.PARTY_COLOURS | theme.NEUTRAL_COLOURS
    return environment.get_template("validation.html.j2").render(
        record=record,
        counts=counts([row for case in cases for row in case["rows"]]),
        heads=HEADS,
        cases=[_case(case) for case in cases],
        colours=[(name, light) for name, (light, _) in colours.items()],
        style=Markup(files("analysis.report").joinpath("page.css").read_text("utf-8")),
        config=Markup(json.dumps(theme.CONFIG)),
        plotly=Markup(get_plotlyjs()),
    )


def counts(rows: Sequence[Mapping[str, Any]]) -> str:
    """How many quantities pass, miss, and are only shown."""
    n = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in ("pass", "miss", "shown")}
    return f"{n['pass']} of {n['pass'] + n['miss']} targets met, {n['miss']} missed; {n['shown']} quantities shown"


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
    return number(value, 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 10 else 3 if size >= 0.1 else 4)


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    from markupsafe import Markup

    figures = []
    for i, panel in enumerate(case["panels"]):
        figure = validation_figure(panel)
        words = theme.words_of(figure)
        text = theme.without_title(figure).to_json() or "{}"
        kept = {"finding": words["finding"], "note": words["note"], "height": words["height"]}
        figures.append({**kept, "id": f"{case['name']}-{i}", "json": Markup(text.replace("</", "<\\/"))})
    rows = [{"cells": cells(row), "verdict": row["verdict"], "note": row["note"]} for row in case["rows"]]
    sources = dict.fromkeys(row["source"] for row in case["rows"] if row["source"])
    return {**{k: case[k] for k in ("name", "question")}, "figures": figures, "rows": rows, "sources": list(sources)}
