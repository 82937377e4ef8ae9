"""The evidence as a plain table: observed value, accepted range, simulated value, and the verdict."""

from __future__ import annotations

import plotly.graph_objects as go

from analysis.figures import theme
from analysis.result import Frame
from analysis.wording import evidence
from analysis.wording.numbers import wrapped

LINE, PAD = 17, 10  # pixels
WIDE = {"what": (0.0, 40), "fact": (0.34, 20), "accepted": (0.50, 18), "laboratory": (0.655, 27), "verdict": (0.90, 10)}
"""Column: where it begins, as a part of the width, and letters that fit in a line."""
NARROW_LETTERS = 50
MARKS = {evidence.MET: "✓ met", evidence.MISSED: "✗ missed"}


def evidence_table(frame: Frame, *, narrow: bool = False) -> go.Figure:
    """One row a fact, misses in bold; `frame` is `evidence.of_moments` or `evidence.of_cases`.

    When narrow, every fact is a few lines below one another.
    """
    if frame.empty:
        raise ValueError("there are no facts to compare the model with")
    figure = go.Figure(go.Scatter(x=[None], y=[None], mode="markers", hoverinfo="skip"))
    height = _stacked(figure, frame) if narrow else _columns(figure, frame)
    figure.update_xaxes(range=[0, 1], visible=False)
    figure.update_yaxes(range=[height, 0], visible=False)
    note = (
        "Brackets: 95% intervals over replicates. A fact is met where the simulated mean lies in the accepted range. "
        "Input: given to the model, so that meeting it proves nothing."
    )
    return theme.finish(figure, evidence.summary(frame), note, height=round(height) + 16, narrow=narrow, top=8)


def _columns(figure: go.Figure, frame: Frame) -> float:
    y = 0.0
    for column, (x, _) in WIDE.items():
        _cell(figure, x, y + PAD / 2, evidence.HEADS[column], colour=theme.MUTED)
    y += LINE + PAD
    _rule(figure, y, theme.RULE)
    for row in frame.to_dict("records"):
        cells = {column: wrapped(_cell_text(row, column), letters) for column, (_, letters) in WIDE.items()}
        for column, lines in cells.items():
            words = "<br>".join(theme.text(line) for line in lines)
            is_loud = row["verdict"] == evidence.MISSED and column in ("what", "verdict")
            _cell(figure, WIDE[column][0], y + PAD / 2, f"<b>{words}</b>" if is_loud else words)
        y += LINE * max(len(lines) for lines in cells.values()) + PAD
        _rule(figure, y, theme.GRID)
    return y


def _stacked(figure: go.Figure, frame: Frame) -> float:
    y = 0.0
    for row in frame.to_dict("records"):
        sentence = [f"{MARKS.get(row['verdict'], row['verdict'])}; simulated: {row['laboratory']}"]
        sentence.append(f"observed: {row['fact'] or 'no exact value'}; accepted: {row['accepted']}")
        lines = [f"<b>{theme.text(line)}</b>" for line in wrapped(str(row["what"]), NARROW_LETTERS - 4)]
        lines += [theme.text(line) for words in sentence for line in wrapped(words, NARROW_LETTERS)]
        _cell(figure, 0.0, y + PAD / 2, "<br>".join(lines))
        y += LINE * len(lines) + PAD
        _rule(figure, y, theme.GRID)
    return y


def _cell_text(row: dict[str, str], column: str) -> str:
    return MARKS.get(row[column], str(row[column])) if column == "verdict" else str(row[column])


def _cell(figure: go.Figure, x: float, y: float, words: str, colour: str = theme.INK) -> None:
    place = {"x": x, "xref": "paper", "y": y, "xanchor": "left", "yanchor": "top", "align": "left", "borderpad": 0}
    figure.add_annotation(text=words, showarrow=False, font={"size": 13, "color": colour}, **place)


def _rule(figure: go.Figure, y: float, colour: str) -> None:
    line = {"color": colour, "width": 1}
    figure.add_shape(type="line", x0=0, x1=1, xref="paper", y0=y, y1=y, line=line, layer="below")
