"""Draw docs/architecture.svg: the rooms of the house from top to bottom, a line each.

    python docs/architecture.py

Run it again after a room has been added or has moved; a test compares the picture with the folders and with this file.
The picture brings its own background, so that it reads on light and dark pages alike.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import NamedTuple

PICTURE = Path(__file__).with_suffix(".svg")
WIDTH, MARGIN, GAP, PAD = 1000, 16, 8, 12
HEADING, ROW, TITLE = 38, 44, 58


class Floor(NamedTuple):
    """A top-level folder: what it is for, and its rooms row by row; a row imports only what lies below it."""

    name: str
    purpose: str
    rows: tuple[tuple[tuple[str, str], ...], ...]


FLOORS = (
    Floor(
        "platform_lab",
        "the front door: import platform_lab as lab",
        (
            (
                (
                    "compare · sweep · run · calibrate · validate · list · report · load · query · model",
                    "the verbs of the command line, typed",
                ),
            ),
        ),
    ),
    Floor(
        "experiments",
        "questions put to the economy: what is asked, how it runs, what is kept",
        (
            (
                ("cli · one file a verb", "run, compare, sweep, calibrate, ..."),
                ("dashboard", "a local page to explore rules"),
                ("gallery", "draws every figure"),
            ),
            (
                ("validation", "cases with a known answer"),
                ("trajectories", "single agents, week by week"),
                ("results", "from runs to effects"),
            ),
            (
                ("running", "plan, pools, workers, snapshots"),
                ("storage", "the one place that knows file formats"),
                ("catalogue", "what can be chosen"),
            ),
            (("request", "overrides, designs, files of others"), ("terminal", "tables and progress")),
        ),
    ),
    Floor(
        "analysis",
        "from tables to numbers, sentences and pictures: no model, no files",
        (
            (("report", "one page that opens offline"), ("figures", "one function a figure")),
            (
                ("wording", "findings in sentences, units"),
                ("statistics", "effects, intervals, variance"),
                ("result · tables", "what one result holds"),
            ),
        ),
    ),
    Floor(
        "sim",
        "the economy: agents, rules, money and weeks",
        (
            (
                ("model · batch", "the economy as a Mesa model"),
                ("snapshot", "a market kept between two weeks"),
                ("scenario", "what a run is built from, validated"),
            ),
            (
                ("tick", "one week, phase by phase"),
                ("theory", "markets whose answer is known"),
                ("agents", "platforms and departments decide"),
            ),
            (
                ("mesa_view", "rows of tables as Mesa agents"),
                ("forecast", "the mean-field model"),
                ("enforcement", "inspections, cases, fines"),
            ),
            (
                ("market", "one mechanism of the week a file"),
                ("policy", "one rule a file, by subject; law/ as data"),
                ("metrics · opening", "what is measured; the first week"),
            ),
            (
                ("world", "what the phases of a week share"),
                ("rules", "surfaces that rules may act on"),
                ("game", "objectives, strategies, learning"),
            ),
            (
                ("populations", "all state, as columns"),
                ("ledger", "money in whole cents, to zero"),
                ("formulas · lending", "each equation once"),
            ),
            (
                ("randomness", "draws keyed by identity and week"),
                ("kernels", "compiled loops, same bits everywhere"),
                ("parameters · strict · errors · renamed", "numbers, checks, refusals"),
            ),
        ),
    ),
)
STYLE = """
    .page { fill: #ffffff; } .floor { fill: #eef2f6; stroke: #c6d0da; } .room { fill: #ffffff; stroke: #d5dde5; }
    .name { fill: #12344d; } .line { fill: #46535f; } .arrow { stroke: #46535f; fill: none; }
    text { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
    .mono { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-weight: 600; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #10161c; } .floor { fill: #1a232c; stroke: #354352; } .room { fill: #222d38; stroke: #3a4958; }
      .name { fill: #a9d3f2; } .line { fill: #c3ced8; } .arrow { stroke: #c3ced8; }
    }
"""


def _text(x: float, y: float, size: int, kind: str, words: str) -> str:
    return f'  <text x="{x:g}" y="{y:g}" font-size="{size}" class="{kind}">{escape(words)}</text>'


def _box(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'  <rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6" class="{kind}"/>'


def _floor(floor: Floor, top: float) -> tuple[list[str], float]:
    """The shapes of a floor, and its height."""
    left, width = MARGIN, WIDTH - 2 * MARGIN
    height = HEADING + len(floor.rows) * (ROW + GAP) + PAD - GAP
    shapes = [
        _box(left, top, width, height, "floor"),
        _text(left + PAD, top + 25, 17, "mono name", floor.name),
        _text(left + PAD + 11.5 * len(floor.name) + 14, top + 25, 14, "line", floor.purpose),
    ]
    for number, row in enumerate(floor.rows):
        each = (width - 2 * PAD - GAP * (len(row) - 1)) / len(row)
        y = top + HEADING + number * (ROW + GAP)
        for place, (name, line) in enumerate(row):
            x = left + PAD + place * (each + GAP)
            shapes.append(_box(x, y, each, ROW, "room"))
            shapes.append(_text(x + 10, y + 18, 13, "mono name", name))
            shapes.append(_text(x + 10, y + 35, 13, "line", line))
    return shapes, height


def drawn() -> str:
    """The picture as SVG."""
    shapes: list[str] = []
    top = float(TITLE)
    for floor in FLOORS:
        of_floor, height = _floor(floor, top)
        shapes += of_floor
        top += height + 2 * GAP
    title = "Imports go down only: no room knows what lies above it."
    bottom = top - 2 * GAP + MARGIN
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom:g}" role="img"'
            ' aria-labelledby="title description">',
            '  <title id="title">The rooms of Platform Lab</title>',
            f'  <desc id="description">{escape(title)}</desc>',
            f"  <style>{STYLE}  </style>",
            f'  <rect width="{WIDTH}" height="{bottom:g}" class="page"/>',
            f'  <path d="M {MARGIN + 18} 20 v 22 m -6 -7 l 6 7 l 6 -7" stroke-width="2" class="arrow"/>',
            _text(MARGIN + 40, 37, 15, "line", title),
            *shapes,
            "</svg>\n",
        )
    )


if __name__ == "__main__":
    PICTURE.write_text(drawn(), "utf-8")
