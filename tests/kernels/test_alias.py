"""Alias tables say exactly the weights they were built from."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.kernels.alias import FULL, build_plain

WEIGHTS = hnp.arrays(
    np.float32,
    st.integers(1, 60),
    elements=st.one_of(st.just(0.0), st.floats(0.0009765625, 1024.0, width=32), st.sampled_from([1e-30, 1e30])),
)


def parts(table):
    """Chance to accept the slot itself, and the slot taken otherwise."""
    return (table >> np.uint64(32)).astype(np.float64) / FULL, (table & np.uint64(0xFFFFFFFF)).astype(np.int64)


def probabilities(table):
    """Chance of every slot, from the table alone."""
    accept, other = parts(table)
    return (accept + np.bincount(other, weights=1.0 - accept, minlength=len(table))) / len(table)


@given(WEIGHTS)
def test_probabilities_are_the_weights(weight):
    table = build_plain(weight[None, :], len(weight))[0]
    total = weight.sum(dtype=np.float64)
    if total > 0.0:
        _, other = parts(table)
        units = 2 + np.bincount(other, minlength=len(weight))  # each threshold is cut to 32 bits
        error = np.abs(probabilities(table) - weight / total)
        assert np.all(error <= units / FULL / len(weight) + 1e-12)


@given(WEIGHTS)
def test_zero_weights_are_never_drawn(weight):
    table = build_plain(weight[None, :], len(weight))[0]
    if weight.any():
        accept, other = parts(table)
        assert np.all(accept[weight == 0.0] == 0.0)
        assert np.all(weight[other] > 0.0)


def test_nothing_listed_gives_an_empty_table():
    assert not build_plain(np.zeros((2, 6), np.float32), 3).any()


def test_every_platform_and_zone_has_its_own_table():
    weight = np.array([[1, 3, 0, 5, 5, 0], [0, 0, 1, 2, 2, 4]], np.float32)
    table = build_plain(weight, 3)
    for j in range(2):
        for zone in range(2):
            here = slice(3 * zone, 3 * zone + 3)
            wanted = weight[j, here] / weight[j, here].sum()
            np.testing.assert_allclose(probabilities(table[j, here]), wanted, atol=1e-9)
