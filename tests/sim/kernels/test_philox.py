"""The generator against the published known answers of Random123 (Salmon et al. 2011, kat_vectors)."""

import numpy as np
import pytest

from sim.kernels.philox import MASK, unit, words

KNOWN_ANSWERS = {
    "zeros": (
        (0, 0, 0, 0),
        (0, 0),
        (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
    ),
    "ones": (
        (MASK,) * 4,
        (MASK, MASK),
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    "digits of pi": (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
}


@pytest.mark.parametrize("name", KNOWN_ANSWERS)
def test_words_are_the_published_ones(name):
    (identity, week, stream, index), key, answer = KNOWN_ANSWERS[name]
    found = words(np.array([identity]), week, stream, index, key)
    assert [int(word[0]) for word in found] == list(answer)


def test_every_identity_goes_with_every_index():
    identity, index = np.array([[3], [8]]), np.array([0, 1, 2])
    table = words(identity, 5, 6, index, (7, 8))[0]
    assert table.shape == (2, 3)
    for row, one in enumerate((3, 8)):
        for column in range(3):
            assert table[row, column] == words(np.array([one]), 5, 6, column, (7, 8))[0][0]


def test_unit_takes_the_upper_bits_and_never_reaches_one():
    word = np.array([0, 1 << 8, (1 << 8) - 1, 1 << 31, MASK], np.uint64)
    assert unit(word).tolist() == [0.0, 2.0**-24, 0.0, 0.5, 1.0 - 2.0**-24]
