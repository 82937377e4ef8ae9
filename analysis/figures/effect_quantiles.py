"""How effects lie over the agents of each party: the median, the interquartile range, and nine in ten."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures import theme
from analysis.result import Frame
from analysis.statistics.distribution import GROUPINGS, MATERIAL_SHARE
from analysis.wording.groups import Group, group_of
from analysis.wording.numbers import capital, counted, decimals_for, estimate, interval, listed, number, size

ROW, TALL_ROW, GAP, AXIS, TALL_AXIS = (
    30,
    60,
    12,
    68,
    88,
)  # pixels: a group, one with words below, between groupings, axes
RIGHT = 300  # pixels for the words beside the rows
BAND = 11  # pixels
CENT = 0.01
type Row = tuple[Group, dict[str, Any]]


def effect_quantiles(
    frame: Frame, *, currency: str = "currency", baseline_label: str = "no policy", narrow: bool = False
) -> go.Figure:
    """One row a group: 5th to 95th percentile of its agents as a line, middle half as a band, median as a dot.

    `frame` is the distribution of one scenario; every quantile is a mean over replicates. Each party has its own scale.
    """
    parties = [rows for party in GROUPINGS if (rows := _placed(frame, party, narrow))]
    axis = TALL_AXIS if narrow else AXIS
    heights = [rows[-1][1] + (TALL_ROW if narrow else ROW) / 2 for rows in parties]
    figure = _panels(heights, axis)
    for place, rows in enumerate(parties, 1):
        _party(figure, rows, heights[place - 1], place, narrow=narrow)
        words = f"change against {baseline_label}, {currency} a week per agent"
        figure.update_xaxes(title_text=theme.lines(words, 34 if narrow else 70), nticks=5 if narrow else 8, row=place)
    height = round(sum(heights)) + axis * len(parties)
    right = 12 if narrow else RIGHT
    return theme.finish(figure, title(frame, currency), _note(frame), height=height, narrow=narrow, top=16, right=right)


def title(frame: Frame, currency: str) -> str:
    """What the median agent of each party gains or loses."""
    everybody = [(g, row) for g, row in _rows(frame) if g.grouping == "all"]
    moved = [(g, row) for g, row in everybody if _is_clear(row)]
    still = [g.party[:-1] for g, row in everybody if not _is_clear(row)]
    parts = [
        f"the median {g.party[:-1]} {'gains' if row['p50'] > 0 else 'loses'} "
        f"{size(row['p50'], row['p50_low'], row['p50_high'])} {currency} a week"
        for g, row in moved
    ]
    if still:
        parts.append(f"no change for the median {listed(still, 'or')} is distinguishable from zero")
    return capital("; ".join(parts))


def _is_clear(row: dict[str, Any]) -> bool:
    """Whether the median agent of a group gains or loses more than a cent."""
    return bool(row["p50_low"] > CENT or row["p50_high"] < -CENT)


def _note(frame: Frame) -> str:
    n = counted(int(frame["n_replicates"].max()), "paired replicate")
    return (
        f"Dots: the median agent, with its 95% interval over {n}; hollow: not distinguishable from zero. Bands: "
        "interquartile range of agents. Lines: from the 5th to the 95th percentile. An agent counts as gaining or "
        f"losing if its money changes by more than {100 * MATERIAL_SHARE:g}% of the average stake of similar agents."
    )


def _rows(frame: Frame) -> list[Row]:
    return [(group_of(row), row) for row in frame[frame["effect"].notna()].to_dict("records")]


def _placed(frame: Frame, party: str, narrow: bool) -> list[tuple[Row, float]]:
    """The groups of a party from top to bottom with the middle of their place in pixels."""
    placed: list[tuple[Row, float]] = []
    step, y = TALL_ROW if narrow else ROW, 0.0
    for grouping in ("all", *GROUPINGS[party]):
        for row in _rows(frame[(frame["party"] == party) & (frame["grouping"] == grouping)]):
            placed.append((row, y + step / 2))
            y += step
        y += GAP
    return placed


def _panels(heights: list[float], axis: float) -> go.Figure:
    """One panel a party, as high as it has groups, with room for an axis below each."""
    figure = make_subplots(rows=max(len(heights), 1), cols=1)
    whole, top = sum(heights) + axis * len(heights), 1.0
    for place, height in enumerate(heights, 1):
        domain = [max(top - height / whole, 0.0), top]
        top = domain[0] - axis / whole
        figure.update_yaxes(domain=domain, row=place)
    return figure


def _party(figure: go.Figure, rows: list[tuple[Row, float]], height: float, place: int, *, narrow: bool) -> None:
    where: dict[str, Any] = {"row": place, "col": 1}
    colour = theme.colour(rows[0][0][0].party)
    for (g, row), y in rows:
        for (low, high), width, opacity in ((("p5", "p95"), 2, 1.0), (("p25", "p75"), BAND, 0.38)):
            line = {"color": theme.faded(colour, opacity), "width": width}
            figure.add_trace(
                go.Scatter(x=[row[low], row[high]], y=[y, y], mode="lines", line=line, hoverinfo="skip"), **where
            )
        figure.add_trace(_dot(g, row, y, colour), **where)
        if not narrow:
            figure.add_annotation(
                x=1,
                xref="paper",
                y=y,
                yref=f"y{place if place > 1 else ''}",
                text=_beside(g, row),
                showarrow=False,
                xanchor="left",
                xshift=12,
                align="left",
                font={"size": 13},
            )
    theme.zero_line(figure, **where)
    figure.update_yaxes(
        tickvals=[y for _, y in rows],
        ticktext=[_name(*row, narrow=narrow) for row, _ in rows],
        range=[height, 0],
        showgrid=False,
        tickfont={"color": theme.INK, "size": 13},
        ticklabelstandoff=6,
        **where,
    )
    figure.update_xaxes(range=_range([row for (_, row), _ in rows]), **where)


def _dot(g: Group, row: dict[str, Any], y: float, colour: str) -> go.Scatter:
    is_clear = _is_clear(row)
    has_interval = row["p50_low"] == row["p50_low"]
    return go.Scatter(
        x=[row["p50"]],
        y=[y],
        mode="markers",
        marker={
            "size": 10,
            "symbol": theme.symbol(g.party),
            "color": colour if is_clear else theme.PAPER,
            "line": {"color": colour, "width": 2},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["p50_high"] - row["p50"] if has_interval else 0.0],
            "arrayminus": [row["p50"] - row["p50_low"] if has_interval else 0.0],
            "color": theme.INK,
            "thickness": 1.6,
            "width": 4,
        },
        hovertemplate=f"{theme.text(g.title)}<br>{_hover(row)}<extra></extra>",
    )


def _hover(row: dict[str, Any]) -> str:
    decimals = decimals_for(row["p5"], row["p95"])
    ends = [number(row[key], decimals, signed=True) for key in ("p5", "p25", "p75", "p95")]
    middle = f"{number(row['p50'], decimals, signed=True)} {interval(row['p50_low'], row['p50_high'], decimals)}"
    return f"median {middle}<br>middle half: {ends[1]} to {ends[2]}<br>nine in ten: {ends[0]} to {ends[3]}"


def _shares(g: Group) -> str:
    return f"{number(100 * g.gain[0], 0)}% gain, {number(100 * g.lose[0], 0)}% lose"


def _middle(row: dict[str, Any]) -> str:
    return estimate(row["p50"], row["p50_low"], row["p50_high"])


def _beside(g: Group, row: dict[str, Any]) -> str:
    """The median agent and, smaller, the shares who gain and who lose."""
    small = f"<span style='font-size:12px;color:{theme.MUTED}'>{_shares(g)}</span>"
    return f"{_middle(row)}  {small}"


def _name(g: Group, row: dict[str, Any], *, narrow: bool) -> str:
    name = f"<b>{theme.text(g.title)}</b>" if g.grouping == "all" else theme.text(g.title)
    if not narrow:
        return name
    small = f"<span style='font-size:11px;color:{theme.MUTED}'>{_shares(g)}</span>"
    return "<br>".join([name, _middle(row), small])


def _range(rows: list[dict[str, Any]]) -> list[float]:
    ends = [0.0, *(row[key] for row in rows for key in ("p5", "p95"))]
    room = 0.05 * ((max(ends) - min(ends)) or 1.0)
    return [min(ends) - room, max(ends) + room]
