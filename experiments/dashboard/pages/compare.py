"""*Compare*: stored results side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

import dash
from dash import Input, Output, State, dcc, html

from analysis.figures.who_gains import who_gains
from analysis.report import panels as drawn
from analysis.result import Result
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording import findings
from analysis.wording.numbers import counted, estimate, scale_of
from experiments.dashboard import parts
from experiments.dashboard.library import Entry, readable
from experiments.dashboard.outside import link

if TYPE_CHECKING:
    from experiments.dashboard.desk import Desk

TITLE, PATH = "Compare", "/compare"
QUESTION = "How do stored results differ?"
MOST = 4
"""Results side by side."""
MOST_LISTED = 40
FIRST = "platform-lab compare policy=commission_cap population=town"


def layout(own: Desk, query: str, *, is_narrow: bool) -> Any:
    """A list of results, and those that are chosen beside one another."""
    entries = own.library.entries()
    head = parts.heading("Compare", QUESTION)
    if not entries:
        return [head, *_nothing(own)]
    wanted = parse_qs(query.removeprefix("?")).get("result", [])
    known = {entry.name for entry in entries}
    chosen = [name for name in wanted if name.partition(":")[0] in known][:MOST] or [entries[0].name]
    lost = [name for name in wanted if name.partition(":")[0] not in known]
    return [
        head,
        parts.notice([f"There is no result {name:.80}." for name in lost]),
        dcc.Store(id="compare-view"),
        dcc.Store(id="compare-seen"),
        html.Div([_list(entries, chosen), html.Div(id="compare-shown")], className="beside"),
        _failures(own),
    ]


def _nothing(own: Desk) -> list[Any]:
    words = "No result is stored yet. Run a question with agents on the first page, or on a command line:"
    return [parts.empty(words, FIRST), _failures(own)]


def _failures(own: Desk) -> Any:
    """Runs that failed, with their errors."""
    failed = own.library.failures()
    if not failed:
        return None
    rows = [[one["rules"], one["error"], html.Code(one["run"])] for one in failed]
    summary = f"{counted(len(failed), 'run')} failed recently"
    return html.Details([html.Summary(summary), parts.table(["Rules", "Error", "Run"], rows)])


def _list(entries: list[Entry], chosen: list[str]) -> Any:
    first = [entry for entry in entries if any(name.partition(":")[0] == entry.name for name in chosen)]
    shown = list(dict.fromkeys([*first, *entries]))[:MOST_LISTED]
    values = {name.partition(":")[0]: name for name in chosen}
    options = [{"label": _label(entry), "value": values.get(entry.name, entry.name)} for entry in shown]
    rest = len(entries) - len(shown)
    return html.Section(
        [
            html.H2("Results"),
            html.Label(
                [
                    html.Span("Search", className="name"),
                    dcc.Input(type="search", id="compare-find", debounce=0.3),
                ]
            ),
            parts.field(
                f"Side by side, up to {MOST}",
                dcc.Checklist(options, chosen, id="compare-results", className="choices"),
            ),
            html.P(
                f"The newest {len(shown)} of {len(entries)}." if rest else "", className="small", id="compare-count"
            ),
        ],
        className="results",
        **parts.named("Results"),
    )


def _label(entry: Entry) -> Any:
    badges = [html.Span("sweep", className="badge")] if entry.n_scenarios > 1 else []
    if entry.is_stale:
        badges.append(html.Span("other version", className="badge", title="made by another version of the code"))
    if entry.n_failed:
        badges.append(html.Span(f"{entry.n_failed} failed", className="badge bad"))
    about = f"{entry.sector} · {entry.population} · {counted(entry.n_replicates, 'replicate')} · {entry.started[:10]}"
    asked = html.Code(entry.asked, className="small")
    return html.Span([entry.title, html.Span([about, " ", *badges], className="small"), asked])


def register(app: dash.Dash, own: Desk) -> None:
    """The page's callbacks."""
    parts.keep_address(app, "compare")

    @app.callback(
        Output("compare-results", "options"),
        Output("compare-count", "children"),
        Input("compare-find", "value"),
        State("compare-results", "value"),
        prevent_initial_call=True,
    )
    def find(words: str | None, chosen: list[str] | None) -> tuple[list[Any], str]:
        asked = (words or "").casefold().split()[:10]
        kept = {name.partition(":")[0]: name for name in chosen or []}
        entries = own.library.entries()
        found = [e for e in entries if e.name in kept or all(word in _words(e) for word in asked)]
        shown = sorted(found, key=lambda entry: entry.name not in kept)[:MOST_LISTED]
        options = [{"label": _label(entry), "value": kept.get(entry.name, entry.name)} for entry in shown]
        return (
            options,
            f"{len(found)} of {len(entries)} results{'' if len(found) == len(shown) else ', the newest shown'}.",
        )

    @app.callback(
        Output("compare-shown", "children"),
        Output("compare-view", "data"),
        Input("compare-results", "value"),
        State("is-narrow", "data"),
    )
    def show(chosen: list[str] | None, is_narrow: bool) -> tuple[Any, str]:
        names = (chosen or [])[:MOST]
        return _shown(own, names, is_narrow=bool(is_narrow)), urlencode([("result", n) for n in names], safe="/:")


