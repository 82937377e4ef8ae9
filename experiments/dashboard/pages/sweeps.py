"""*Sweeps*: how an effect changes with the levers of a stored sweep, and every point of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

import dash
from dash import Input, Output, State, dcc, html

from analysis.report import panels as drawn
from analysis.result import Result
from analysis.statistics import estimates as est
from analysis.wording import findings
from analysis.wording.numbers import counted, estimate, scale_of
from analysis.wording.parties import party_title
from experiments.dashboard import parts
from experiments.dashboard.library import Entry, readable
from experiments.dashboard.outside import link

if TYPE_CHECKING:
    from experiments.dashboard.desk import Desk

TITLE, PATH = "Sweeps", "/sweeps"
QUESTION = "How does the effect change with the value of a parameter, or from rule to rule?"
FIRST = "platform-lab sweep experiment=commission_cap_heights"
MOST_LISTED, MOST_POINTS = 30, 200
MONEY = "the parties’ money"


def layout(own: Desk, query: str, *, is_narrow: bool) -> Any:
    """A list of sweeps, and the one that is chosen."""
    entries = own.library.entries("sweep")
    head = parts.heading("Sweeps", QUESTION)
    if not entries:
        return [head, parts.empty("No sweep is stored yet. On a command line:", FIRST)]
    wanted = parse_qs(query.removeprefix("?")).get("result", [""])[0]
    known = {entry.name for entry in entries}
    chosen = wanted if wanted in known else entries[0].name
    shown = sorted(entries, key=lambda entry: entry.name != chosen)[:MOST_LISTED]
    options = [{"label": _label(entry), "value": entry.name} for entry in shown]
    lost = [f"There is no sweep {wanted:.80}."] if wanted and wanted not in known else []
    listed = dcc.RadioItems(options, chosen, id="sweeps-result", className="choices")
    return [
        head,
        parts.notice(lost),
        dcc.Store(id="sweeps-view"),
        dcc.Store(id="sweeps-seen"),
        html.Div(
            [
                html.Section(
                    [html.H2("Stored sweeps"), parts.field("Show", listed)],
                    className="results",
                    **parts.named("Sweeps"),
                ),
                html.Div(id="sweeps-shown"),
            ],
            className="beside",
        ),
    ]


def _label(entry: Entry) -> Any:
    about = f"{entry.sector} · {entry.population} · {counted(entry.n_scenarios, 'point')} · {entry.started[:10]}"
    badge = html.Span(f"{entry.n_failed} failed", className="badge bad") if entry.n_failed else None
    return html.Span([entry.title, html.Span([about, " ", badge], className="small")])


def register(app: dash.Dash, own: Desk) -> None:
    """The page's callbacks."""
    parts.keep_address(app, "sweeps")

    @app.callback(
        Output("sweeps-shown", "children"),
        Output("sweeps-view", "data"),
        Input("sweeps-result", "value"),
        State("is-narrow", "data"),
    )
    def show(name: str | None, is_narrow: bool) -> tuple[Any, str]:
        entry = own.library.find(str(name))
        if entry is None:
            return parts.notice(["There is no such sweep."], "fault"), ""
        found = readable(own.library, entry)
        text = urlencode({"result": entry.name}, safe="/")
        if isinstance(found, str):
            return parts.notice([found], "fault"), text
        return _sweep(entry, found, is_narrow=bool(is_narrow)), text


def _sweep(entry: Entry, result: Result, *, is_narrow: bool) -> Any:
    panels = drawn.response_panels(result) or drawn.who_panels(result)
    report = html.A("Report", href=link(f"/report/{entry.name}"), target="_blank")
    return [
        html.H2(entry.title),
        html.P(entry.question, className="question"),
        html.P(findings.headline(result)),
        html.P(report),
        parts.panels([*panels, *drawn.point_panels(result)], is_narrow=is_narrow),
        _points(entry, result),
        html.Details([html.Summary("Reproduce"), html.Pre(html.Code(entry.command))]),
    ]


def _points(entry: Entry, result: Result) -> Any:
    """Every point with the parties' money, each leading to its own page."""
    money = est.money(result.effects)
    places = est.scenarios(money)
    by_point: dict[int, dict[str, est.Estimate]] = {}
    kept = money[money["effect"].notna()]
    for scenario, e in zip(kept["scenario"], est.estimates(kept), strict=True):
        by_point.setdefault(int(scenario), {})[e.party] = e
    rows = []
    for number, label in places[:MOST_POINTS]:
        point = dcc.Link(label, href=link(f"/compare?result={entry.name}:{number}"))
        own = by_point.get(number, {})
        rows.append([point, *(_cell(own.get(party)) for party in est.MONEY)])
    unit = scale_of(str(money["unit"].iloc[0])).change if len(money) else ""
    heads = ["Point", *map(party_title, est.MONEY)]
    rest = len(places) - len(rows)
    more = f" The first {len(rows)} of {len(places)} points." if rest else ""
    return parts.table(heads, rows, f"Every point: {MONEY}, {unit}, with 95% intervals.{more}")


def _cell(e: est.Estimate | None) -> Any:
    if e is None:
        return "–"
    return html.Span(estimate(e.effect, e.low, e.high), className={1: "up", -1: "down"}.get(e.sign, ""))
