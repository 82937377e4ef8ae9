"""Cash flows of an average week: who pays whom how much and for what, without the policy and with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from analysis.figures import theme
from analysis.result import Frame
from analysis.wording import payments
from analysis.wording.numbers import capital, counted, decimals_for, estimate, interval, number, unit_text
from analysis.wording.payments import GATHERED, Payment

WIDTH = 105  # pixels of the side that pays or receives most
LINE, GAP, PARTY_GAP, HEAD = 14, 9, 12, 22  # pixels: a line of words, between ribbons, between parties, a heading
BAR = 0.022  # of a diagram's width: the bar of a party
FLAT = (0.3, 0.72)  # between these the ribbons run level, below their words
APART, BETWEEN = 1.07, 46  # from one diagram to the next: in widths, and in pixels when narrow
LETTERS, NARROW_LETTERS = 40, 30
STRONG, PALE = 0.62, 0.28
CURVE = np.linspace(0.0, 1.0, 22)
SMOOTH = CURVE * CURVE * (3.0 - 2.0 * CURVE)


class _Ribbon(NamedTuple):
    """A payment with the upper ends of its ribbon at the payer, in the middle and at the payee, and its height."""

    payment: Payment
    start: float
    middle: float
    end: float
    height: float


@dataclass(frozen=True)
class _Diagram:
    """The places of one diagram in pixels from its top."""

    ribbons: list[_Ribbon]
    bars: list[tuple[str, bool, float, float]]
    """Party, whether it pays, and the upper and lower end of its bar."""
    height: float


def cash_flows(effects: Frame, *, baseline_label: str = "no policy", narrow: bool = False) -> go.Figure:
    """Ribbons as high as what is paid, in the payer's colour, on the same scale without and with the policy.

    `effects` holds one scenario. The two diagrams stand beside one another, when narrow below.
    """
    flows = payments.payments(effects)
    if not flows:
        raise ValueError("there are no payments between parties among the effects")
    drawn = payments.gathered(flows)
    letters = NARROW_LETTERS if narrow else LETTERS
    scale = WIDTH / max(_largest_side(drawn), 1e-9)
    figure, depth = go.Figure(), 0.0
    for place, (side, name) in enumerate((("baseline", capital(baseline_label)), ("policy", "With the policy"))):
        diagram = _placed(drawn, side, scale, letters)
        x, y = (0.0, place * (depth + BETWEEN)) if narrow else (place * APART, 0.0)
        _draw(figure, diagram, side, (x, y + HEAD), letters)
        figure.add_annotation(_words(f"<b>{theme.lines(name, 40)}</b>", x, y, "left", 14))
        depth = max(depth, diagram.height + HEAD)
    whole = 2 * depth + BETWEEN if narrow else depth
    figure.update_xaxes(range=[0, 1 if narrow else 1 + APART], visible=False)
    figure.update_yaxes(range=[whole, -4], visible=False)
    note = _note(flows, drawn)
    return theme.finish(figure, payments.title(flows), note, height=round(whole) + 20, narrow=narrow, top=12)


def _note(flows: Sequence[Payment], drawn: Sequence[Payment]) -> str:
    e = flows[0].change
    combined = " Small payments are combined." if any(p.what == GATHERED for p in drawn) else ""
    return (
        f"Ribbons, from the payer on the left to the payee: {unit_text(e.unit)}, means over "
        f"{counted(e.n_replicates, 'paired replicate')}; brackets: changes with 95% intervals. Pale: the change "
        f"is not distinguishable from zero.{combined} Others: owners, suppliers, customers off the platforms, banks, "
        "insurers. Payments among them, within the state and between platforms are left out."
    )


def _largest_side(drawn: Sequence[Payment]) -> float:
    sides = [
        sum(getattr(p.change, side) for p in drawn if getattr(p, end) == party)
        for side in ("baseline", "policy")
        for end in ("payer", "payee")
        for party in payments.SIDES
    ]
    return max(sides)


def _placed(drawn: Sequence[Payment], side: str, scale: float, letters: int) -> _Diagram:
    """Ribbons in the middle one below another, parties on both sides as near to their ribbons as they can be."""
    heights = [max(getattr(p.change, side), 0.0) * scale for p in drawn]
    middles, y = [], 0.0
    for i, (p, height) in enumerate(zip(drawn, heights, strict=True)):
        y += GAP if i and drawn[i - 1].payer == p.payer else PARTY_GAP if i else 0.0
        y += LINE * len(_lines_of(p, side, letters))
        middles.append(y)
        y += max(height, 1.0)
    starts, ends = [0.0] * len(drawn), [0.0] * len(drawn)
    bars, deepest = [], y
    for pays, places in ((True, starts), (False, ends)):
        below = 0.0
        for party in payments.SIDES:
            mine = [i for i, p in enumerate(drawn) if (p.payer if pays else p.payee) == party]
            if not mine:
                continue
            whole = sum(heights[i] for i in mine)
            centre = sum(middles[i] + heights[i] / 2 for i in mine) / len(mine)
            top = max(below + LINE + 3, centre - whole / 2)
            below = top
            for i in mine:
                places[i] = below
                below += heights[i]
            bars.append((party, pays, top, max(below, top + 2)))
            below = bars[-1][3] + PARTY_GAP
        deepest = max(deepest, below)
    ribbons = [_Ribbon(*row) for row in zip(drawn, starts, middles, ends, heights, strict=True)]
    return _Diagram(ribbons, bars, deepest)


def _draw(figure: go.Figure, diagram: _Diagram, side: str, at: tuple[float, float], letters: int) -> None:
    x, y = at
    for r in diagram.ribbons:
        figure.add_trace(_ribbon(r, side, x, y))
        lines = _lines_of(r.payment, side, letters)
        text = "<br>".join(lines)
        top = y + r.middle - LINE * len(lines) - 2
        figure.add_annotation(_words(text, x + sum(FLAT) / 2, top, "center", 12))
    for party, pays, top, bottom in diagram.bars:
        left = x if pays else x + 1 - BAR
        figure.add_shape(
            type="rect", x0=left, x1=left + BAR, y0=y + top, y1=y + bottom, fillcolor=_colour(party), line={"width": 0}
        )
        edge = ("left", x) if pays else ("right", x + 1)
        figure.add_annotation(_words(f"<b>{capital(party)}</b>", edge[1], y + top - LINE - 4, edge[0], 12))


def _words(text: str, x: float, y: float, align: str, font: int) -> dict[str, object]:
    return {
        "text": text,
        "x": x,
        "y": y,
        "xanchor": align,
        "yanchor": "top",
        "align": align,
        "showarrow": False,
        "font": {"size": font, "color": theme.INK},
        "borderpad": 0,
    }


def _colour(party: str) -> str:
    return theme.MUTED if party == payments.OTHERS else theme.colour(party)


def _ribbon(r: _Ribbon, side: str, x: float, y: float) -> go.Scatter:
    """A band from the payer to the payee, level in the middle."""
    first, last = x + BAR, x + 1 - BAR
    left, right = x + FLAT[0], x + FLAT[1]
    xs = np.concatenate([first + (left - first) * CURVE, right + (last - right) * CURVE])
    top = np.concatenate([r.start + (r.middle - r.start) * SMOOTH, r.middle + (r.end - r.middle) * SMOOTH]) + y
    height = max(r.height, 1.0)
    return go.Scatter(
        x=np.round([*xs, *xs[::-1]], 4).tolist(),
        y=np.round([*top, *(top + height)[::-1]], 1).tolist(),
        fill="toself",
        fillcolor=theme.faded(_colour(r.payment.payer), STRONG if r.payment.change.sign else PALE),
        line={"width": 0},
        mode="lines",
        hoveron="fills",
        text=_hover(r.payment, side),
        hoverinfo="text",
    )


def _amount(p: Payment, side: str) -> str:
    """The amount in as many digits as the change is known to."""
    e = p.change
    spread = (e.high - e.low) / 2 if e.has_interval and e.high > e.low else None
    return number(getattr(e, side), min(decimals_for(e.baseline, e.policy, spread=spread), 1))


def _change(p: Payment) -> str:
    """The change with its interval, where there is one that is not nothing."""
    e = p.change
    return estimate(e.effect, e.low, e.high) if e.has_interval and (e.effect or e.low < e.high) else ""


def _lines_of(p: Payment, side: str, letters: int) -> list[str]:
    """The lines above a ribbon: what it is for and how much; with the policy, by how much that changes."""
    lines = theme.lines(capital(p.what), letters).split("<br>")
    amount = f"<b>{_amount(p, side)}</b>"
    change = _change(p) if side == "policy" else ""
    if not change:
        return [*lines, amount]
    effect, _, ends = change.partition(" ")
    return [*lines, f"{amount}  ({f'<b>{effect}</b>' if p.change.sign else effect} {ends})"]


def _hover(p: Payment, side: str) -> str:
    e = p.change
    words = [
        f"{capital(p.payer)} to {p.payee}: {theme.text(p.what)}",
        f"{_amount(p, side)} {theme.text(unit_text(e.unit))}",
    ]
    if e.has_interval:
        decimals = decimals_for(e.effect, e.low, e.high, spread=(e.high - e.low) / 2)
        words.append(f"change {number(e.effect, decimals, signed=True)} {interval(e.low, e.high, decimals)}")
    return "<br>".join(words)
