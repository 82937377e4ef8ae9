"""Who gains within each party: effects by group, and the shares of agents who gain and who lose."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures import theme
from analysis.result import Frame
from analysis.statistics.distribution import GROUPINGS
from analysis.wording.groups import Group, groups_of, percent
from analysis.wording.numbers import estimate, number
from analysis.wording.within import finding, note

ROW, TALL_ROW, GAP = 27, 56, 12  # pixels: a group, the same with words below, between groupings
AXIS, TALL_AXIS = 68, 92  # pixels below a panel, for its axis
LEFT, RIGHT = (0.0, 0.43), (0.66, 1.0)  # the panels; the numbers stand between them
FAR = 1.0  # times the furthest bar, or interval that leaves out zero: whiskers beyond run off the panel


def who_within(
    frame: Frame, *, currency: str = "currency", baseline_label: str = "no policy", narrow: bool = False
) -> go.Figure:
    """Bars with 95% intervals, one a group, party by party; beside them the shares who lose and who gain.

    `frame` is the distribution of one scenario. Each party has its own scale: a consumer's cents and a merchant's
    hundreds do not share one.
    """
    parties = [(party, rows) for party, names in GROUPINGS.items() if (rows := _placed(frame, party, names, narrow))]
    heights = [rows[-1][1] + (TALL_ROW if narrow else ROW) / 2 for _, rows in parties]
    axis = TALL_AXIS if narrow else AXIS
    figure = _panels(heights, axis, is_single=narrow)
    for place, (_, rows) in enumerate(parties):
        _effects(figure, rows, heights[place], place + 1, narrow)
        title = f"change against {baseline_label}, {currency} a week per agent"
        figure.update_xaxes(title_text=theme.lines(title, 34 if narrow else 60), nticks=5, row=place + 1, col=1)
        if not narrow:
            _shares(figure, rows, heights[place], place + 1)
    if not narrow:
        _share_axes(figure, [g for _, rows in parties for g, _ in rows], len(parties))
    height = round(sum(heights)) + axis * len(parties)
    return theme.finish(figure, finding(frame), note(frame), height=height, narrow=narrow, top=16)


def _placed(frame: Frame, party: str, groupings: Any, narrow: bool) -> list[tuple[Group, float]]:
    """The groups of a party from top to bottom with the middle of their place in pixels."""
    rows: list[tuple[Group, float]] = []
    step, y = TALL_ROW if narrow else ROW, 0.0
    for name in ("all", *groupings):
        for g in groups_of(frame, party, name):
            rows.append((g, y + step / 2))
            y += step
        y += GAP
    return rows


def _panels(heights: list[float], axis: float, *, is_single: bool) -> go.Figure:
    """One row of panels a party, as high as it has groups, with room for an axis below each."""
    figure = make_subplots(rows=max(len(heights), 1), cols=1 if is_single else 2)
    whole = sum(heights) + axis * len(heights)
    top = 1.0
    for place, height in enumerate(heights):
        domain = [top - height / whole, top]
        top = domain[0] - axis / whole
        figure.update_yaxes(domain=[max(v, 0.0) for v in domain], row=place + 1)
    if not is_single:
        figure.update_xaxes(domain=LEFT, col=1)
        figure.update_xaxes(domain=RIGHT, col=2)
    return figure


def _name(g: Group, narrow: bool) -> str:
    name = theme.text(g.title)
    if g.grouping == "all":
        name = f"<b>{name}</b>"
    if not narrow:
        return name
    small = f"<span style='font-size:11px;color:{theme.MUTED}'>{{}}</span>"
    shares = f"{number(100 * g.gain[0], 0)}% gain, {number(100 * g.lose[0], 0)}% lose"
    return "<br>".join([name, _numbers(g), small.format(shares)])


def _numbers(g: Group) -> str:
    words = estimate(g.effect, g.low, g.high)
    return f"<b>{words.replace(' [', '</b> [', 1)}" if g.sign else words


def _effects(figure: go.Figure, rows: list[tuple[Group, float]], height: float, place: int, narrow: bool) -> None:
    """The bars of one party, their names to the left and their numbers to the right."""
    shown = [g for g, _ in rows]
    where: dict[str, Any] = {"row": place, "col": 1}
    bars = go.Bar(
        orientation="h",
        y=[y for _, y in rows],
        x=[g.effect for g in shown],
        width=0.62 * ROW,
        error_x=theme.error_bar(shown, width=3),
        marker={
            "color": [theme.colour(g.party) for g in shown],
            "opacity": [0.92 if g.sign else 0.3 for g in shown],
            "line": {"width": 0},
        },
        customdata=[[theme.text(g.title), _hover(g)] for g in shown],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )
    figure.add_trace(bars, **where)
    theme.zero_line(figure, **where)
    figure.update_xaxes(range=_range(shown), **where)
    figure.update_yaxes(
        tickvals=[y for _, y in rows],
        ticktext=[_name(g, narrow) for g in shown],
        range=[height, 0],
        showgrid=False,
        tickfont={"color": theme.INK, "size": 13},
        ticklabelstandoff=6,
        **where,
    )
    for g, y in [] if narrow else rows:
        figure.add_annotation(
            x=LEFT[1],
            xref="paper",
            y=y,
            yref=_axis("y", 2 * place - 1),
            text=_numbers(g),
            showarrow=False,
            xanchor="left",
            xshift=10,
            font={"size": 13},
        )


def _axis(letter: str, place: int) -> str:
    return letter if place == 1 else f"{letter}{place}"


def _hover(g: Group) -> str:
    shares = f"gain {percent(*g.gain)}, lose {percent(*g.lose)}"
    effect = f"{estimate(g.effect, g.low, g.high)} on {number(g.baseline)} without"
    return "<br>".join([effect, shares, f"{number(g.n_agents, 0)} agents"])


def _range(rows: list[Group]) -> list[float]:
    """Every bar, every interval that leaves out zero, and of the others what does not squeeze these."""
    clear = [v for g in rows if g.sign for v in (g.low, g.high)]
    bars = [g.effect for g in rows]
    others = [v for g in rows if g.has_interval and not g.sign for v in (g.low, g.high)]
    far = FAR * max((abs(v) for v in (*clear, *bars)), default=0.0) if clear else float("inf")
    ends = [0.0, *clear, *bars, *(max(min(v, far), -far) for v in others)]
    room = 0.05 * ((max(ends) - min(ends)) or 1.0)
    return [min(ends) - room, max(ends) + room]


def _shares(figure: go.Figure, rows: list[tuple[Group, float]], height: float, place: int) -> None:
    """Who loses to the left and who gains to the right, in per cent of the group."""
    where: dict[str, Any] = {"row": place, "col": 2}
    for sign, name in ((-1, "lose"), (1, "gain")):
        values = [100 * (g.gain if sign > 0 else g.lose)[0] for g, _ in rows]
        trace = go.Bar(
            orientation="h",
            y=[y for _, y in rows],
            x=[sign * value for value in values],
            width=0.62 * ROW,
            marker={
                "color": theme.colour(rows[0][0].party),
                "opacity": 0.92 if sign > 0 else 0.55,
                "line": {"width": 0},
            },
            text=[f"{number(value, 0)}%" for value in values],
            textposition="outside",
            textfont={"size": 12, "color": theme.INK},
            cliponaxis=False,
            name=name,
            customdata=[[theme.text(g.title), _hover(g)] for g, _ in rows],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        )
        figure.add_trace(trace, **where)
    theme.zero_line(figure, **where)
    figure.update_yaxes(range=[height, 0], showticklabels=False, showgrid=False, **where)
    figure.update_layout(barmode="overlay")


def _share_axes(figure: go.Figure, shown: list[Group], n_rows: int) -> None:
    """One scale for the shares of all parties, the same number to either side read as a share."""
    low = max((g.lose[0] for g in shown), default=0.0)
    high = max((g.gain[0] for g in shown), default=0.0)
    ticks = [v for v in range(-100, 101, 25) if -100 * low - 12 <= v <= 100 * high + 12]
    for place in range(1, n_rows + 1):
        figure.update_xaxes(
            range=[-100 * low - 18, 100 * high + 18],
            tickvals=ticks,
            ticktext=[str(abs(v)) for v in ticks],
            title_text="% who lose  |  % who gain",
            row=place,
            col=2,
        )
