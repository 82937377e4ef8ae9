"""Ranges on the command line: decimal steps, the end left out, counted before they are built."""

from __future__ import annotations

import time

import pytest

from experiments.request import build
from sim.errors import RefusedScenario

CAP = ["policy=commission_cap", "population=town"]
CEILING = "policy.commission_cap.ceiling"
WEEKS = "policy.commission_cap.phase_in_weeks"


def refused(*words: str) -> str:
    with pytest.raises(RefusedScenario) as caught:
        build.ask([*CAP, *words])
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("range(0.05,0.12,0.01)", [0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11]),
        ("range(0.05,0.10,0.01)", [0.05, 0.06, 0.07, 0.08, 0.09]),
        ("range(0.3,0,-0.1)", [0.3, 0.2, 0.1]),
        ("range(0.1,0.9,0.2)", [0.1, 0.3, 0.5, 0.7]),
    ],
)
def test_steps_are_decimal_and_the_end_is_left_out(written: str, values: list[float]):
    assert build.ask([*CAP, f"{CEILING}={written}"]).levers[CEILING] == values


def test_whole_numbers_stay_whole():
    values = build.ask([*CAP, f"{WEEKS}=range(1,9,3)"]).levers[WEEKS]
    assert values == [1, 4, 7]
    assert all(isinstance(value, int) for value in values)


def test_a_value_of_a_range_is_the_same_question_as_the_value_typed():
    swept, typed = build.ask([*CAP, f"{CEILING}=range(0.05,0.07,0.01)"]), build.ask([*CAP, f"{CEILING}=0.06"])
    assert swept.scenarios[1].digest() == typed.scenarios[0].digest()


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("range(0.05,0.12)", "it holds 0.05 alone"),
        ("range(0.05,0.12,0)", "a step of 0 leads nowhere"),
        ("range(0.05,0.12,-0.01)", "its step leads away from its end"),
        ("range(1,1)", "it starts where it ends"),
        ("range(0,1,1e-9)", "1,000,000,000 values"),
    ],
)
def test_a_range_that_is_none_is_refused_at_once(written: str, why: str):
    before = time.process_time()
    assert why in refused(f"{CEILING}={written}")
    assert time.process_time() - before < 2.0


@pytest.mark.parametrize("key", ["seed", "population", "sector", "platforms"])
def test_a_thousand_million_values_are_counted_and_not_built(key: str):
    before = time.process_time()
    refused(f"{key}=range(0,1000000000)")
    assert time.process_time() - before < 2.0


def test_an_interval_of_whole_numbers_stays_inside_its_ends():
    request = build.ask([*CAP, f"{WEEKS}=interval(0.2,3.8)", "design.n_levels=4"])
    assert request.levers[WEEKS] == [1, 2, 3]
    assert "none lies between them" in refused(f"{WEEKS}=interval(0.2,0.8)")


@pytest.mark.parametrize("words", ["0.1,0.10", "1,1.0", "0.1,0.05,0.1"])
def test_a_value_named_twice_is_refused(words: str):
    assert "is named twice" in refused(f"{CEILING}={words}")


def test_a_mapping_is_no_value_of_a_sweep():
    assert "a number, a word or a list" not in refused(f"{CEILING}={{a:1}}")
    assert "is a number, a word or a list" in refused(f"{CEILING}={{a:1}},{{a:2}}")


def test_more_runs_than_can_be_listed_are_refused_before_they_are():
    before = time.process_time()
    said = refused(
        f"{CEILING}=interval(0.05,0.1)", "design=latin_hypercube", "design.n_points=100000", "replicates=1000"
    )
    assert "100,000 scenarios x 1,000 replicates" in said
    assert time.process_time() - before < 2.0
    with pytest.raises(RefusedScenario, match="consumer weeks"):
        build.ask(["policy=commission_cap", "population=megacity", "replicates=100000"])


def test_the_last_replicate_has_a_seed_too():
    last = 2**64 - 1
    assert build.ask([*CAP, f"seed={last}", "replicates=1"]).scenarios[0].seed == last
    assert build.ask([*CAP, f"seed={last - 7}", "replicates=8"])
    assert f"at most {last - 7}" in refused(f"seed={last}", "replicates=8")
    assert refused(f"seed={last}", "replicates=1", "precision=0.1")
    assert refused(f"seed={last}", "replicates=1", "uncertainty=assumptions")
