"""*Ask*: choose a market and rules, set their levers, see the forecast at once, and run agents to test it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash
from dash import ALL, ClientsideFunction, Input, Output, State, dcc, html

from analysis.figures import theme
from analysis.figures.expectation import expectation
from experiments.dashboard import configs, guard, parts, questions
from experiments.dashboard.expected import scenario_of
from experiments.dashboard.levers import Misread, lever
from experiments.dashboard.outside import link
from experiments.dashboard.pages import ask_rules
from experiments.dashboard.pages.ask_answer import ACTIVE, Answer, caveats, details, expectations, job_panel
from experiments.dashboard.pages.ask_rules import LEVER, RULES
from experiments.dashboard.view import CHOICES, FEWEST, MOST, View, choices, read
from sim.errors import PlatformLabError

if TYPE_CHECKING:
    from experiments.dashboard.desk import Desk

TITLE, PATH = "Ask", "/ask"
QUESTION = "What does a rule change, and for whom?"
SHOWN = {
    **{"view": "data", "mark": "data", "tick": "disabled", "figure": "figure"},
    **dict.fromkeys(("faults", "finding", "note", "caveats", "table", "jobs", "command"), "children"),
}
"""What one callback writes, by name of the part: a slider is answered in one go."""
CHECK_EVERY = 1_000
"""Milliseconds between two checks of what is in progress."""
WORDS = {
    "population": {"town": "Town: 10,000 consumers (about a minute)", "city": "City: 100,000 consumers (many minutes)"},
    "platforms": {
        "fixed": "No response: the direct effect of the rule, at once",
        "rule_of_thumb": "They pass the revenue lost per order on to consumers",
        "gradient": "They adjust fees and pay to raise profit: takes a few seconds",
    },
    "horizon": {"standard": "A year under the policy", "one_year": "Half a year under the policy (faster)"},
}
MEAN_FIELD = (
    "A mean-field forecast computes what is expected of each type of consumer, merchant and worker, without chance, "
    "and is there at once; agents are simulated one by one, with chance, which takes longer."
)
"""Said before either is shown."""
LEGENDS = {"sector": "Market", "platforms": "Response of platforms", "population": "Market size", "horizon": "Period"}


def layout(own: Desk, query: str, *, is_narrow: bool) -> Any:
    """The question on one side, the answer on the other."""
    view, faults = read(query)
    return [
        parts.heading("Ask", QUESTION),
        parts.notice([f"Parts of this address were not understood. {'; '.join(faults)}."] if faults else []),
        dcc.Store(id="ask-view", data=view.query),
        dcc.Store(id="ask-mark", data=""),
        dcc.Store(id="ask-seen"),
        dcc.Store(id="ask-elsewhere"),
        dcc.Store(id="ask-gone"),
        dcc.Interval(id="ask-tick", interval=CHECK_EVERY, disabled=True),
        html.Div([_question(view), _answer(view), _rules_side(view)], className="ask"),
    ]


def _question(view: View) -> Any:
    """Market, conduct, and the levers of the rules chosen."""
    return html.Section(
        [
            html.H2("The question"),
            html.H3("Rules and their levers"),
            html.Div(ask_rules.levers_for(view), id="ask-levers"),
            html.Div(id="ask-faults"),
            *(_choice(name, view) for name in ("sector", "platforms")),
        ],
        className="question-side",
        **parts.named("The question"),
    )


def _rules_side(view: View) -> Any:
    """Every rule there is, to be added or taken away."""
    regimes = [html.Li(html.A(title, href=link(f"{PATH}?policy={rules}"))) for title, rules in ask_rules.regimes()]
    own = [
        html.Li(html.A(title, href=link(f"{PATH}?{query}")) if query else title)
        for title, query in ask_rules.own_policies(view)
    ]
    return html.Section(
        [
            *([html.H3("Policies of your folder"), html.Ul(own, id="ask-own")] if own else []),
            html.H3("Add or remove rules"),
            *ask_rules.rules_of(view),
            html.Details([html.Summary("All rules of an article, or of the whole law"), html.Ul(regimes)]),
        ],
        className="rules-side",
        **parts.named("Rules"),
    )


def _choice(name: str, view: View) -> Any:
    words = WORDS.get(name) or {sector: _sector_title(sector) for sector in choices("sector")}
    options = [{"label": words[value], "value": value} for value in choices(name)]
    control = dcc.RadioItems(options, getattr(view, name), id=f"ask-{name}", className="choices")
    return parts.field(LEGENDS[name], control)


def _sector_title(name: str) -> str:
    title = configs.sector_facts(name)["title"]
    return f"{title} (your file {name}.yaml)" if name in questions.own("sector") else title


def _answer(view: View) -> Any:
    empty = {"layout": {"height": 380}}
    return html.Section(
        [
            html.H2("The answer"),
            html.Div(
                [
                    html.Button("Run agents", id="ask-run", type="button", n_clicks=0, className="main"),
                    html.Details([html.Summary("Market size, period and replicates"), _run_choices(view)]),
                ],
                className="run",
            ),
            html.Div(id="ask-jobs", **parts.ANNOUNCED),
            html.P(MEAN_FIELD, className="small"),
            html.Figure(
                [
                    html.Figcaption(
                        [html.H3(id="ask-finding", **parts.ANNOUNCED), html.P(id="ask-note", className="small")]
                    ),
                    html.Div(
                        dcc.Graph(id="ask-figure", figure=empty, config=parts.CONFIG, responsive=True),
                        className="plot",
                        role="group",
                        **parts.named("Effects on the parties’ money"),
                    ),
                ]
            ),
            html.Div(id="ask-caveats"),
            html.Details([html.Summary("Table"), html.Div(id="ask-table")]),
            html.H3("Save the question"),
            html.Div(id="ask-command"),
            html.Button("Configuration file", id="ask-export", type="button", n_clicks=0),
            dcc.Download(id="ask-file"),
            _way_back(),
        ],
        className="answer-side",
        **parts.named("The answer"),
    )


def _run_choices(view: View) -> Any:
    return html.Div(
        [
            *(_choice(name, view) for name in ("population", "horizon")),
            html.Label(
                [
                    html.Span("Paired replicates", className="name"),
                    dcc.Input(type="number", value=view.replicates, min=FEWEST, max=MOST, step=1, id="ask-replicates"),
                ]
            ),
        ]
    )


def _way_back() -> Any:
    return html.Details(
        [
            html.Summary("Open a configuration file or a command"),
            html.Label(
                [
                    html.Span("Paste it here", className="name"),
                    dcc.Textarea(id="ask-paste", value="", maxLength=configs.LONGEST, rows=5),
                ]
            ),
            html.Button("Open", id="ask-open", type="button", n_clicks=0),
            html.Div(id="ask-opened", role="status"),
        ]
    )


def register(app: dash.Dash, own: Desk) -> None:
    """The page's callbacks."""
    _register_question(app)
    _register_answer(app, own)
    _register_export(app)


