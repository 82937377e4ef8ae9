"""One look for all figures: colours, type, axes, and how a figure carries its finding."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from analysis.wording.numbers import scale_of, wrapped

if TYPE_CHECKING:
    import plotly.graph_objects as go

INK, MUTED, GRID, RULE = "#1F262E", "#59636E", "#DDE2E7", "#8A949E"
TINT = "#E9EDF1"
PAPER = "#FEFEFE"
ON_TINT, ON_STRONG = "#111418", "#FFFFFF"
FONT = '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif'

# Chosen by search: under normal sight and three kinds of colour blindness any two of the five are at least 25
# apart in Lab, and each has a contrast of 4.5 on its page. The second colour is for dark pages.
PARTY_COLOURS = {
    "consumers": ("#1673CD", "#55BEFF"),
    "merchants": ("#A04813", "#F2B679"),
    "workers": ("#1A4C46", "#4C9A7C"),
    "platforms": ("#741F79", "#D06ABC"),
    "state": ("#7D7757", "#E4D9CD"),
}
NEUTRAL_COLOURS = {
    "ink": (INK, "#E6E9EC"),
    "muted": (MUTED, "#A7B0B9"),
    "grid": (GRID, "#313942"),
    "rule": (RULE, "#7C8792"),
    "tint": (TINT, "#2A323A"),
    "paper": (PAPER, "#14181D"),
}
SYMBOLS = {
    "consumers": "circle",
    "merchants": "square",
    "workers": "triangle-up",
    "platforms": "diamond",
    "state": "cross",
}
# Two tints meet at zero, so that the sign of a small effect can be seen.
DIVERGING = [(0.0, "#9A5310"), (0.5, "#F3E3CE"), (0.5, "#DDE9F5"), (1.0, "#12579E")]

# What a reader may do with a figure; nothing leaves the reader's computer.
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "displayModeBar": "hover",
    "responsive": True,
    "scrollZoom": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "modeBarButtonsToRemove": [
        *("sendChartToCloud", "sendDataToCloud", "editInChartStudio"),
        *("select2d", "lasso2d", "autoScale2d"),
    ],
}


def colour(party: str) -> str:
    """The fixed colour of a party; ink for what belongs to no party."""
    return PARTY_COLOURS.get(party, (INK,))[0]


def symbol(party: str) -> str:
    """The fixed mark of a party, so that colour is never the only difference."""
    return SYMBOLS.get(party, "circle")


def faded(hex_colour: str, opacity: float) -> str:
    """A colour with an opacity, as plotly wants it."""
    red, green, blue = (int(hex_colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def text(words: str) -> str:
    """Somebody's words inside a figure: plotly reads markup, so that it is taken out of them."""
    return escape(str(words), quote=False)


def lines(words: str, width: int) -> str:
    """Words over several lines of a figure."""
    return "<br>".join(text(line) for line in wrapped(words, width))


def change_axis(unit: str, against: str = "") -> str:
    """Title of an axis that shows changes."""
    return text(f"change{' against ' if against else ''}{against}, {scale_of(unit).change}")


def level_axis(unit: str) -> str:
    """Title of an axis that shows levels."""
    return text(scale_of(unit).level)


@functools.cache
def template() -> go.layout.Template:
    """The plotly template all figures share."""
    import plotly.graph_objects as go

    axis = {
        "automargin": True,
        "gridcolor": GRID,
        "linecolor": RULE,
        "tickcolor": RULE,
        "zeroline": False,
        "ticks": "",
        "tickfont": {"color": MUTED, "size": 13},
        "title": {"font": {"color": MUTED, "size": 13}, "standoff": 10},
        "tickformat": ",.6~f",
    }
    layout = go.Layout(
        font={"family": FONT, "size": 14, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=".\u202f",
        colorway=[light for light, _ in PARTY_COLOURS.values()],
        xaxis=axis,
        yaxis=axis,
        showlegend=False,
        hovermode="closest",
        hoverlabel={"font": {"family": FONT, "size": 13}, "align": "left"},
        dragmode=False,
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
        modebar={"orientation": "h", "bgcolor": "rgba(0,0,0,0)", "color": RULE, "activecolor": MUTED},
    )
    return go.layout.Template(layout=layout)


def finish(
    figure: go.Figure,
    finding: str,
    note: str,
    *,
    height: int,
    narrow: bool = False,
    top: int = 8,
    right: int = 12,
) -> go.Figure:
    """Give a figure its look, its finding as title and a note on how to read it.

    The words are kept in `layout.meta` as well, because a page sets them in its own type (`without_title`), with the
    title as it is drawn and the pixels it takes, so that the page can put it back into a picture that is saved.
    """
    heading = wrapped(finding, 40 if narrow else 84)
    small = wrapped(note, 46 if narrow else 120)
    title = "<br>".join([*(f"<b>{text(line)}</b>" for line in heading), *(text(line) for line in small)])
    space = 24 + 21 * len(heading) + 21 * len(small)
    figure.update_layout(
        template=template(),
        height=height + space,
        margin={"l": 8, "r": right, "t": top + space, "b": 8},
        meta={"finding": finding, "note": note, "height": height, "top": top, "title": title, "space": space},
        title={
            "text": title,
            "font": {"size": 15, "color": INK},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1 - 18 / (height + space),
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": 8},
        },
    )
    return figure


def words_of(figure: Any) -> dict[str, Any]:
    """Finding and note of a figure, and the height it has without them."""
    return figure.layout.meta


def without_title(figure: go.Figure) -> go.Figure:
    """The same figure for a page that prints finding and note itself."""
    import plotly.graph_objects as go

    meta = words_of(figure)
    bare = go.Figure(figure)
    bare.update_layout(title={"text": ""}, height=meta["height"], margin={"t": meta["top"]})
    return bare


def zero_line(figure: Any, axis: str = "x", **where: Any) -> None:
    """A firm line where nothing changes."""
    draw = figure.add_vline if axis == "x" else figure.add_hline
    draw(0, line={"color": RULE, "width": 1.4}, layer="below", **where)


def week_line(figure: Any, week: int, **where: Any) -> None:
    """A dashed line where a rule starts."""
    figure.add_vline(week, line={"color": INK, "width": 1, "dash": "dash"}, **where)


def error_bar(rows: Sequence[Any], factor: float = 1.0, *, ink: str = INK, **look: Any) -> dict[str, Any]:
    """Whiskers from the intervals of estimates; none where there is no interval."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [(e.high - e.effect) * factor if e.has_interval else 0.0 for e in rows],
        "arrayminus": [(e.effect - e.low) * factor if e.has_interval else 0.0 for e in rows],
        "color": ink,
        "thickness": 1.6,
        "width": 4,
        **look,
    }


def spread(places: Sequence[float], gap: float) -> list[float]:
    """The places moved apart, as little as needed, until neighbours are `gap` away from each other."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    groups: list[list[int]] = []
    for i in order:
        groups.append([i])
        while len(groups) > 1:
            below, above = groups[-2], groups[-1]
            if _middle(above, places) - _middle(below, places) >= gap * (len(above) + len(below)) / 2:
                break
            groups[-2:] = [below + above]
    moved = list(places)
    for group in groups:
        start = _middle(group, places) - gap * (len(group) - 1) / 2
        for step, i in enumerate(group):
            moved[i] = start + gap * step
    return moved


def _middle(group: Sequence[int], places: Sequence[float]) -> float:
    return sum(places[i] for i in group) / len(group)
