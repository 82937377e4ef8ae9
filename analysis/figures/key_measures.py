"""Everything but money, measure by measure, as a change in per cent of its level without the policy."""

from __future__ import annotations

import plotly.graph_objects as go

from analysis import estimates as est
from analysis.estimates import Estimate
from analysis.figures import theme
from analysis.findings import levels
from analysis.load import Frame
from analysis.wording import capital, counted, estimate, listed, number, wrapped

ROW = 46
LEVELS_WIDTH = 30  # letters
GROUPS = (*est.PARTIES, "market")


def key_measures(effects: Frame, *, baseline_label: str = "no policy", narrow: bool = False) -> go.Figure:
    """Dots with 95% intervals, one a measure, levels in words; `effects` holds one scenario.

    A measure whose level is zero without the policy has no per cent; it is left to the table.
    """
    rows = shown(effects)
    names = [_name(e, narrow) for e in rows]
    figure = go.Figure()
    theme.zero_line(figure)
    for e, name in zip(rows, names, strict=True):
        figure.add_trace(_dot(e, name))
    figure.update_yaxes(
        autorange="reversed", tickfont={"color": theme.INK, "size": 13}, type="category", ticklabelstandoff=6
    )
    axis = f"change against {baseline_label}, % of its level"
    figure.update_xaxes(title_text=theme.lines(axis, 26 if narrow else 60), nticks=5 if narrow else 7, tickangle=0)
    if not narrow:
        for e, name in zip(rows, names, strict=True):
            figure.add_annotation(
                x=1,
                xref="paper",
                y=name,
                text=_levels(e),
                showarrow=False,
                xanchor="left",
                xshift=14,
                align="left",
            )
        figure.update_annotations(font={"size": 13})
    note = f"Dots: means. Whiskers: 95% intervals. Hollow: cannot be told from zero.{_left_out(effects)}"
    right = 14 if narrow else 24 + 7 * max((len(part) for e in rows for part in _levels(e).split("<br>")), default=0)
    n_lines = max((_levels(e).count("<br>") + 1 for e in rows), default=1)
    height = 70 + (ROW + 14 if narrow else 20 + 16 * n_lines) * max(len(rows), 1)
    return theme.finish(figure, title(rows), note, height=height, narrow=narrow, right=right)


def shown(effects: Frame) -> list[Estimate]:
    """The measures that have a change in per cent, party by party."""
    rows = [e for e in est.estimates(est.measures(effects)) if e.relative is not None]
    order = {party: place for place, party in enumerate(GROUPS)}
    return sorted(rows, key=lambda e: order.get(e.party, len(order)))


def _left_out(effects: Frame) -> str:
    names = [e.title[:1].lower() + e.title[1:] for e in est.estimates(est.measures(effects)) if e.relative is None]
    return f" Zero without the policy and so without a per cent: {listed(names)}." if names else ""


def title(rows: list[Estimate]) -> str:
    """How many measures move, and which moves most of its level."""
    told = [e for e in rows if e.sign]
    if not told:
        return "No effect on any of these measures can be told from zero"
    most = max(told, key=lambda e: abs((e.relative or (0.0,))[0]))
    effect, low, high = most.relative or (0.0, 0.0, 0.0)
    n = f"{number(len(told), 0)} of {counted(len(rows), 'measure')}"
    moves = "changes" if len(told) == 1 else "change"
    numbers = estimate(effect, low, high, factor=100).replace(" [", "% [", 1)
    return f"{n} {moves}; {most.title[:1].lower()}{most.title[1:]} most, by {numbers} of its level"


def _levels(e: Estimate) -> str:
    return theme.lines(levels(e, "→"), LEVELS_WIDTH)


def _name(e: Estimate, narrow: bool) -> str:
    lines = [theme.text(line) for line in wrapped(capital(e.title), 24 if narrow else 36)]
    if narrow:
        small = f"<span style='font-size:11px;color:{theme.MUTED}'>{{}}</span>"
        lines += [small.format(part) for part in _levels(e).split("<br>")]
    return "<br>".join(lines)


def _dot(e: Estimate, name: str) -> go.Scatter:
    effect, low, high = (100 * v for v in e.relative or (0.0, 0.0, 0.0))
    colour = theme.colour(e.party)
    bar = theme.error_bar([e], 100 / abs(e.baseline), ink=colour)
    numbers = estimate(effect, low, high)
    return go.Scatter(
        x=[effect],
        y=[name],
        mode="markers",
        error_x=bar,
        marker={
            "size": 10,
            "symbol": theme.symbol(e.party),
            "color": colour if e.sign else theme.PAPER,
            "line": {"color": colour, "width": 2},
        },
        hovertemplate=f"{theme.text(e.title)}<br>{_levels(e)}<br>{numbers} %<extra></extra>",
    )
