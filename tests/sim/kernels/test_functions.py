"""Compiled elementary functions and draws have the bits of the plain ones, whatever they are given."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels import elementary, implementation
from sim.kernels.compiled import functions
from sim.randomness import draws
from sim.randomness.streams import Stream

TINY = np.float32(1e-45)
HARD = {
    "exp": [
        0.0,
        -0.0,
        TINY,
        -TINY,
        np.inf,
        -np.inf,
        87.0,
        -87.0,
        np.nextafter(np.float32(-87), np.float32(-100)),
        88.0,
    ],
    "log": [1.0, TINY, 1e-38, 1.1754944e-38, np.float32(0.70710678), 3.4e38, np.inf, 0.0],
    "logistic": [0.0, -0.0, np.inf, -np.inf, 87.5, -87.5, TINY],
    "normal_quantile": [0.5, 0.02425, 0.97575, 2.0**-33, 1.0 - 2.0**-33, 1e-40, 0.0, 1.0],
}
RANGE = {"exp": (-90.0, 90.0), "log": (1e-30, 1e6), "logistic": (-90.0, 90.0), "normal_quantile": (1e-9, 1.0 - 1e-9)}


def both(function, *arguments):
    """Results of the plain and of the compiled function."""
    with np.errstate(all="ignore"):
        with implementation.using(None):
            plain = function(*arguments)
        with implementation.using(functions):
            return np.asarray(plain), np.asarray(function(*arguments))


def assert_same(plain, compiled):
    assert (plain.dtype, plain.shape) == (compiled.dtype, compiled.shape)
    assert plain.tobytes() == compiled.tobytes()


@pytest.mark.parametrize("name", HARD)
def test_hard_numbers_have_the_same_bits(name):
    assert_same(*both(getattr(elementary, name), np.array(HARD[name])))


@pytest.mark.parametrize("name", HARD)
def test_every_shape_has_the_same_bits(name):
    low, high = RANGE[name]
    function, many = getattr(elementary, name), np.linspace(low, high, 300_007)
    square = np.linspace(low, high, 36).reshape(6, 6)
    empty, point = np.empty((0, 3)), np.array(0.25)
    for x in (many, square, square.T, square[::2, 1::3], square[::-1], empty, point, np.broadcast_to(point, (2, 3))):
        assert_same(*both(function, x))
        assert_same(*both(function, x.astype(np.float32)))


@given(st.lists(st.floats(width=32, allow_nan=False), max_size=40))
def test_exp_has_the_same_bits_for_any_number(x):
    assert_same(*both(elementary.exp, np.array(x, np.float32)))


@given(st.lists(st.floats(0.0, width=32, allow_nan=False), max_size=40))
def test_log_has_the_same_bits_for_any_number(x):
    assert_same(*both(elementary.log, np.array(x, np.float32)))


@given(st.lists(st.floats(0.0, 1.0), max_size=40))
def test_quantiles_have_the_same_bits_for_any_number(u):
    assert_same(*both(elementary.normal_quantile, np.array(u)))


def test_powers_broadcast_with_the_same_bits():
    x, exponent = np.linspace(0.01, 9.0, 50), np.array([[-2.5], [0.0], [0.3]])
    assert_same(*both(elementary.power, x, exponent))
    assert_same(*both(elementary.power, 2.0, 0.5))


IDENTITIES = {
    "rows": np.arange(1000, dtype=np.uint32),
    "whole numbers": np.arange(7),
    "every other": np.arange(1000, dtype=np.uint32)[::2],
    "table": np.arange(12).reshape(3, 4).T,
    "nobody": np.empty(0, np.uint32),
    "the last": np.array([2**32 - 1], np.uint32),
}


@pytest.mark.parametrize("who", IDENTITIES)
@pytest.mark.parametrize("seed", [0, 2**64 - 1])
def test_draws_have_the_same_bits(who, seed):
    identity = IDENTITIES[who]
    column = np.arange(3, dtype=np.uint8).reshape(3, *[1] * identity.ndim)
    for index in (0, 2**32 - 1, np.int64(7), np.arange(identity.size).reshape(identity.shape), column):
        assert_same(*both(draws.uniform, seed, Stream.LISTING, 5200, identity, index))
        assert_same(*both(draws.normal, seed, Stream.LISTING, 0, identity, index))
    assert_same(*both(draws.lognormal, seed, Stream.ENTRY_COST, identity, 3.0, 0.7))
    for mean in (0.0, 1.5, 30.0):
        assert_same(*both(draws.poisson, seed, Stream.POTENTIAL_ENTRANTS, 3, identity.ravel(), mean, 9))


def test_a_plain_engine_never_imports_numba():
    script = (
        "import sys; from sim.kernels.engine import PlainEngine, choose_engine; PlainEngine();"
        "choose_engine('plain', 1, 10**9); import sim.kernels.cache as c; c.is_warm = lambda: False;"
        "choose_engine('auto', 1, 1); from sim.kernels import elementary; elementary.exp(1.0);"
        "assert 'numba' not in sys.modules"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_a_compiled_engine_brings_its_functions():
    from sim.kernels.engine import CompiledEngine

    with implementation.using(None):
        CompiledEngine()
        assert implementation.compiled is functions
    assert np.asarray(elementary.exp(0.0)) == 1.0
