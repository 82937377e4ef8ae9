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
    shown = np.unique(np.linspace(0, n - 1, min(n, MOST_POINTS)).round().astype(int))
    colour, mine = theme.colour(party), float(effects[at_row])
    figure = go.Figure()
    for sign, opacity in ((-1, 0.35), (1, 0.9)):
        part = np.where(sign * effects[shown] >= 0, effects[shown], 0.0)
        figure.add_trace(
            go.Scatter(
                x=share[shown], y=part, mode="lines", line={"width": 0}, fill="tozeroy",
                fillcolor=theme.faded(colour, 0.45 * opacity), hoverinfo="skip",
            )
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=share[shown], y=effects[shown], mode="lines", line={"color": colour, "width": 2},
            hovertemplate="%{x:.0f}% of " + party + " have at most %{y:+,.2f} " + theme.text(currency)
            + " a week<extra></extra>",
        )
    )  # fmt: skip
    low, high = _range(effects, mine)
    theme.zero_line(figure, "y")
    at = min(max(mine, low), high)
    figure.add_trace(
        go.Scatter(
            x=[share[at_row]], y=[at], mode="markers", hovertext=theme.text(name), hoverinfo="text", cliponaxis=False,
            marker={"symbol": theme.symbol(party), "size": 14, "color": theme.INK}
            | {"line": {"color": theme.PAPER, "width": 2}},
        )
    )  # fmt: skip
    is_right = share[at_row] > MIDDLE
    amount = f"{number(mine, min(decimals_for(mine), 2), signed=True)} {theme.text(currency)} a week"
    figure.add_annotation(
        x=share[at_row], y=at, text=f"<b>{theme.text(name)}</b><br>{amount}",
        showarrow=True, arrowhead=0, arrowwidth=1, ax=-34 if is_right else 30, ayref="y",
        ay=at if at > high / 2 else min(max(at, 0.0) + 0.3 * (high - low), high),
        xanchor="right" if is_right else "left", align="right" if is_right else "left",
        bgcolor=theme.PAPER, font={"size": 12},
    )  # fmt: skip
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


def _range(effects: np.ndarray, mine: float) -> tuple[float, float]:
    """All but the tails, the middle never squeezed by a few, and always zero."""
    low, high = np.quantile(effects, (TAIL, 1 - TAIL))
    low, high = min(float(low), 0.0), max(float(high), 0.0)
    room = 0.12 * ((high - low) or 1.0)
    return low - room, high + room
