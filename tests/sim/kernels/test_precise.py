"""exp and log in double precision, against the standard library and each other."""

import math

import numpy as np
import pytest

from sim.kernels import implementation, precise

POINTS = np.concatenate([np.linspace(-700.0, 700.0, 4001), np.linspace(-1e-3, 1e-3, 401)])


def test_exp_is_right_to_the_last_bits():
    wanted = np.array([math.exp(x) for x in POINTS])
    assert np.abs(precise.exp(POINTS) / wanted - 1.0).max() < 4e-16


def test_exp_is_cut_far_out():
    assert precise.exp(np.array([-1e4, 1e4])).tolist() == precise.exp(np.array([-700.0, 700.0])).tolist()


def test_log_is_right_to_the_last_bits():
    x = np.concatenate([np.exp(POINTS), 1.0 + np.linspace(-1e-6, 1e-6, 401)])
    wanted = np.array([math.log(v) for v in x])
    assert np.abs(precise.log(x) - wanted).max() <= 4e-16 * np.maximum(np.abs(wanted), 1.0).max()
    assert precise.log(np.ones(1))[0] == 0.0


def test_power_and_logistic_follow():
    x = np.linspace(0.1, 9.0, 200)
    np.testing.assert_allclose(precise.power(x, 0.3), x**0.3, rtol=1e-15)
    np.testing.assert_allclose(precise.logistic(x), 1.0 / (1.0 + np.exp(-x)), rtol=1e-15)


@pytest.mark.parametrize("name", ["exp", "log"])
def test_compiled_and_plain_have_the_same_bits(name):
    from sim.kernels.compiled import functions

    x = POINTS if name == "exp" else np.exp(POINTS)
    with implementation.using(None):
        plain = getattr(precise, name)(x)
    with implementation.using(functions):
        compiled = getattr(precise, name)(x)
    assert plain.tobytes() == compiled.tobytes()


def test_the_normal_law_is_that_of_scipy():
    from scipy.stats import norm

    x = np.linspace(-9.0, 9.0, 2_001)
    assert np.abs(precise.normal_below(x) - norm.cdf(x)).max() < 7.5e-8
    assert np.allclose(precise.normal_density(x), norm.pdf(x), rtol=1e-14)
