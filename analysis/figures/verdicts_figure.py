"""Every judged quantity of a validation on one scale: a dot and its interval, the accepted band from -1 to 1."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from analysis.figures import theme

LIMIT = 3.0
"""Half-widths of the band beyond which a value is only pointed at."""
STEP, LEAST, GAP = 9, 17, 3
"""Pixels of a quantity, of a case at least, and between cases."""
LOOKS = {"pass": (theme.colour("consumers"), "circle"), "miss": (theme.colour("merchants"), "diamond")}


class Scaled(NamedTuple):
    """A quantity in half-widths of its band, measured from the band's middle."""

    value: float
    low: float
    high: float


def scaled(row: Mapping[str, Any]) -> Scaled:
    """A row of the table on the common scale; NaN where it has no number.

    A band with one end has that end at -1 or 1, its target at 0 and infinity at the other end; without a target, half
    the interval takes its place. A band of one number has it at 0, and half the interval for a unit.
    """
    low, high, target = row["low"], row["high"], row["target"]
    values = [row[key] for key in ("simulated", "ci_low", "ci_high")]
    spread = (row["ci_high"] - row["ci_low"]) / 2.0
    if low is None and high is None:
        return Scaled(*(0.0 * value for value in values))
    if low is not None and high is not None:
        middle = (low + high) / 2.0
        half = _first((high - low) / 2.0, spread, abs(middle))
        return Scaled(*((value - middle) / half for value in values))
    end, side = (row["high"], -1.0) if low is None else (low, 1.0)
    half = _first(side * (target - end) if target is not None else 0.0, spread, abs(end), abs(values[0] - end))
    return Scaled(*(side * _squeezed(side * (value - end) / half) for value in values))


def _squeezed(steps: float) -> float:
    """Steps beyond an end of the band, with that end at -1, one step in at 0 and infinity at 1."""
    return steps - 1.0 if steps < 0.0 else 1.0 - 2.0 / (1.0 + steps)


def _first(*sizes: float) -> float:
    """The first that can be a unit."""
    return next((size for size in sizes if math.isfinite(size) and size > 0.0), 1.0)


def verdicts_figure(cases: Sequence[Mapping[str, Any]]) -> go.Figure:
    """All judged rows, case by case; each case: suite, name and rows (columns of `table.csv`)."""
    placed, ticks, heads, depth = _placed(cases)
    figure = go.Figure()
    figure.add_vrect(-1.0, 1.0, fillcolor=theme.TINT, line_width=0, layer="below")
    theme.zero_line(figure, "x")
    for verdict, (colour, mark) in LOOKS.items():
        rows = [(row, place) for row, place in placed if row["verdict"] == verdict]
        rows.sort(key=lambda one: not abs(scaled(one[0]).value) <= LIMIT)  # the legend shows the first mark
        if rows:
            figure.add_trace(_dots(rows, verdict, colour, mark))
    n, n_missed = len(placed), sum(row["verdict"] == "miss" for row, _ in placed)
    finding = f"{n - n_missed} of {n} quantities lie in the accepted range" if n_missed else f"All {n} quantities pass"
    note = (
        "Dots: quantities, with 95% intervals. Shaded: the accepted range, scaled to run from −1 to 1; where it is "
        "open at one end, that end stands for infinity. Hollow: beyond the figure. Cross: not measured."
    )
    theme.finish(figure, finding, note, height=round(depth) + 46)
    figure.update_xaxes(range=[-LIMIT - 0.15, LIMIT + 0.15], tickvals=[-3, -2, -1, 0, 1, 2, 3], side="bottom")
    figure.update_xaxes(title_text="half-widths of the accepted range from its middle")
    texts = [theme.text(name if len(name) <= 40 else f"{name[:39]}…") for _, name in ticks]
    figure.update_yaxes(
        range=[depth, 0], tickvals=[place for place, _ in ticks], ticktext=texts, showgrid=False, tickfont={"size": 11}
    )
    for place, suite in heads:
        words = f"<b>{theme.text(suite)}</b>"
        figure.add_annotation(
            x=-LIMIT - 0.15, y=place, text=words, showarrow=False, xanchor="left", font={"size": 12, "color": theme.INK}
        )
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"}
    )
    figure.update_layout(meta={**theme.words_of(figure), "top": 30})
    return figure


def _placed(
    cases: Sequence[Mapping[str, Any]],
) -> tuple[list[tuple[Mapping[str, Any], float]], list[tuple[float, str]], list[tuple[float, str]], float]:
    """Rows with their places in pixels from the top, those of names of cases and of suites, and the whole depth."""
    placed, ticks, heads, depth = [], [], [], 0.0
    for suite in dict.fromkeys(case["suite"] for case in cases):
        mine = [(case["name"], rows) for case in cases if case["suite"] == suite and (rows := list(_judged(case)))]
        if mine:
            heads.append((depth + 11.0, suite))
            depth += 22.0
        for name, rows in mine:
            height = max(LEAST, STEP * len(rows))
            first = depth + (height - STEP * (len(rows) - 1)) / 2.0
            placed += [(row, first + STEP * i) for i, row in enumerate(rows)]
            ticks.append((depth + height / 2.0, name))
            depth += height + GAP
    return placed, ticks, heads, depth


def _judged(case: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (row for row in case["rows"] if row["verdict"] != "shown")


def _dots(rows: Sequence[tuple[Mapping[str, Any], float]], verdict: str, colour: str, mark: str) -> go.Scatter:
    x, plus, minus, marks, words = [], [], [], [], []
    for row, _ in rows:
        on_scale = scaled(row)
        place = _clipped(on_scale.value)
        x.append(place)
        ends = [_clipped(end) for end in (on_scale.low, on_scale.high)]
        minus.append(place - ends[0] if math.isfinite(on_scale.low) else 0.0)
        plus.append(ends[1] - place if math.isfinite(on_scale.high) else 0.0)
        is_beyond = abs(on_scale.value) > LIMIT
        marks.append("x-thin-open" if math.isnan(on_scale.value) else f"{mark}-open" if is_beyond else mark)
        words.append(_words(row))
    whiskers = {"type": "data", "symmetric": False, "array": plus, "arrayminus": minus, "width": 0, "thickness": 1.3}
    return go.Scatter(
        x=x,
        y=[place for _, place in rows],
        mode="markers",
        name=verdict,
        marker={"color": colour, "symbol": marks, "size": 7, "line": {"color": colour, "width": 1.4}},
        error_x={**whiskers, "color": theme.faded(colour, 0.6)},
        hovertext=words,
        hoverinfo="text",
    )


def _clipped(value: float) -> float:
    return 0.0 if math.isnan(value) else max(-LIMIT, min(LIMIT, value))


def _words(row: Mapping[str, Any]) -> str:
    ends = ["…" if end is None else f"{end:.4g}" for end in (row["low"], row["high"])]
    value = "not measured" if row["simulated"] != row["simulated"] else f"{row['simulated']:.4g}"
    name = theme.text(f"{row['case']}: {row['quantity']}")
    return f"{name}<br>{value} {theme.text(row['unit'])}<br>accepted {ends[0]} to {ends[1]}"
