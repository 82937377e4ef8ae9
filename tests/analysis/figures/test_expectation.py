"""Forecasts of the mean-field model beside estimates from agents: titles, bars and marks."""

from __future__ import annotations

import math

import pytest

from analysis.figures.expectation import Expectation, expectation, note, title
from analysis.statistics.estimates import Estimate

UNIT = "yuan per 1,000 consumers a week"


def found(party: str, effect: float, low: float, high: float, n: int = 8) -> Estimate:
    return Estimate(f"{party}_money", "Money", party, UNIT, "higher", n, 100.0, 100.0 + effect, effect, low, high)


def row(party: str, direct: float | None, total: float | None = None, agents: Estimate | None = None) -> Expectation:
    return Expectation(party, "Money", UNIT, direct, total, agents)


def test_the_title_says_what_is_expected_until_agents_have_spoken() -> None:
    rows = [row("consumers", 400.0), row("merchants", 280.0), row("platforms", -670.0), row("state", -4.0)]
    assert title(rows) == "Mean-field forecast: consumers and merchants gain and platforms lose", "small is not named"
    spoken = [row("merchants", 280.0, agents=found("merchants", 300.0, 200.0, 400.0))]
    assert title(spoken) == "Merchants gain"
    alone = [row("merchants", 280.0, agents=found("merchants", 300.0, math.nan, math.nan, 1))]
    assert title(alone) == "Mean-field forecast: merchants gain", "one pair claims nothing"


def test_no_expected_change_is_said() -> None:
    assert title([row("merchants", 0.0)]) == "Mean-field forecast: no change"


@pytest.mark.parametrize("narrow", [False, True])
def test_bars_are_forecasts_outlines_the_direct_effect_and_marks_agents(narrow: bool) -> None:
    rows = [
        row("merchants", 280.0, 140.0, found("merchants", 150.0, 100.0, 200.0)),
        row("welfare", None, None, found("welfare", -50.0, -90.0, -10.0)),
    ]
    figure = expectation(rows, narrow=narrow)
    bars, outlines, *marks = figure.data
    assert list(bars.x) == [140.0, None], "the total effect where it is known; nothing where parts are missing"
    assert list(outlines.x) == [280.0, None]
    assert [mark.x[0] for mark in marks] == [150.0, -50.0]
    assert marks[0].error_x.array[0] == pytest.approx(50.0)
    assert "Outlines" in note(rows)
    assert "8 paired replicates" in note(rows)
    assert UNIT.split(",")[0] in figure.layout.xaxis.title.text.replace("<br>", " ").replace("\u202f", ",")
