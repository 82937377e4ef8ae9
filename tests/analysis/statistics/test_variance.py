"""Chance and assumptions: the analysis of variance by hand, without balance, and how often its interval is right."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.statistics.variance import Split, split


def test_balanced_split_by_hand():
    # means 2, 6, 10; MSB = 2 * 16 = 32, MSW = (2 + 2 + 2) / 3 = 2, s2 between = (32 - 2) / 2 = 15
    found = split(np.array([1.0, 3, 5, 7, 9, 11]), [0, 0, 1, 1, 2, 2])
    assert found.seed_sd**2 == pytest.approx(2.0)
    assert found.assumption_sd**2 == pytest.approx(15.0)
    assert found.assumption_share == pytest.approx(15 / 17)
    # F = 16; F(2, 3) has quantiles 16.044 and 1 / 39.165
    assert found.assumption_share_low == pytest.approx(0.0, abs=1e-3)
    assert found.assumption_share_high == pytest.approx((16 * 39.165 - 1) / (16 * 39.165 + 1), rel=1e-4)


def test_draws_of_which_runs_failed_count_with_what_is_left():
    # k = 3, 1, 2: k0 = (6 - 14 / 6) / 2 = 11 / 6; means 2, 8, 5, all 4; MSW = (2 + 0 + 2) / 3, MSB = (12 + 16 + 2) / 2
    values = np.array([1.0, 2, 3, 8, 4, 6, math.nan])
    found = split(values, [0, 0, 0, 1, 2, 2, 1])
    assert found.seed_sd**2 == pytest.approx(4 / 3)
    assert found.assumption_sd**2 == pytest.approx((15 - 4 / 3) / (11 / 6))


def test_draws_nearer_than_chance_make_no_negative_variance():
    found = split(np.array([1.0, 9, 2, 8, 0, 10]), [0, 0, 1, 1, 2, 2])
    assert (found.assumption_sd, found.assumption_share, found.assumption_share_low) == (0.0, 0.0, 0.0)
    assert 0.0 <= found.assumption_share_high < 1.0


def test_seeds_that_do_not_differ_leave_assumptions_only():
    found = split(np.array([1.0, 1, 2, 2, 5, 5]), [0, 0, 1, 1, 2, 2])
    assert (found.seed_sd, found.assumption_share, found.assumption_share_low) == (0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("values", "draws"),
    [([1.0, 2.0, 3.0], [0, 1, 2]), ([1.0, 2.0], [0, 0]), ([4.0] * 4, [0, 0, 1, 1]), ([math.nan] * 4, [0, 0, 1, 1])],
)
def test_nothing_is_said_without_two_draws_or_two_seeds_or_any_spread(values: list[float], draws: list[int]):
    assert all(math.isnan(value) for value in vars(split(np.array(values), draws)).values())


def test_rounding_is_no_spread():
    assert math.isnan(split(np.array([1e-12, 0.0, 2e-12, 0.0]), [0, 0, 1, 1], size=100.0).seed_sd)
    assert not math.isnan(split(np.array([1e-12, 0.0, 2e-12, 0.0]), [0, 0, 1, 1]).seed_sd)


def simulated(rng: np.random.Generator, a: int, k: int, share: float) -> Split:
    draws = np.repeat(np.arange(a), k)
    values = math.sqrt(share) * rng.normal(size=a)[draws] + math.sqrt(1 - share) * rng.normal(size=a * k)
    return split(values, list(draws))


def test_the_interval_of_the_share_is_right_in_95_of_100_cases():
    rng = np.random.default_rng(4)
    found = [simulated(rng, 32, 2, 0.6) for _ in range(2000)]
    held = np.mean([one.assumption_share_low <= 0.6 <= one.assumption_share_high for one in found])
    assert 0.935 <= held <= 0.965
    assert np.mean([one.assumption_share for one in found]) == pytest.approx(0.6, abs=0.02)
