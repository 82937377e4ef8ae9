"""Response curves: an effect against the lever that was swept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.result import Frame
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording import parties
from analysis.wording.numbers import capital, estimate, lever_value, scale_of
from analysis.wording.parties import agree

GAP = 19  # pixels between the names at the ends of the lines


def response_curve(
    effects: Frame,
    lever: Mapping[str, Any],
    metrics: Sequence[str],
    *,
    baseline_label: str = "no policy",
    narrow: bool = False,
    height: int = 430,
) -> go.Figure:
    """One line a metric with its 95% band; all metrics must share a unit. `lever` has key, title and unit."""
    curves = {m: points for m in metrics if (points := curve(effects, str(lever["key"]), m))}
    if not curves:
        raise ValueError(f"none of {', '.join(metrics)} is among the effects")
    units = {points[0][1].unit for points in curves.values()}
    if len(units) > 1:
        raise ValueError(f"one axis cannot show several units: {', '.join(sorted(units))}")
    unit, is_single = units.pop(), len(curves) == 1
    factor = scale_of(unit).factor
    figure = go.Figure()
    theme.zero_line(figure, "y")
    for points in curves.values():
        for trace in _traces(points, factor, lever):
            figure.add_trace(trace)
    value_axis(figure, [p for points in curves.values() for p in points], factor)
    lever_axis(figure, lever, {x for points in curves.values() for x, _ in points}, narrow)
    change = scale_of(unit).change
    parts = [f"change, {change}"] if narrow and not is_single else [f"change against {baseline_label},", change]
    figure.update_yaxes(title_text="<br>".join(theme.text(part) for part in parts))
    is_left = not is_single and _spread(curves, 0) > _spread(curves, -1)
    if not is_single:
        ends = [points[0 if is_left else -1][1] for points in curves.values()]  # where the lines lie further apart
        names_at_ends(figure, [(e, e.effect * factor) for e in ends], height - 90, is_left=is_left)
    if is_left:
        figure.update_yaxes(side="right")
    note = "Lines: means over paired replicates. Bands: 95% intervals. Hollow: not distinguishable from zero."
    finding = title(curves, lever)
    room = 88 if narrow else 104
    theme.finish(figure, finding, note, height=height, narrow=narrow, right=20 if is_single else room, top=20)
    if is_left:
        figure.update_layout(margin={"l": room, "r": 12})
    return figure


def curve(effects: Frame, key: str, metric: str) -> list[tuple[float, Estimate]]:
    """The estimates of one metric along the lever, in its order."""
    rows = effects[(effects["metric"] == metric) & effects["effect"].notna() & effects[key].notna()]
    rows = rows.sort_values(key)
    return list(zip(rows[key].astype(float), est.estimates(rows), strict=True))


def title(curves: Mapping[str, list[tuple[float, Estimate]]], lever: Mapping[str, Any]) -> str:
    """Where the largest estimate of each measure is, for those that are distinguishable from zero."""
    largest = {}
    for metric, points in curves.items():
        signs = est.claimed([e for _, e in points])
        clear = [point for point, sign in zip(points, signs, strict=True) if sign]
        if clear:
            largest[metric] = max(clear, key=lambda point: abs(point[1].effect))
    if not largest:
        name = f"{next(iter(curves.values()))[0][1].title}: no" if len(curves) == 1 else "No"
        return f"{name} effect is distinguishable from zero at any {str(lever['title']).lower()} tried"
    if len(curves) == 1:
        x, e = next(iter(largest.values()))
        numbers = estimate(e.effect, e.low, e.high, factor=scale_of(e.unit).factor)
        at = lever_value(x, str(lever["unit"]))
        return f"{e.title}: largest estimated effect {numbers}{scale_of(e.unit).change_suffix}, at {at}"
    parties = [(x, e) for x, e in largest.values() if e.party in est.PARTIES] or list(largest.values())
    places: dict[float, list[Estimate]] = {}
    for x, e in sorted(parties, key=lambda point: -abs(point[1].effect)):
        places.setdefault(x, []).append(e)
    parts = []
    for x, rows in places.items():
        groups = (([e.party for e in rows if e.sign == sign], verb) for sign, verb in ((1, "gain"), (-1, "lose")))
        who = ", ".join(agree(names, verb) for names, verb in groups if names)
        parts.append(f"at {lever_value(x, str(lever['unit']))}: {who}")
    return f"Largest estimates {'; '.join(parts)}"


def _traces(points: list[tuple[float, Estimate]], factor: float, lever: Mapping[str, Any]) -> list[go.Scatter]:
    x_factor = scale_of(str(lever["unit"])).factor
    rows = [e for _, e in points]
    xs = [x * x_factor for x, _ in points]
    colour = theme.colour(rows[0].party)
    known = [(x, e) for x, e in zip(xs, rows, strict=True) if e.has_interval]
    band = go.Scatter(
        x=[x for x, _ in known] + [x for x, _ in reversed(known)],
        y=[e.high * factor for _, e in known] + [e.low * factor for _, e in reversed(known)],
        fill="toself",
        fillcolor=theme.faded(colour, 0.16),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
    )
    hover = [[estimate(e.effect, e.low, e.high, factor=factor), lever_value(x, str(lever["unit"]))] for x, e in points]
    line = go.Scatter(
        x=xs,
        y=[e.effect * factor for e in rows],
        mode="lines+markers",
        name=theme.text(rows[0].title),
        line={"color": colour, "width": 2.2, "dash": "dash" if rows[0].party == "welfare" else "solid"},
        marker={
            "size": 8,
            "color": [colour if e.sign else theme.PAPER for e in rows],
            "line": {"color": colour, "width": 1.8},
            "symbol": theme.symbol(rows[0].party),
        },
        customdata=hover,
        hovertemplate="%{customdata[1]}: %{customdata[0]}<extra>" + theme.text(rows[0].title) + "</extra>",
    )
    return [band, line]


def value_axis(
    figure: go.Figure, points: list[tuple[float, Estimate]], factor: float, *, with_intervals: bool = True
) -> None:
    """A range that holds zero, the estimates and, where they are drawn, their intervals."""
    with_ends = [(e.low, e.high) if with_intervals and e.has_interval else (e.effect,) for _, e in points]
    ends = [v * factor for values in with_ends for v in values]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    room = 0.06 * ((high - low) or 1.0)
    figure.update_yaxes(range=[low - room, high + room])


def lever_axis(figure: go.Figure, lever: Mapping[str, Any], values: set[float], narrow: bool) -> None:
    """Name and unit of the lever, and its values where they are few."""
    scale = scale_of(str(lever["unit"]))
    name = f"{lever['title']}, {scale.level}" if lever["unit"] else f"{lever['title']}, as a number"
    figure.update_xaxes(title_text=theme.lines(capital(name), 38 if narrow else 60))
    xs = sorted(values)
    if len(xs) <= (6 if narrow else 10):
        words = [lever_value(x, "share" if scale.factor != 1.0 else "") for x in xs]
        figure.update_xaxes(tickvals=[x * scale.factor for x in xs], ticktext=words)


def _spread(curves: Mapping[str, list[tuple[float, Estimate]]], end: int) -> float:
    ends = [points[end][1].effect for points in curves.values()]
    return max(ends) - min(ends)


def names_at_ends(figure: Any, ends: Sequence[tuple[Estimate, float]], pixels: int, *, is_left: bool = False) -> None:
    """Names of lines beside their ends, which are given by their heights."""
    low, high = figure.layout.yaxis.range
    places = theme.spread([place for _, place in ends], GAP * (high - low) / pixels)
    for (e, _), place in zip(ends, places, strict=True):
        figure.add_annotation(
            x=0 if is_left else 1,
            xref="paper",
            y=place,
            text=parties.party_title(e.party) if e.metric in est.MONEY.values() else theme.text(e.title),
            font={"color": theme.colour(e.party), "size": 13},
            showarrow=False,
            xanchor="right" if is_left else "left",
            xshift=-10 if is_left else 10,
        )
