"""What a case of validation found: lines with bands, or bars with whiskers, from plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from analysis.figures import theme

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
HEIGHT = 400


def validation_figure(panel: Mapping[str, Any]) -> go.Figure:
    """A panel: title, note, kind (lines or bars), axes, and lines (x, y, low, high) or rows (name, y, low, high).

    Lines may be guides; `has_zero: false` leaves zero out of their axis.
    """
    figure = go.Figure()
    height = HEIGHT
    if panel["kind"] == "bars":
        height = max(220, 70 + 26 * len(panel["rows"]))
        _bars(figure, panel)
    else:
        _lines(figure, panel)
    theme.finish(figure, str(panel["title"]), str(panel.get("note", "")), height=height)
    figure.update_layout(showlegend=panel["kind"] == "lines")
    return figure


def _lines(figure: go.Figure, panel: Mapping[str, Any]) -> None:
    colours = [light for light, _ in theme.PARTY_COLOURS.values()]
    is_log, n_guides = bool(panel.get("is_log")), 0
    if not is_log and panel.get("has_zero", True):
        theme.zero_line(figure, "y")
    if panel.get("band"):
        low, high = panel["band"]
        figure.add_hrect(low, high, fillcolor=theme.TINT, line_width=0, layer="below")
    for i, line in enumerate(panel["lines"]):
        is_guide = bool(line.get("is_guide"))
        colour = theme.MUTED if is_guide else colours[i % len(colours)]
        if line.get("low"):
            figure.add_trace(_band(line, colour))
        n_guides += is_guide
        dash = DASHES[n_guides % len(DASHES)] if is_guide else DASHES[i // len(colours) % len(DASHES)]
        look = {"color": colour, "width": 2.0, "dash": dash}
        mode = "lines" if is_guide or len(line["x"]) > 24 else "lines+markers"
        name = theme.text(line["name"])
        figure.add_trace(go.Scatter(x=line["x"], y=line["y"], mode=mode, name=name, line=look))
    figure.update_xaxes(title_text=theme.text(str(panel["x_title"])))
    figure.update_yaxes(title_text=theme.text(str(panel["y_title"])))
    if is_log or panel.get("is_log_x"):
        figure.update_xaxes(type="log", dtick=1)
    if is_log:
        figure.update_yaxes(type="log")


def _band(line: Mapping[str, Any], colour: str) -> go.Scatter:
    x, low, high = (list(line[key]) for key in ("x", "low", "high"))
    return go.Scatter(
        x=x + x[::-1],
        y=high + low[::-1],
        fill="toself",
        fillcolor=theme.faded(colour, 0.14),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
    )


def _bars(figure: go.Figure, panel: Mapping[str, Any]) -> None:
    rows = list(panel["rows"])
    theme.zero_line(figure, "x")
    whiskers = {
        "type": "data",
        "symmetric": False,
        "array": [row["high"] - row["y"] if row["high"] == row["high"] else 0.0 for row in rows],
        "arrayminus": [row["y"] - row["low"] if row["low"] == row["low"] else 0.0 for row in rows],
        "color": theme.INK,
        "thickness": 1.4,
        "width": 3,
    }
    names = [theme.text(row["name"]) for row in rows]
    look = {"size": 9, "color": theme.colour("consumers")}
    figure.add_trace(go.Scatter(x=[row["y"] for row in rows], y=names, mode="markers", marker=look, error_x=whiskers))
    figure.update_xaxes(title_text=theme.text(str(panel["x_title"])))
    figure.update_yaxes(autorange="reversed")