def _register_question(app: dash.Dash) -> None:
    parts.keep_address(app, "ask")

    @app.callback(
        Output("ask-levers", "children"),
        Input({"type": RULES, "article": ALL}, "value"),
        Input("ask-sector", "value"),
        State("ask-view", "data"),
        prevent_initial_call=True,
    )
    def levers(chosen: list[list[str] | None], sector: str, query: str) -> Any:
        view = read(_with(read(query)[0], {"sector": sector}))[0]
        return ask_rules.levers_for(view.with_rules(_rules(chosen)))


def _gathered(given: dict[str, Any]) -> tuple[View, list[str]]:
    """The view that the controls say, and what in them is not allowed."""
    faults: list[str] = []
    view = read(given["query"])[0].with_rules(_rules(given["rules"]))
    for one, shown in zip(given["ids"], given["levers"], strict=True):
        view = _moved(view, ask_rules.key_of(one), shown, faults)
    view, more = read(_with(view, given["choices"] | {"replicates": given["replicates"]}))
    return view, [*faults, *more]


def _rules(chosen: list[list[str] | None]) -> tuple[str, ...]:
    return tuple(name for names in chosen for name in names or ())


def _moved(view: View, key: str, shown: Any, faults: list[str]) -> View:
    one = lever(key)
    if one is None or one.rule not in view.policy:
        return view  # of a rule that was chosen a moment ago
    try:
        return view.with_value(one, one.taken(shown))
    except Misread as error:
        faults.append(str(error))
        return view


def _with(view: View, words: dict[str, Any]) -> str:
    """The view's address with other choices, to be read like any address."""
    from urllib.parse import parse_qsl, urlencode

    kept = dict(parse_qsl(view.query, keep_blank_values=True))
    return urlencode(kept | {key: str(value) for key, value in words.items() if value is not None}, safe=",")


