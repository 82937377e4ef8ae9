"""Enforcement: from inspections to fines, and how much of every practice is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.statistics.funnel import STEPS
from analysis.wording import enforcement
from analysis.wording.enforcement import FunnelRow
from analysis.wording.numbers import capital, counted

ROW, NARROW_ROW = 38, 46
_ROWS: dict[str, Any] = {
    "autorange": "reversed",
    "showgrid": False,
    "tickfont": {"color": theme.INK, "size": 14},
    "ticklabelstandoff": 6,
}
ASKED = "Vertical marks: what the rules permit on platforms that they bind."


def enforcement_funnel(funnel: dict[str, FunnelRow], *, narrow: bool = False) -> go.Figure:
    """Bars from all inspections of a year to the cases that end in a fine, with 95% intervals and numbers."""
    rows = [funnel[name] for name in STEPS]
    names = [_name(row, row.words if narrow else "") for row in rows]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=names,
            x=[row.value for row in rows],
            error_x=_whiskers(rows),
            width=0.62,
            marker={"color": theme.colour("state"), "opacity": 0.92, "line": {"width": 0}},
            customdata=[[theme.text(row.title), row.words] for row in rows],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]} a year<extra></extra>",
        )
    )
    if not narrow:
        _numbers(figure, names, [row.words for row in rows])
    figure.update_xaxes(title_text="number a year", rangemode="tozero", nticks=5 if narrow else 8)
    figure.update_yaxes(**_ROWS)
    right = 14 if narrow else 24 + 8 * max(len(row.words) for row in rows)
    note = f"Bars: means over {counted(rows[0].n_replicates, 'replicate')} under the policy. Whiskers: 95% intervals."
    height = 62 + (NARROW_ROW if narrow else ROW) * len(rows)
    return theme.finish(figure, enforcement.lead(funnel), note, height=height, narrow=narrow, right=right, top=12)


def practices_left(rows: Sequence[FunnelRow], finding: str, *, narrow: bool = False) -> go.Figure:
    """Every practice from its observed level to what is left of it, with 95% intervals and what the rules permit."""
    if not rows:
        raise ValueError("there is no practice that a rule addresses")
    names, colour = [_name(row, "") for row in rows], theme.colour("platforms")
    figure = go.Figure()
    for name, row in zip(names, rows, strict=True):
        line = {"color": theme.faded(colour, 0.3), "width": 7}
        figure.add_trace(go.Scatter(x=[100, 100 * row.value], y=[name] * 2, mode="lines", line=line, hoverinfo="skip"))
    figure.add_trace(
        go.Scatter(
            x=[100 * row.asked for row in rows],
            y=names,
            mode="markers",
            marker={"symbol": "line-ns", "size": 20, "line": {"color": theme.INK, "width": 2.4}},
            hovertemplate="rules permit %{x:.0f}%<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[100 * row.value for row in rows],
            y=names,
            mode="markers",
            error_x=_whiskers(rows, 100.0) | {"color": colour},
            marker={"size": 11, "symbol": theme.symbol("platforms"), "color": colour},
            customdata=[[theme.text(capital(row.title)), row.words] for row in rows],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]} remaining<extra></extra>",
        )
    )
    if not narrow:
        _numbers(figure, names, [row.words for row in rows])
    top = max(100.0, *(100 * row.value for row in rows))
    figure.update_xaxes(title_text="% of the observed level", range=[-3, top + 3], nticks=5 if narrow else 8)
    figure.update_yaxes(**_ROWS)
    right = 14 if narrow else 24 + 8 * max(len(row.words) for row in rows)
    note = f"Bands: from the observed level to what remains, weighted by orders, with 95% intervals. {ASKED}"
    return theme.finish(figure, finding, note, height=66 + ROW * len(rows), narrow=narrow, right=right, top=12)


def _name(row: FunnelRow, words: str) -> str:
    name = "<br>".join([*theme.lines(capital(row.title), 24).split("<br>")])
    small = f"<br><span style='font-size:12px;color:{theme.MUTED}'>{words}</span>"
    return name + (small if words else "")


def _numbers(figure: go.Figure, names: Sequence[str], words: Sequence[str]) -> None:
    """The numbers of rows to the right of a figure."""
    for name, sentence in zip(names, words, strict=True):
        mean, _, ends = sentence.partition(" [")
        text = f"<b>{mean}</b> [{ends}" if ends else f"<b>{mean}</b>"
        place = {"x": 1, "xref": "paper", "y": name, "xanchor": "left", "xshift": 12, "showarrow": False}
        figure.add_annotation(text=text, **place)


def _whiskers(rows: Sequence[FunnelRow], factor: float = 1.0) -> dict[str, object]:
    """Intervals, none below nothing."""
    known = [row.low < row.high for row in rows]
    return {
        "type": "data",
        "symmetric": False,
        "array": [factor * (r.high - r.value) if ok else 0.0 for r, ok in zip(rows, known, strict=True)],
        "arrayminus": [factor * (r.value - max(r.low, 0.0)) if ok else 0.0 for r, ok in zip(rows, known, strict=True)],
        "color": theme.INK,
        "thickness": 1.6,
        "width": 4,
    }
