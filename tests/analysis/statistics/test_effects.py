"""Intervals over pairs: t by hand, where the bootstrap is right and where it gives way, and the gain from pairing."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.effects import (
    bootstrap_interval,
    interval_of,
    mean_interval,
    paired_effects,
    paired_trajectories,
    pairing_gain,
)


def weeks(**values: float) -> pd.DataFrame:
    return pd.DataFrame({"week": [1, 2], **{name: [0.0, value] for name, value in values.items()}})


def test_t_interval_by_hand():
    mean, low, high = mean_interval(np.array([1.0, 2.0, 3.0, 4.0]))
    half = 3.182446 * math.sqrt(5 / 3) / 2
    assert (mean, low, high) == pytest.approx((2.5, 2.5 - half, 2.5 + half), rel=1e-6)


def test_bootstrap_is_the_same_for_the_same_seed_and_another_for_another():
    values = np.random.default_rng(0).lognormal(size=30)
    assert bootstrap_interval(values, 5) == interval_of("bootstrap", 5)(values)
    assert bootstrap_interval(values, 5)[1:] != bootstrap_interval(values, 6)[1:]
    assert interval_of("t", 5) is mean_interval


def test_bootstrap_is_near_t_for_normal_numbers_and_leans_with_skewed_ones():
    rng = np.random.default_rng(1)
    normal, skewed = rng.normal(10.0, 3.0, 400), rng.lognormal(sigma=1.2, size=60)
    assert bootstrap_interval(normal) == pytest.approx(mean_interval(normal), rel=0.01)
    mean, low, high = bootstrap_interval(skewed)
    assert high - mean > 1.2 * (mean - low), "the long tail is above"


@pytest.mark.parametrize(
    "values", [[3.0], [1.0, 2.0], [2.0, 2.0, 2.0, 2.0], [0.1 + 0.2, 0.3, 0.3, 0.3], [1.0, math.nan, 2.0, 3.0]]
)
def test_degenerate_pairs_have_the_t_interval(values: list[float]):
    assert bootstrap_interval(np.array(values)) == pytest.approx(mean_interval(np.array(values)), nan_ok=True)


def test_constant_differences_have_an_interval_without_width():
    assert bootstrap_interval(np.full(8, -6.0)) == (-6.0, -6.0, -6.0)


def test_effects_take_the_interval_they_are_given_and_trajectories_keep_t():
    rng = np.random.default_rng(2)
    free = [weeks(gain=x) for x in rng.normal(size=12)]
    ruled = [weeks(gain=x) for x in rng.lognormal(size=12)]
    difference = np.array([b["gain"][1] - a["gain"][1] for a, b in zip(free, ruled, strict=True)])
    found = paired_effects(free, ruled, 2, interval_of("bootstrap", 3)).iloc[0]
    assert (found.effect, found.low, found.high) == bootstrap_interval(difference, 3)
    last = paired_trajectories(free, ruled).iloc[-1]
    assert (last.effect, last.low, last.high) == pytest.approx(mean_interval(difference))


def test_gain_from_pairing_by_hand():
    free = [weeks(gain=x) for x in (1.0, 2.0, 3.0)]
    ruled = [weeks(gain=x) for x in (2.0, 2.0, 5.0)]
    found = paired_effects(free, ruled, 2).iloc[0]
    assert found.paired_sd == pytest.approx(1.0)  # of 1, 0, 2
    assert found.unpaired_sd == pytest.approx(2.0)  # 1 and 3 add up in variance
    assert found.pairing_gain == pytest.approx(4.0)


def test_pairs_that_do_not_differ_have_no_gain_to_tell():
    free = [weeks(gain=x) for x in (0.1, 0.2, 0.7)]
    ruled = [weeks(gain=x + 0.2) for x in (0.1, 0.2, 0.7)]  # not quite 0.2 apart, by rounding
    found = paired_effects(free, ruled, 2).iloc[0]
    assert (found.paired_sd, math.isnan(found.pairing_gain)) == (0.0, True)
    assert np.isnan(pairing_gain(np.array([1.0]), np.array([0.0]))).all()
