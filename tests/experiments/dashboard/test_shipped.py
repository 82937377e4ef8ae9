"""Results of validation that ship: read as they were written, on the page before anything was run."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any

import pytest

from experiments.dashboard import desk, shipped
from experiments.dashboard.pages import evidence
from tests.experiments.dashboard.test_pages import text
from tests.health._tree import ROOT


def test_every_suite_and_market_that_ships_is_found() -> None:
    assert [one.name for one in shipped.suites()] == ["theory", "evidence", "mean_field"]
    titles = [one.title for one in shipped.markets()]
    assert titles == ["Food delivery, China 2020-21", "Ride hailing, 2020-21", "E-commerce, 2021"]


@pytest.mark.parametrize("one", shipped.suites(), ids=lambda one: one.name)
def test_rows_add_up_to_the_sentence_above_them(one: shipped.Suite) -> None:
    n_passed, n_judged = map(int, re.findall(r"(\d+) of (\d+)", one.summary)[0])
    assert (len(one.of("pass")), len(one.rows)) == (n_passed, n_judged)
    assert len(one.of("pass")) + len(one.of("miss")) == n_judged
    page = (ROOT / "docs" / "reports" / one.file).read_text("utf-8")
    assert one.n_shown == len(re.findall(r"\| shown \|", page))
    assert all(len(row) == len(one.heads) for row in one.rows)


def test_misses_are_those_that_the_page_lists() -> None:
    (theory, *_) = shipped.suites()
    page = shipped.read("", (ROOT / "docs" / "reports" / theory.file).read_text("utf-8"))
    (listed,) = [table for table in page.tables if table.section == "Misses"]
    assert [row[:2] for row in listed.rows] == [row[:2] for row in theory.of("miss")]


def test_a_page_is_read_as_headings_paragraphs_and_tables() -> None:
    page = shipped.read(
        "a.md", "# T: x\n\nMade by\n`b`.\n\n## One\n\nWhy?\n\n| a | b |\n|---|---|\n| 1 | x\\|y |\n| 2 |  |\n"
    )
    assert (page.title, page.words) == ("T: x", "Made by b.")
    assert page.tables == (shipped.Table("One", "Why?", ("a", "b"), (("1", "x|y"), ("2", ""))),)


def test_the_page_shows_them_before_anything_was_run(outputs: Any) -> None:
    with contextlib.closing(desk.desk()) as own:
        said = text(evidence.layout(own, "", is_narrow=False))
    for one in shipped.suites():
        assert one.summary in said
        for row in one.of("miss"):
            assert row[1] in said
    assert "Ride hailing, 2020-21: 16 of 20 facts within the accepted range" in said
    assert "No validation of your own is stored yet" in said


def test_an_installed_package_has_a_copy_and_one_without_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "experiments" / "dashboard" / "shipped.py"))
    assert shipped.folder() is None
    assert list(shipped._pages(shipped.PAGES)) == []
    copy = tmp_path / "experiments" / shipped.COPY
    copy.mkdir(parents=True)
    assert shipped.folder() == copy
