"""The funnel counts a year at the rate of the weeks under the policy, and says no more than it knows."""

import dataclasses
import json
import math
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.figures import theme
from analysis.figures.enforcement_funnel import enforcement_funnel, practices_left
from analysis.report import markdown
from analysis.report.page import render
from analysis.report.rules import timing
from analysis.statistics import funnel
from analysis.wording import enforcement
from experiments.request import build
from experiments.results.enforcement import asked_of_practices, asking
from experiments.storage.results import load_result
from tests.analysis._results import leave, leave_policies

ASKED = {"practice_exclusivity": 0.0, "practice_unsafe_deadlines": 0.4}
FIRST = 11


def run(proven: float, missed: float, in_order: float = 6.0, **more: float) -> pd.DataFrame:
    """Weeks 1 to 20: nothing before the policy, and the same in every week from week 11 on."""
    still = {
        **{"state_true_positives": proven, "state_false_negatives": missed},
        **{"state_false_positives": 0.0, "state_true_negatives": in_order},
        **{"state_cases_opened": proven, "state_cases_decided": proven / 2, "state_cases_fined": proven / 2},
        **{"state_inspections": 4.0, "state_leads": 1.0, "state_violations": 0.5},
        **{"state_fines": 20.0, "state_fines_paid_back": 5.0, "platform_burden": 3.0},
    } | more
    weeks = pd.DataFrame({"week": range(1, 21)})
    for name, value in still.items():
        weeks[name] = [0.0] * (FIRST - 1) + [value] * 10
    for name in ASKED:
        weeks[name] = [1.0] * (FIRST - 1) + [more.get(name, 0.4)] * 10
    return weeks


RUNS = [run(0.5, 1.5), run(1.5, 4.5), run(1.0, 5.0)]


def measured(runs: list[pd.DataFrame], n_platforms: int = 3, **how) -> dict[str, enforcement.FunnelRow]:
    return enforcement.rows_of(funnel.funnel(runs, FIRST, n_platforms, ASKED, currency="yuan", **how))


def test_counts_are_a_year_at_the_rate_of_the_weeks_under_the_policy():
    found = measured(RUNS)
    assert found["proven"].value == pytest.approx(52 * 1.0)
    assert found["inspections_of_breaches"].value == pytest.approx(52 * (2 + 6 + 6) / 3)
    assert found["inspections"].value == pytest.approx(52 * (2 + 6 + 6 + 18) / 3)
    assert found["fined"].value == pytest.approx(26.0)
    assert found["proven"].low < found["proven"].value < found["proven"].high


def test_breaches_in_force_are_those_of_all_platforms_and_fines_are_before_what_is_paid_back():
    found = measured(RUNS, n_platforms=4)
    assert found["breaches_in_force"].value == pytest.approx(2.0)
    assert found["fines"].value == pytest.approx(52 * 25.0)
    assert found["paid_back"].value == pytest.approx(52 * 5.0)
    assert found["fines"].unit == "yuan per 1,000 consumers a year"


def test_shares_are_ratios_of_sums_and_the_steps_narrow():
    found = measured(RUNS)
    assert found["missed_share"].value == pytest.approx(11.0 / 14.0)
    assert found["suspected_share"].value == 0.0
    steps = [found[name].value for name in funnel.STEPS]
    assert steps == sorted(steps, reverse=True)


def test_where_nobody_inspects_no_share_is_made_up():
    found = measured([run(0.0, 0.0, 0.0)] * 2)
    assert math.isnan(found["missed_share"].value)
    assert found["missed_share"].words == "no inspections"
    assert "none is inspected" in enforcement.lead(found)
    assert enforcement.errors(found) == ""


def test_where_platforms_obey_no_breach_is_claimed():
    found = measured([run(0.0, 0.0, state_violations=0.0)] * 2)
    assert enforcement.lead(found) == "Platforms comply with the rules: there is no breach"


def test_what_is_left_of_practices_is_held_against_what_the_rules_leave():
    found = measured([run(1.0, 1.0, practice_exclusivity=0.7), run(1.0, 2.0, practice_exclusivity=0.9)])
    said = enforcement.given_up(found)
    assert said.startswith(
        "Every practice declines, 1 of 2 about as far as the rules require; most remains of forced exclusivity, 80%"
    )
    untouched = measured([run(1.0, 1.0, practice_exclusivity=1.0, practice_unsafe_deadlines=1.0)] * 2)
    assert enforcement.given_up(untouched).startswith("No practice")


