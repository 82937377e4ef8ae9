"""One parameter, one label: sliders, axes, tables and lists say the same of it, and take it from its declaration."""

from __future__ import annotations

import re
from typing import Any

import pytest

from analysis.report import rules
from analysis.wording.numbers import uncapital
from experiments import cli
from experiments.catalogue import assumptions
from experiments.dashboard.levers import WHEN, levers_of
from experiments.request import build, labels
from experiments.request.parameters import note_of, parameter
from experiments.results import records
from sim.parameters import Param, label_of
from sim.policy.catalogue import CATALOGUE
from sim.policy.instrument import TIMING

KEYS = [f"policy.{name}.{key}" for name, kind in CATALOGUE.items() for key in kind.parameters()]


@pytest.mark.parametrize("rule", CATALOGUE)
def test_a_slider_an_axis_a_report_and_a_list_call_a_parameter_the_same(rule: str, capsys: pytest.CaptureFixture[str]):
    ((row,), (shown,)) = _tables(rule)
    cli.main(["list", "instruments", rule])
    said = re.sub(r"\s+", " ", capsys.readouterr().out)
    sliders = {one.name: one for one in levers_of(rule)}
    for mine in shown["parameters"]:
        key = f"policy.{rule}.{mine['name']}"
        about, slider = parameter(key), sliders[mine["name"]]
        assert slider.label == row["parameters"][mine["name"]]["label"] == mine["label"] == about.label
        assert slider.title == labels.lever_of(key, [])["title"] == f"{CATALOGUE[rule].title}: {uncapital(about.label)}"
        assert re.search(rf"{re.escape(key)} = \S+ {re.escape(f'{about.label}: {uncapital(about.meaning)}')}", said)
    assert {mine["name"] for mine in shown["parameters"]} == set(CATALOGUE[rule].parameters())


def _tables(rule: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    beside = "data_limit" if rule != "data_limit" else "personal_pricing_ban"  # some rules have nothing to act on alone
    found = [row for row in records.rules(build.ask([f"policy=[{rule},{beside}]"])) if row["name"] == rule]
    return found, rules.instruments({"instruments": found, "currency": "yuan"})


@pytest.mark.parametrize("key", KEYS)
def test_unit_range_and_source_are_the_declared_ones(key: str):
    _, rule, name = key.split(".")
    about, note = parameter(key), note_of(CATALOGUE[rule].parameters()[name][0])
    (slider,) = (one for one in levers_of(rule) if one.name == name)
    if note is None:
        assert about.choices
        assert slider.words == about.choices
        return
    assert (about.unit, about.low, about.high, about.source) == (note.unit, note.low, note.high, note.source)
    assert (slider.unit, slider.low, slider.high, slider.meaning) == (note.unit, note.low, note.high, note.meaning)


def test_labels_of_one_rule_differ():
    for rule in CATALOGUE:
        found = [one.label for one in levers_of(rule)]
        assert len(set(found)) == len(found), rule


def test_when_a_rule_is_in_force_is_declared_once():
    for name in sorted(set(TIMING) - {"smallest_share"}):  # which a rule may have a law of its own for
        assert len({parameter(f"policy.{rule}.{name}").meaning for rule in CATALOGUE}) == 1
    assert {one.name for one in levers_of("commission_cap")} >= set(WHEN)
    (grace,) = (one for one in levers_of("commission_cap") if one.name == "grace_weeks")
    assert (grace.most_shown, grace.taken(100)) == (52.0, 100), "a box takes what the slider does not reach"


def test_a_label_is_the_declared_one_or_the_fields_name_in_words():
    assert label_of("level", Param("terms", "share", 0.0, 1.0, label="Terms disclosed")) == "Terms disclosed"
    assert label_of("gain_multiple", Param("gains", "x", 0.0, 1.0)) == "Gain multiple"
    assert label_of("n_candidates", None) == "Number of candidates"
    assert label_of("n_per_zone", None) == "Number per zone"
    assert label_of("income_log_sd", None) == "Spread of income"
    assert label_of("quality_sd", None) == "Spread of quality"


@pytest.mark.parametrize(
    ("key", "label", "unit", "allowed"),
    [
        ("sector.consumers.price_sensitivity", "Price sensitivity", "1/currency", "0.001 to 2"),
        ("sector.platforms.leader.appeal", "Leader: appeal", "utility", "-50 to 50"),
        ("sector.platforms.*.commission.chain", "Chain: commission", "share of goods value", "0 to 0.95"),
        ("population.n_consumers", "Number of consumers", "people", "1 to 2e+07"),
        ("platforms.learning.memory", "Memory", "periods", "0 to 3"),
        ("policy.minimum_pay.basis", "Basis", "-", "online or engaged"),
        ("policy.commission_cap.is_on", "Is on", "-", "yes or no"),
        ("seed", "Seed", "-", ""),
        ("sector.nonsense", "Nonsense", "-", ""),
        ("policy.nonsense.level", "Level", "-", ""),
    ],
)
def test_any_key_has_a_label_and_what_is_declared(key: str, label: str, unit: str, allowed: str):
    about = parameter(key)
    assert (about.label, about.unit, about.allowed) == (label, unit, allowed)


def test_a_sector_gives_its_currency_and_the_source_of_its_values():
    sector = build.ask([]).scenarios[0].sector
    about = parameter("sector.consumers.value_of_time", sector)
    assert about.unit == "yuan a minute"
    assert about.source.startswith("assumption: about 20 yuan an hour")
    assert parameter("policy.minimum_pay.floor", sector).unit == "yuan an hour"


def test_a_sweep_and_a_list_of_assumptions_call_a_value_the_same():
    request = build.ask(["policy=commission_cap", "sector.consumers.habit_weight=0.2,0.4"])
    (lever,) = labels.levers(request)
    (row,) = (a for a in assumptions.assumptions(request.scenarios[0].sector) if a["assumption"] == "habit_weight")
    assert lever["title"] == row["label"] == parameter("sector.consumers.habit_weight").label
    assert labels.labels(request) == ["habit weight 0.2", "habit weight 0.4"]
