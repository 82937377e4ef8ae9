"""Other strategies of platforms: the parties' money under every strategy that was tried, and whether signs agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.result import Frame
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording import conduct, parties
from analysis.wording.numbers import counted, estimate, listed

LINE, GAP, TALL_LINE = 21, 18, 36  # pixels: a strategy, between parties, a strategy with its numbers below
type Row = tuple[Mapping[str, Estimate], str]


def ensemble_figure(frame: Frame, *, baseline_label: str = "no policy", narrow: bool = False) -> go.Figure:
    """A dot with its interval a party and strategy; where strategies disagree on the sign, the row is shaded.

    `frame` is `strategies` of a result (columns `strategy` and `agreement`), of one scenario.
    """
    rows = [row for row in conduct.rows_of(frame) if _first(row).metric in est.MONEY.values()]
    if not rows:
        raise ValueError("there is no money of parties under several strategies among the effects")
    names, line = conduct.tried(frame), TALL_LINE if narrow else LINE
    figure, ticks, top = go.Figure(), [], 0.0
    for row in rows:
        height = line * len(names) + (LINE if narrow else 0)
        if row[1] == "differ":
            figure.add_hrect(top - GAP / 3, top + height + GAP / 3, fillcolor=theme.TINT, line_width=0, layer="below")
        ticks.append((top + (LINE if narrow else height) / 2, row))
        _dots(figure, row[0], names, top + (LINE if narrow else 0), line, narrow=narrow)
        top += height + GAP
    theme.zero_line(figure)
    _axes(figure, ticks, top - GAP, baseline_label, narrow=narrow)
    height = 74 + round(top)
    right = 12 if narrow else 230
    return theme.finish(
        figure,
        conduct.finding(frame).rstrip("."),
        _note(rows, names),
        height=height,
        narrow=narrow,
        right=right,
        top=20,
    )


def _first(row: Row) -> Estimate:
    return next(iter(row[0].values()))


def _dots(
    figure: go.Figure,
    by_strategy: Mapping[str, Estimate],
    names: Sequence[str],
    top: float,
    line: float,
    *,
    narrow: bool,
) -> None:
    for place, name in enumerate(names):
        e = by_strategy.get(name)
        if e is None:
            continue
        y, colour = top + line * (place + (0.75 if narrow else 0.5)), theme.colour(e.party)
        words = theme.text(conduct.strategy_title(name))
        figure.add_trace(
            go.Scatter(
                x=[e.effect],
                y=[y],
                mode="markers",
                marker={
                    "size": 11 if place == 0 else 9,
                    "symbol": theme.symbol(e.party),
                    "color": colour if e.sign else theme.PAPER,
                    "line": {"color": colour, "width": 2},
                },
                error_x=theme.error_bar([e], ink=colour),
                hovertemplate=f"{theme.text(e.title)}, {words}<br>{estimate(e.effect, e.low, e.high)}<extra></extra>",
            )
        )
        numbers = f"<b>{estimate(e.effect, e.low, e.high).replace(' [', '</b> [', 1)}"
        small = f"<span style='color:{theme.MUTED}'>{words}</span>"
        where = {"x": 0, "xref": "paper", "xanchor": "left", "yshift": 15} if narrow else {}
        beside = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 12} | where
        text = f"{small}  {numbers}" if narrow else f"{numbers}  {small}"
        figure.add_annotation(y=y, text=text, showarrow=False, align="left", font={"size": 12}, **beside)


def _axes(
    figure: go.Figure, ticks: Sequence[tuple[float, Row]], height: float, baseline_label: str, *, narrow: bool
) -> None:
    texts = [_name(row, narrow=narrow) for _, row in ticks]
    figure.update_yaxes(
        range=[height + GAP / 2, -GAP / 2],
        tickvals=[y for y, _ in ticks],
        ticktext=texts,
        showgrid=False,
        tickfont={"color": theme.INK, "size": 13 if narrow else 14},
        ticklabelstandoff=8,
    )
    if narrow:  # names stand above their rows
        figure.update_yaxes(showticklabels=False)
        for (y, _), words in zip(ticks, texts, strict=True):
            figure.add_annotation(x=0, xref="paper", y=y, text=words, showarrow=False, xanchor="left", align="left")
    unit = theme.scale_of(_first(ticks[0][1]).unit).change
    words = theme.lines(f"change against {baseline_label}, {unit}", 36 if narrow else 80)
    figure.update_xaxes(title_text=words, nticks=5 if narrow else 8)


def _name(row: Row, *, narrow: bool) -> str:
    small = f"<span style='font-size:12px;color:{theme.MUTED}'>{conduct.IN_SHORT[row[1]]}</span>"
    words = f"<b>{conduct.IN_SHORT[row[1]]}</b>" if row[1] == "differ" else small
    return f"<b>{parties.party_title(_first(row).party)}</b>{' · ' if narrow else '<br>'}{words}"


def _note(rows: Sequence[Row], names: Sequence[str]) -> str:
    n = counted(max(e.n_replicates for row in rows for e in row[0].values()), "paired replicate")
    order = listed([conduct.strategy_title(name) for name in names])
    shaded = " Shaded: strategies disagree on the sign." if any(verdict == "differ" for _, verdict in rows) else ""
    return (
        f"Dots: means over {n}; whiskers: 95% intervals; hollow: not distinguishable from zero.{shaded} In every row "
        f"from the top: {order}."
    )
