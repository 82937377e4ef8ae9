"""What a change costs in files is what CONTRIBUTING says it costs.

Counted on what there is: whoever adds an instrument writes at least the files in which the least mentioned instrument
is named, the others being examples somewhere as well. A new place where every instrument, metric, figure or table has
to be named raises the count of all, and so of the least.
"""

import re
from collections.abc import Collection, Iterable

import pytest

from analysis.figures import catalogue as figures
from sim.metrics.registry import REGISTRY
from sim.policy.catalogue import CATALOGUE
from tests.health._tree import PACKAGES, ROOT, kept_files, name_of
from tests.health.renew_regimes import ARTICLES, WHOLE

ROW = re.compile(r"^\| an? (?P<what>[a-z ]+) \| (?P<n>\d+): [^|]+ \| [^|]+ \|$", re.MULTILINE)
ASKED_OF_ALL = ("tests/sim/policy/", "tests/health/", "tests/configs/")
"""Tests that may ask something of every instrument; elsewhere instruments are examples."""
BY_COMMAND = {f"configs/policy/{regime}.yaml" for regime in (*ARTICLES, WHOLE)}
"""`python -m tests.health.renew_regimes` writes these."""
SHOWING = (
    "analysis/wording/",
    "analysis/figures/",
    "analysis/report/",
    "experiments/terminal/",
    "experiments/dashboard/",
)
SHORT_WAYS = ("analysis/result.py", "experiments/results/keeping.py", "experiments/compare.py", "experiments/sweep.py")
"""Attributes and help of tables that are often asked for; any table is had by its name."""

WORDS = {
    name_of(path): {path.stem, *re.findall(r"\w+", path.read_text("utf-8"))}
    for path in kept_files()
    if path.suffix in (".py", ".yaml", ".j2", ".js") and name_of(path) not in BY_COMMAND
}


def stated(what: str) -> int:
    """Files that a change costs, by the table in CONTRIBUTING.md."""
    rows = {row["what"]: int(row["n"]) for row in ROW.finditer((ROOT / "CONTRIBUTING.md").read_text("utf-8"))}
    assert rows.keys() >= {"instrument", "metric", "figure", "table of results"}, f"rows of the table: {sorted(rows)}"
    return rows[what]


def naming(names: Collection[str], folders: Iterable[str]) -> list[str]:
    """Files in these folders, or called so, in which one of the names is a word."""
    below = tuple(folders)
    return [path for path, words in WORDS.items() if path.startswith(below) and not words.isdisjoint(names)]


def least(found: Iterable[list[str]]) -> list[str]:
    """The shortest list of all that are not empty."""
    return min(filter(None, found), key=len)


HOUSE = [f"{package}/" for package in PACKAGES]


def test_an_instrument():
    files = least(
        naming({name, kind.__name__}, [*HOUSE, "configs/", *ASKED_OF_ALL]) for name, kind in CATALOGUE.items()
    )
    assert len(files) == stated("instrument"), files


def test_a_metric():
    files = least(naming({name}, [*HOUSE, "configs/"]) for name in REGISTRY)
    assert len(files) == stated("metric"), files


def test_a_figure():
    files = least(naming({entry.name}, HOUSE) for entry in figures.CATALOGUE)
    assert len(files) == stated("figure"), files


def test_a_table_of_results():
    """Besides the files counted, one that shows it and one that tests it."""
    tables = pytest.importorskip("analysis.tables", reason="tables are not declared in one place yet")
    files = least(
        [path for path in naming({name}, HOUSE) if not path.startswith(SHOWING) and path not in SHORT_WAYS]
        for name in tables.TABLES
    )
    assert len(files) + 2 == stated("table of results"), files


def test_files_that_commands_write_anew_are_there():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = {path for row in ROW.finditer(text) for path in re.findall(r"`([\w./]+)`", row[0].split("|")[3])}
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
