"""The terminal: money and key measures first, where the rest is, and never wider than it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments import cli
from experiments.terminal.sweep_tables import show_points
from experiments.terminal.tables import WIDTH, show_key_measures, show_money
from sim.metrics.registry import REGISTRY
from sim.policy.catalogue import CATALOGUE
from tests.analysis._results import cube_doses, drawn_effects, effects_frame


def test_money_comes_first_and_the_rest_is_pointed_to(capsys: pytest.CaptureFixture[str]):
    effects = drawn_effects()
    plain = effects.drop(columns=["draw_low", "draw_high", "sign_share"])
    show_money(plain, None, "A cap")
    show_key_measures(plain, Path("outputs/x"))
    said = capsys.readouterr().out
    assert said.index("Merchant profit") < said.index("Total welfare") < said.index("Orders, ")
    assert said.index("Price paid per order") < said.index("Hourly earnings") < said.index("Concentration of orders")
    assert "Cost of enforcement" not in said
    assert "1 more measures: outputs/x/effects.parquet" in said
    assert "95% of draws" not in said


def test_draws_show_their_range_in_a_hundred_columns(capsys: pytest.CaptureFixture[str]):
    show_money(drawn_effects(), None, "A cap")
    show_key_measures(drawn_effects(), Path("x"))
    said = capsys.readouterr().out
    assert "same sign" in said
    assert max(map(len, said.splitlines())) <= WIDTH
    assert said.count("95% interval") == 1  # of the money only: the key measures show the range of the draws


def test_compare_shows_who_gains_within_the_parties(outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]):
    cli.main(["compare", "policy=commission_cap", *tiny])
    said = capsys.readouterr().out
    order = ["Total welfare", "Other outcomes", "Within each party", "Independents", "observed moments"]
    places = [said.index(words) for words in order]
    assert places == sorted(places)


def test_of_many_points_those_at_the_ends_are_shown_and_the_rest_is_counted(capsys: pytest.CaptureFixture[str]):
    effects = effects_frame(cube_doses(31))
    show_points(effects, ["platform_profit", "platform_leader_order_share"], Path("x"))
    said = capsys.readouterr().out
    places = [said.index(f"point {i} ") for i in (30, 26, 4, 0)]  # total welfare falls less and less along the points
    assert places == sorted(places)
    assert "point 15 " not in said
    assert "21 more are left out" in said
    assert "x/effects.parquet" in said
    assert max(map(len, said.splitlines())) <= WIDTH
    show_points(effects_frame(cube_doses(30)), [], Path("x"))
    said = capsys.readouterr().out
    assert "point 15 " in said
    assert "left out" not in said


def test_outcomes_besides_money_are_shown_with_their_units(capsys: pytest.CaptureFixture[str]):
    show_points(effects_frame(cube_doses(4)), ["state_net", "platform_leader_order_share", "nowhere"], Path("x"))
    said = capsys.readouterr().out
    money, besides = said.split("Other outcomes")
    assert "Platforms" in money
    assert "percentage" in besides
    assert "-0.6 ± 0.9" in besides  # points, not a share of -0.006
    assert "nowhere" not in said


@pytest.mark.parametrize("what", ["instruments", "all instruments", "metrics", "assumptions"])
def test_lists_fit_a_hundred_columns_and_lack_nothing(what: str, capsys: pytest.CaptureFixture[str]):
    some = [*CATALOGUE] if what.startswith("all") else []
    what = what.removeprefix("all ")
    cli.main(["list", what, *some])
    said = capsys.readouterr().out
    assert max(len(line) for line in said.splitlines() if "https://" not in line) <= WIDTH, "but for addresses"
    some = ["income_log_sd", "rationing_utilisation"]
    names = {"instruments": [*CATALOGUE], "metrics": [*REGISTRY], "assumptions": some}[what]
    assert all(name in said for name in names)


def test_instruments_show_words_to_choose_from_and_the_timing_once(capsys: pytest.CaptureFixture[str]):
    cli.main(["list", "instruments", *CATALOGUE])
    said = capsys.readouterr().out
    assert "online or engaged" in " ".join(said.split())
    assert "policy.minimum_pay.may_ration = true" in said
    assert said.count("phase_in_weeks") == 1
    assert said.count("is_on") == 1
