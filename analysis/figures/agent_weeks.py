"""One agent's weeks, without the policy and with it: money summed since the rule began, then measure by measure."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures import theme
from analysis.result import Frame
from analysis.statistics.effects import Array
from analysis.wording.numbers import number, unit_text
from analysis.wording.trajectories import COMES, GOES

SMOOTH = 4
"""Weeks of which lines show the mean: a week of one agent is mostly chance."""
FIRST, PANEL, GAP = 190, 130, 78  # pixels: the first panel, the others, and between two, with room for titles
BEFORE = 26
"""Weeks shown before the rule: both runs are the same there."""
RATIOS = ("price", "waited", "hourly")
"""Measures that some weeks lack, and whose axis need not begin at zero."""
WHOLE = ("platforms", "opening")
"""Measures that are shown week by week."""
RARE = ("opening",)
"""Measures that are shown only if there is something to show."""
NOTE = (
    "One agent in one replicate: no estimate, no interval. Top: summed since the rule began, zero while the agent is "
    "absent. Below: means of the last {n} weeks; no line while it is absent. Before the rule, both runs are the same."
)


def agent_weeks(
    weeks: Frame, headline: str, *, party: str, policy_week: int, currency: str = "currency", narrow: bool = False
) -> go.Figure:
    """Small multiples over weeks; `weeks` as of `statistics.agents.weeks`, whose first measure is the agent's money."""
    measures = [name for name, part in weeks.groupby("measure", sort=False) if name not in RARE or part["value"].any()]
    columns = 1 if narrow else 2
    n_rows = 1 + -(-len(measures) // columns)
    heights = [FIRST, *[PANEL] * (n_rows - 1)]
    whole = sum(heights) + GAP * (n_rows - 1)
    specs: list[Any] = [[{"colspan": columns}, *[None] * (columns - 1)], *[[{}] * columns for _ in heights[1:]]]
    figure = make_subplots(
        rows=n_rows,
        cols=columns,
        specs=specs,
        row_heights=heights,
        vertical_spacing=GAP / whole,
        horizontal_spacing=0.1,
    )
    sides = _by_side(weeks, measures[0])
    title = str(weeks["title"].iloc[0])
    _total(figure, sides, title, party, policy_week, currency)
    for place, measure in enumerate(measures):
        where = {"row": 2 + place // columns, "col": 1 + place % columns}
        _levels(figure, weeks, measure, theme.colour(party), where)
        theme.week_line(figure, policy_week, **where)
    first, last = max(policy_week - BEFORE, 1), int(weeks["week"].max())
    figure.update_xaxes(range=[first - 0.5, last + 0.5], showgrid=False, nticks=6)
    for place in range(max(len(measures) - columns, 0), len(measures)):
        figure.update_xaxes(title_text="week", row=2 + place // columns, col=1 + place % columns)
    _key(figure, theme.colour(party), policy_week, (first, last), narrow)
    note = NOTE.format(n=SMOOTH)
    return theme.finish(figure, headline, note, height=whole + 60, narrow=narrow, top=56, right=56)


def _by_side(weeks: Frame, measure: str) -> dict[str, Array]:
    mine = weeks[weeks["measure"] == measure].sort_values("week")
    return {side: mine[mine["side"] == side]["value"].to_numpy(float) for side in ("without", "with")}


def smoothed(values: Array, is_there: Array, n: int = SMOOTH) -> Array:
    """Mean over what there was in the last `n` weeks; NaN in weeks in which the agent was not there."""
    import pandas as pd

    mean = pd.Series(values).rolling(n, min_periods=1).mean().to_numpy()
    return np.where(is_there, mean, np.nan)


def _total(figure: go.Figure, sides: dict[str, Array], title: str, party: str, policy_week: int, currency: str) -> None:
    """Difference in money, summed since the rule began."""
    difference = np.nan_to_num(sides["with"]) - np.nan_to_num(sides["without"])
    total = np.cumsum(difference[policy_week - 1 :])
    week = np.arange(policy_week - 1, policy_week + len(total))
    colour = theme.colour(party)
    trace = go.Scatter(
        x=week,
        y=[0.0, *total],
        mode="lines",
        line={"color": colour, "width": 2.5},
        fill="tozeroy",
        fillcolor=theme.faded(colour, 0.16),
        hovertemplate="by week %{x}: %{y:+,.0f}" + f" {theme.text(currency)}<extra></extra>",
    )
    figure.add_trace(trace, row=1, col=1)
    theme.zero_line(figure, "y", row=1, col=1)
    theme.week_line(figure, policy_week, row=1, col=1)
    end = float(total[-1]) if len(total) else 0.0
    figure.add_annotation(
        x=float(week[-1]),
        y=end,
        text=f"<b>{number(end, 0 if abs(end) >= 10 else 1, signed=True)}</b>",
        showarrow=False,
        xanchor="left",
        xshift=4,
        font={"color": colour, "size": 13},
        row=1,
        col=1,
    )
    _turns(figure, sides, party, dict(zip(week.tolist(), [0.0, *total], strict=True)))
    _headed(figure, f"{title}, with the policy less without, cumulative, {currency}", 1, 1)
    room = 0.15 * max(np.ptp([0.0, *total]), 1e-9)
    ends = [min(0.0, *total) - room, max(0.0, *total) + room]
    figure.update_yaxes(range=ends if np.ptp([0.0, *total]) else [-1, 1], nticks=5, row=1, col=1)


def _turns(figure: go.Figure, sides: dict[str, Array], party: str, totals: dict[int, float]) -> None:
    """Where the agent comes or goes after the rule began, in words below; one word for both runs if they agree."""
    turns: dict[tuple[str, int], list[str]] = {}
    for side, values in sides.items():
        there = 1 + np.flatnonzero(np.isfinite(values))
        if len(there) and there[0] - 1 in totals and there[0] > 1:
            turns.setdefault((COMES[party], int(there[0])), []).append(side)
        if len(there) and there[-1] in totals and there[-1] < len(values):
            turns.setdefault((GOES[party], int(there[-1])), []).append(side)
    subplot: Any = figure.get_subplot(1, 1)
    for place, ((what, week), which) in enumerate(sorted(turns.items(), key=lambda item: item[0][1])):
        where = f"{which[0]} the policy" if len(which) == 1 else "in both runs"
        figure.add_vline(week, line={"color": theme.RULE, "width": 1, "dash": "dot"}, row=1, col=1)  # type: ignore[arg-type]
        figure.add_annotation(
            x=week,
            xref="x",
            y=subplot.yaxis.domain[0],
            yref="paper",
            text=f"{what} {where}",
            showarrow=False,
            xanchor="right",
            yanchor="top",
            yshift=-20 - 15 * place,
            font={"size": 12},
        )


def _levels(figure: go.Figure, weeks: Frame, measure: str, colour: str, where: Any) -> None:
    """One measure in both runs; the dotted line lies above, so that it is seen where both agree."""
    mine = weeks[weeks["measure"] == measure]
    there = {side: np.isfinite(values) for side, values in _by_side(weeks, str(weeks["measure"].iloc[0])).items()}
    sides = _by_side(weeks, measure)
    for side, ink, dash in (("with", colour, "solid"), ("without", theme.INK, "dot")):
        values = sides[side]
        shown = values if measure in WHOLE else smoothed(values, there[side])
        has_holes = bool((np.isnan(shown) & there[side]).any())  # where single weeks would leave no line
        figure.add_trace(
            go.Scatter(
                x=list(range(1, len(values) + 1)),
                y=shown,
                mode="lines+markers" if has_holes else "lines",
                connectgaps=False,
                marker={"size": 3},
                line={"color": ink, "width": 2 if side == "with" else 1.5, "dash": dash},
                customdata=values,
                hovertemplate=f"week %{{x}}, {side} the policy: %{{customdata:,.4~g}}<extra></extra>",
            ),
            **where,
        )
    title, unit = str(mine["title"].iloc[0]), unit_text(str(mine["unit"].iloc[0]))
    _headed(figure, title if unit == title.split()[0].lower() else f"{title}, {unit}", **where)
    figure.update_yaxes(nticks=4, rangemode="normal" if measure in RATIOS else "tozero", **where)


def _headed(figure: go.Figure, words: str, row: int, col: int) -> None:
    """What a panel shows, above it."""
    subplot: Any = figure.get_subplot(row, col)
    figure.add_annotation(
        x=subplot.xaxis.domain[0],
        y=subplot.yaxis.domain[1],
        xref="paper",
        yref="paper",
        text=theme.text(words),
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        yshift=4,
        font={"size": 12, "color": theme.INK},
    )


def _key(figure: go.Figure, colour: str, policy_week: int, shown: tuple[int, int], narrow: bool) -> None:
    """Which line is which, and when the rule starts."""
    key = (
        f"<span style='color:{colour}'><b>━</b> with the policy</span>    "
        f"<span style='color:{theme.INK}'><b>┄</b> without</span>"
    )
    figure.add_annotation(
        x=0, y=1, xref="paper", yref="paper", text=key, showarrow=False, xanchor="left", yanchor="bottom", yshift=30
    )
    is_late = policy_week - shown[0] > (shown[1] - shown[0]) / 4
    sentence = "rule starts" if narrow else f"rule starts, week {policy_week}"
    figure.add_annotation(
        x=policy_week,
        y=1,
        xref="x",
        yref="paper",
        text=sentence,
        showarrow=False,
        xanchor="right" if is_late else "left",
        yanchor="top",
        font={"size": 12},
    )
