"""exp, log, power and quantiles against double precision, with the error bounds that are promised."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from sim.kernels import elementary

RELATIVE_ERROR = 2e-7
SMALLEST, LARGEST = float(np.finfo(np.float32).tiny), float(np.finfo(np.float32).max)


def relative_error(found, wanted):
    return np.abs(found.astype(np.float64) - wanted) / np.abs(wanted)


def test_exp_is_right_over_its_whole_range():
    x = np.linspace(-87.0, 87.0, 400_001).astype(np.float32)
    assert relative_error(elementary.exp(x), np.exp(x.astype(np.float64))).max() < RELATIVE_ERROR


def test_exp_is_exactly_zero_below_its_range():
    below = np.nextafter(np.float32(-87), np.float32(-100))
    assert np.all(elementary.exp([-88.0, -1e6, -np.inf, below]) == 0.0)
    assert elementary.exp(-87.0) > 0.0


def test_exp_is_constant_above_its_range_and_finite():
    assert np.all(elementary.exp([87.5, 1e6, np.inf]) == elementary.exp(87.0))
    assert np.isfinite(elementary.exp(87.0))


def test_exp_of_zero_is_one_and_log_of_one_is_zero():
    assert elementary.exp(0.0) == 1.0
    assert elementary.log(1.0) == 0.0


def test_log_is_right_from_the_smallest_normal_number_to_the_largest():
    x = np.exp(np.linspace(np.log(SMALLEST), np.log(LARGEST * 0.999), 400_000)).astype(np.float32)
    x = x[(x >= SMALLEST) & (x != 1.0)]
    assert relative_error(elementary.log(x), np.log(x.astype(np.float64))).max() < RELATIVE_ERROR


def test_log_keeps_its_relative_error_near_one():
    x = (1.0 + np.linspace(-0.01, 0.01, 20_001)).astype(np.float32)
    x = x[x != 1.0]
    assert relative_error(elementary.log(x), np.log(x.astype(np.float64))).max() < RELATIVE_ERROR


@given(st.floats(2.0**-99, 2.0**99, width=32), st.floats(-20.0, 20.0, width=32))
def test_power_is_exp_of_exponent_times_log(x, exponent):
    argument = float(exponent) * float(np.log(np.float64(x)))
    if abs(argument) < 86.0:
        found, wanted = float(elementary.power(x, exponent)), np.exp(argument)
        assert abs(found - wanted) <= (abs(argument) + 2.0) * RELATIVE_ERROR * wanted


def test_logistic_is_right_and_stays_between_zero_and_one():
    x = np.linspace(-200.0, 200.0, 100_001)
    found = elementary.logistic(x)
    assert np.abs(found - special.expit(x.astype(np.float32).astype(np.float64))).max() < RELATIVE_ERROR
    assert found.min() >= 0.0
    assert found.max() <= 1.0


def test_normal_quantile_is_right_from_the_smallest_draw_to_the_largest():
    tail = 0.5 * 2.0 ** -np.linspace(1.0, 32.0, 50_001)
    u = np.concatenate([tail, np.linspace(0.001, 0.999, 50_001), 1.0 - tail])
    assert np.abs(elementary.normal_quantile(u) - stats.norm.ppf(u)).max() < 1e-6


def test_normal_quantile_is_symmetric():
    u = (np.arange(1, 2**12) / 2**12)[:-1]
    assert np.array_equal(elementary.normal_quantile(u), -elementary.normal_quantile(1.0 - u))
    assert elementary.normal_quantile(np.array(0.5)) == 0.0


@pytest.mark.parametrize("function", [elementary.exp, elementary.log, elementary.logistic])
def test_results_are_single_precision_whatever_comes_in(function):
    for given_ in (2.0, [1.0, 2.0], np.array([1.0, 2.0]), np.array([1, 2])):
        assert function(given_).dtype == np.float32
