"""Numbers, intervals and lists are set as a reader expects them, and never claim more than they hold."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.wording.numbers import (
    MINUS,
    THIN,
    counted,
    decimals_for,
    estimate,
    lever_value,
    listed,
    number,
    quantity,
    scale_of,
    sentence,
    size,
    wrapped,
)
from analysis.wording.parties import agree


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace(THIN, " ").replace(MINUS, "-")


@pytest.mark.parametrize(
    ("effect", "low", "high", "words"),
    [
        (412.3, 380.1, 444.5, "+412 [380, 444]"),
        (-390.2, -420.4, -360.0, "-390 [-420, -360]"),
        (0.74, 0.69, 0.79, "+0.74 [0.69, 0.79]"),
        (12345.6, 12025.2, 12666.0, "+12 346 [12 025, 12 666]"),
        (0.0, -0.2, 0.2, "0.00 [-0.20, 0.20]"),
        (412.0, 0.3, 823.7, "+412.0 [0.3, 823.7]"),
        (0.0, 0.0, 0.0, "0.00 [0.00, 0.00]"),
        (5.0, math.nan, math.nan, "+5.00 [no interval]"),
    ],
)
def test_estimates_have_the_digits_that_their_interval_allows(effect, low, high, words):
    assert plain(estimate(effect, low, high)) == words


@given(st.floats(0.001, 1e6), st.floats(0.001, 0.999))
def test_an_interval_that_leaves_out_zero_is_never_printed_with_a_zero_bound(effect: float, part: float):
    text = plain(estimate(effect, effect * (1 - part), effect * (1 + part)))
    low = float(text.split("[")[1].split(",")[0].replace(" ", ""))
    assert low > 0


def test_after_a_verb_of_loss_the_size_is_positive_and_its_bounds_in_order():
    assert plain(size(-390.2, -420.4, -360.0)) == "390 [360, 420]"
    assert plain(size(412.3, 380.1, 444.5)) == "412 [380, 444]"


def test_signs_are_true_minus_signs_and_nothing_is_minus_zero():
    assert number(-3.0, 0) == "−3"
    assert number(-0.001, 1) == "0.0"
    assert number(-0.001, 1, signed=True) == "0.0"
    assert number(math.nan) == "n/a"


def test_shares_become_per_cents_and_their_changes_percentage_points():
    assert quantity(0.181, "share of order value") == "18.1%"
    assert scale_of("share of order value").change == "percentage points of order value"
    assert scale_of("share").level == "%"
    assert scale_of("shared kitchens").factor == 1.0  # not a share
    assert plain(scale_of("yuan per 1,000 consumers a week").level) == "yuan per 1 000 consumers a week"


def test_lever_values_are_said_as_they_were_chosen():
    assert lever_value(0.12, "share of order value") == "12%"
    assert lever_value(0.075, "share") == "7.5%"
    assert lever_value(0.07 + 0.05, "share") == "12%"  # not 12.000000000000002%
    assert plain(lever_value(1500, "yuan")) == "1 500 yuan"
    assert lever_value(0.5, "") == "0.5"
    assert lever_value(0.05875, "share") == "5.875%"
    assert lever_value(0.0538038958, "share") == "5.38%"  # drawn by a design, chosen by nobody
    assert plain(lever_value(123456.789012, "yuan")) == "123 457 yuan"


def test_decimals_do_not_grow_without_end():
    assert decimals_for(1e-12) <= 6
    assert decimals_for(math.inf, math.nan) == 2


def test_grammar():
    assert listed(["a"]) == "a"
    assert listed(["a", "b"], "or") == "a or b"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert agree(["merchants"], "gain") == "merchants gain"
    assert agree(["state"], "lose") == "the state loses"
    assert agree(["workers", "state"], "lose") == "workers and the state lose"
    assert counted(1, "replicate") == "1 replicate"
    assert counted(20, "replicate") == "20 replicates"
    assert sentence("so it is") == "So it is."
    assert sentence("Is it?") == "Is it?"


@given(st.text("ab ", max_size=80), st.integers(3, 30))
def test_wrapping_keeps_every_word(words: str, width: int):
    assert " ".join(wrapped(words, width)).split() == words.split()


def test_wrapping_never_parts_an_interval():
    assert wrapped(f"Price paid: {estimate(1.26, 1.21, 1.31)} yuan", 22)[-1].endswith("[1.21,\u00a01.31] yuan")
