"""A draw depends on who asks for what and when, and on nothing else."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.kernels import philox
from sim.randomness import draws
from sim.randomness.streams import Stream

MANY = np.arange(100_000, dtype=np.uint32)
WORD = st.integers(0, 2**32 - 1)


def philox_word(counter, key):
    """First word of Philox4x32-10, from the paper, in Python's whole numbers."""
    c, (k0, k1) = list(counter), key
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k0, b % 2**32, (a >> 32) ^ c[3] ^ k1, a % 2**32]
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c[0]


@given(st.integers(0, 2**64 - 1), st.sampled_from(Stream), st.integers(0, 5200), WORD, WORD)
def test_a_draw_is_a_function_of_seed_stream_week_identity_and_index(seed, stream, week, identity, index):
    found = draws.uniform(seed, stream, week, np.array([identity], np.uint32), index)[0]
    word = philox_word((identity, week, int(stream), index), (seed % 2**32, seed >> 32))
    assert found == (word + 0.5) / 2**32


def test_draws_do_not_depend_on_who_else_asks():
    everybody = draws.uniform(1, Stream.LISTING, 4, MANY)
    order = np.random.default_rng(0).permutation(len(MANY))
    assert np.array_equal(draws.uniform(1, Stream.LISTING, 4, MANY[order]), everybody[order])
    assert np.array_equal(draws.uniform(1, Stream.LISTING, 4, MANY[777:779]), everybody[777:779])
    index = np.arange(len(MANY)) % 3
    mixed = draws.uniform(1, Stream.LISTING, 4, MANY, index)
    for k in range(3):
        assert np.array_equal(mixed[index == k], draws.uniform(1, Stream.LISTING, 4, MANY[index == k], k))


def test_draws_differ_by_seed_stream_week_and_index():
    asked = [
        *((1, stream, 4, 0) for stream in Stream),
        *((1, Stream.LISTING, week, 0) for week in (0, 1, 2, 3)),
        *((1, Stream.LISTING, 4, index) for index in (1, 2)),
        *((seed, Stream.LISTING, 4, 0) for seed in (0, 2, 1 + 2**32)),
    ]
    found = [draws.uniform(seed, stream, week, MANY[:2000], index) for seed, stream, week, index in asked]
    for a, b in itertools.combinations(found, 2):
        assert abs(np.corrcoef(a, b)[0, 1]) < 5.0 / np.sqrt(2000)


@pytest.mark.parametrize("stream", [Stream.ORDER_COUNT, Stream.CANCELLATION, Stream.WORKING_WEEK])
def test_draws_are_uniform(stream):
    u = draws.uniform(3, stream, 9, MANY)
    assert stats.kstest(u, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 5.0 / np.sqrt(len(u)), "neighbours are strangers"


@pytest.mark.parametrize("word", [0, philox.MASK])
def test_draws_are_never_zero_or_one(word, monkeypatch):
    monkeypatch.setattr(draws.philox, "words", lambda *_: (np.array([word], np.uint64),))
    u = draws.uniform(1, Stream.LISTING, 1, np.zeros(1, np.uint32))
    assert 0.0 < u[0] < 1.0
    assert np.isfinite(draws.normal(1, Stream.LISTING, 1, np.zeros(1, np.uint32)))


def test_normal_draws_are_normal():
    assert stats.kstest(draws.normal(3, Stream.MERCHANT_TRADE, 9, MANY), "norm").pvalue > 1e-4


@pytest.mark.parametrize("log_sd", [0.0, 0.3, 1.0])
def test_lognormal_draws_have_the_mean_and_the_spread(log_sd):
    x = draws.lognormal(3, Stream.MERCHANT_COST, MANY, 27.0, log_sd).astype(np.float64)
    standard_error = 27.0 * np.sqrt(np.expm1(log_sd**2) / len(x))
    assert abs(x.mean() - 27.0) < 4.0 * standard_error + 1e-4
    assert abs(np.log(x).std() - log_sd) < 4.0 * log_sd / np.sqrt(2 * len(x)) + 1e-6


@pytest.mark.parametrize("mean", [0.0, 0.4, 1.5, 4.0])
def test_poisson_draws_are_poisson_and_cut(mean):
    count = draws.poisson(3, Stream.POTENTIAL_ENTRANTS, 2, MANY, mean, 5)
    wanted = stats.poisson.cdf(np.arange(5), mean)
    seen = np.cumsum(np.bincount(count, minlength=6))[:5] / len(MANY)
    assert np.abs(seen - wanted).max() < 1.95 / np.sqrt(len(MANY))
    assert count.max() <= 5
