"""*Evidence*: how far the simulated markets resemble real ones, and how they compare with theory and field studies."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import dash
import yaml
from dash import html

from analysis.figures.moments_figure import moments_figure
from analysis.figures.verdicts_figure import verdicts_figure
from analysis.report import tables
from analysis.report.validation import HEADS, cells, misses, summary
from analysis.wording.numbers import counted
from experiments.dashboard import parts, shipped
from experiments.dashboard.library import Entry, Library, readable
from experiments.request import folders
from experiments.validation.procedures import SUITES

if TYPE_CHECKING:
    from experiments.dashboard.desk import Desk

TITLE, PATH = "Evidence", "/evidence"
QUESTION = "How reliable are the results? Facts met and missed, theory, field studies"
MOMENTS = "platform-lab compare policy=commission_cap population=city"
SUITE_TITLES = {
    "theory": "Theory",
    "evidence": "Field studies",
    "mean_field": "Agents against the mean-field model, which computes what is expected of each type, without chance",
}
CASES = "platform-lab validate theory --quick"


def layout(own: Desk, query: str, *, is_narrow: bool) -> Any:
    """Facts market by market, from the newest result of each; then what `validate` left; then all cases."""
    return [
        parts.heading("Evidence", QUESTION),
        html.H2("Do the simulated markets resemble real ones?"),
        *_facts(own.library, is_narrow=is_narrow),
        *_shipped_facts(),
        html.H2("Comparison with theory and field studies"),
        *_validations(own.library, is_narrow=is_narrow),
        *_shipped_validations(),
        html.H2("All validation cases"),
        *_questions(),
    ]


def register(app: dash.Dash, own: Desk) -> None:
    """Nothing on this page changes."""


def _facts(library: Library, *, is_narrow: bool) -> list[Any]:
    newest: dict[str, Entry] = {}
    for entry in sorted(library.entries(), key=lambda one: (one.population == "city", one.started), reverse=True):
        newest.setdefault(entry.sector, entry)
    found = []
    for sector, entry in newest.items():
        result = readable(library, entry)
        if isinstance(result, str) or not result.moments["error"].notna().any():
            continue
        moments = result.moments
        missed = tables.missed(moments)
        rows = [
            [m["title"], m["role"], m["target"], m["simulated"], m["error"], m["verdict"], m["source"]]
            for m in tables.moments_table(moments)
        ]
        heads = ["Fact", "Role", "Target", "Simulated [95%]", "Error", "Verdict", "Source"]
        found.append(
            html.Section(
                [
                    html.H3(f"{sector}, population {entry.population}"),
                    html.P(missed) if missed else None,
                    parts.graph(moments_figure(moments, narrow=is_narrow)),
                    html.Details([html.Summary(f"Table of {len(rows)} facts"), parts.table(heads, rows)]),
                ]
            )
        )
    return found or [
        parts.empty("No result of your own with observed facts is stored yet. On a command line:", MOMENTS)
    ]


def _validations(library: Library, *, is_narrow: bool) -> list[Any]:
    found = []
    for one in library.validations():
        cases, record = one.cases, one.record
        missed = misses(cases)
        figure = parts.graph(verdicts_figure(cases)) if any(case["rows"] for case in cases) else None
        rows = [[row["case"], *cells(row), row["verdict"], row["note"]] for row in missed]
        found.append(
            html.Section(
                [
                    html.H3(f"{record.get('command') or record.get('title')}, {str(record.get('started', ''))[:10]}"),
                    html.P(summary(cases, record.get("failed") or {})),
                    figure,
                    parts.table(["Case", *(head.capitalize() for head in HEADS)], rows, "Not met") if rows else None,
                ]
            )
        )
    return found or [
        parts.empty("No validation of your own is stored yet. On a command line (takes some minutes):", CASES)
    ]


def _shipped_facts() -> list[Any]:
    """Markets against facts, as the project's own pages have them."""
    return [
        html.Details(
            [
                html.Summary(f"{one.title}: {_within(one)}, as shipped with the project"),
                html.P(f"{one.words} Page: docs/reports/{one.file}", className="small"),
                parts.table([head.capitalize() or "Verdict" for head in one.heads], one.rows),
            ]
        )
        for one in shipped.markets()
    ]


def _within(one: shipped.Market) -> str:
    verdicts = [row[one.heads.index("")] for row in one.rows]
    return f"{verdicts.count('within')} of {len(verdicts)} facts within the accepted range"


def _shipped_validations() -> list[Any]:
    """What every suite misses, as the project's own pages have it; a browser takes minutes to draw what is met."""
    return [
        html.Section(
            [
                html.H3(f"{SUITE_TITLES.get(one.name, one.name)}, as shipped with the project"),
                html.P(one.summary),
                _table_of(one, one.of("miss"), "Not met") if one.of("miss") else None,
                html.P(
                    f"{counted(len(one.of('pass')), 'target')} that are met, and {counted(one.n_shown, 'quantity')} "
                    f"without a target: docs/reports/{one.file}",
                    className="small",
                ),
            ]
        )
        for one in shipped.suites()
    ]


def _table_of(one: shipped.Suite, rows: Sequence[Sequence[str]], caption: str) -> Any:
    return parts.table([head.capitalize() for head in one.heads], rows, caption)


@functools.cache
def _cases() -> dict[str, list[tuple[str, str, int]]]:
    """Name, question and number of targets of every case, suite by suite, as its file says; nothing is checked here."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for suite, cases in SUITES.items():
        found[suite] = [(case.name, case.question, len(case.targets)) for case in cases]
    for path in sorted(folders.config_folder().glob("validation/*/*.yaml")):
        case = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        row = path.stem, str(case["question"]), len(case["targets"])
        found.setdefault(path.parent.name, []).append(row)
    return found


def _questions() -> list[Any]:
    heads = ["Case", "Question", "Targets"]
    return [
        html.Details([html.Summary(f"{suite}: {counted(len(rows), 'case')}"), parts.table(heads, rows)])
        for suite, rows in _cases().items()
    ]
