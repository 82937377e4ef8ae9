"""A sweep at a glance: one line a point, through its levers and the parties' money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.result import Frame
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording import parties
from analysis.wording.numbers import counted, decimals_for, estimate, lever_value, listed, number, scale_of, unit_text
from analysis.wording.points import name_of

HEIGHT, AXIS = 430, 80  # pixels: the axes of a wide figure, and of one axis when narrow
CROWDED = 0.16  # of an axis: a zero nearer to an end than this has no room for its word
N_NAMED = 3
"""Points at either end that stand out and are numbered."""
BEST, WORST, MIDDLE = theme.colour("consumers"), theme.colour("merchants"), theme.RULE
WELFARE = est.MONEY["welfare"]


@dataclass(frozen=True)
class _Axis:
    """One axis: its name, the values of all points, and how a value is written on it."""

    name: str
    values: list[float]
    ticks: list[float]
    words: list[str]

    def place(self, value: float) -> float:
        """From 0 at the least value to 1 at the largest; in the middle where all are one."""
        low, high = min(self.values), max(self.values)
        return (value - low) / (high - low) if high > low else 0.5


def parallel_lines(
    effects: Frame, levers: Sequence[Mapping[str, Any]], *, baseline_label: str = "no policy", narrow: bool = False
) -> go.Figure:
    """Lines over the levers and the parties' money, total welfare last; its best and worst points stand out.

    `levers` have key, title and unit and take numbers. Thin and pale: points whose effect on total welfare is not
    distinguishable from zero. Axes run from the least to the largest value; when narrow they lie across, one below
    another.
    """
    totals = _totals(effects)
    if len(totals) < 2 or not levers:
        raise ValueError("lines need two points or more, a lever with numbers, and effects on total welfare")
    order = sorted(totals, key=lambda scenario: totals[scenario].effect)
    axes = [*_of_levers(effects, levers, order), *_of_money(effects, order)]
    named = _named(order)
    figure = go.Figure()
    for i in sorted(range(len(order)), key=lambda i: _loudness(i, totals[order[i]], named)):
        figure.add_trace(_line(axes, i, totals[order[i]], named.get(i), narrow=narrow))
    _draw_axes(figure, axes, narrow=narrow)
    for i, words in named.items():
        _label(figure, axes, i, words, narrow=narrow)
    first = totals[order[0]]
    last = _n_named(order)
    best, worst = (f"1 to {last}", f"−1 to −{last}") if last > 1 else ("1", "−1")
    note = (
        f"A line is a point of the sweep. Blue, {best}: highest total welfare; brown, {worst}: lowest. "
        "Thin and pale: the effect on total welfare is not distinguishable from zero. Money: change against "
        f"{baseline_label}, {unit_text(first.unit)}, means over {counted(first.n_replicates, 'paired replicate')}; the "
        "interval of total welfare is shown on pointing at a line, all others are in the data."
    )
    height = AXIS * len(axes) + 30 if narrow else HEIGHT
    return theme.finish(
        figure, title(effects, levers), note, height=height, narrow=narrow, top=70 if not narrow else 30
    )


def _n_named(order: Sequence[int]) -> int:
    return min(N_NAMED, len(order) // 2)


def _named(order: Sequence[int]) -> dict[int, str]:
    """The places of the best and worst points in their order, and what they are called: `1`, `2`, and `−1`."""
    n, last = _n_named(order), len(order) - 1
    return {last - i: str(i + 1) for i in range(n)} | {i: f"−{i + 1}" for i in reversed(range(n))}


def title(effects: Frame, levers: Sequence[Mapping[str, Any]]) -> str:
    """At how many points total welfare rises or falls, and where it is highest."""
    totals = _totals(effects)
    signs = dict(zip(totals, est.claimed(list(totals.values())), strict=True))
    clear = [sign for sign in signs.values() if sign]
    n = counted(len(totals), "point")
    if not clear:
        return f"The effect on total welfare is not distinguishable from zero at any of {n}"
    best = max(totals, key=lambda scenario: totals[scenario].effect)
    parts = [f"{verb} at {number(k, 0)}" for sign, verb in ((1, "rises"), (-1, "falls")) if (k := clear.count(sign))]
    rows = effects[effects["scenario"] == best].iloc[0]
    place = listed(
        [f"{name_of(lever)} {lever_value(float(rows[lever['key']]), str(lever['unit']))}" for lever in levers]
    )
    e = totals[best]
    most = f"; most at {place}, {estimate(e.effect, e.low, e.high)} {unit_text(e.unit)}" if signs[best] else ""
    return f"Total welfare {listed(parts)} of {n}{most}"


def _totals(effects: Frame) -> dict[int, Estimate]:
    rows = effects[(effects["metric"] == WELFARE) & effects["effect"].notna()]
    return dict(zip(rows["scenario"].astype(int), est.estimates(rows), strict=True))


def _of_levers(effects: Frame, levers: Sequence[Mapping[str, Any]], order: Sequence[int]) -> list[_Axis]:
    rows = effects.drop_duplicates("scenario").set_index("scenario")
    axes = []
    for lever in levers:
        unit = str(lever["unit"])
        values = [float(v) for v in rows.loc[list(order), lever["key"]]]
        ticks = [min(values), max(values)] if max(values) > min(values) else values[:1]
        bare = unit if scale_of(unit).factor != 1.0 else ""
        name = name_of(lever) + (f", {scale_of(unit).level}" if unit else "")
        axes.append(_Axis(name, values, ticks, [lever_value(v, bare) for v in ticks]))
    return axes


def _of_money(effects: Frame, order: Sequence[int]) -> list[_Axis]:
    money = est.money(effects)
    axes = []
    for party, metric in est.MONEY.items():
        rows = money[(money["metric"] == metric) & money["effect"].notna()].set_index("scenario")["effect"]
        if set(order) <= set(rows.index):
            values = [float(v) for v in rows.loc[list(order)]]
            ends = sorted({min(values), max(values)})
            ticks = [ends[0], 0.0, ends[-1]] if ends[0] < 0.0 < ends[-1] else ends
            decimals = decimals_for(*ends)
            words = [number(v, decimals, signed=True) if v else "0" for v in ticks]
            axes.append(_Axis(parties.party_title(party), values, ticks, words))
    return axes


def _loudness(i: int, total: Estimate, named: Mapping[int, str]) -> tuple[bool, bool]:
    return i in named, bool(total.sign)


def _line(axes: Sequence[_Axis], i: int, total: Estimate, name: str | None, *, narrow: bool) -> go.Scatter:
    places = [axis.place(axis.values[i]) for axis in axes]
    steps = [float(k) for k in range(len(axes))]
    colour = MIDDLE if name is None else WORST if name.startswith("−") else BEST
    words = [f"{axis.name}: {_value(axis, i)}" for axis in axes[:-1]]
    words.append(f"{axes[-1].name}: {estimate(total.effect, total.low, total.high)}")
    return go.Scatter(
        x=places if narrow else steps,
        y=steps if narrow else places,
        mode="lines+markers",
        name=theme.text(name or ""),
        line={"color": colour, "width": (3.0 if name else 1.6) if total.sign else 1.0},
        opacity=(1.0 if name else 0.55) if total.sign else 0.4,
        marker={"size": 5 if name else 3, "color": colour},
        text="<br>".join(theme.text(w) for w in words),
        hovertemplate="%{text}<extra></extra>",
    )


def _value(axis: _Axis, i: int) -> str:
    return number(axis.values[i], decimals_for(*axis.ticks))


def _draw_axes(figure: go.Figure, axes: Sequence[_Axis], *, narrow: bool) -> None:
    """An upright line an axis, its name above and the ends of its values beside; when narrow, a lying one."""
    for k, axis in enumerate(axes):
        ends = {"x0": 0, "x1": 1, "y0": k, "y1": k} if narrow else {"x0": k, "x1": k, "y0": 0, "y1": 1}
        figure.add_shape(type="line", **ends, line={"color": theme.INK, "width": 1.2}, layer="below")
        name = f"<b>{theme.lines(axis.name, 44 if narrow else 15)}</b>"
        where = (
            {"x": 0, "y": k, "xanchor": "left", "yanchor": "bottom", "yshift": 8}
            if narrow
            else {"x": k, "y": 1, "xanchor": "center", "yanchor": "bottom", "yshift": 18}
        )
        figure.add_annotation(text=name, showarrow=False, font={"size": 12}, align="center", **where)
        for value, words in zip(axis.ticks, axis.words, strict=True):
            place = axis.place(value)
            is_crowded = 0 < place < 1 and min(place, 1 - place) < (CROWDED if narrow else CROWDED / 3)
            _tick(figure, place, k, "" if is_crowded else words, narrow=narrow)
    if narrow:
        figure.update_xaxes(range=[-0.06, 1.1], visible=False)
        figure.update_yaxes(range=[len(axes) - 0.5, -0.6], visible=False)
    else:
        figure.update_xaxes(range=[-0.45, len(axes) - 1 + 0.35], visible=False)
        figure.update_yaxes(range=[-0.09, 1.0], visible=False)


def _tick(figure: go.Figure, place: float, k: int, words: str, *, narrow: bool) -> None:
    font = {"size": 11, "color": theme.MUTED}
    if narrow:
        side = "left" if place == 0 else "right" if place == 1 else "center"
        where = {"x": place, "y": k, "yanchor": "top", "yshift": -4, "xanchor": side}
    elif place in (0, 1):
        where = {"x": k, "y": place, "yanchor": "top" if place == 0 else "bottom", "yshift": -3 if place == 0 else 3}
    else:
        where = {"x": k, "y": place, "xanchor": "left", "xshift": 5}
    figure.add_annotation(text=words, showarrow=False, font=font, **where)
    if 0 < place < 1:  # zero
        mark = {"x0": place, "x1": place, "y0": k - 0.12, "y1": k + 0.12}
        mark = mark if narrow else {"x0": k - 0.06, "x1": k + 0.06, "y0": place, "y1": place}
        figure.add_shape(type="line", **mark, line={"color": theme.INK, "width": 1.6})


def _label(figure: go.Figure, axes: Sequence[_Axis], i: int, words: str, *, narrow: bool) -> None:
    """The number of a point at the end of its line."""
    k, place = len(axes) - 1, axes[-1].place(axes[-1].values[i])
    where = {"x": place, "y": k, "yshift": -28} if narrow else {"x": k, "y": place, "xshift": 14}
    colour = WORST if words.startswith("−") else BEST
    figure.add_annotation(text=f"<b>{words}</b>", showarrow=False, font={"size": 12, "color": colour}, **where)
