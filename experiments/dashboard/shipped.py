"""Results of validation that ship with the project: pages of `docs/reports`, read as tables.

They are the pages that `platform-lab validate` writes, and those that hold a market's moments against its facts. A
wheel carries a copy beside the code.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGES = ("validation_theory.md", "validation_evidence.md", "validation_mean_field.md")
MARKETS = ("food_delivery.md", "other_markets.md")
COPY = "_reports"
"""Where a wheel has them, beside `_configs`."""
FACTS = ("moment", "role", "target")
"""How the head of a table of facts begins."""
JUDGED = ("pass", "miss")
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Table:
    """A table, where it stands, and what is said above it."""

    section: str
    words: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Page:
    """One page: its title, its first paragraph, and its tables."""

    file: str
    title: str
    words: str
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Suite:
    """Verdicts of one suite: a sentence, and the rows that were judged, each behind the name of its case."""

    name: str
    file: str
    summary: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_shown: int
    """Quantities without a target."""

    def of(self, verdict: str) -> list[tuple[str, ...]]:
        """Rows of a verdict."""
        return [row for row in self.rows if row[self.heads.index("verdict")] == verdict]


@dataclass(frozen=True)
class Market:
    """A market's moments against the facts: title, how they were computed, and the table."""

    title: str
    file: str
    words: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def folder() -> Path | None:
    """Where the pages lie: in an installed package or in the checkout; None where neither has them."""
    here = Path(__file__).parents[1]
    return next((f for f in (here / COPY, here.parent / "docs" / "reports") if f.is_dir()), None)


@functools.cache
def suites() -> tuple[Suite, ...]:
    """Every suite whose page is there."""
    return tuple(_suite(page) for page in _pages(PAGES))


@functools.cache
def markets() -> tuple[Market, ...]:
    """Every market whose moments are held against facts on a page that is there."""
    return tuple(
        Market(_market_title(page, table), page.file, table.words or page.words, table.heads, table.rows)
        for page in _pages(MARKETS)
        for table in page.tables
        if table.heads[: len(FACTS)] == FACTS
    )


def _market_title(page: Page, table: Table) -> str:
    """The section's, or the page's where the page is about one market."""
    return page.title.partition(":")[0] if table.section.startswith("The market") else table.section


def _suite(page: Page) -> Suite:
    cases = [table for table in page.tables if table.section != "Misses"]
    heads = ("case", *(cases[0].heads if cases else ("verdict",)))
    rows = [(table.section, *row) for table in cases for row in table.rows]
    verdict = heads.index("verdict")
    judged = tuple(row for row in rows if row[verdict] in JUDGED)
    name = page.title.partition(":")[2].strip()
    return Suite(name, page.file, page.words, heads, judged, len(rows) - len(judged))


def _pages(names: tuple[str, ...]) -> Iterator[Page]:
    home = folder()
    if home is None:
        return
    for name in names:
        path = home / name
        if path.is_file():
            yield read(name, path.read_text("utf-8"))


def read(name: str, text: str) -> Page:
    """A page of headings, paragraphs and tables; whatever else it holds is left out."""
    title, section, first = "", "", ""
    tables: list[Table] = []
    above: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip().splitlines()
        if not lines:
            continue
        if lines[0].startswith("#"):
            above, section = [], lines[0].lstrip("#").strip()
            title = title or section
        elif lines[0].startswith("|"):
            heads, _, *rows = (tuple(_cells(line)) for line in lines)
            tables.append(Table(section, " ".join(above), heads, tuple(rows)))
        else:
            words = " ".join(line.strip() for line in lines).replace("`", "").replace("*", "")
            above.append(words)
            first = first or words
    return Page(name, title, first, tuple(tables))


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip())[1:-1]]
