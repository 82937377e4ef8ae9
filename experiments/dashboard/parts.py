"""Pieces that several pages are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, dcc, html

from analysis.figures import theme
from analysis.report.panels import Panel

Piece = Any
"""A component of Dash, a text, or a list of them."""
CONFIG: Any = theme.CONFIG
ANNOUNCED: dict[str, Any] = {"aria-live": "polite"}
"""What changes by itself is read out to who cannot see it."""


def named(words: str) -> dict[str, Any]:
    """The name by which a part of a page is known to who cannot see it."""
    return {"aria-label": words}


def _under(head: str) -> dict[str, Any]:
    return {"data-head": head}


def keep_address(app: dash.Dash, page: str) -> None:
    """Let the address say what the store `<page>-view` holds, by way of the store `<page>-seen`."""
    remember = ClientsideFunction("platform_lab", "remember")
    app.clientside_callback(remember, Output(f"{page}-seen", "data"), Input(f"{page}-view", "data"))


def heading(title: str, question: str) -> Piece:
    """A page's title and what it answers."""
    return html.Header([html.H1(title, id="title", tabIndex=-1), html.P(question, className="question")])


def graph(figure: Any, name: str = "", **more: Any) -> Piece:
    """A figure with its finding and note in the page's type, and described for who cannot see it."""
    words = theme.words_of(figure)
    bare = theme.without_title(figure)
    where: dict[str, Any] = {"id": name} if name else {}
    plot = dcc.Graph(figure=bare, config=CONFIG, responsive=True, style={"height": f"{words['height']}px"}, **where)
    return html.Figure(
        [
            html.Figcaption([html.H3(words["finding"]), html.P(words["note"], className="small")]),
            html.Div(plot, className="plot", role="group", **named(words["finding"])),
        ],
        **more,
    )


def panels(found: Sequence[Panel], *, is_narrow: bool) -> Piece:
    """Figures of a report on a page."""
    return html.Div(
        [graph(one.narrow if is_narrow else one.wide, className="half" if one.is_half else "full") for one in found],
        className="figures",
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[Piece]], caption: str = "", **more: Any) -> Piece:
    """A table whose cells name their column on a narrow screen; the first cell of a row is its name."""
    head = html.Thead(html.Tr([html.Th(name, scope="col") for name in heads]))
    body = [
        html.Tr(
            [
                html.Th(cell, scope="row") if place == 0 else html.Td(html.Span(cell), **_under(heads[place]))
                for place, cell in enumerate(row)
            ]
        )
        for row in rows
    ]
    words = [html.Caption(caption)] if caption else []
    return html.Table([*words, head, html.Tbody(body)], className="stack", **more)


def notice(words: Sequence[str], kind: str = "note") -> Piece:
    """What somebody should know: a list where there are several, nothing where there is none."""
    if not words:
        return None
    inside = html.P(words[0]) if len(words) == 1 else html.Ul([html.Li(one) for one in words])
    return html.Div(inside, className=f"notice {kind}", role="status")


def empty(words: str, command: str = "") -> Piece:
    """What a page shows when there is nothing to show yet, and what to do about it."""
    inside: list[Piece] = [html.P(words)]
    if command:
        inside.append(html.Pre(html.Code(command)))
    return html.Div(inside, className="empty")


def field(label: str, control: Piece, about: Piece = None) -> Piece:
    """A group of choices under one name."""
    more = [html.P(about, className="small")] if about else []
    return html.Fieldset([html.Legend(label), control, *more])
