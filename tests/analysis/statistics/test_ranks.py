"""Rank correlations of few points: p-values are exact, and of noise no more is claimed than the level says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

from analysis.statistics import ranks


@pytest.mark.parametrize(("n", "p"), [(3, 1.0), (4, 2 / 24), (5, 2 / 120), (6, 2 / 720)])
def test_a_perfect_order_is_one_of_all_orders(n: int, p: float):
    assert ranks.p_value(1.0, n) == pytest.approx(p)
    assert ranks.p_value(-1.0, n) == pytest.approx(p)


@pytest.mark.parametrize("n", range(4, 10))
def test_claims_about_noise_are_as_rare_as_the_level_says(n: int):
    rng = np.random.default_rng(n)
    numbers = rng.normal(size=(4000, n))
    centred = rankdata(numbers, axis=1) - (n + 1) / 2
    own = np.arange(n) - (n - 1) / 2
    found = (centred * own).sum(axis=1) / (own * own).sum()
    claimed = np.mean([ranks.p_value(float(r), n) < 0.05 for r in found])
    assert claimed <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 4000)


def test_with_ten_points_students_t_takes_over():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 10))
    found = spearmanr(x, y)
    assert ranks.p_value(float(found[0]), 10) == pytest.approx(float(found[1]))
    assert abs(ranks.p_value(0.6, 10) - ranks.p_value(0.6, 9)) < 0.04
