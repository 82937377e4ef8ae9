"""Several strategies of platforms: agreement is what it says, and the page names what depends on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.statistics.estimates import Estimate
from analysis.wording import conduct
from experiments.results.reporting import write_report
from experiments.storage.results import load_result
from tests.analysis._answers import leave_strategies, strategies_frame
from tests.analysis._results import leave
from tests.analysis.report.test_report import Reader
from tests.analysis.wording.test_behaviour import plain


def effect(middle: float, half: float) -> Estimate:
    words = ("m", "M", "consumers", "yuan", "higher", 20)
    return Estimate(*words, 1.0, 1.0 + middle, middle, middle - half, middle + half)


@pytest.mark.parametrize(
    ("effects", "verdict"),
    [
        ([(2.0, 1.0), (3.0, 1.0), (0.5, 0.2)], "firm"),
        ([(-2.0, 1.0), (-3.0, 1.0)], "firm"),
        ([(2.0, 1.0), (0.5, 0.7)], "same"),
        ([(2.0, float("nan")), (0.5, float("nan"))], "same"),
        ([(2.0, 1.0), (-0.1, 0.7)], "differ"),
        ([(2.0, 1.0), (-2.0, 1.0)], "differ"),
        ([(2.0, 1.0), (0.0, 0.0)], "differ"),
        ([(0.0, 0.0), (0.0, 0.0)], "none"),
    ],
)
def test_agreement_counts_signs_and_what_can_be_told_from_zero(effects, verdict: str):
    assert conduct.agreement([effect(*one) for one in effects]) == verdict


def test_every_metric_has_one_verdict():
    frame = strategies_frame()
    verdicts = frame.groupby("metric")["agreement"].agg(["nunique", "first"])
    assert (verdicts["nunique"] == 1).all()
    assert verdicts.loc["consumer_surplus", "first"] == "differ"
    assert verdicts.loc["merchant_profit", "first"] == "firm"
    assert verdicts.loc["welfare_total", "first"] == "same"


def test_the_finding_names_whose_fate_depends_on_the_strategy(tmp_path: Path):
    result = load_result(leave_strategies(tmp_path))
    first, won_back, tried, count = map(plain, conduct.sentences(result))
    assert first == (
        "Merchants gain, platforms and the state lose under all 3 strategies; for workers the sign is the same but the "
        "effect not always distinguishable from zero; for consumers the sign differs between strategies."
    )
    assert won_back == (
        "Of the revenue per order that the rule takes, platforms win back 63% [55, 71] under gradient and "
        "40% [30, 50] under rule of thumb."
    )
    assert tried == "Strategies compared: gradient, rule of thumb and fixed."
    assert count.startswith("Of 19 measures under 3 strategies: ")


def test_the_table_has_a_column_a_strategy_and_the_page_shows_it(tmp_path: Path):
    folder = leave_strategies(tmp_path)
    table = conduct.table(load_result(folder))
    assert table["heads"] == ["Party", "Measure", "Unit of the effect", "Gradient", "Rule of thumb", "Fixed", "Verdict"]
    assert all(len(row) == 7 for row in table["rows"])
    consumers = table["rows"][0]
    assert consumers[-1] == "signs differ"
    assert plain(consumers[5]) == "+80 [60, 100]"
    said = plain(Reader(write_report(folder).read_text("utf-8")).text)
    assert "Other strategies of platforms" in said
    assert said.count("Merchants gain, platforms and the state lose under all 3 strategies") == 2
    assert "signs differ" in said
    assert "Other strategies of platforms" not in Reader(write_report(leave(tmp_path / "one")).read_text("utf-8")).text
