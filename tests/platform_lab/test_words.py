"""Keywords become the words that somebody would have typed, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import platform_lab as lab
from experiments.request import build, grammar
from platform_lab.words import overrides_of, quoted
from tests.experiments.conftest import TINY as TYPED
from tests.platform_lab.conftest import TINY


@given(st.text())
def test_any_text_is_read_as_it_was_written(text: str):
    _, values = grammar.split([f"name={quoted(text)}"], None)
    assert values == {"name": [text]}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z_]{1,6}", fullmatch=True), inner)
        ),
        max_leaves=6,
    )
)
def test_any_value_is_read_as_it_was_written(value: Any):
    _, values = grammar.split(overrides_of({"a.key": value}), None)
    assert values == {"a.key": [value]}


def test_plain_words_stand_without_quotes_and_words_that_mean_something_else_with_them():
    said = overrides_of({"name": "a_name-1", "title": "true", "question": "two words", "intervals": "Inf"})
    assert said == ["name=a_name-1", "title='true'", "question='two words'", "intervals='Inf'"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("commission_cap", ["policy=commission_cap"]),
        ("none", ["policy=none"]),
        ([], ["policy=none"]),
        ({}, ["policy=none"]),
        (["a", "b"], ["policy=[a,b]"]),
        (("a", "b"), ["policy=[a,b]"]),
        ({"a": {}}, ["policy=[a]"]),
        ({"a": None, "b": {"x": 1}}, ["policy=[a,b]", "policy.b.x=1"]),
        ({"a": {"x": 0.1, "y": True}}, ["policy=[a]", "policy.a.x=0.1", "policy.a.y=true"]),
        ({"a": {"x": [0.1, 0.2]}}, ["policy=[a]", "policy.a.x=0.1,0.2"]),
        ({"a": {"end_week": None}}, ["policy=[a]", "policy.a.end_week=null"]),
        ([["a"], ["a", "b"]], ["policy=[a],[a,b]"]),
        ([{"a": {}}, "b", []], ["policy=[a],b,none"]),
    ],
)
def test_a_policy_is_rules_by_name_with_their_parameters(policy: Any, expected: list[str]):
    assert overrides_of({"policy": policy}) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"population": "town"}, ["population=town"]),
        ({"population": ["town", "city"]}, ["population=town,city"]),
        ({"population": {"n_consumers": 600}}, ["population.n_consumers=600"]),
        ({"sector": {"platforms": {"leader": {"appeal": 1}}}}, ["sector.platforms.leader.appeal=1"]),
        ({"seed": [1, 2]}, ["seed=1,2"]),
        ({"seed": range(3)}, ["seed=0,1,2"]),
        ({"seed": np.arange(2)}, ["seed=0,1"]),
        ({"replicates": np.int64(4), "a.b": np.float64(0.1)}, ["replicates=4", "a.b=0.1"]),
        ({"outcomes": ["x", "y"]}, ["outcomes=[x,y]"]),
        ({"platforms": {"start_levels": (1, 2)}}, ["platforms.start_levels=[1,2]"]),
        ({"precision": {"consumer_surplus": 5}}, ["precision={consumer_surplus: 5}"]),
        ({"config": Path("a b/config.yaml")}, ["config='a b/config.yaml'"]),
        ({"sector": None, "precision": None}, []),
        ({"policy.a.end_week": None}, ["policy.a.end_week=null"]),
    ],
)
def test_other_words(words: dict[str, Any], expected: list[str]):
    assert overrides_of(words) == expected


def test_what_is_typed_out_comes_last_and_as_it_is():
    assert overrides_of({"seed": 1}, ["a.b=interval(0,1)"]) == ["seed=1", "a.b=interval(0,1)"]


def test_keywords_and_words_ask_for_the_same_scenario():
    (ours,), (typed,) = build.ask(overrides_of(TINY)).scenarios, build.ask(list(TYPED)).scenarios
    assert ours.digest() == typed.digest()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ({"policy": 3}, "a policy is rules by name"),
        ({"policy": {"commission_cap": 0.1}}, "a rule is named with its parameters"),
        ({"policy": [{"commission_cap": {"ceiling": 0.1}}, "none"]}, "of several policies each is named only"),
        ({"policy": "a,b"}, "it is no name of a choice"),
        ({"population": 600}, "it is no name of a choice"),
        ({"population": "town,city"}, "it is no name of a choice"),
        ({"seed": []}, "it names no value"),
        ({"seed": object()}, "a object is no value"),
        ({"precision": {"two words": 1}}, "it is no key"),
        ({"a key=1": 1}, "it is no key"),
    ],
)
def test_what_no_word_can_say_is_refused(words: dict[str, Any], part: str):
    with pytest.raises(lab.RefusedScenario, match=part) as caught:
        overrides_of(words)
    (problem,) = caught.value.problems
    assert problem.allowed
    assert problem.todo
