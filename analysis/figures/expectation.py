"""What averages expect of a rule, and what agents find: the parties' money, before and while runs come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.statistics.estimates import Estimate
from analysis.wording import parties
from analysis.wording.findings import who
from analysis.wording.numbers import counted, estimate, listed, number, uncapital
from analysis.wording.parties import agree

ROW, TALL_ROW = 52, 62
SMALL = 0.02
"""Of the largest expected effect: what is less is not named in the title."""


@dataclass(frozen=True)
class Expectation:
    """One party's money: the rule by itself, with platforms' answer where that is known, and agents' estimate."""

    party: str
    title: str
    unit: str
    by_itself: float | None
    """None for what averages leave a part out of, such as all parties together."""
    with_answer: float | None = None
    agents: Estimate | None = None

    @property
    def expected(self) -> float | None:
        """The most complete expectation there is, if any."""
        return self.by_itself if self.with_answer is None else self.with_answer


def expectation(rows: Sequence[Expectation], *, baseline_label: str = "no policy", narrow: bool = False) -> go.Figure:
    """Pale bars are what averages expect; marks with 95% intervals are what agents found so far.

    An outline is the rule by itself where platforms' answer is known too.
    """
    names = [_name(row, narrow) for row in rows]
    figure = go.Figure(_bars(rows, names))
    if any(row.with_answer is not None for row in rows):
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
        autorange="reversed", showgrid=False, tickfont={"color": theme.INK, "size": 14},
        categoryorder="array", categoryarray=names,
    )  # fmt: skip
    figure.update_layout(barmode="overlay")
    height = 70 + (TALL_ROW if narrow else ROW) * len(rows)
    right = 12 if narrow else 170
    return theme.finish(figure, title(rows), note(rows), height=height, narrow=narrow, right=right, top=16)


def title(rows: Sequence[Expectation]) -> str:
    """Who gains and who loses: by agents where they were asked, else as averages expect."""
    parties = [row for row in rows if row.party != "welfare"]
    found = [row.agents for row in parties if row.agents is not None]
    if found and any(e.has_interval for e in found):
        return who(found)
    known = {row.party: row.expected for row in parties if row.expected is not None}
    largest = max(map(abs, known.values()), default=0.0)
    moved = {party: effect for party, effect in known.items() if abs(effect) > SMALL * largest}
    sides = [([p for p, e in moved.items() if (e > 0) == up], verb) for up, verb in ((True, "gain"), (False, "lose"))]
    sentence = [agree(names, verb) for names, verb in sides if names]
    return f"Averages expect that {uncapital(listed(sentence))}" if sentence else "Averages expect no change"


def note(rows: Sequence[Expectation]) -> str:
    """How to read the figure."""
    n = max((row.agents.n_replicates for row in rows if row.agents is not None), default=0)
    words = "Pale bars: what averages expect in the long run, without chance."
    if any(row.with_answer is not None for row in rows):
        words += " Outlines: the rule by itself, while platforms stay put."
    if n:
        words += f" Marks: agents, means over {counted(n, 'paired replicate')}; whiskers: 95% intervals."
    return words


def _bars(rows: Sequence[Expectation], names: list[str]) -> go.Bar:
    look = {"color": [theme.colour(row.party) for row in rows], "opacity": 0.4, "line": {"width": 0}}
    return _across(names, [row.expected for row in rows], 0.56, look, "averages expect")


def _outlines(rows: Sequence[Expectation], names: list[str]) -> go.Bar:
    look = {"color": "rgba(0,0,0,0)", "line": {"width": 1.4, "color": theme.RULE}}
    return _across(names, [row.by_itself for row in rows], 0.7, look, "the rule by itself")


def _across(
    names: list[str], values: list[float | None], width: float, look: dict[str, object], words: str
) -> go.Bar:  # fmt: skip
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
    """What is expected and, in bold where it can be told from zero, what agents found."""
    small = f"<span style='font-size:12px;color:{theme.MUTED}'>Expected {{}}</span>"
    expected = "" if row.expected is None else small.format(number(row.expected, signed=True))
    between = between if expected else ""
    if row.agents is None:
        return expected
    e = row.agents
    if not e.has_interval:
        return f"{number(e.effect, signed=True)}{between}{expected}"
    words = estimate(e.effect, e.low, e.high)
    return f"{'<b>' * bool(e.sign)}{words.replace(' [', '</b> [' if e.sign else ' [', 1)}{between}{expected}"
