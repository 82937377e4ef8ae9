"""Gini, top shares and concentration against their definitions, pair by pair."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.metrics.metric import gini, gini_of_counts, herfindahl, per_thousand, ratio, top_share
from tests.economies import economy

HOLDINGS = st.lists(st.integers(0, 10_000), min_size=1, max_size=40).filter(any)


@given(HOLDINGS)
def test_gini_is_the_mean_difference_over_twice_the_mean(values):
    n = len(values)
    difference = sum(abs(a - b) for a in values for b in values) / n**2
    assert gini(np.array(values)) == pytest.approx(difference / (2 * sum(values) / n), abs=1e-12)


def test_gini_of_equals_is_zero_and_of_one_holder_of_all_is_nearly_one():
    assert gini(np.full(50, 7)) == pytest.approx(0.0, abs=1e-12)
    assert gini(np.array([0] * 99 + [5])) == pytest.approx(0.99)


@given(HOLDINGS)
def test_gini_by_counting_is_gini_by_sorting_without_zeros(values):
    counts = np.array(values)
    assert gini_of_counts(counts) == gini(counts[counts > 0])


@given(HOLDINGS, st.sampled_from([0.01, 0.1, 0.25, 0.5, 1.0]))
def test_top_share_is_what_the_largest_hold(values, share):
    largest = sorted(values, reverse=True)[: max(1, round(share * len(values)))]
    assert top_share(np.array(values), share) == pytest.approx(sum(largest) / sum(values))


@given(HOLDINGS)
def test_herfindahl_is_the_sum_of_squared_percentages(values):
    found = herfindahl(np.array(values))
    assert found == pytest.approx(sum((100 * v / sum(values)) ** 2 for v in values))
    assert 10_000 / len(values) - 1e-6 <= found <= 10_000 + 1e-6


def test_nothing_to_divide_by_is_not_a_number():
    assert math.isnan(ratio(1.0, 0.0))
    assert math.isnan(gini(np.zeros(4)))
    assert math.isnan(gini(np.zeros(0)))
    assert math.isnan(gini_of_counts(np.zeros(4, int)))
    assert math.isnan(gini_of_counts(np.zeros(0, int)))
    assert math.isnan(herfindahl(np.zeros(3)))
    assert math.isnan(top_share(np.zeros(3), 0.1))
    assert ratio(1.0, 4.0) == 0.25


def test_per_thousand_is_currency_and_goes_by_consumers():
    world = economy(500).world
    assert per_thousand(world, 12_300) == pytest.approx(123.0 * 2)
    assert per_thousand(world, np.int64(12_300)) == pytest.approx(123.0 * 2)
