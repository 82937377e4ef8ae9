"""*People*: one consumer, merchant or worker, week by week, without the policy and with it."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

import dash
from dash import Input, Output, State, dcc, html

from analysis.figures.agent_weeks import agent_weeks
from analysis.figures.agents_rank import agents_rank
from analysis.statistics import agents as kept
from analysis.statistics import estimates as est
from analysis.wording import trajectories
from analysis.wording.numbers import capital, counted
from experiments.dashboard import parts
from experiments.dashboard.library import Entry, readable
from experiments.dashboard.watching import Pair, Seen
from experiments.storage.agent_weeks import AgentWeeksFile
from sim.errors import PlatformLabError

if TYPE_CHECKING:
    from experiments.dashboard.desk import Desk

TITLE, PATH = "People", "/people"
QUESTION = "What does a policy mean for a single consumer, merchant or worker?"
FIRST = "platform-lab compare policy=commission_cap population=town"
PARTIES = tuple(kept.TRAITS)
MOST_LISTED = 20
CHECK_EVERY = 1_000
LARGEST = 20_000
"""Consumers of the largest market whose agents are recorded one by one."""


def layout(own: Desk, query: str, *, is_narrow: bool) -> Any:
    """Whom to show on one side, that agent's trajectory on the other."""
    entries = [entry for entry in own.library.entries() if not entry.is_stale and entry.n_consumers <= LARGEST]
    head = parts.heading("People", QUESTION)
    if not entries:
        words = (
            "Single agents can be shown for results of a town made by this version of the code, and none is stored "
            "yet. Run a town on the first page, or on a command line:"
        )
        return [head, parts.empty(words, FIRST)]
    asked = {key: values[0] for key, values in parse_qs(query.removeprefix("?")).items()}
    name, _, point = asked.get("result", "").partition(":")
    known = {entry.name for entry in entries}
    chosen = name if name in known else entries[0].name
    lost = [f"Agents of {name:.80} cannot be shown: it is not a result of a town made by this version of the code."]
    return [
        head,
        parts.notice(lost if name and name not in known else []),
        dcc.Store(id="people-view"),
        dcc.Store(id="people-seen"),
        dcc.Store(id="people-point", data=int(point) if point.isdecimal() and name in known else None),
        dcc.Interval(id="people-tick", interval=CHECK_EVERY, disabled=True),
        html.Div(
            [_choices(entries, chosen, asked), html.Div(id="people-shown", **parts.ANNOUNCED)],
            className="beside",
        ),
    ]


def _choices(entries: list[Entry], chosen: str, asked: dict[str, str]) -> Any:
    shown = sorted(entries, key=lambda entry: entry.name != chosen)[:MOST_LISTED]
    results = [{"label": f"{entry.title} ({entry.started[:10]}) {entry.asked}", "value": entry.name} for entry in shown]
    party = asked.get("party", "") if asked.get("party") in PARTIES else "merchants"
    story = asked.get("story", "") if asked.get("story") in kept.STORIES else "typical"
    stories = [{"label": f"{capital(name)}: {about}", "value": name} for name, about in kept.STORIES.items()]
    names = [{"label": capital(one), "value": one} for one in PARTIES]
    return html.Section(
        [
            html.H2("Agent"),
            parts.field("Party", dcc.RadioItems(names, party, id="people-party", className="choices row")),
            parts.field("Choose", dcc.RadioItems(stories, story, id="people-story", className="choices")),
            _number("Or by number", "people-agent", _whole(asked.get("agent"))),
            parts.field("Result", dcc.RadioItems(results, chosen, id="people-result", className="choices")),
            _number("Replicate, counted from 0", "people-replicate", _whole(asked.get("replicate")) or 0),
        ],
        className="results",
        **parts.named("Agent"),
    )


def _number(label: str, name: str, value: int | None) -> Any:
    box = dcc.Input(type="number", value=value, step=1, id=name, debounce=0.4)
    return html.P(html.Label([html.Span(label, className="name"), " ", box]))


def _whole(text: Any) -> int | None:
    words = str(text) if text is not None else ""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 12 else None


