"""Loops of players who learn by trial, compiled; and the words that they draw."""

from __future__ import annotations

from numba import int64, njit

from sim.kernels import learning
from sim.kernels.compiled.primitives import LOOP, wide, words

learn = njit(**LOOP)(learning.learn)
follow = njit(**LOOP)(learning.follow)


@njit(**LOOP)
def fill_words(identity, first, stream, key0, key1, out):
    """Words (T, C, 4) of C identities in T periods from `first` on."""
    for c in range(out.shape[1]):
        for t in range(out.shape[0]):
            a, b, d, e = words(wide(identity[c]), wide(0), wide(stream), wide(first + t), wide(key0), wide(key1))
            out[t, c, 0], out[t, c, 1], out[t, c, 2], out[t, c, 3] = int64(a), int64(b), int64(d), int64(e)
