"""Heat maps: an effect over two levers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.result import Frame
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording.numbers import counted, decimals_for, estimate, interval, lever_value, listed, number, scale_of

MOST_LABELLED = 49
CELL = 44  # pixels
BELOW = 62 + 66  # pixels for the axis and the colour bar
LETTERS = 84  # of small print that fit side by side
STRONG = 0.78  # of the largest effect: from here on, white letters


def heat_map(
    effects: Frame,
    levers: Sequence[Mapping[str, Any]],
    metric: str,
    *,
    baseline_label: str = "no policy",
    narrow: bool = False,
    strongest: float | None = None,
) -> go.Figure:
    """Cells over two levers, with number and 95% interval; grey where the interval covers zero.

    `strongest` is the effect of the strongest colour, so that maps in one unit can share their colours.
    """
    across, up = levers
    rows = effects[(effects["metric"] == metric) & effects["effect"].notna()]
    if rows.empty:
        raise ValueError(f"{metric} is not among the effects")
    estimates = est.estimates(rows)
    factor = scale_of(estimates[0].unit).factor
    cells = {(x, y): e for x, y, e in zip(rows[across["key"]], rows[up["key"]], estimates, strict=True)}
    xs, ys = sorted(rows[across["key"]].unique()), sorted(rows[up["key"]].unique())
    grid = [[cells.get((x, y)) for x in xs] for y in ys]
    z = [[_seen(e, factor) for e in line] for line in grid]
    seen = [abs(v) for line in z for v in line if v is not None]
    largest = strongest * factor if strongest else max(seen, default=1.0)
    title_of_bar = f"change against {baseline_label}, {scale_of(estimates[0].unit).change}"
    cells_high = CELL * len(ys)
    figure = go.Figure(
        go.Heatmap(
            x=list(range(len(xs))),
            y=list(range(len(ys))),
            z=z,
            zmin=-largest,
            zmax=largest,
            colorscale=theme.DIVERGING,
            xgap=2,
            ygap=2,
            hovertext=[[_hover(cells.get((x, y)), _place(levers, (x, y)), factor) for x in xs] for y in ys],
            hoverinfo="text",
            hoverongaps=True,
            showscale=False,
        )
    )
    figure.add_trace(_scale(largest, _bar(title_of_bar, cells_high)))
    placed = [(x, y, e) for y, line in enumerate(grid) for x, e in enumerate(line) if e]
    room = 0 if narrow else LETTERS // len(xs)
    numbers = [{"x": x, "y": y, **_number(e, factor, largest, room)} for x, y, e in placed]
    figure.update_layout(
        shapes=[_grey(x, y) for x, y, e in placed if not e.sign],
        annotations=numbers if len(placed) <= MOST_LABELLED else [],
    )
    figure.update_xaxes(**_axis(across, xs, 36))
    figure.update_yaxes(**_axis(up, ys, 26))
    note = "Means; below them, or on pointing at a cell, 95% intervals. Grey: not distinguishable from zero."
    note += " White: no result." if len(placed) < len(xs) * len(ys) else ""
    theme.finish(figure, title(estimates), note, height=cells_high + 20 + BELOW, narrow=narrow, top=20)
    return figure.update_layout(margin={"b": BELOW})


def title(estimates: Sequence[Estimate]) -> str:
    """In how many combinations the measure rises, falls, or does neither distinguishably."""
    n = len(estimates)
    rises, falls = sum(e.sign > 0 for e in estimates), sum(e.sign < 0 for e in estimates)
    name = estimates[0].title
    if not rises and not falls:
        return f"{name}: no effect is distinguishable from zero in any combination"
    parts = [f"{verb} in {k}" for verb, k in (("up", rises), ("down", falls)) if k]
    rest = f", not distinguishable from zero in {n - rises - falls}" if n > rises + falls else ""
    return f"{name}: {listed(parts)} of {counted(n, 'combination')}{rest}"


def _axis(lever: Mapping[str, Any], values: Sequence[float], width: int) -> dict[str, Any]:
    unit = str(lever["unit"])
    name = f"{lever['title']}, {scale_of(unit).level}" if unit else f"{lever['title']}, as a number"
    return {
        "title_text": theme.lines(name, width),
        "tickvals": list(range(len(values))),
        "ticktext": [lever_value(float(v), "share" if scale_of(unit).factor != 1.0 else "") for v in values],
        "range": [-0.5, len(values) - 0.5],
        "showgrid": False,
    }


def _bar(name: str, cells_high: int) -> dict[str, Any]:
    return {
        "orientation": "h",
        "thickness": 10,
        "outlinewidth": 0,
        "y": -62 / cells_high,
        "ypad": 0,
        "yanchor": "top",
        "len": 1,
        "nticks": 5,
        "tickfont": {"color": theme.MUTED, "size": 12},
        "tickformat": ",.6~f",
        "title": {
            "text": theme.lines(name, 44),
            "side": "bottom",
            "font": {"color": theme.MUTED, "size": 12},
        },
    }


def _scale(largest: float, bar: dict[str, Any]) -> go.Scatter:
    """The colour bar on a mark of its own: a map without a coloured cell has one too."""
    marker = {"cmin": -largest, "cmax": largest, "color": [0], "colorscale": theme.DIVERGING}
    return go.Scatter(x=[None], y=[None], mode="markers", marker={**marker, "showscale": True, "colorbar": bar})


def _seen(e: Estimate | None, factor: float) -> float | None:
    return e.effect * factor if e is not None and e.sign else None


def _place(levers: Sequence[Mapping[str, Any]], values: tuple[float, float]) -> str:
    named = zip(levers, values, strict=True)
    return " and ".join(f"{lever['title']} {lever_value(float(v), str(lever['unit']))}" for lever, v in named)


def _hover(e: Estimate | None, place: str, factor: float) -> str:
    """What a cell shows when it is pointed at."""
    if e is None:
        return theme.text(f"{place}: no result")
    return theme.text(f"{place}: {estimate(e.effect, e.low, e.high, factor=factor)}")


def _grey(x: int, y: int) -> dict[str, Any]:
    box = {"x0": x - 0.49, "x1": x + 0.49, "y0": y - 0.48, "y1": y + 0.48}
    return {"type": "rect", **box, "fillcolor": theme.TINT, "line": {"width": 0}, "layer": "below"}


def _number(e: Estimate, factor: float, largest: float, room: int) -> dict[str, Any]:
    """The effect of a cell and, where there is room for so many letters, its interval."""
    effect, low, high = e.effect * factor, e.low * factor, e.high * factor
    ink = theme.ON_STRONG if abs(effect) > STRONG * largest else theme.ON_TINT
    decimals = decimals_for(effect, low, high, spread=(high - low) / 2)
    ends = interval(low, high, decimals)
    small = f"<br><span style='font-size:10px'>{ends}</span>" if len(ends) <= room else ""
    return {
        "text": f"{number(effect, decimals, signed=True)}{small}",
        "showarrow": False,
        "font": {"size": 13, "color": ink if e.sign else theme.MUTED},
    }
