"""How many replicates: the smallest number that does, steps that at most double, and coverage after stopping."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.statistics.effects import mean_interval
from analysis.statistics.precision import half_width, next_step, replicates_needed, status_of


def test_half_width_is_that_of_the_t_interval():
    values = np.array([1.0, 4.0, 2.0, 8.0])
    _, low, high = mean_interval(values)
    assert half_width(float(values.std(ddof=1)), 4) == pytest.approx((high - low) / 2)
    assert math.isnan(half_width(1.0, 1))


@pytest.mark.parametrize(("sd", "half"), [(10.0, 5.0), (10.0, 1.0), (1.0, 8.0), (3.0, 0.01)])
def test_number_needed_is_the_smallest_that_does(sd: float, half: float):
    n = int(replicates_needed(sd, half))
    assert half_width(sd, n) <= half
    assert n == 2 or half_width(sd, n - 1) > half


def test_number_needed_by_table():
    # t(17) = 2.1098: 2.1098 * 10 / sqrt(18) = 4.973; t(16) = 2.1199: 2.1199 * 10 / sqrt(17) = 5.142
    assert replicates_needed(10.0, 5.0) == 18


def test_nothing_is_needed_where_nothing_varies_and_nothing_helps_towards_zero():
    assert replicates_needed(0.0, 0.0) == 2
    assert replicates_needed(1.0, 0.0) == math.inf
    assert replicates_needed(1.0, 1e-9) == math.inf
    assert math.isnan(replicates_needed(math.nan, 1.0))


def test_steps_go_to_the_neediest_effect_and_never_more_than_double():
    near, far = status_of("a", 5.0, 10.0, 8.4, 8), status_of("b", 1.0, 10.0, 8.4, 8)
    assert (near.n_needed, far.n_needed > 380) == (18, True)
    assert next_step([near], 10, 256) == 18
    assert next_step([near, far], 8, 256) == 16
    assert next_step([near, far], 200, 256) == 256
    assert next_step([near, far], 256, 256) == 256
    assert next_step([status_of("a", 9.0, 10.0, 8.4, 8)], 8, 256) == 8, "reached"


def test_one_replicate_says_nothing_yet_and_a_metric_without_values_never_will():
    assert next_step([status_of("a", 5.0, math.nan, math.nan, 1)], 1, 256) == 2
    absent = status_of("a", 5.0, math.nan, math.nan, 8)
    assert absent.is_absent
    assert next_step([absent], 8, 256) == 8


def test_an_interval_wider_than_t_asks_for_more_all_the_same():
    skewed = status_of("a", 5.0, 10.0, 6.0, 20)  # t: 4.68
    assert skewed.n_needed == math.ceil(20 * 1.44)
    assert next_step([skewed], 20, 256) == 29


def stopped(values: np.ndarray, wanted: float, n: int, most: int) -> int:
    """Replicates at which the rule stops along one series of paired differences."""
    while True:
        sd = float(values[:n].std(ddof=1))
        following = next_step([status_of("x", wanted, sd, half_width(sd, n), n)], n, most)
        if following == n:
            return n
        n = following


def test_intervals_hold_the_truth_almost_as_often_after_stopping():
    """Eight to start with and about fifty needed: 94% in the long run, in 2,000 series give or take 0.5%."""
    rng = np.random.default_rng(20)
    wanted = 1.96 / math.sqrt(48)
    ends, hits = [], 0
    for _ in range(2000):
        values = rng.normal(3.0, 1.0, 400)
        n = stopped(values, wanted, 8, 400)
        _, low, high = mean_interval(values[:n])
        assert high - low <= 2 * wanted * (1 + 1e-9)
        ends.append(n)
        hits += low <= 3.0 <= high
    assert 0.925 <= hits / 2000 <= 0.96
    assert 46 <= np.mean(ends) <= 56
