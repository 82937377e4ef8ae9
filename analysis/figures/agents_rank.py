"""All agents of a party by what the policy does to them, and where one of them stands."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from analysis.figures import theme
from analysis.result import Frame
from analysis.wording.numbers import decimals_for, number
from analysis.wording.trajectories import place

HEIGHT = 260
MOST_POINTS = 400
MIDDLE = 40
"""Per cent of agents from which on a name stands to the left of its mark: above a rising curve there is room there."""
TAIL = 0.01
"""Share of agents at either end that may run off the figure: a few move a hundred times as much as the rest."""


def agents_rank(
    everybody: Frame, identity: int, name: str, *, party: str, currency: str = "currency", narrow: bool = False
) -> go.Figure:
    """Effects from the smallest to the largest, as a curve over shares of agents; `identity` is marked on it.

    `everybody` is `analysis.statistics.agents.agents`.
    """
    ordered = everybody.sort_values(["effect", "identity"])
    effects, n = ordered["effect"].to_numpy(float), len(ordered)
    at_row = int(np.flatnonzero(ordered["identity"].to_numpy() == identity)[0])
    share = 100.0 * (np.arange(n) + 0.5) / n
    mine = float(effects[at_row])
    low, high = _range(effects, mine)
    figure = go.Figure()
    _curve(figure, share, effects, party, currency)
    theme.zero_line(figure, "y")
    _mark(figure, (float(share[at_row]), mine), (low, high), name, party, currency)
    figure.update_xaxes(
        title_text=theme.lines(f"{party}, from who loses most to who gains most, %", 40), range=[0, 100]
    )
    figure.update_yaxes(title_text=theme.lines(f"change, {currency} a week", 26), range=[low, high], nticks=6)
    note = "One replicate: every agent's own difference, chance included; no intervals."
    if effects[0] < low or effects[-1] > high:
        note += f" The curve goes on to {number(effects[0], 0)} and {number(effects[-1], 0)} at its ends."
    return theme.finish(
        figure, f"{name}: {place(everybody, identity, party)}", note, height=HEIGHT, narrow=narrow, top=12
    )


def _curve(figure: go.Figure, share: np.ndarray, effects: np.ndarray, party: str, currency: str) -> None:
    """Losses and gains filled down to zero, and the line above them; at most MOST_POINTS of all agents are drawn."""
    shown = np.unique(np.linspace(0, len(share) - 1, min(len(share), MOST_POINTS)).round().astype(int))
    x, y, colour = share[shown], effects[shown], theme.colour(party)
    for sign, opacity in ((-1, 0.35), (1, 0.9)):
        filled = {"fill": "tozeroy", "fillcolor": theme.faded(colour, 0.45 * opacity), "hoverinfo": "skip"}
        figure.add_trace(go.Scatter(x=x, y=np.where(sign * y >= 0, y, 0.0), mode="lines", line={"width": 0}, **filled))
    hover = f"%{{x:.0f}}% of {party} have at most %{{y:+,.2f}} {theme.text(currency)} a week<extra></extra>"
    figure.add_trace(go.Scatter(x=x, y=y, mode="lines", line={"color": colour, "width": 2}, hovertemplate=hover))


def _mark(
    figure: go.Figure, point: tuple[float, float], limits: tuple[float, float], name: str, party: str, currency: str
) -> None:
    """The agent at `point` (share of agents, effect), named where the curve leaves room; inside `limits` always."""
    (x, mine), (low, high) = point, limits
    y, is_right = min(max(mine, low), high), x > MIDDLE
    symbol = {"symbol": theme.symbol(party), "size": 14, "color": theme.INK, "line": {"color": theme.PAPER, "width": 2}}
    figure.add_trace(
        go.Scatter(
            x=[x], y=[y], mode="markers", hovertext=theme.text(name), hoverinfo="text", cliponaxis=False, marker=symbol
        )
    )
    amount = f"{number(mine, min(decimals_for(mine), 2), signed=True)} {theme.text(currency)} a week"
    figure.add_annotation(
        x=x,
        y=y,
        text=f"<b>{theme.text(name)}</b><br>{amount}",
        showarrow=True,
        arrowhead=0,
        arrowwidth=1,
        ax=-34 if is_right else 30,
        ayref="y",
        ay=y if y > high / 2 else min(max(y, 0.0) + 0.3 * (high - low), high),
        xanchor="right" if is_right else "left",
        align="right" if is_right else "left",
        bgcolor=theme.PAPER,
        font={"size": 12},
    )


def _range(effects: np.ndarray, mine: float) -> tuple[float, float]:
    """All but the tails, the middle never squeezed by a few, and always zero."""
    low, high = np.quantile(effects, (TAIL, 1 - TAIL))
    low, high = min(float(low), 0.0), max(float(high), 0.0)
    room = 0.12 * ((high - low) or 1.0)
    return low - room, high + room