def test_a_practice_that_the_market_does_not_have_comes_last_and_is_not_named():
    found = measured([run(1.0, 1.0, practice_exclusivity=math.nan, practice_unsafe_deadlines=0.8)] * 2)
    first, last = enforcement.practices(found)
    assert (first.measure, last.words) == ("practice_unsafe_deadlines", "n/a")
    assert enforcement.given_up(found).endswith("most remains of unsafe deadlines, 80% of the observed level")


def test_a_single_replicate_has_no_interval_and_is_drawn():
    found = measured(RUNS[:1])
    assert "[" not in found["proven"].words
    assert "nan" not in json.dumps(json.loads(enforcement_funnel(found).to_json() or "")).lower()


@pytest.mark.parametrize("narrow", [False, True])
def test_figures_have_units_finite_numbers_and_a_finding(narrow: bool):
    found = measured(RUNS)
    rows = enforcement.practices(found)
    for figure in (
        enforcement_funnel(found, narrow=narrow),
        practices_left(rows, "Every practice declines", narrow=narrow),
    ):
        assert theme.words_of(figure)["finding"]
        assert figure.layout.xaxis.title.text
        for trace in figure.data:
            assert all(math.isfinite(x) for x in trace.x)
    (bars,) = enforcement_funnel(found).data
    assert min(bars.error_x.arrayminus) >= 0.0
    assert all(x - below >= 0.0 for x, below in zip(bars.x, bars.error_x.arrayminus, strict=True))


def kept(folder: Path, labels: tuple[str, ...] = ("a 12% cap",)) -> Path:
    frames = []
    for place, label in enumerate(labels):
        frame = funnel.funnel(RUNS, FIRST, 3, ASKED, currency="yuan")
        frame.insert(0, "scenario", place)
        frame.insert(1, "label", label)
        frames.append(frame)
    pd.concat(frames).to_parquet(folder / "enforcement.parquet")
    return folder


def test_report_and_page_say_how_rules_are_enforced_and_are_silent_where_nothing_was_asked(tmp_path: Path):
    silent = leave(tmp_path / "silent")
    assert enforcement.TOPIC not in render(load_result(silent))
    assert enforcement.TOPIC not in markdown.page(load_result(silent))
    folder = kept(leave(tmp_path / "said"))
    page = render(load_result(folder))
    assert page.count(f"<h2>{enforcement.TOPIC}</h2>") == 1
    assert 'id="figure-funnel"' in page
    assert 'id="figure-practices"' in page
    text = markdown.page(load_result(folder))
    assert f"## {enforcement.TOPIC}" in text
    assert "| Forced exclusivity |" in text


def test_policies_are_compared_in_one_table(tmp_path: Path):
    folder = leave_policies(tmp_path)
    labels = tuple(load_result(folder).effects["label"].unique())
    result = load_result(kept(folder, labels))
    table = enforcement.by_scenario(result)
    assert [row[0] for row in table["rows"]] == list(labels)
    assert {len(row) for row in table["rows"]} == {len(table["heads"])}
    assert "forced exclusivity 40%" in table["rows"][0][-1]


def test_only_rules_that_platforms_can_break_are_asked_about():
    of = lambda *names: build.ask([f"policy=[{','.join(names)}]", "population=town"]).scenarios[0]  # noqa: E731
    both = of("coordination", "commission_cap")
    assert not asking(dataclasses.replace(both, policy={"coordination": both.policy["coordination"]}))
    assert len(asking(of("coordination", "commission_cap"))) == 1
    known = [name.upper() for name in of("work_rules").sector.practices.effects]
    asked = asked_of_practices(asking(of("work_rules", "exclusivity_ban", "commission_cap")), known)
    assert asked == {"practice_exclusivity": 0.0, "practice_opaque_dispatch": 0.0, "practice_unsafe_deadlines": 0.4}
    assert asked_of_practices(asking(of("work_rules")), ["OPAQUE_DISPATCH"]) == {"practice_opaque_dispatch": 0.0}


def test_weeks_say_notice_grace_and_size():
    rule = {"start_week": 27, "notice_weeks": 8, "grace_weeks": 1, "smallest_share": 0.5, "phase_in_weeks": 0}
    assert timing(rule) == (
        "Announced 8 weeks before; in force from week 27 to the end; breaches are sanctioned after 1 week; "
        "binds platforms with at least 50% of orders"
    )
    assert timing({"start_week": 27}) == "In force from week 27 to the end"


def test_no_count_is_said_to_lie_below_nothing():
    found = measured([run(0.0, 2.0), run(0.0, 3.0), run(0.6, 3.0)])
    assert found["proven"].low < 0.0
    assert not re.search(r"[−-]\d", found["proven"].words)
