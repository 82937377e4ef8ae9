"""Quantiles, strategies, points and evidence as figures: marks stand where the numbers say, titles claim no more."""

import itertools
import json
import math

import pandas as pd
import pytest

from analysis.figures import theme
from analysis.figures.effect_quantiles import effect_quantiles
from analysis.figures.ensemble_figure import ensemble_figure
from analysis.figures.evidence_table import evidence_table
from analysis.figures.parallel_lines import parallel_lines
from analysis.statistics.estimates import MONEY
from analysis.wording import conduct, evidence
from tests.analysis._answers import DOSES, strategies_frame
from tests.analysis._groups import distribution_frame
from tests.analysis._results import CEILING, OPENNESS, effects_frame, grid_doses, moments_frame

EVIL = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
GROUPS, STRATEGIES, MOMENTS = distribution_frame(), strategies_frame(), moments_frame()
GRID = effects_frame(grid_doses(), welfare_total=(60.0, 20.0))
LEVERS = [CEILING, OPENNESS]
DRAW = {
    "quantiles": lambda **k: effect_quantiles(GROUPS, currency="yuan", **k),
    "strategies": lambda **k: ensemble_figure(STRATEGIES, **k),
    "points": lambda **k: parallel_lines(GRID, LEVERS, **k),
    "evidence": lambda **k: evidence_table(evidence.of_moments(MOMENTS), **k),
}


def finding(figure) -> str:
    return theme.words_of(figure)["finding"].replace("\u00a0", " ")


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", DRAW)
def test_figures_have_findings_notes_and_finite_numbers(name: str, narrow: bool):
    figure = DRAW[name](narrow=narrow)
    words = theme.words_of(figure)
    assert words["finding"]
    assert not words["finding"].endswith(".")
    assert words["note"].endswith(".")
    assert figure.layout.height == words["height"] + words["space"]
    assert figure.layout.margin.t == words["top"] + words["space"]
    assert "NaN" not in json.dumps(figure.to_plotly_json(), default=lambda v: v.tolist())
    assert figure.layout.margin.r < 400


def test_lines_of_quantiles_reach_from_the_5th_to_the_95th_with_the_middle_half_as_a_band():
    figure = effect_quantiles(GROUPS, currency="yuan")
    rows = GROUPS.to_dict("records")
    lines = [t for t in figure.data if t.mode == "lines"]
    dots = [t for t in figure.data if t.mode == "markers"]
    assert len(dots) == len(rows) == len(lines) // 2
    order = {(row["party"], row["group"]): row for row in rows}
    for row, dot, (whisker, band) in zip(order.values(), dots, itertools.batched(lines, 2), strict=True):
        assert list(whisker.x) == [row["p5"], row["p95"]]
        assert list(band.x) == [row["p25"], row["p75"]]
        assert band.line.width > whisker.line.width
        assert list(dot.x) == [row["p50"]]
    assert "62% gain, 3% lose" in json.dumps(figure.to_plotly_json()["layout"]["annotations"])


def test_the_title_of_quantiles_is_silent_where_the_interval_of_the_middle_one_holds_zero():
    frame = GROUPS.assign(p50=5.0, p50_low=-1.0, p50_high=11.0)
    frame.loc[frame["party"] == "merchants", ["p50", "p50_low", "p50_high"]] = [-4.0, -6.0, -2.0]
    assert finding(effect_quantiles(frame, currency="yuan")) == (
        "The median merchant loses 4.0 [2.0, 6.0] yuan a week; "
        "no change for the median consumer or worker is distinguishable from zero"
    )


def test_strategies_have_a_dot_each_and_rows_whose_signs_differ_are_shaded():
    figure = ensemble_figure(STRATEGIES)
    assert len(figure.data) == len(MONEY) * len(DOSES)
    shaded = [s for s in figure.layout.shapes if s.type == "rect"]
    differing = [row for row in conduct.rows_of(STRATEGIES) if row[1] == "differ"]
    money = [row for row in differing if next(iter(row[0].values())).metric in MONEY.values()]
    assert len(shaded) == len(money) == 1
    (consumers,) = money
    hollow = [trace.marker.color == theme.PAPER for trace in figure.data]
    assert hollow[: len(DOSES)] == [not e.sign for e in consumers[0].values()]
    assert "under all 3 strategies" in finding(figure)
    assert "for consumers the sign differs between strategies" in finding(figure)


