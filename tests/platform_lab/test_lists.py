"""Every list of the command line as a frame."""

from __future__ import annotations

from pathlib import Path

import pytest

import platform_lab as lab
from experiments import cli
from platform_lab.lists import WHAT
from sim.metrics.registry import REGISTRY
from sim.policy.catalogue import CATALOGUE


def test_rules_are_listed_with_what_they_stand_for_or_parameter_by_parameter():
    rules = lab.list("instruments").set_index("name")
    assert set(rules.index) == set(CATALOGUE)
    assert rules.loc["commission_cap", "title"] == CATALOGUE["commission_cap"].title
    keys = lab.list("instruments", "commission_cap", "minimum_pay").set_index("key")
    assert keys.loc["policy.commission_cap.ceiling", "default"] == CATALOGUE["commission_cap"]().ceiling
    assert keys.loc["policy.commission_cap.ceiling", "low"] < keys.loc["policy.commission_cap.ceiling", "high"]
    assert set(keys["rule"]) == {"commission_cap", "minimum_pay"}


def test_choices_metrics_provisions_and_assumptions_are_listed():
    choices = lab.list()
    assert {"town", "city"} <= set(choices[choices["group"] == "population"]["name"])
    kinds = choices[choices["group"] == "policy"].set_index("name")["kind"]
    assert (kinds["commission_cap"], kinds["opinions_2021_core"]) == ("rule", "regime")
    assert choices.set_index("name").loc["commission_cap_heights", "question"].endswith("?")
    assert list(lab.list("metrics")["name"]) == list(REGISTRY)
    assert set(lab.list("provisions", "A8")["article"]) == {"8"}
    assert len(lab.list("provisions")) > len(lab.list("provisions", "A8")) > 0
    ours, theirs = lab.list("assumptions"), lab.list("assumptions", sector="us_food_delivery")
    assert {"parameter", "value", "low", "high", "unit"} <= set(ours.columns)
    assert list(ours["text"]) != list(theirs["text"])


@pytest.mark.long
def test_cases_are_listed():
    cases = lab.list("cases")
    assert {"theory", "evidence"} <= set(cases["suite"])
    assert (cases["n_targets"] > 0).any()


def test_results_of_an_empty_folder_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", str(tmp_path))
    assert lab.list("results").empty


def test_there_is_a_frame_for_every_list_of_the_command_line(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        cli.main(["list", "what"])
    told = capsys.readouterr().err.removeprefix("Cannot list:\n").strip()
    assert f"allowed: {', '.join(WHAT)}\n" in told
    with pytest.raises(lab.RefusedScenario) as caught:
        lab.list("what")
    assert str(caught.value) == told


@pytest.mark.parametrize(("what", "name"), [("instruments", "minimum_wage"), ("provisions", "A99")])
def test_a_name_that_there_is_not_is_refused(what: str, name: str):
    with pytest.raises(lab.RefusedScenario, match=name):
        lab.list(what, name)
