"""Reports of stored results, served as they lie there and shut off from the dashboard's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask

if TYPE_CHECKING:
    from experiments.dashboard.desk import Desk

APART = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:; frame-ancestors 'none'"
)
"""A report runs its own scripts, so it is treated as a page of somebody else's: it cannot ask us for anything."""


def register(server: flask.Flask, own: Desk) -> None:
    """The addresses of files."""

    @server.get("/report/<verb>/<name>")
    def report(verb: str, name: str) -> flask.Response:
        entry = own.library.find(f"{verb}/{name}")
        path = entry.folder / "report.html" if entry else None
        if path is None or not path.is_file():
            return flask.Response("There is no such report.\n", 404, content_type="text/plain; charset=utf-8")
        response = flask.Response(path.read_bytes(), content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = APART
        return response
