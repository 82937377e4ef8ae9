"""Families of estimates: of noise a sign is claimed in at most one family in twenty, of clear effects always."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.effects import mean_interval
from analysis.statistics.estimates import Estimate, claimed


def estimate_of(values: np.ndarray) -> Estimate:
    mean, low, high = mean_interval(values)
    numbers = {"baseline": 0.0, "policy": mean, "effect": mean, "low": low, "high": high}
    return Estimate("m", "M", "consumers", "yuan", "higher", len(values), **numbers)


@pytest.mark.parametrize("n_points", [1, 7, 20])
def test_of_noise_hardly_ever_a_sign_is_claimed(n_points: int):
    rng = np.random.default_rng(n_points)
    families = rng.normal(size=(1500, n_points, 8))
    wrong = np.mean([any(claimed([estimate_of(values) for values in family])) for family in families])
    assert wrong <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 1500)


def test_one_estimate_alone_is_claimed_where_its_interval_leaves_out_zero():
    rng = np.random.default_rng(3)
    for values in rng.normal(0.8, 1.0, size=(200, 8)):
        e = estimate_of(values)
        assert claimed([e]) == [e.sign]
        assert (e.p_value < 0.05) == bool(e.sign)


def test_a_marginal_effect_among_six_is_not_claimed_and_clear_ones_are():
    marginal = Estimate("m", "M", "consumers", "yuan", "higher", 8, 0.0, 1.0, 1.0, 0.05, 1.95)
    clear = Estimate("m", "M", "merchants", "yuan", "higher", 8, 0.0, 5.0, 5.0, 4.0, 6.0)
    open_ = Estimate("m", "M", "workers", "yuan", "higher", 8, 0.0, 0.1, 0.1, -1.0, 1.2)
    assert marginal.sign == 1
    assert claimed([marginal, clear, open_, open_, open_, clear]) == [0, 1, 0, 0, 0, 1]
    assert claimed([marginal]) == [1]
