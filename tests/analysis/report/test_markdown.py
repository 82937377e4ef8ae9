"""A result as Markdown: every table is whole, and every number is the result's."""

import re

import pytest

from analysis.report.markdown import line
from analysis.report.markdown import page as page_of
from analysis.statistics import estimates as est
from analysis.wording.numbers import estimate
from experiments.storage.results import load_result
from tests.analysis._groups import distribution_frame
from tests.analysis._results import leave


def tables(page):
    """Rows of cells by the heading above them."""
    found, heading = {}, ""
    for text in page.split("\n"):
        if text.startswith("## "):
            heading = text[3:]
        elif text.startswith("|"):
            found.setdefault(heading, []).append(text.strip("|").split(" | "))
    return found


@pytest.mark.parametrize("verb", ["compare", "sweep", "grid"])
def test_every_table_has_rows_as_wide_as_its_head(tmp_path, verb):
    page = page_of(load_result(leave(tmp_path, verb, distribution=distribution_frame())))
    assert "Poorest fifth" in page
    for heading, rows in tables(page).items():
        widths = {len(row) for row in rows if not set("".join(row)) <= set("-|")}
        assert len(widths) == 1, heading
        assert len(rows) > 2, heading


def test_the_parties_money_is_that_of_the_result(tmp_path):
    folder = leave(tmp_path)
    rows = next(
        rows for heading, rows in tables(page_of(load_result(folder))).items() if heading.startswith("Effects by party")
    )
    effects = load_result(folder).effects
    first = est.estimates(est.money(est.of_scenario(effects, est.scenarios(effects)[0][0])))
    assert [cell.strip() for cell in rows[2][1:]] == [estimate(e.effect, e.low, e.high) for e in first]


def test_the_command_that_makes_it_again_is_there(tmp_path):
    folder = leave(tmp_path)
    page = page_of(load_result(folder))
    assert f"`{load_result(folder).record['command']}`" in page
    assert re.search(r"seeds \d+ to \d+", page)


def test_a_cell_cannot_break_its_row():
    assert line(["a|b", "c"]) == "| a/b | c |"