def test_a_line_a_point_and_the_best_and_worst_three_stand_out():
    figure = parallel_lines(GRID, LEVERS)
    totals = GRID[GRID["metric"] == "welfare_total"].sort_values("effect")
    lines = {trace.name: trace for trace in figure.data if trace.name}
    assert len(figure.data) == len(totals)
    assert set(lines) == {"1", "2", "3", "−1", "−2", "−3"}
    assert lines["1"].y[-1] == 1.0
    assert lines["−1"].y[-1] == 0.0
    best = totals.iloc[-1]
    xs = sorted(GRID[CEILING["key"]].unique())
    assert lines["1"].y[0] == pytest.approx((best[CEILING["key"]] - xs[0]) / (xs[-1] - xs[0]))
    assert [trace.name for trace in figure.data[-6:]] != [""] * 6, "loud ones are drawn last"
    assert figure.data[-1].name
    assert finding(figure).startswith("Total welfare rises at ")


def test_lines_of_points_that_tell_nothing_are_thin_and_the_title_claims_nothing():
    silent = effects_frame(grid_doses(), welfare_total=(60.0, 1e4))
    figure = parallel_lines(silent, LEVERS, narrow=True)
    assert finding(figure) == "The effect on total welfare is not distinguishable from zero at any of 20 points"
    assert {trace.line.width for trace in figure.data} == {1.0}
    assert {tuple(trace.y) for trace in figure.data} == {tuple(float(k) for k in range(2 + len(MONEY)))}
    loud = parallel_lines(effects_frame(grid_doses(), welfare_total=(60.0, 1e-3)), LEVERS)
    assert {trace.line.width for trace in loud.data} == {1.6, 3.0}


def test_one_point_makes_no_lines():
    with pytest.raises(ValueError, match="two points"):
        parallel_lines(GRID[GRID["scenario"] == 0], LEVERS)


def test_evidence_gives_fact_band_and_verdict_of_every_moment():
    frame = evidence.of_moments(MOMENTS)
    assert list(frame.columns) == list(evidence.COLUMNS)
    assert len(frame) == len(MOMENTS)
    row = frame[frame["what"] == "Take rate of the leader"].iloc[0]
    assert (row["fact"], row["accepted"], row["verdict"]) == ("18.1%", "17.1 to 19.1%", "met")
    assert row["laboratory"].replace("\u00a0", " ") == "17.90% [17.70, 18.10]"
    assert row["source"] == "Annual report of the leading platform, 2021"
    by_name = frame.set_index("what")
    assert by_name.loc["Merchants on more than one platform", "verdict"] == "missed"
    assert by_name.loc["Delivery orders per user a year", "verdict"] == "input"
    assert by_name.loc["Merchants that close in a year", ["accepted", "verdict"]].tolist() == ["no range", "shown"]
    assert evidence.summary(frame).startswith("The model meets 6 of 7 facts")


def test_published_findings_make_the_same_table():
    rows = [
        {"case": "waterbed", "quantity": "won back", "unit": "share", "target": 0.4, "low": 0.3, "high": None}
        | {"simulated": 0.35, "ci_low": 0.3, "ci_high": 0.4, "verdict": "pass", "source": "somebody 2021"},
        {"case": "gig", "quantity": "pay", "unit": "yuan", "target": None, "low": None, "high": 3.0}
        | {"simulated": 4.0, "ci_low": math.nan, "ci_high": math.nan, "verdict": "miss", "source": ""},
        {"case": "gig", "quantity": "x", "unit": "", "target": None, "low": None, "high": None}
        | {"simulated": 4.0, "ci_low": math.nan, "ci_high": math.nan, "verdict": "shown", "source": ""},
    ]
    frame = evidence.of_cases(rows)
    assert frame["verdict"].tolist() == ["met", "missed"]
    assert frame["accepted"].tolist() == ["at least 30.0%", "at most 3.00 yuan"]
    assert frame["fact"].tolist() == ["40%", ""]
    assert frame["laboratory"].tolist() == ["35% [30,\u00a040]", "4.00"]
    assert "<b>gig: pay</b>" in json.dumps(evidence_table(frame).to_plotly_json()["layout"]["annotations"])


@pytest.mark.parametrize("narrow", [False, True])
def test_words_of_others_become_no_markup(narrow: bool):
    evil = {"baseline_label": EVIL, "narrow": narrow}
    levers = [{**lever, "title": EVIL} for lever in LEVERS]
    strategies = conduct.with_agreement(
        STRATEGIES.assign(title=EVIL, unit=EVIL, strategy=STRATEGIES["strategy"] + EVIL)
    )
    moments = evidence.of_moments(MOMENTS.assign(title=EVIL, source=EVIL, unit=EVIL))
    made = [
        effect_quantiles(pd.DataFrame(GROUPS).assign(group=EVIL), currency=EVIL, **evil),
        ensemble_figure(strategies, **evil),
        parallel_lines(GRID.assign(unit=EVIL, title=EVIL), levers, **evil),
        evidence_table(moments, narrow=narrow),
    ]
    for figure in made:
        text = json.dumps(
            theme.without_title(figure).update_layout(meta={}).to_plotly_json(), default=lambda v: v.tolist()
        )
        assert "<img" not in text
        assert "<script" not in text
        assert "&lt;" in text