def _words(entry: Entry) -> str:
    return f"{entry.title} {entry.question} {entry.sector} {entry.population} {entry.strategy} {entry.name}".casefold()


def _shown(own: Desk, names: list[str], *, is_narrow: bool) -> Any:
    if not names:
        return parts.empty("Choose a result.")
    columns: list[tuple[str, dict[str, Estimate]]] = []
    inside = []
    for name in names:
        entry = own.library.find(name.partition(":")[0])
        found = readable(own.library, entry) if entry else f"There is no result {name:.80}."
        if entry is None or isinstance(found, str):
            inside.append(parts.notice([str(found)], "fault"))
            continue
        scenario = _scenario(found, name)
        effects = est.of_scenario(found.effects, scenario)
        label = str(effects["label"].iloc[0])
        columns.append(
            (
                f"{entry.title} ({label})" if found.is_sweep else entry.title,
                {e.metric: e for e in est.estimates(effects)},
            )
        )
        inside.append(_one(entry, found, effects, label, is_narrow=is_narrow or len(names) > 1))
    more = _in_full(own, names[0], is_narrow=is_narrow) if len(names) == 1 else None
    return [html.Div(inside, className="figures" if len(names) > 1 else ""), more, _table(columns)]


def _in_full(own: Desk, name: str, *, is_narrow: bool) -> Any:
    """Of a single comparison: who pays whom, who gains within the parties, and the weeks."""
    entry = own.library.find(name.partition(":")[0])
    found = readable(own.library, entry) if entry else ""
    if isinstance(found, str) or found.is_sweep:
        return None
    groups = (drawn.payment_panels, drawn.within_panels, drawn.trajectory_panels)
    return parts.panels([panel for group in groups for panel in group(found)], is_narrow=is_narrow)


def _scenario(result: Result, name: str) -> int:
    """The scenario that an address names after a colon, or the one with the largest gains and losses."""
    known = {number for number, _ in est.scenarios(result.effects)}
    asked = name.partition(":")[2]
    return int(asked) if asked.isdecimal() and int(asked) in known else est.focus(result.effects)


def _one(entry: Entry, result: Result, effects: Any, label: str, *, is_narrow: bool) -> Any:
    money = est.money(effects)
    baseline = str(result.record.get("baseline_label") or "no policy")
    figure = who_gains(money, baseline_label=baseline, narrow=is_narrow)
    where = f"Shown: {label}, of {counted(entry.n_scenarios, 'point')}. " if result.is_sweep else ""
    links: list[Any] = [html.A("Report", href=link(f"/report/{entry.name}"), target="_blank")]
    if result.is_sweep:
        links += [" · ", dcc.Link("Whole sweep", href=link(f"/sweeps?result={entry.name}"))]
    links += [" · ", dcc.Link("Single agents", href=link(f"/people?result={entry.name}"))]
    return html.Article(
        [
            html.H2(entry.title),
            html.P(
                f"{entry.sector} · {entry.population} · {counted(entry.n_replicates, 'replicate')}", className="small"
            ),
            html.P(findings.headline(result) if not result.is_sweep else where),
            parts.graph(figure),
            html.P(links),
            html.Details([html.Summary("Reproduce"), html.Pre(html.Code(entry.command))]),
        ]
    )


def _table(columns: list[tuple[str, dict[str, Estimate]]]) -> Any:
    """Money and key measures, a column a result."""
    if not columns:
        return None
    rows = []
    for metric in (*est.MONEY.values(), *est.KEY_METRICS):
        first = next((found[metric] for _, found in columns if metric in found), None)
        if first is None:
            continue
        scale = scale_of(first.unit)
        cells = [_cell(found.get(metric), first.unit, scale.factor) for _, found in columns]
        rows.append([f"{first.title}, {scale.change}", *cells])
    heads = ["Change against no policy", *(title for title, _ in columns)]
    return parts.table(heads, rows, "The same measures side by side, with 95% intervals")


def _cell(e: Estimate | None, unit: str, factor: float) -> Any:
    if e is None:
        return "–"
    words = estimate(e.effect, e.low, e.high, factor=factor)
    if e.unit != unit:
        words = f"{words} {scale_of(e.unit).change}"
    better = {"higher": 1, "lower": -1}.get(e.better, 0)
    kind = {1: "up", -1: "down"}.get(e.sign * better, "")
    return html.Span(words, className=kind)
