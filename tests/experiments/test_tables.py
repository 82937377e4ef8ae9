"""The terminal: money and key measures first, where the rest is, and never wider than it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments import cli
from experiments._tables import WIDTH, show_effects
from sim.metrics.registry import REGISTRY
from sim.policy.catalogue import CATALOGUE
from tests.analysis._results import drawn_effects


def test_money_comes_first_and_the_rest_is_pointed_to(capsys: pytest.CaptureFixture[str]):
    effects = drawn_effects()
    show_effects(effects.drop(columns=["draw_low", "draw_high", "sign_share"]), "A cap", Path("outputs/x"))
    said = capsys.readouterr().out
    assert said.index("Merchant profit") < said.index("Total welfare") < said.index("Orders, ")
    assert said.index("Price paid per order") < said.index("Hourly earnings") < said.index("Concentration of orders")
    assert "Cost of enforcement" not in said
    assert "1 more measures: outputs/x/effects.parquet" in said
    assert "95% of draws" not in said


def test_draws_show_their_range_in_a_hundred_columns(capsys: pytest.CaptureFixture[str]):
    show_effects(drawn_effects(), "A cap", Path("x"))
    said = capsys.readouterr().out
    assert "same sign" in said
    assert max(map(len, said.splitlines())) <= WIDTH
    assert said.count("95% interval") == 1  # of the money only: the key measures show the range of the draws


def test_compare_shows_who_gains_within_the_parties(outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]):
    cli.main(["compare", "policy=commission_cap", *tiny])
    said = capsys.readouterr().out
    order = ["All parties together", "Besides money", "Within each party", "Independents", "against the facts"]
    places = [said.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize("what", ["instruments", "metrics", "assumptions"])
def test_lists_fit_a_hundred_columns_and_lack_nothing(what: str, capsys: pytest.CaptureFixture[str]):
    cli.main(["list", what])
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= WIDTH
    names = {"instruments": [*CATALOGUE], "metrics": [*REGISTRY], "assumptions": ["A-01", "A-68"]}[what]
    assert all(name in said for name in names)


def test_instruments_show_words_to_choose_from_and_the_timing_once(capsys: pytest.CaptureFixture[str]):
    cli.main(["list", "instruments"])
    said = capsys.readouterr().out
    assert "online or engaged" in said
    assert "policy.minimum_pay.may_ration = true" in said
    assert said.count("phase_in_weeks") == 1
    assert said.count("is_on") == 1
