"""Trajectories: one measure week by week, without and with the policy, and the paired difference."""

from __future__ import annotations

import math

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures import theme
from analysis.result import Frame
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording.numbers import estimate, scale_of

LONGEST_LABEL = 20  # letters beside the other in the key of a figure half as wide as the page


def trajectory(
    trajectories: Frame,
    effects: Frame,
    metric: str,
    *,
    policy_week: int,
    baseline_label: str = "no policy",
    narrow: bool = False,
    height: int = 380,
) -> go.Figure:
    """Levels above, paired difference with its 95% band below; both frames hold one scenario."""
    weeks = trajectories[trajectories["metric"] == metric].sort_values("week")
    estimates = est.estimates(effects[effects["metric"] == metric])
    if weeks.empty or not estimates:
        raise ValueError(f"{metric} has no weekly values")
    e = estimates[0]
    scale, colour = scale_of(e.unit), theme.colour(e.party)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.14, row_heights=[0.5, 0.5])
    for column, ink, dash in (("baseline", theme.MUTED, "dot"), ("policy", colour, "solid")):
        figure.add_trace(_line(weeks, column, scale.factor, ink, dash), row=1, col=1)
    _difference(figure, weeks, scale.factor, colour)
    for row in (1, 2):
        theme.week_line(figure, policy_week, row=row, col=1)
    _words(figure, policy_week, colour, baseline_label, weeks)
    figure.update_yaxes(title_text=theme.lines(scale.level, 24), nticks=5, row=1, col=1)
    figure.update_yaxes(title_text=theme.lines(f"difference, {scale.change}", 24), nticks=5, row=2, col=1)
    figure.update_xaxes(title_text="week", showgrid=False, row=2, col=1)
    figure.update_xaxes(showgrid=False, row=1, col=1)
    note = f"Band: 95% interval of the paired difference, week by week; title: mean from week {policy_week} on."
    return theme.finish(figure, title(e), note, height=height, narrow=narrow, top=44, right=16)


def title(e: Estimate) -> str:
    """The mean effect over the weeks of the policy, or that it is not distinguishable from zero."""
    scale = scale_of(e.unit)
    numbers = estimate(e.effect, e.low, e.high, factor=scale.factor) + scale.change_suffix
    if not e.has_interval:
        return f"{e.title}: {numbers}; one replicate gives no interval"
    if not e.sign:
        return f"{e.title}: no effect distinguishable from zero ({numbers})"
    return f"{e.title}: {numbers}"


def _line(weeks: Frame, column: str, factor: float, ink: str, dash: str) -> go.Scatter:
    return go.Scatter(
        x=weeks["week"].tolist(),
        y=(weeks[column] * factor).tolist(),
        mode="lines",
        line={"color": ink, "width": 2, "dash": dash},
        hovertemplate="week %{x}: %{y:,.4~g}<extra></extra>",
    )


def _difference(figure: go.Figure, weeks: Frame, factor: float, colour: str) -> None:
    known = weeks[weeks["low"].map(math.isfinite) & weeks["high"].map(math.isfinite)]
    figure.add_trace(
        go.Scatter(
            x=known["week"].tolist() + known["week"].tolist()[::-1],
            y=(known["high"] * factor).tolist() + (known["low"] * factor).tolist()[::-1],
            fill="toself",
            fillcolor=theme.faded(colour, 0.2),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
        ),
        row=2,
        col=1,
    )
    theme.zero_line(figure, "y", row=2, col=1)
    figure.add_trace(_line(weeks, "effect", factor, colour, "solid"), row=2, col=1)


def _words(figure: go.Figure, policy_week: int, colour: str, baseline_label: str, weeks: Frame) -> None:
    is_late = policy_week > (weeks["week"].min() + weeks["week"].max()) / 2
    figure.add_annotation(
        x=policy_week,
        y=1,
        yref="paper",
        yanchor="bottom",
        xanchor="right" if is_late else "left",
        text=f"rule starts, week {policy_week}",
        showarrow=False,
        font={"size": 12, "color": theme.INK},
    )
    without = baseline_label if len(baseline_label) <= LONGEST_LABEL else "without it"
    key = (
        f"<span style='color:{colour}'><b>━</b> with the rule</span>    "
        f"<span style='color:{theme.MUTED}'><b>┄</b> {theme.text(without)}</span>"
    )
    figure.add_annotation(
        x=0,
        y=1,
        xref="paper",
        yref="paper",
        text=key,
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        yshift=17,
    )
