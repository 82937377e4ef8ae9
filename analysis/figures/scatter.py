"""Dots: effects at all points of a sweep against one of its levers, while the others vary too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from analysis.figures import theme
from analysis.figures.response_curve import curve, lever_axis, names_at_ends, value_axis
from analysis.result import Frame
from analysis.statistics.estimates import Estimate
from analysis.wording.numbers import counted, estimate, lever_value, scale_of
from analysis.wording.points import FEWEST, Link, inside, name_of

HEIGHT = 360


def scatter(
    effects: Frame,
    lever: Mapping[str, Any],
    metrics: Sequence[str],
    followed: Sequence[Link] = (),
    *,
    baseline_label: str = "no policy",
    n_left_out: int = 0,
    narrow: bool = False,
) -> go.Figure:
    """Dots and a running mean a metric, all in one unit; the one that correlates most with the lever stands out.

    `lever` has key, title and unit, `followed` are correlations with the metrics, the strongest first.
    """
    curves = {m: points for m in metrics if (points := curve(effects, str(lever["key"]), m))}
    if not curves:
        raise ValueError(f"none of {', '.join(metrics)} is among the effects")
    unit = next(iter(curves.values()))[0][1].unit
    factor, x_factor = scale_of(unit).factor, scale_of(str(lever["unit"])).factor
    means = {m: running_mean([(x * x_factor, e.effect * factor) for x, e in points]) for m, points in curves.items()}
    loud = {link.metric for link in followed[:1] if not link.is_chance} or set(curves)
    figure = go.Figure([_dots(points, factor, lever, is_loud=m in loud) for m, points in curves.items()])
    figure.add_traces([_line(means[m], points[0][1], is_loud=m in loud) for m, points in curves.items() if means[m]])
    theme.zero_line(figure, "y")
    value_axis(figure, [p for points in curves.values() for p in points], factor, with_intervals=False)
    lever_axis(figure, lever, {x for points in curves.values() for x, _ in points}, narrow=True)
    is_single, first = len(curves) == 1, next(iter(curves.values()))[0][1]
    what = f"{first.title}, change" if is_single else "change"
    words = theme.lines(f"{what} against {baseline_label}, {scale_of(unit).change}", 38)
    figure.update_yaxes(title_text=words)
    if not is_single:
        last = [
            (points[0][1], means[m][-1][1] if means[m] else points[-1][1].effect * factor)
            for m, points in curves.items()
        ]
        names_at_ends(figure, last, HEIGHT - 90)
    note = "Dots: points, where other parameters vary too; hollow: not distinguishable from zero. Lines: running means."
    if n_left_out:
        note += f" Left out: {counted(n_left_out, 'parameter')} with weaker correlations."
    return theme.finish(
        figure,
        title(lever, followed, first.title if is_single else ""),
        note,
        height=HEIGHT,
        narrow=narrow,
        right=20 if is_single else 96,
        top=16,
    )


def title(lever: Mapping[str, Any], followed: Sequence[Link], metric: str = "") -> str:
    """The closest significant correlation with the lever, and its direction; `metric` names a single metric."""
    clear = [link for link in followed if not link.is_chance]
    if clear:
        return f"{name_of(lever)}: {clear[0].words}"
    what = inside(metric) if metric else "no effect"
    verb = "is not" if metric else "is"
    rest = f"{what} {verb} significantly correlated with it"
    return f"{name_of(lever)}: {rest if followed else 'too few points, or too little change, to test correlations'}"


def running_mean(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Mean value by value where few values repeat, else over a third of the points, at the mean of their places."""
    xs, ys = (np.array(values, dtype=float) for values in zip(*sorted(points), strict=True))
    values = np.unique(xs)
    if 2 * len(values) <= len(xs):
        return [(float(x), float(ys[xs == x].mean())) for x in values]
    if len(xs) < FEWEST:
        return []
    window = np.ones(len(xs) // 3)
    means = (np.convolve(v, window / len(window), "valid") for v in (xs, ys))
    return [(float(x), float(y)) for x, y in zip(*means, strict=True)]


def _dots(
    points: list[tuple[float, Estimate]], factor: float, lever: Mapping[str, Any], *, is_loud: bool
) -> go.Scatter:
    first, unit = points[0][1], str(lever["unit"])
    colour = theme.colour(first.party)
    hover = [[lever_value(x, unit), estimate(e.effect, e.low, e.high, factor=factor)] for x, e in points]
    return go.Scatter(
        x=[x * scale_of(unit).factor for x, _ in points],
        y=[e.effect * factor for _, e in points],
        mode="markers",
        name=theme.text(first.title),
        marker={
            "size": 6,
            "color": [colour if e.sign else theme.PAPER for _, e in points],
            "opacity": 0.85 if is_loud else 0.3,
            "line": {"color": colour, "width": 1},
            "symbol": theme.symbol(first.party),
        },
        customdata=hover,
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra>" + theme.text(first.title) + "</extra>",
    )


def _line(means: Sequence[tuple[float, float]], first: Estimate, *, is_loud: bool) -> go.Scatter:
    return go.Scatter(
        x=[x for x, _ in means],
        y=[y for _, y in means],
        mode="lines",
        opacity=1.0 if is_loud else 0.55,
        line={
            "color": theme.colour(first.party),
            "width": 3.6 if is_loud else 1.8,
            "dash": "dash" if first.party == "welfare" else "solid",
        },
        hoverinfo="skip",
    )
