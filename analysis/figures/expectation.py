"""Forecast of the mean-field model and estimate from agents: the parties' money, before and while runs come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording import parties
from analysis.wording.findings import who
from analysis.wording.numbers import counted, estimate, listed, number, uncapital
from analysis.wording.parties import agree

ROW, TALL_ROW = 52, 62
SMALL = 0.02
"""Of the largest forecast effect: what is less is not named in the title."""


@dataclass(frozen=True)
class Expectation:
    """One party's money: direct effect, total effect where that is known, and agents' estimate."""

    party: str
    title: str
    unit: str
    direct: float | None
    """None for what the mean-field model leaves a part out of, such as total welfare."""
    total: float | None = None
    agents: Estimate | None = None

    @property
    def forecast(self) -> float | None:
        """The most complete forecast there is, if any."""
        return self.direct if self.total is None else self.total


def expectation(rows: Sequence[Expectation], *, baseline_label: str = "no policy", narrow: bool = False) -> go.Figure:
    """Pale bars are forecasts of the mean-field model; marks with 95% intervals are estimates from agents so far.

    An outline is the direct effect where the total effect is known too.
    """
    names = [_name(row, narrow) for row in rows]
    figure = go.Figure(_bars(rows, names))
    if any(row.total is not None for row in rows):
        figure.add_trace(_outlines(rows, names))
    for row, name in zip(rows, names, strict=True):
        if row.agents is not None:
            figure.add_trace(_agents(row, row.agents, name))
    theme.zero_line(figure)
    if not narrow:
        for row, name in zip(rows, names, strict=True):
            place = {"x": 1, "xref": "paper", "y": name, "xanchor": "left", "xshift": 12, "showarrow": False}
            figure.add_annotation(text=_numbers(row), align="left", **place)
    unit = theme.scale_of(rows[0].unit).change if rows else ""
    words = theme.lines(f"change against {baseline_label}, {unit}", 36 if narrow else 70)
    figure.update_xaxes(title_text=words, nticks=5 if narrow else 8)
    figure.update_yaxes(
        autorange="reversed",
        showgrid=False,
        tickfont={"color": theme.INK, "size": 14},
        categoryorder="array",
        categoryarray=names,
    )
    figure.update_layout(barmode="overlay")
    height = 70 + (TALL_ROW if narrow else ROW) * len(rows)
    right = 12 if narrow else 170
    return theme.finish(figure, title(rows), note(rows), height=height, narrow=narrow, right=right, top=16)


def title(rows: Sequence[Expectation]) -> str:
    """Who gains and who loses: by agents where they were run, else by the mean-field model."""
    parties = [row for row in rows if row.party in est.PARTIES]
    of_agents = [row.agents for row in parties if row.agents is not None]
    if of_agents and any(e.has_interval for e in of_agents):
        return who(of_agents)
    known = {row.party: row.forecast for row in parties if row.forecast is not None}
    largest = max(map(abs, known.values()), default=0.0)
    moved = {party: effect for party, effect in known.items() if abs(effect) > SMALL * largest}
    sides = [([p for p, e in moved.items() if (e > 0) == up], verb) for up, verb in ((True, "gain"), (False, "lose"))]
    sentence = [agree(names, verb) for names, verb in sides if names]
    return f"Mean-field forecast: {uncapital(listed(sentence))}" if sentence else "Mean-field forecast: no change"


def note(rows: Sequence[Expectation]) -> str:
    """How to read the figure."""
    n = max((row.agents.n_replicates for row in rows if row.agents is not None), default=0)
    words = "Pale bars: long-run forecast of the mean-field model, without random shocks."
    if any(row.total is not None for row in rows):
        words += " Outlines: direct effect, with the decision variables of platforms unchanged."
    if n:
        words += f" Marks: estimates from agents, means over {counted(n, 'paired replicate')}; whiskers: 95% intervals."
    return words


def _bars(rows: Sequence[Expectation], names: list[str]) -> go.Bar:
    look = {"color": [theme.colour(row.party) for row in rows], "opacity": 0.4, "line": {"width": 0}}
    return _across(names, [row.forecast for row in rows], 0.56, look, "mean-field forecast")


def _outlines(rows: Sequence[Expectation], names: list[str]) -> go.Bar:
    look = {"color": "rgba(0,0,0,0)", "line": {"width": 1.4, "color": theme.RULE}}
    return _across(names, [row.direct for row in rows], 0.7, look, "direct effect")


def _across(names: list[str], values: list[float | None], width: float, look: dict[str, object], words: str) -> go.Bar:
    hover = words + " %{x:+,.1f}<extra></extra>"
    return go.Bar(name=words, orientation="h", y=names, x=values, width=width, marker=look, hovertemplate=hover)


def _agents(row: Expectation, e: Estimate, name: str) -> go.Scatter:
    colour = theme.colour(row.party)
    return go.Scatter(
        name="agents",
        x=[e.effect],
        y=[name],
        mode="markers",
        marker={"size": 11, "symbol": theme.symbol(row.party), "color": colour, "line": {"width": 0}},
        error_x=theme.error_bar([e]),
        hovertemplate=f"agents {theme.text(estimate(e.effect, e.low, e.high))}<extra></extra>",
    )


def _name(row: Expectation, narrow: bool) -> str:
    name = parties.party_title(row.party)
    return f"{name}<br>{_numbers(row, ' · ')}" if narrow else name


def _numbers(row: Expectation, between: str = "<br>") -> str:
    """The forecast and, in bold where it is distinguishable from zero, the estimate from agents."""
    small = f"<span style='font-size:12px;color:{theme.MUTED}'>Forecast {{}}</span>"
    forecast = "" if row.forecast is None else small.format(number(row.forecast, signed=True))
    between = between if forecast else ""
    if row.agents is None:
        return forecast
    e = row.agents
    if not e.has_interval:
        return f"{number(e.effect, signed=True)}{between}{forecast}"
    words = estimate(e.effect, e.low, e.high)
    return f"{'<b>' * bool(e.sign)}{words.replace(' [', '</b> [' if e.sign else ' [', 1)}{between}{forecast}"
