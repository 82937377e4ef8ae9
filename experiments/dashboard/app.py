"""The dashboard as an application: six pages, whose state lies in their addresses."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, dcc, html

from analysis.figures.colours import style_sheet
from experiments.dashboard import guard, outside, pages, parts, questions
from experiments.dashboard.desk import Desk
from experiments.dashboard.guard import Door

TITLE = "Platform Lab"
SHELL = """<!doctype html>
<html lang="en">
<head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}<style>{style}</style></head>
<body><a class="skip" href="#page">To the page</a>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""
METAS = [
    {"name": "viewport", "content": "width=device-width, initial-scale=1"},
    {"name": "color-scheme", "content": "light dark"},
]


def app(own: Desk, door: Door) -> dash.Dash:
    """The application, whose server refuses what does not come through the door."""
    found = dash.Dash(
        __name__,
        title=TITLE,
        update_title="",
        serve_locally=True,
        use_pages=False,
        routes_pathname_prefix="/",
        requests_pathname_prefix=f"{door.public.path}/" if door.public else "/",
        pages_folder="",
        enable_mcp=False,
        websocket_callbacks=False,
        suppress_callback_exceptions=True,
        meta_tags=METAS,
        add_log_handler=False,
        index_string=SHELL.replace(
            "{style}", style_sheet() + files(__package__).joinpath("page.css").read_text("utf-8")
        ),
    )
    found.layout = _layout
    _route(found, own)
    for page in pages.PAGES:
        page.register(found, own)
    pages.files.register(found.server, own)
    guard.guard(found.server, door, list(found.csp_hashes()))
    found.server.before_request(questions.look)
    return found


def _layout() -> Any:
    """Fresh for every load: the bar of pages, and room for one of them."""
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            dcc.Store(id="is-narrow"),
            html.Header(
                html.Nav(
                    [dcc.Link(TITLE, href=outside.link("/"), className="home"), html.Div(_links(""), id="links")],
                    **parts.named("Pages"),
                ),
                className="bar",
            ),
            html.Main(id="page", tabIndex=-1),
        ]
    )


def _links(path: str) -> list[Any]:
    return [
        dcc.Link(
            page.TITLE,
            href=outside.link(page.PATH),
            className="here" if page is pages.of(path) else "",
            title=page.QUESTION,
        )
        for page in pages.PAGES
    ]


def _route(found: dash.Dash, own: Desk) -> None:
    found.clientside_callback(
        ClientsideFunction("platform_lab", "narrow"), Output("is-narrow", "data"), Input("address", "pathname")
    )

    @found.callback(
        Output("page", "children"),
        Output("links", "children"),
        Input("address", "pathname"),
        Input("address", "search"),
        Input("is-narrow", "data"),
    )
    def show(path: str | None, search: str | None, is_narrow: bool | None) -> tuple[Any, Any]:
        if is_narrow is None:
            return dash.no_update, dash.no_update
        here = outside.inside(path or "")
        page = pages.of(here)
        if page is None:
            return pages.nowhere(), _links("")
        return page.layout(own, search or "", is_narrow=is_narrow), _links(here)
