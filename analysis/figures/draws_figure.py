"""Sensitivity to the assumptions: the parties' money over draws, and the assumptions that matter most."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.wording import parties
from analysis.wording.draws import N_SHOWN, Link, Spread, decisive, title
from analysis.wording.numbers import counted, interval, number, scale_of

ROW, TALL_ROW, LINE = 46, 66, 16  # pixels: a party, the same with words below, a line of small words


def range_figure(ranges: Sequence[Spread], *, baseline_label: str = "no policy", narrow: bool = False) -> go.Figure:
    """One bar a party from the 2.5th to the 97.5th percentile of the draws, a dot for their mean with its interval."""
    names = [_row(s, narrow) for s in ranges]
    figure = go.Figure()
    theme.zero_line(figure)
    for s, name in zip(ranges, names, strict=True):
        colour = theme.colour(s.party)
        bar = go.Bar(
            orientation="h",
            y=[name],
            x=[s.draw_high - s.draw_low],
            base=[s.draw_low],
            width=0.5,
            marker={"color": theme.faded(colour, 0.38), "line": {"width": 0}},
            hovertemplate=f"95% of the draws: {_ends(s)}<extra></extra>",
        )
        dot = go.Scatter(
            x=[s.effect],
            y=[name],
            mode="markers",
            marker={"size": 9, "color": colour, "symbol": theme.symbol(s.party)},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [s.high - s.effect],
                "arrayminus": [s.effect - s.low],
                "color": theme.INK,
                "thickness": 1.6,
                "width": 4,
            },
            hovertemplate=f"mean {number(s.effect, signed=True)} {interval(s.low, s.high, 0)}<extra></extra>",
        )
        figure.add_traces([bar, dot])
        if not narrow:
            figure.add_annotation(
                x=1, xref="paper", y=name, text=_beside(s), showarrow=False, xanchor="left", xshift=12, align="left"
            )
    unit = scale_of(ranges[0].unit).change if ranges else ""
    words = theme.lines(f"change against {baseline_label}, {unit}", 36 if narrow else 90)
    figure.update_xaxes(title_text=words, nticks=5 if narrow else 8)
    figure.update_yaxes(
        autorange="reversed",
        showgrid=False,
        tickfont={"color": theme.INK, "size": 13 if narrow else 14},
        categoryorder="array",
        categoryarray=names,
    )
    note = "Pale bars: 95% of the draws. Dots: means over draws. Whiskers: 95% intervals of these means."
    return theme.finish(
        figure,
        title(ranges),
        note,
        height=70 + (TALL_ROW if narrow else ROW) * len(ranges),
        narrow=narrow,
        right=12 if narrow else 230,
        top=20,
    )


def _row(s: Spread, narrow: bool) -> str:
    name = parties.party_title(s.party)
    return f"{name}<br>{_beside(s)}" if narrow else name


def _ends(s: Spread) -> str:
    return f"{number(s.draw_low, signed=True)} to {number(s.draw_high, signed=True)}"


def _beside(s: Spread) -> str:
    up, down = {"welfare": ("rise", "fall"), "owners": ("cost less", "cost more")}.get(s.party, ("gain", "lose"))
    verb = {1: up, -1: down}.get(s.sign, "no change")
    verb += "s" if s.party in ("state", "welfare") and s.sign else ""
    return f"<b>{verb} in {s.n_same} of {s.n_draws}</b>" + f"<br>{_ends(s)}"


def tornado(correlations: Sequence[Link], *, narrow: bool = False) -> go.Figure:
    """Rank correlations of assumptions with the effect on total welfare, the largest on top."""
    shown = list(correlations[:N_SHOWN])
    width = 24 if narrow else 58
    names = [_named(link, width) for link in shown]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=names,
            x=[link.correlation for link in shown],
            width=0.56,
            marker={
                "color": theme.INK,
                "opacity": [0.3 if link.is_chance else 0.92 for link in shown],
                "line": {"width": 0},
            },
            hovertemplate=[
                f"{theme.text(link.name)}<br>{number(link.correlation, 2, signed=True)}, p = {link.p_value:.2g}"
                "<extra></extra>"
                for link in shown
            ],
        )
    )
    theme.zero_line(figure)
    figure.update_xaxes(
        title_text=theme.lines("rank correlation with the effect on total welfare", 36 if narrow else 90),
        range=[-1, 1],
        tickvals=[-1, -0.5, 0, 0.5, 1],
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont={"color": theme.INK, "size": 12})
    n = counted(correlations[0].n_tests, "assumption") if correlations else "no assumption"
    note = (
        f"To the right: the larger the parameter, the higher the effect on total welfare. Pale: not significant, {n} "
        "tested. Small print: name, and the range it was drawn from."
    )
    height = 70 + (10 + LINE * max((name.count("<br>") + 1 for name in names), default=1)) * len(shown)
    return theme.finish(figure, decisive(correlations), note, height=height, narrow=narrow, top=20)


def _named(link: Link, width: int) -> str:
    small = f"<br><span style='font-size:11px;color:{theme.MUTED}'>{{}}</span>"
    drawn = link.assumption + (f": {link.drawn}" if link.drawn else "")
    named = f"{link.label}: {link.meaning}" if link.meaning else link.label
    return theme.lines(named, width) + small.format(theme.text(drawn))
