"""One parameter varied at a time: an effect at the low and at the high end, against the base point."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.statistics.estimates import Estimate
from analysis.wording.numbers import capital, estimate, lever_value, scale_of
from analysis.wording.points import End, decisive, name_of

N_SHOWN = 10
ROW, TALL_ROW, BETWEEN = 30, 58, 0.5  # pixels of an end; of one with its numbers below; rows between two levers


def ends_figure(
    base: Estimate, by_lever: Sequence[Sequence[End]], *, baseline_label: str = "no policy", narrow: bool = False
) -> go.Figure:
    """Bars from the effect at the base point to that at each end of a lever, the one that changes it most on top."""
    shown, scale = list(by_lever[:N_SHOWN]), scale_of(base.unit)
    places = [(i * (len(mine) + BETWEEN) + j, end) for i, mine in enumerate(shown) for j, end in enumerate(mine)]
    ys, rows = [y for y, _ in places], [end.estimate for _, end in places]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=ys,
            width=0.72,
            x=[(e.effect - base.effect) * scale.factor for e in rows],
            base=[base.effect * scale.factor] * len(rows),
            marker={
                "color": theme.colour(base.party),
                "opacity": [0.92 if end.is_clear else 0.3 for _, end in places],
                "line": {"width": 0},
            },
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[e.effect * scale.factor for e in rows],
            y=ys,
            mode="markers",
            marker={
                "size": 7,
                "color": [theme.INK if e.sign else theme.PAPER for e in rows],
                "line": {"color": theme.INK, "width": 1.4},
            },
            error_x=theme.error_bar(rows, scale.factor),
            hovertemplate=[f"{_numbers(end, narrow=False)}<extra>{theme.text(end.place)}</extra>" for _, end in places],
        )
    )
    theme.zero_line(figure)
    figure.add_vline(base.effect * scale.factor, line={"color": theme.INK, "width": 1, "dash": "dot"})
    _axes(figure, base, places, baseline_label, narrow=narrow)
    note = (
        f"Dotted: the base point, {estimate(base.effect, base.low, base.high, factor=scale.factor)}. Bars: from there "
        "to the effect with one parameter changed. Whiskers: 95% intervals. Pale: the change is not distinguishable "
        "from zero. Hollow: the effect itself is not."
    )
    if len(by_lever) > len(shown):
        note += f" Left out: {len(by_lever) - len(shown)} more, with smaller changes."
    height = 90 + round((TALL_ROW if narrow else ROW) * (len(ys) + BETWEEN * len(shown)))
    right = 12 if narrow else 20 + 8 * max(len(_numbers(end, narrow=False)) for _, end in places)
    return theme.finish(figure, decisive(base, by_lever), note, height=height, narrow=narrow, right=right, top=24)


def _axes(
    figure: go.Figure, base: Estimate, places: list[tuple[float, End]], baseline_label: str, *, narrow: bool
) -> None:
    names = [
        _name(end, is_first=i == 0 or places[i - 1][1].lever is not end.lever, narrow=narrow)
        for i, (_, end) in enumerate(places)
    ]
    figure.update_yaxes(
        tickvals=[y for y, _ in places],
        ticktext=names,
        showgrid=False,
        tickfont={"color": theme.INK, "size": 13},
        range=[places[-1][0] + 0.6, -0.6],
    )
    what = f"{base.title}, change against {baseline_label}, {scale_of(base.unit).change}"
    figure.update_xaxes(title_text=theme.lines(what, 36 if narrow else 90), nticks=5 if narrow else 8)
    if not narrow:
        for y, end in places:
            figure.add_annotation(
                x=1, xref="paper", y=y, text=_numbers(end, narrow=False), showarrow=False, xanchor="left", xshift=12
            )


def _numbers(end: End, *, narrow: bool) -> str:
    e = end.estimate
    words = estimate(e.effect, e.low, e.high, factor=scale_of(e.unit).factor)
    return words if narrow or not e.sign else f"<b>{words.replace(' [', '</b> [', 1)}"


def _name(end: End, *, is_first: bool, narrow: bool) -> str:
    """The lever and its value; of the second end the value alone."""
    value = lever_value(end.value, str(end.lever["unit"]))
    if not narrow:
        return theme.text(f"{name_of(end.lever)}: {value}" if is_first else value)
    name = f"{theme.lines(capital(name_of(end.lever)), 24)}<br>" if is_first else ""
    return f"{name}{theme.text(value)}<br>{_numbers(end, narrow=True)}"
