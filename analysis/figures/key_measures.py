"""Everything but money, measure by measure, as a change in per cent of its level without the policy."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.result import Frame
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording.findings import levels
from analysis.wording.numbers import capital, counted, estimate, listed, number, wrapped

LINE, GAP = 17, 11  # pixels: a line of words, and what is left between two measures
NAME_WIDTH, NARROW_NAME, LEVELS_WIDTH = 36, 24, 30  # letters
GROUPS = (*est.PARTIES, "market")
FAR = 16.0  # times the typical change: an effect further out would squeeze all others


@dataclass(frozen=True)
class _Row:
    """One measure on the picture: its words, and the middle of its place in pixels from the top."""

    e: Estimate
    name: str
    levels: str
    y: float


def key_measures(effects: Frame, *, baseline_label: str = "no policy", narrow: bool = False) -> go.Figure:
    """Dots with 95% intervals, one a measure, levels in words; `effects` holds one scenario.

    A measure that is zero without the policy, or turns its sign, has no per cent; it is left to the table. An
    effect far beyond the others is an arrow at the edge with its number.
    """
    rows, height = _placed(effects, narrow)
    edge = _edge([r.e for r in rows])
    figure = go.Figure()
    theme.zero_line(figure)
    for r in rows:
        figure.add_trace(_dot(r, edge))
        _beside(figure, r, edge, narrow)
    figure.update_yaxes(
        tickvals=[r.y for r in rows],
        ticktext=[r.name for r in rows],
        range=[height, 0],
        tickfont={"color": theme.INK, "size": 13},
        ticklabelstandoff=6,
    )
    axis = f"change against {baseline_label}, % of its level"
    figure.update_xaxes(
        title_text=theme.lines(axis, 26 if narrow else 60),
        nticks=5 if narrow else 7,
        tickangle=0,
        range=_range([r.e for r in rows], edge),
    )
    note = f"Dots: means. Whiskers: 95% intervals. Hollow: not distinguishable from zero.{_left_out(effects)}"
    right = 14
    if not narrow:
        right = 24 + 7 * max((len(part) for r in rows for part in r.levels.split("<br>")), default=0)
    finding = title([r.e for r in rows])
    return theme.finish(figure, finding, note, height=round(height) + 64, narrow=narrow, right=right, top=20)


def shown(effects: Frame) -> list[Estimate]:
    """The measures that have a change in per cent, party by party."""
    rows = [e for e in est.estimates(est.key_measures(effects)) if e.relative is not None]
    order = {party: place for place, party in enumerate(GROUPS)}
    return sorted(rows, key=lambda e: order.get(e.party, len(order)))


def title(rows: list[Estimate]) -> str:
    """How many measures move, and which moves most of its level."""
    clear = [e for e in rows if e.sign]
    if not clear:
        return "No effect on any of these measures is distinguishable from zero"
    most = max(clear, key=lambda e: abs(_percent(e)[0]))
    n = f"{number(len(clear), 0)} of {counted(len(rows), 'measure')}"
    moves = "changes" if len(clear) == 1 else "change"
    numbers = estimate(*_percent(most)).replace(" [", "% [", 1)
    return f"{n} {moves}; {most.title[:1].lower()}{most.title[1:]} most, by {numbers} of its level"


def _percent(e: Estimate) -> tuple[float, float, float]:
    effect, low, high = e.relative or (0.0, 0.0, 0.0)
    return 100 * effect, 100 * low, 100 * high


def _left_out(effects: Frame) -> str:
    rows = est.estimates(est.key_measures(effects))
    names = [e.title[:1].lower() + e.title[1:] for e in rows if e.relative is None]
    return f" In the table only, because a percentage is not defined: {listed(names)}." if names else ""


def _placed(effects: Frame, narrow: bool) -> tuple[list[_Row], float]:
    """The rows from top to bottom, each as high as its words, parties a little apart; and the height of all."""
    rows: list[_Row] = []
    y, party = 0.0, None
    small = f"<span style='font-size:11px;color:{theme.MUTED}'>{{}}</span>"
    for e in shown(effects):
        beside = theme.lines(levels(e, "→"), LEVELS_WIDTH)
        lines = [theme.text(t) for t in wrapped(capital(e.title), NARROW_NAME if narrow else NAME_WIDTH)]
        if narrow:
            lines += [small.format(part) for part in beside.split("<br>")]
        high = GAP + LINE * max(len(lines), 1 if narrow else beside.count("<br>") + 1)
        y += GAP if party not in (None, e.party) else 0.0
        rows.append(_Row(e, "<br>".join(lines), beside, y + high / 2))
        y, party = y + high, e.party
    return rows, max(y, LINE)


def _edge(rows: list[Estimate]) -> float:
    """How far the axis reaches on either side, unless everything lies nearer."""
    sizes = sorted(abs(_percent(e)[0]) for e in rows)
    typical = sizes[int(0.75 * (len(sizes) - 1))] if sizes else 1.0
    return max(FAR * typical, 5.0)


def _range(rows: list[Estimate], edge: float) -> list[float]:
    ends = [v for e in rows for v in (_percent(e) if e.has_interval else _percent(e)[:1])]
    low, high = max(min([0.0, *ends]), -edge), min(max([0.0, *ends]), edge)
    room = 0.06 * ((high - low) or 1.0)
    return [low - room, high + room]


def _dot(r: _Row, edge: float) -> go.Scatter:
    effect, low, high = _percent(r.e)
    colour = theme.colour(r.e.party)
    is_far = abs(effect) > edge
    arrow = "triangle-left" if effect < 0 else "triangle-right"
    bar = theme.error_bar([r.e], 100 / abs(r.e.baseline), ink=colour)
    return go.Scatter(
        x=[max(min(effect, edge), -edge)],
        y=[r.y],
        name=theme.text(r.e.title),
        mode="markers",
        error_x={"visible": False} if is_far else bar,
        marker={
            "size": 10,
            "symbol": arrow if is_far else theme.symbol(r.e.party),
            "color": colour if r.e.sign else theme.PAPER,
            "line": {"color": colour, "width": 2},
        },
        hovertemplate=f"{theme.text(r.e.title)}<br>{r.levels}<br>{estimate(effect, low, high)} %<extra></extra>",
    )


def _beside(figure: go.Figure, r: _Row, edge: float, narrow: bool) -> None:
    """The levels to the right of the picture, and the number of an effect beyond its edge."""
    effect, low, high = _percent(r.e)
    if abs(effect) > edge:
        figure.add_annotation(
            x=edge if effect > 0 else -edge,
            y=r.y,
            text=estimate(effect, low, high).replace(" [", "% [", 1),
            showarrow=False,
            xanchor="right" if effect > 0 else "left",
            xshift=-12 if effect > 0 else 12,
            font={"size": 12, "color": theme.colour(r.e.party)},
        )
    if not narrow:
        words = {"text": r.levels, "font": {"size": 13}, "align": "left", "xanchor": "left", "xshift": 14}
        figure.add_annotation(x=1, xref="paper", y=r.y, showarrow=False, **words)
