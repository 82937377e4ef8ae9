"""Direct effect and total effect: two marks a party, and the behavioural response from one to the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording import behaviour, parties
from analysis.wording.numbers import counted, estimate

ROW, TALL_ROW, APART = 58, 78, 0.17


def answer_figure(
    by_party: Sequence[Mapping[str, Estimate]], *, baseline_label: str = "no policy", narrow: bool = False
) -> go.Figure:
    """One row a party, total welfare last: an open mark for the direct effect, a full one for the total effect.

    `by_party` holds estimates by part (direct, behavioural, total) of the parties' money.
    """
    figure = go.Figure()
    theme.zero_line(figure)
    for place, parts in enumerate(by_party):
        _row(figure, parts, place)
        if not narrow:
            figure.add_annotation(
                x=1,
                xref="paper",
                y=place,
                text=_beside(parts),
                showarrow=False,
                xanchor="left",
                xshift=12,
                align="left",
            )
    names = [
        parties.party_title(parts["total"].party) + (f"<br>{_beside(parts)}" if narrow else "") for parts in by_party
    ]
    unit = theme.scale_of(by_party[0]["total"].unit).change if by_party else ""
    words = theme.lines(f"change against {baseline_label}, {unit}", 36 if narrow else 90)
    figure.update_xaxes(title_text=words, nticks=5 if narrow else 8)
    figure.update_yaxes(
        range=[len(by_party) - 0.5, -0.5],
        tickvals=list(range(len(by_party))),
        ticktext=names,
        showgrid=False,
        tickfont={"color": theme.INK, "size": 13 if narrow else 14},
    )
    if len(by_party) > 1 and by_party[-1]["total"].party == "welfare":
        figure.add_hline(len(by_party) - 1.5, line={"color": theme.GRID, "width": 1})
    response = [parts["behavioural"] for parts in by_party if parts["behavioural"].party in est.PARTIES]
    height = 70 + (TALL_ROW if narrow else ROW) * len(by_party)
    right = 12 if narrow else 74 + 8 * max((len(_line(parts, "direct")) for parts in by_party), default=0)
    return theme.finish(
        figure, behaviour.title(response), _note(by_party), height=height, narrow=narrow, right=right, top=20
    )


def _row(figure: go.Figure, parts: Mapping[str, Estimate], place: int) -> None:
    """The two marks of a party with their intervals, and an arrow from the first to the second."""
    first, last = parts["direct"], parts["total"]
    colour = theme.colour(last.party)
    figure.add_trace(_mark(first, place - APART, "direct effect", colour, is_full=False))
    figure.add_trace(_mark(last, place + APART, "total effect", colour, is_full=True))
    if parts["behavioural"].sign:
        figure.add_annotation(
            x=last.effect,
            y=place + APART,
            ax=first.effect,
            ay=place - APART,
            xref="x",
            yref="y",
            axref="x",
            ayref="y",
            text="",
            showarrow=True,
            arrowhead=2,
            arrowsize=1,
            arrowwidth=1.4,
            arrowcolor=theme.faded(colour, 0.6),
            standoff=7,
            startstandoff=7,
        )


def _mark(e: Estimate, y: float, words: str, colour: str, *, is_full: bool) -> go.Scatter:
    return go.Scatter(
        x=[e.effect],
        y=[y],
        mode="markers",
        name=words,
        marker={
            "size": 12,
            "symbol": theme.symbol(e.party),
            "color": colour if is_full else theme.PAPER,
            "line": {"color": colour, "width": 2},
        },
        error_x=theme.error_bar([e], ink=colour),
        hovertemplate=f"{theme.text(e.title)}, {words}<br>{estimate(e.effect, e.low, e.high)}<extra></extra>",
    )


def _line(parts: Mapping[str, Estimate], part: str) -> str:
    e = parts[part]
    return estimate(e.effect, e.low, e.high)


def _beside(parts: Mapping[str, Estimate]) -> str:
    """The direct effect, and below it the total effect."""
    small = f"<span style='font-size:11px;color:{theme.MUTED}'>{{}}</span>"
    first, last = _line(parts, "direct"), _line(parts, "total")
    return f"{first} {small.format('direct')}<br><b>{last}</b> {small.format('total')}"


def _note(by_party: Sequence[Mapping[str, Estimate]]) -> str:
    n = counted(max((parts["total"].n_replicates for parts in by_party), default=0), "paired replicate")
    return (
        "Open marks: direct effect, with the decision variables of platforms as they would be without the rule. Full "
        "marks: total effect, with their response. Arrows where the response is distinguishable from zero. Means over "
        f"{n}; whiskers: 95% intervals."
    )
