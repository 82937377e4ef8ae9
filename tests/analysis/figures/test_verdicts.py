"""Verdicts of cases in one picture and one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.figures.verdicts_figure import LIMIT, scaled, verdicts_figure
from analysis.report.validation import summary
from experiments.validation.case import NAN, Case, Found, Measured, Target, rows, verdict


def row_of(low: float | None, high: float | None, found: Measured, value: float | None = None) -> dict[str, Any]:
    target = Target("a", low, high, "made up", value)
    (row,) = rows(Case("a_case", "why?", "say", {}, (target,)), Found([found]))
    assert row["verdict"] == verdict(found, target)
    return {"suite": "theory", **row}


@pytest.mark.parametrize("low_high_value", [(0.2, 0.4, 0.3), (None, 0.4, None), (0.4, None, 0.6), (None, -2.0, -2.0)])
@pytest.mark.parametrize("simulated", [-50.0, -2.0, 0.0, 0.2, 0.39, 0.4, 0.41, 0.6, 1e6])
@pytest.mark.parametrize("spread", [NAN, 0.1])
def test_a_dot_lies_in_the_shaded_band_where_the_quantity_passes(low_high_value, simulated: float, spread: float):
    low, high, value = low_high_value
    row = row_of(low, high, Measured("a", "-", simulated, simulated - spread, simulated + spread), value)
    found = scaled(row)
    assert (abs(found.value) <= 1.0 + 1e-9) == (row["verdict"] == "pass")
    assert spread != spread or found.low < found.value < found.high


def test_scale_of_bands():
    assert scaled(row_of(0.2, 0.4, Measured("a", "-", 0.25, 0.2, 0.5))) == pytest.approx((-0.5, -1.0, 2.0))
    assert scaled(row_of(0.0, None, Measured("a", "-", 2.0, 0.0, 6.0), 2.0)) == pytest.approx((0.0, -1.0, 0.5))
    assert scaled(row_of(None, 0.0, Measured("a", "-", 2.0, 0.0, 6.0), -2.0)) == pytest.approx((2.0, 1.0, 4.0))
    assert scaled(row_of(3.0, 3.0, Measured("a", "-", 3.5, 3.0, 4.0))) == pytest.approx((1.0, 0.0, 2.0))


def test_overview_holds_every_judged_quantity_once_and_points_at_what_lies_beyond():
    found = [Measured("in", "-", 0.3), Measured("out", "-", 9.0), Measured("other", "-", 1.0)]
    case = Case("a<b", "why?", "say", {}, tuple(Target(name, 0.2, 0.4, "x") for name in ("in", "out", "gone")))
    figure = verdicts_figure([{"suite": "theory", "name": "a<b", "rows": list(rows(case, Found(found)))}])
    passed, missed = figure.data
    assert list(passed.x) == pytest.approx([0.0])
    assert sorted(zip(missed.x, missed.marker.symbol, strict=True)) == [(0.0, "x-thin-open"), (LIMIT, "diamond-open")]
    assert list(figure.layout.yaxis.ticktext) == ["a&lt;b"]
    assert figure.layout.meta["finding"] == "1 of 3 quantities lie in the accepted range"


def test_summary_counts_by_suite():
    def case(suite: str, *verdicts: str) -> dict[str, Any]:
        return {"suite": suite, "rows": [{"verdict": word} for word in verdicts]}

    cases = [case("theory", "pass", "shown"), case("evidence", "miss", "pass"), case("theory", "pass")]
    said = summary([*cases, case("mine", "shown")], {"a_case": {"suite": "evidence", "why": "no luck"}})
    assert said == ("theory: 2 of 2 pass; evidence: 1 of 2 pass, 1 case could not be carried out; mine: no targets.")


def test_a_panel_may_leave_zero_out_and_tells_guides_apart():
    from analysis.figures.validation_figure import validation_figure

    guides = [{"name": name, "x": [0, 1], "y": [y, y], "is_guide": True} for name, y in (("low", 1.4), ("high", 1.9))]
    lines = [{"name": "price", "x": [0, 1], "y": [1.7, 1.8]}, *guides]
    panel = {"title": "T", "kind": "lines", "x_title": "x", "y_title": "y", "lines": lines}
    whole, cut = validation_figure(panel), validation_figure({**panel, "has_zero": False})
    assert len(whole.layout.shapes) == len(cut.layout.shapes) + 1, "the line at zero draws zero into the axis"
    dashes = [trace.line.dash for trace in cut.data]
    assert len(set(dashes)) == 3
