"""How well the simulated sector meets what was observed, moment by moment."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures import theme
from analysis.result import Frame
from analysis.wording.evidence import ROLES, role_title
from analysis.wording.numbers import counted, finite, listed, wrapped

PANELS = {
    "relative": "simulated against target, % of target",
    "points": "simulated against target, percentage points",
}
ROW = 30


def moments_figure(moments: Frame, *, narrow: bool = False) -> go.Figure:
    """Errors with 95% intervals on the measure of their kind, by role; grey bars are the tolerances."""
    panels = [(kind, rows) for kind in PANELS if len(rows := _in_rows(moments, kind))]
    if not panels:
        raise ValueError("there are no moments with a target and a simulated value")
    sizes = [len(rows) + rows["role"].nunique() for _, rows in panels]
    figure = make_subplots(
        rows=len(panels),
        cols=1,
        row_heights=sizes,
        vertical_spacing=min(0.3, (3.4 if narrow else 2.4) / (sum(sizes) + 3.0)),
    )
    for place, (kind, rows) in enumerate(panels, 1):
        _panel(figure, rows, place, narrow)
        figure.update_xaxes(title_text=theme.lines(PANELS[kind], 24 if narrow else 70), row=place, col=1)
    note = "Dots: mean errors with 95% intervals. Grey: tolerance. Filled dots lie within it or have none."
    height = 60 + ROW * sum(sizes) + (100 if narrow else 70) * len(panels)
    return theme.finish(figure, title(moments), note, height=height, narrow=narrow, right=16)


def title(moments: Frame) -> str:
    """How many of the moments that test the model lie within their tolerance, by role."""
    parts = []
    for role in ("held_out", "fitted"):
        judged = moments[(moments["role"] == role) & moments["verdict"].isin(["within", "outside"])]
        if len(judged):
            n = int((judged["verdict"] == "within").sum())
            parts.append(f"{n} of {counted(len(judged), f'{role_title(role).lower()} moment')}")
    if not parts:
        return "No moment has a tolerance to be judged by"
    return f"Within tolerance: {listed(parts)}"


def errors(row: Any) -> tuple[float, float, float, float]:
    """Error, its interval and the tolerance, in per cent of the target or in percentage points."""
    if row.error_kind == "points":
        return tuple(100 * v for v in (row.error, row.low - row.target, row.high - row.target, row.tolerance))
    ends = (row.low / row.target - 1, row.high / row.target - 1)
    return tuple(100 * v for v in (row.error, *ends, row.tolerance))


def _ends_of(row: Any) -> list[float]:
    """Everything that the axis has to hold."""
    error, low, high, tolerance = errors(row)
    return [0.0, *finite([error, low, high, tolerance, -tolerance])]


def _in_rows(moments: Frame, kind: str) -> Frame:
    rows = moments[(moments["error_kind"] == kind) & moments["error"].notna()]
    rows = rows[(kind == "points") | (rows["target"] != 0)]
    places = rows["role"].map({role: place for place, role in enumerate(ROLES)})
    return rows.assign(_place=places).sort_values("_place", kind="stable").drop(columns="_place")


def _panel(figure: go.Figure, rows: Frame, place: int, narrow: bool) -> None:
    names: list[str] = []
    heights: list[float] = []
    y = 0.0
    for role, part in rows.groupby("role", sort=False):
        names.append(f"<b>{theme.text(role_title(str(role)))}</b>")
        heights.append(y)
        y += 1
        for row in part.itertuples(index=False):
            names.append("<br>".join(theme.text(line) for line in wrapped(str(row.title), 26 if narrow else 60)))
            heights.append(y)
            _row(figure, row, y, place)
            y += 1
    theme.zero_line(figure, row=place, col=1)
    ends = [v for row in rows.itertuples(index=False) for v in _ends_of(row)]
    room = 0.05 * (max(ends) - min(ends))
    figure.update_xaxes(range=[min(ends) - room, max(ends) + room], row=place, col=1)
    figure.update_yaxes(
        tickvals=heights,
        ticktext=names,
        range=[y - 0.4, -0.6],
        showgrid=False,
        tickfont={"color": theme.INK, "size": 13},
        row=place,
        col=1,
    )


def _row(figure: go.Figure, row: Any, y: float, place: int) -> None:
    error, low, high, tolerance = errors(row)
    if pd.notna(tolerance):
        figure.add_shape(
            type="rect",
            x0=-tolerance,
            x1=tolerance,
            y0=y - 0.32,
            y1=y + 0.32,
            fillcolor=theme.TINT,
            line={"width": 0},
            layer="below",
            row=place,
            col=1,
        )
    has_interval = pd.notna(low) and pd.notna(high)
    is_outside = row.verdict == "outside"
    figure.add_trace(
        go.Scatter(
            x=[error],
            y=[y],
            mode="markers",
            marker={
                "size": 9,
                "color": theme.PAPER if is_outside else theme.MUTED if row.role == "input" else theme.INK,
                "line": {"color": theme.INK, "width": 1.8},
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [high - error if has_interval else 0.0],
                "arrayminus": [error - low if has_interval else 0.0],
                "color": theme.INK,
                "thickness": 1.4,
                "width": 3,
            },
            hovertemplate=f"{theme.text(row.title)}: %{{x:.3~g}}<extra></extra>",
        ),
        row=place,
        col=1,
    )
