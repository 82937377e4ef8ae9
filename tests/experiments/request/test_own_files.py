"""A folder of one's own: its files win over the laboratory's, say so, and mean what they look like."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments import calibrate, run
from experiments.request import build, folders
from sim.errors import RefusedScenario

CAP = "policy.commission_cap.ceiling"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    for group in ("experiment", "policy", "sector", "population"):
        (tmp_path / group).mkdir()
    return tmp_path


def copied(own: Path, name: str, old: str, new: str) -> None:
    """Copy a file of the laboratory's, changed."""
    text = (folders.config_folder() / name).read_text("utf-8")
    assert old in text
    (own / name).write_text(text.replace(old, new), encoding="utf-8")


def refused(*words: str, extra: Path | None = None) -> str:
    with pytest.raises(RefusedScenario) as caught:
        build.ask(list(words), extra)
    return str(caught.value)


def experiment(own: Path, text: str) -> None:
    head = "# @package _global_\ndefaults:\n  - override /population: town\n  - override /policy: [commission_cap]\n"
    (own / "experiment" / "mine.yaml").write_text(f"{head}{text}", encoding="utf-8")


def test_a_users_file_wins_over_the_laboratorys_and_says_so(own: Path):
    (own / "policy" / "commission_cap.yaml").write_text("# @package policy.commission_cap\nceiling: 0.13\n")
    copied(own, "population/town.yaml", "10_000", "9_000")
    request = build.ask(["population=town", "policy=commission_cap"], own)
    (scenario,) = request.scenarios
    assert scenario.policy["commission_cap"].ceiling == 0.13  # pyright: ignore
    assert scenario.population.n_consumers == 9_000
    (note,) = request.notes
    assert "policy/commission_cap and population/town" in note
    assert build.ask(["population=town", "policy=commission_cap"]).notes == ()


def test_a_folder_that_adds_files_says_nothing(own: Path):
    (own / "population" / "tiny.yaml").write_text("name: tiny\nn_consumers: 300\nn_zones: 1\n")
    assert build.ask(["population=tiny"], own).notes == ()


@pytest.mark.parametrize(
    ("levers", "why"),
    [
        ("levers:\n  sector: {consumers: {price_sensitivity: [0.04]}}\n", "the dotted key: sector.consumers"),
        ("levers:\n  policy: {commission_cap: {ceiling: [0.1]}}\n", "the dotted key: policy.commission_cap"),
        (f"levers:\n  {CAP}: []\n", "it names no value"),
        (f"levers:\n  {CAP}:\n", "it names no value"),
        ("levers:\n  horizon.n: {weeks: [90, 100]}\n", "write the dotted key: horizon.n.weeks"),
        (f"levers:\n  {CAP}: [0.1, 0.08]\nuncertainties:\n  {CAP}: [0.1, 0.05]\n", "among levers and among"),
        (f"levers:\n  {CAP}: {{low: 0.1, high: 0.2, x: 3}}\n", "x is no end of a range"),
        (f"levers:\n  {CAP}: [0.1, 0.10]\n", "is named twice"),
    ],
)
def test_swept_keys_of_a_file_are_read_or_refused(own: Path, levers: str, why: str):
    experiment(own, levers)
    assert why in refused("experiment=mine", extra=own)


@pytest.mark.parametrize(
    ("written", "read"),
    [("020", "16"), ("0x10", "16"), ("1:30", "90"), ("yes", "true"), ("off", "false"), ("1_0", "10"), ("007.5", "7.5")],
)
def test_yaml_that_means_something_else_than_it_looks_like_is_refused(own: Path, written: str, read: str):
    (own / "policy" / "mine.yaml").write_text(f"# @package policy.minimum_pay\nfloor: {written}\n")
    said = refused("policy=mine", extra=own)
    assert f"YAML reads it as {read}" in said
    assert "line 2" in said


def test_a_comma_between_digits_is_refused(own: Path):
    (own / "population" / "mine.yaml").write_text("name: mine\nn_consumers: 1,000\nn_zones: 1\n")
    assert "write 1000" in refused("population=mine", extra=own)


def test_a_file_with_another_ending_is_refused(own: Path):
    (own / "population" / "tiny.yml").write_text("name: tiny\nn_consumers: 300\nn_zones: 1\n")
    assert "rename it to tiny.yaml" in refused("population=town", extra=own)


def test_a_misspelt_folder_of_files_is_refused(own: Path):
    (own / "sectors").mkdir()
    (own / "sectors" / "mine.yaml").write_text("name: mine\n")
    assert "rename it to sector/" in refused("population=town", extra=own)


def test_a_value_of_one_of_several_rules_acts_where_the_rule_is_and_says_so():
    words = ["policy=commission_cap,minimum_pay,[commission_cap,minimum_pay]", "population=town", f"{CAP}=0.11"]
    request = build.ask(words)
    ceilings = [s.policy["commission_cap"].ceiling for s in request.scenarios if "commission_cap" in s.policy]  # pyright: ignore
    assert ceilings == [0.11, 0.11]
    assert request.notes == (f"{CAP} acts only where its rule is chosen.",)
    assert "the instrument commission_cap is not chosen" in refused("policy=minimum_pay,data_limit", f"{CAP}=0.1")
    assert "it acts under some policies only" in refused(words[0], f"{CAP}=0.11,0.1")


def test_a_run_refuses_replicates_and_a_calibration_rules():
    with pytest.raises(RefusedScenario, match="one seed"):
        run.ask(["population=town", "replicates=5"])
    with pytest.raises(RefusedScenario, match="without these rules"):
        calibrate.ask(["population=town", "policy=commission_cap"])
    with pytest.raises(RefusedScenario, match="2 values"):
        calibrate.ask(["population=town,city"])
