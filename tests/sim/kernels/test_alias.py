"""Two-level alias tables say exactly the weights they were built from, and change little when one weight does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from benchmarks.coupling import share_changed
from sim.kernels.alias import (
    ALIAS_BITS,
    FULL,
    GOLDEN,
    MOST_SLOTS,
    block_bits,
    build_plain,
    draw_plain,
    second_word,
    table_size,
)

WEIGHTS = hnp.arrays(
    np.float32,
    st.integers(1, 300),
    elements=st.one_of(st.just(0.0), st.floats(0.0009765625, 1024.0, width=32), st.sampled_from([1e-30, 1e30])),
)


def one_table(weight):
    return build_plain(weight[None, :], len(weight))[0, 0]


def of_level(table):
    """Chance of every place of one table, from its entries alone."""
    accept = (table >> np.uint32(ALIAS_BITS)).astype(np.float64) / FULL
    other = (table & np.uint32((1 << ALIAS_BITS) - 1)).astype(np.int64)
    return (accept + np.bincount(other, weights=1.0 - accept, minlength=len(table))) / len(table)


def probabilities(table, n_slots):
    """Chance of every slot: its block's, times its own within the block."""
    size = 1 << block_bits(n_slots)
    blocks, *slots = table.reshape(-1, size)
    chance = of_level(blocks)[: len(slots), None] * np.array([of_level(each) for each in slots])
    assert not chance.ravel()[n_slots:].any(), "nothing beyond the last slot"
    return chance.ravel()[:n_slots]


@given(WEIGHTS)
def test_probabilities_are_the_weights(weight):
    total = weight.sum(dtype=np.float64)
    if total > 0.0:
        np.testing.assert_allclose(probabilities(one_table(weight), len(weight)), weight / total, rtol=0, atol=1e-6)


@given(WEIGHTS, st.integers(0, 2**32))
def test_zero_weights_are_never_drawn(weight, seed):
    if weight.any():
        word = np.concatenate([np.random.default_rng(seed).integers(0, 2**32, 400), [0, 2**32 - 1]]).astype(np.uint64)
        bits, table = block_bits(len(weight)), one_table(weight)
        block = draw_plain(table[: 1 << bits], word, bits)
        slot = draw_plain(table[1 << bits :].reshape(-1, 1 << bits)[block], second_word(word), bits)
        assert np.all(weight[(block << bits) + slot] > 0.0)
        assert not probabilities(table, len(weight))[weight == 0.0].any()


@pytest.mark.parametrize("n_slots", [1, 2, 4, 5, 16, 17, 192, 240, 256, 257, 1000, MOST_SLOTS])
def test_blocks_are_the_smallest_whose_square_holds_all_slots(n_slots):
    size = 1 << block_bits(n_slots)
    assert size * size >= n_slots
    assert size == 2 or (size // 2) ** 2 < n_slots
    assert size <= 1 << ALIAS_BITS
    assert size * (size - 1) < table_size(n_slots) - size + size * size
    assert 0 <= table_size(n_slots) - size - n_slots < size


@given(st.integers(0, 2**32 - 2**18), st.integers(1, 2**18), st.integers(0, 2**32), st.integers(0, 2**32))
def test_the_two_levels_of_a_draw_are_independent(first, n_words, one, other):
    """Outcomes of the first level are ranges of words, of the second ranges of products: each pair has its share."""
    lo, hi = sorted((one, other))
    second = second_word(np.arange(first, first + n_words, dtype=np.uint64))
    n_inside = np.count_nonzero((second >= lo) & (second < hi))
    assert abs(n_inside - n_words * (hi - lo) / 2.0**32) < 10.0


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=50, unique=True))
def test_no_two_words_share_a_product(words):
    second = second_word(np.array(words, np.uint64))
    assert len(np.unique(second)) == len(words)
    assert np.array_equal((second * np.uint64(pow(GOLDEN, -1, 2**32))) & np.uint64(2**32 - 1), words)


@pytest.mark.parametrize("n_slots", [3, 240, 4000])
def test_slots_are_drawn_in_proportion_to_weight(n_slots):
    rng = np.random.default_rng(n_slots)
    weight = rng.lognormal(0.0, 1.0, n_slots).astype(np.float32)
    table, bits = one_table(weight), block_bits(n_slots)
    word = rng.integers(0, 2**32, 1_000_000).astype(np.uint64)
    block = draw_plain(table[: 1 << bits], word, bits)
    slot = (block << bits) + draw_plain(table[1 << bits :].reshape(-1, 1 << bits)[block], second_word(word), bits)
    expected = weight / weight.sum(dtype=np.float64) * len(word)
    chi_square = ((np.bincount(slot, minlength=n_slots) - expected) ** 2 / expected).sum()
    assert stats.chi2.sf(chi_square, n_slots - 1) > 1e-4


def test_nothing_listed_gives_an_empty_table():
    assert not build_plain(np.zeros((2, 6), np.float32), 3).any()


def test_every_platform_and_zone_has_its_own_table():
    weight = np.array([[1, 3, 0, 5, 5, 0], [0, 0, 1, 2, 2, 4]], np.float32)
    table = build_plain(weight, 3)
    for j in range(2):
        for zone in range(2):
            here = slice(3 * zone, 3 * zone + 3)
            wanted = weight[j, here] / weight[j, here].sum()
            np.testing.assert_allclose(probabilities(table[j, zone], 3), wanted, atol=1e-6)


@pytest.mark.parametrize("log_sd", [0.0, 1.0, 1.5])
def test_doubling_one_weight_moves_few_candidates(log_sd):
    assert share_changed(log_sd, n_doubled=10) < 0.02
