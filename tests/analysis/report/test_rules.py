"""Several rules: each is told with its numbers and weeks, and a sweep over policies says who gains by rule."""

from pathlib import Path

import pytest

from analysis.report import rules, tables
from analysis.result import is_choice
from analysis.wording.findings import findings, headline
from experiments.results.reporting import write_report
from experiments.storage.results import load_result
from tests.analysis._results import POLICIES, leave, leave_policies, record
from tests.analysis.report.test_report import Reader


@pytest.mark.parametrize(
    ("weeks", "words"),
    [
        ({"start_week": 79}, "In force from week 79 to the end"),
        ({"start_week": 79, "end_week": 120, "phase_in_weeks": 0}, "In force from week 79 to week 120"),
        (
            {"start_week": 79, "phase_in_weeks": 8},
            "In force from week 79 to the end, phased in over 8 weeks (in full from week 87)",
        ),
        (
            {"start_week": 79, "end_week": 82, "phase_in_weeks": 8},
            "In force from week 79 to week 82, phased in over 8 weeks (never in full)",
        ),
        ({"start_week": 79, "is_on": False}, "Switched off: listed, but never in force"),
        ({}, ""),
    ],
)
def test_the_weeks_of_a_rule_in_words(weeks: dict, words: str):
    assert rules.timing(weeks) == words


def minimum_pay() -> dict:
    return {
        "name": "minimum_pay",
        "title": "Minimum pay",
        "provisions": ["A10.8"],
        "kind": "Bound",
        "department": "labour",
        "reading": "A floor.",
        "start_week": 53,
        "is_on": True,
        "parameters": {
            "floor": {"value": 25.3, "unit": "currency an hour", "meaning": "least pay of an hour"},
            "basis": {"value": "engaged", "unit": "online or engaged", "meaning": "hours that count"},
            "may_ration": {"value": False, "unit": "yes or no", "meaning": "may ration"},
        },
    }


def test_the_overview_has_one_row_a_rule_with_units_where_they_say_something(tmp_path: Path):
    both = [record("compare", [], [])["instruments"][0], minimum_pay()]
    cap, pay = rules.overview(rules.instruments({"instruments": both, "currency": "yuan"}))
    assert cap["parameters"] == "Ceiling: 12%"
    assert pay["parameters"] == "Floor: 25.3 yuan an hour; Basis: engaged; May ration: no"
    assert (pay["department"], pay["timing"]) == ("Labour", "In force from week 53 to the end")
    text = Reader(write_report(leave(tmp_path, instruments=both)).read_text("utf-8")).text
    assert "The 2 rules as modelled" in text
    assert "Basis: engaged" in text


def test_policies_are_a_choice_and_numbers_are_not(tmp_path: Path):
    (lever,) = load_result(leave_policies(tmp_path)).levers
    assert is_choice(lever)
    assert is_choice({"values": [True, False]})
    assert not is_choice({"values": [0.1, 2]})


def test_the_headline_of_policies_is_about_the_one_that_moves_most(tmp_path: Path):
    result = load_result(leave_policies(tmp_path))
    assert headline(result) == (
        "The gains and losses are largest under all three rules together: merchants gain, consumers, platforms and the "
        "state lose."
    )
    money = findings(result)[0]
    said = [money.lead, *money.details]
    merchants = next(words for words in said if words.startswith("Merchants"))
    assert "under commission cap and all three rules together" in merchants
    assert "none distinguishable from zero under the others" in merchants
    assert tables.span(result) == "3 policies"


def test_who_gains_by_rule_stands_before_the_figures(tmp_path: Path):
    folder = leave_policies(tmp_path)
    found = rules.by_rule(load_result(folder))
    assert found["heads"][:5] == ["Consumers", "Merchants", "Workers", "Platforms", "State"]
    assert found["heads"][5:] == ["Opening of businesses", "Total welfare"]
    assert [row["label"] for row in found["rows"]] == list(POLICIES)
    cells = found["rows"][0]["cells"]
    assert [cell["sign"] for cell in cells] == ["open", "up", "open", "down", "down", "open", "open"]
    assert {cell["sign"] for cell in found["rows"][1]["cells"]} == {"open"}
    page = write_report(folder).read_text("utf-8")
    assert page.index(">Data limit<") < page.index("<h2>Who gains and who loses")
    assert page.index('class="up"') < page.index("<h2>Who gains and who loses")


def test_a_comparison_and_a_sweep_over_numbers_have_no_table_by_rule(tmp_path: Path):
    for verb in ("compare", "sweep", "grid"):
        assert rules.by_rule(load_result(leave(tmp_path / verb, verb)))["rows"] == []
