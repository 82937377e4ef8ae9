"""Pages of the gallery: one a figure, and one with all of them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.figures.catalogue import Entry

THUMBNAIL = 320
HEAD = """# Figures

Every figure of Platform Lab: the question it answers, a picture, and the lines that make it. Pictures come from small
experiments and show what a figure looks like, not what a rule does: for that, run more replicates. `make gallery` makes
this folder again.

Every function but those of validations takes `narrow=True` for a narrow column, and returns a
`plotly.graph_objects.Figure`. Most of them appear in reports; `platform-lab report RESULT --export DIR` writes those of
one result as PNG and SVG, with their data.

| | question | needs |
|---|---|---|
"""


def page(one: Entry, finding: str, words: tuple[str, ...]) -> str:
    """A figure's page: question, picture, what it is drawn from, and the lines that make it.

    `words` are the verb and overrides of the experiment that the picture comes from.
    """
    from analysis.figures.catalogue import FOLDER

    asked = shlex.join(["platform-lab", *words])
    return (
        f"# {one.question}\n\n`{one.draw.__module__}.{one.name}`\n\n![{finding}]({one.name}.png)\n\n"
        f"Shows `{one.table}` of a result folder, columns {one.columns}.\n\n"
        f"```python\n{one.code}\n```\n\n`{FOLDER}` is a result folder. The picture comes from this one:\n\n"
        f"```sh\n{asked}\n```\n\n[All figures](README.md)\n"
    )


def overview(catalogue: tuple[Entry, ...]) -> str:
    """The page of all figures, with thumbnails."""
    rows = [
        f'| [<img src="{one.name}.png" width="{THUMBNAIL}" alt="{one.name}">]({one.name}.md) '
        f"| [{one.question}]({one.name}.md) | `{one.table}` |"
        for one in catalogue
    ]
    return HEAD + "\n".join(rows) + "\n"
