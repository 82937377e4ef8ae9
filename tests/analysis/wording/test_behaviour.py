"""The response of platforms, in sentences, in the figure and on the page; old results go without."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.figures import theme
from analysis.figures.answer_figure import answer_figure
from analysis.statistics import estimates as est
from analysis.wording import behaviour
from experiments.results.reporting import write_report
from experiments.storage.results import load_result
from tests.analysis._answers import RESPONSE, decomposition, leave_answer, share_rows
from tests.analysis._results import leave
from tests.analysis.report.test_report import Reader


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("−", "-").replace("’", "'")


def test_the_share_is_said_with_the_lever_it_came_through():
    assert plain(behaviour.waterbed(share_rows())) == (
        "Platforms win back 63% [55, 71] of the revenue per order that the rule takes, mostly through the consumer fee."
    )
    several = share_rows(levers={"consumer fee": 0.3, "rates of chains": 0.28, "mix": 0.05})
    assert "through the consumer fee and chains' commission." in plain(behaviour.waterbed(several))
    assert plain(behaviour.waterbed_components(share_rows())) == (
        "By component, as shares of the revenue that the rule takes: the consumer fee 50% [48, 52], chains' commission "
        "10% [8, 12], "
        "the mix of orders and prices 3.0% [1.0, 5.0]."
    )


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        (
            (0.04, -0.03, 0.11),
            "The revenue won back is not distinguishable from zero: it is estimated at 4.0% [-3.0, 11.0]",
        ),
        ((1.2, 1.1, 1.3), "win back more revenue per order than the rule takes, 120% [110, 130] of it"),
        ((-0.2, -0.3, -0.1), "response loses another 20% [10, 30] of the revenue per order that the rule takes"),
    ],
)
def test_nothing_more_and_less_than_nothing_won_back_are_said_as_such(numbers, words: str):
    assert words in plain(behaviour.waterbed(share_rows(*numbers, levers={})))


def test_no_share_is_said_in_words():
    rows = share_rows(why="the direct effect of the rule raises revenue per order")
    said = behaviour.waterbed(rows)
    assert said == "No share of revenue won back is reported: the direct effect of the rule raises revenue per order."
    assert "nan" not in said + behaviour.recovered(rows)
    assert behaviour.waterbed_components(rows) == ""


def test_the_finding_says_who_pays_for_the_answer(tmp_path: Path):
    found = behaviour.finding(load_result(leave_answer(tmp_path)))
    assert found is not None
    assert plain(found.lead).startswith("Platforms win back 63%")
    text = plain(" ".join(behaviour.sentences(load_result(tmp_path))))
    assert all(plain(words) in text for words in (found.lead, *found.details))
    assert (
        "Through the response alone platforms gain 210 [195, 225], consumers lose 120 [100, 140] and merchants lose 30"
        in text
    )
    assert "workers" not in text
    assert "Platforms recover 63% [55, 71] of the profit per order that the rule takes." in text
    assert "the response lowers the cost of carriage by 0.20 [0.15, 0.25] yuan an order" in text


def test_parts_add_up_in_the_table(tmp_path: Path):
    found = behaviour.parts_of(decomposition(), list(est.MONEY.values()))
    assert [parts["total"].party for parts in found] == list(est.MONEY)
    for parts in found:
        assert parts["direct"].effect + parts["behavioural"].effect == pytest.approx(parts["total"].effect)
        assert parts["behavioural"].effect == RESPONSE[parts["total"].metric][0]
    table = behaviour.table(load_result(leave_answer(tmp_path)))
    assert table["heads"][2:5] == ["Direct effect", "Behavioural response", "Total effect"]
    assert all(len(row) == len(table["heads"]) for row in table["rows"])
    assert {"Revenue per order", "Price paid per order"} <= {row[1] for row in table["rows"]}


@pytest.mark.parametrize("narrow", [False, True])
def test_the_figure_has_two_marks_a_party_in_its_colour_and_states_the_finding(narrow: bool):
    found = behaviour.parts_of(decomposition(), list(est.MONEY.values()))
    figure = answer_figure(found, narrow=narrow)
    assert len(figure.data) == 2 * len(found)
    for parts, (first, last) in zip(found, zip(figure.data[::2], figure.data[1::2], strict=True), strict=True):
        colour = theme.colour(parts["total"].party)
        assert (first.x[0], last.x[0]) == (parts["direct"].effect, parts["total"].effect)
        assert {first.marker.line.color, last.marker.line.color, last.marker.color} == {colour}
        assert first.marker.color == theme.PAPER
        assert last.error_x.array[0] > 0
    arrows = [one for one in figure.layout.annotations if one.showarrow]
    assert len(arrows) == sum(parts["behavioural"].sign != 0 for parts in found) == 4
    assert plain(theme.words_of(figure)["finding"]) == (
        "Platforms' response alone, apart from the direct effect: platforms gain, consumers and merchants lose; "
        "no effect on workers or the state is distinguishable from zero"
    )


def test_the_page_shows_the_answer_and_an_old_result_goes_without(tmp_path: Path):
    said = plain(Reader(write_report(leave_answer(tmp_path / "new")).read_text("utf-8")).text)
    assert "Direct effect of the rule and behavioural response of platforms" in said
    assert said.count("Platforms win back 63% [55, 71]") == 2
    old = Reader(write_report(leave(tmp_path / "old")).read_text("utf-8"))
    assert "behavioural response" not in plain(old.text)
    assert "figure-answer" not in old.figures()
    result = load_result(tmp_path / "old")
    assert result.decomposition.empty
    assert behaviour.finding(result) is None
    assert behaviour.table(result)["rows"] == behaviour.by_scenario(result.waterbed)["rows"] == []