def register(app: dash.Dash, own: Desk) -> None:
    """The page's callbacks."""
    parts.keep_address(app, "people")

    @app.callback(
        Output("people-shown", "children"),
        Output("people-view", "data"),
        Output("people-tick", "disabled"),
        Input("people-result", "value"),
        Input("people-replicate", "value"),
        Input("people-party", "value"),
        Input("people-story", "value"),
        Input("people-agent", "value"),
        Input("people-tick", "n_intervals"),
        State("people-point", "data"),
        State("is-narrow", "data"),
    )
    def show(*given: Any) -> tuple[Any, str, bool]:
        name, replicate, party, story, agent, _, point, is_narrow = given
        entry = own.library.find(str(name))
        if entry is None or party not in PARTIES or story not in kept.STORIES:
            return parts.notice(["There is no such result."], "fault"), "", True
        pair = _pair(own, entry, point, replicate)
        sentence = {"result": f"{entry.name}:{pair.point}" if pair.point else entry.name, "replicate": pair.replicate}
        sentence |= {"party": party, "story": story} | ({"agent": agent} if _whole(agent) is not None else {})
        seen = own.watching.seen(pair)
        if seen.path is None:
            return _watch_first(seen), urlencode(sentence, safe="/:"), not seen.is_running
        page = _trajectory(seen.path, party, story, _whole(agent), is_narrow=bool(is_narrow))
        return page, urlencode(sentence, safe="/:"), True

    @app.callback(
        Output("people-tick", "disabled", allow_duplicate=True),
        Output("people-refused", "children"),
        Input("people-watch", "n_clicks"),
        State("people-result", "value"),
        State("people-replicate", "value"),
        State("people-point", "data"),
        prevent_initial_call=True,
    )
    def watch(clicks: int | None, name: str, replicate: Any, point: Any) -> tuple[Any, Any]:
        entry = own.library.find(str(name))
        if not clicks or entry is None:
            return dash.no_update, dash.no_update
        why = own.watching.start(_pair(own, entry, point, replicate))
        return bool(why), parts.notice([why] if why else [], "fault")


def _pair(own: Desk, entry: Entry, point: Any, replicate: Any) -> Pair:
    """The pair that was chosen: of a sweep its point, or the one with the largest gains and losses."""
    if entry.n_scenarios > 1 and not isinstance(point, int):
        found = readable(own.library, entry)
        point = 0 if isinstance(found, str) else est.focus(found.effects)
    return Pair(entry, point if isinstance(point, int) and entry.n_scenarios > 1 else 0, _whole(replicate) or 0)


def _watch_first(seen: Seen) -> Any:
    """Runs keep sums only: to see single agents the pair must be run again, which gives the same bits."""
    if seen.is_running:
        name = "Weeks run"
        bar = html.Progress(value=str(seen.n_done), max=str(max(seen.n_weeks, 1)), **parts.named(name))
        return html.Div([html.P(f"{seen.n_done} of {seen.n_weeks} weeks are run."), bar], className="job running")
    words = (
        "Stored runs keep weekly totals only. To show single agents, this replicate is run once more without and with "
        "the policy, with the same random draws and therefore the same numbers; a town takes about half a minute."
    )
    inside: list[Any] = [html.P(words)]
    if seen.error:
        inside.append(parts.notice([seen.error], "fault"))
    button = html.Button("Run this replicate again", id="people-watch", type="button", n_clicks=0, className="main")
    return html.Div([*inside, button, html.Div(id="people-refused")], className="empty")


@functools.lru_cache(maxsize=12)
def _everybody(path: Path, party: str) -> Any:
    return kept.agents(AgentWeeksFile(path), party)


def _trajectory(path: Path, party: str, story: str, agent: int | None, *, is_narrow: bool) -> Any:
    """The trajectory of an agent: what happened, week by week, in numbers, and how it ranks among all."""
    try:
        everybody = _everybody(path, party)
        if not len(everybody):
            return parts.empty(f"There are no {party} in this market.")
        identity = agent if agent is not None else kept.pick(everybody, story)
        if identity is None:
            what = f"No {party.removesuffix('s')} in this replicate is of this kind: {kept.STORIES[story]}."
            return parts.empty(f"{what} Choose another one.")
        found = trajectories.agent_trajectory(AgentWeeksFile(path), party, identity, everybody)
    except PlatformLabError as error:
        return parts.notice([str(error)], "fault")
    known = AgentWeeksFile(path).about
    how: dict[str, Any] = {"party": party, "currency": known["currency"], "narrow": is_narrow}
    rows = [list(row.words) for row in found.rows]
    return [
        html.H2(found.name),
        *(html.P(words) for words in found.sentences),
        parts.notice([found.note]),
        parts.graph(agent_weeks(found.weeks, found.headline, policy_week=found.first_policy_week, **how)),
        parts.table(["Mean over the weeks under the policy", "Without", "With", "Change"], rows),
        parts.graph(agents_rank(everybody, identity, found.name, **how)),
        html.P(f"One of {counted(found.n_agents, party.removesuffix('s'))} in this replicate.", className="small"),
    ]