def _register_answer(app: dash.Dash, own: Desk) -> None:
    @app.callback(
        output={name: Output(f"ask-{name}", what) for name, what in SHOWN.items()}
        | {"style": Output("ask-figure", "style")},
        inputs={
            "choices": {name: Input(f"ask-{name}", "value") for name in CHOICES},
            "replicates": Input("ask-replicates", "value"),
            "rules": Input({"type": RULES, "article": ALL}, "value"),
            "levers": Input({"type": LEVER, "lever": ALL}, "value"),
            "ids": State({"type": LEVER, "lever": ALL}, "id"),
            "query": State("ask-view", "data"),
            "tick": Input("ask-tick", "n_intervals"),
            "mark": State("ask-mark", "data"),
            "is_narrow": State("is-narrow", "data"),
        },
    )
    def show(mark: str, is_narrow: bool, tick: int | None, **given: Any) -> dict[str, Any]:
        view, faults = _gathered(given)
        seen = _seen(own, view, mark, is_narrow=bool(is_narrow))
        if dash.ctx.triggered_id != "ask-tick":  # what else was refused stays to be read
            seen["faults"] = parts.notice(faults, "fault")
        return {**dict.fromkeys([*SHOWN, "style"], dash.no_update), "view": view.query, **seen}

    @app.callback(
        Output("ask-tick", "disabled", allow_duplicate=True),
        Output("ask-faults", "children", allow_duplicate=True),
        Input("ask-run", "n_clicks"),
        State("ask-view", "data"),
        prevent_initial_call=True,
    )
    def run(_: int, query: str) -> tuple[bool, Any]:
        try:
            own.jobs.start(guard.owner(), read(query)[0].words)
        except PlatformLabError as error:
            return True, parts.notice([str(error)], "fault")
        return False, None

    @app.callback(
        Output("ask-tick", "disabled", allow_duplicate=True),
        Input({"type": "cancel", "job": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def cancel(clicks: list[int | None]) -> Any:
        pressed = dash.ctx.triggered_id
        if pressed is None or not any(clicks):
            return dash.no_update
        own.jobs.cancel(guard.owner(), str(pressed["job"]))
        return False


def _seen(own: Desk, view: View, mark: str, *, is_narrow: bool) -> dict[str, Any]:
    """What the answer's side shows of a view: all of it, or only how runs go on where nothing else is new."""
    found, jobs = _known(own, view), own.jobs.of(guard.owner())
    is_idle = not found.is_pending and all(job.state not in ACTIVE for job in jobs)
    seen: dict[str, Any] = {"jobs": [job_panel(job) for job in jobs], "tick": is_idle, "mark": found.mark}
    if found.mark == mark:
        return seen
    seen["command"] = _command(view)
    if not found.direct.is_known and not found.agents:
        why = parts.notice([found.direct.problem], "fault")
        nothing = {"layout": {"height": 60, "xaxis": {"visible": False}, "yaxis": {"visible": False}}}
        return seen | {
            "figure": nothing,
            "style": {"height": "60px"},
            "finding": "",
            "note": "",
            "caveats": why,
            "table": None,
        }
    drawn = expectation(expectations(found), narrow=is_narrow)
    words = theme.words_of(drawn)
    return seen | {
        "figure": theme.without_title(drawn),
        "style": {"height": f"{words['height']}px"},
        "finding": words["finding"],
        "note": words["note"],
        "caveats": parts.notice(caveats(found)),
        "table": details(found),
    }


def _known(own: Desk, view: View) -> Answer:
    """What the mean-field model and agents say of a view now."""
    direct = own.forecasts.direct(view)
    total = own.forecasts.total(view) if direct.is_known else direct
    mine = [job for job in own.jobs.of(guard.owner()) if job.words == view.words]
    job = mine[0] if mine else None
    effects = own.jobs.effects_so_far(guard.owner(), job.id) if job else None
    return Answer(view, direct, total, job, effects, configs.sector_facts(view.sector)["currency"])


def _command(view: View) -> Any:
    return html.Pre(html.Code(questions.command(view.words), id="ask-words"))


def _register_export(app: dash.Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("platform_lab", "go"), Output("ask-gone", "data"), Input("ask-elsewhere", "data")
    )

    @app.callback(
        Output("ask-file", "data"),
        Output("ask-faults", "children", allow_duplicate=True),
        Input("ask-export", "n_clicks"),
        State("ask-view", "data"),
        prevent_initial_call=True,
    )
    def export(_: int, query: str) -> tuple[Any, Any]:
        view = read(query)[0]
        try:
            scenario_of(view)
            text = configs.written(view)
        except PlatformLabError as error:
            return dash.no_update, parts.notice([str(error)], "fault")
        return {"content": text, "filename": "question.yaml", "type": "application/yaml"}, None

    @app.callback(
        Output("ask-elsewhere", "data"),
        Output("ask-opened", "children"),
        Input("ask-open", "n_clicks"),
        State("ask-paste", "value"),
        prevent_initial_call=True,
    )
    def back(_: int, text: str | None) -> tuple[Any, Any]:
        try:
            view = configs.taken(text or "")
        except PlatformLabError as error:
            return dash.no_update, parts.notice([str(error)], "fault")
        return link(f"{PATH}?{view.query}"), None
