"""Draws by key: identity, stream, week and index decide the number, and nothing else does."""

from __future__ import annotations

import numpy as np

from sim.kernels import elementary, implementation, philox
from sim.randomness.streams import Stream

Array = np.ndarray


def key_of(seed: int) -> tuple[int, int]:
    """The generator's 2 x 32-bit key for a seed in [0, 2^64)."""
    return seed & philox.MASK, (seed >> 32) & philox.MASK


def uniform(seed: int, stream: Stream, week: int, identity: Array, index: Array | int = 0) -> Array:
    """Uniform on (0, 1), float64 from 32 bits, never 0 or 1: one for every identity (and index)."""
    if implementation.compiled is not None:
        return implementation.compiled.uniform(identity, week, int(stream), index, key_of(seed))
    word = philox.words(identity, week, int(stream), index, key_of(seed))[0]
    return (word.astype(np.float64) + 0.5) * 2.0**-32


def normal(seed: int, stream: Stream, week: int, identity: Array, index: Array | int = 0) -> Array:
    """Standard normal, by inversion."""
    return elementary.normal_quantile(uniform(seed, stream, week, identity, index))


def lognormal(seed: int, stream: Stream, identity: Array, mean: float, log_sd: float) -> Array:
    """Lognormal with the given mean and spread, float32, drawn once by identity (week 0)."""
    return (mean * elementary.exp(log_sd * normal(seed, stream, 0, identity) - 0.5 * log_sd * log_sd)).astype(
        np.float32
    )


def poisson(seed: int, stream: Stream, week: int, identity: Array, mean: float, most: int) -> Array:
    """Poisson counts by inversion, at most `most`."""
    total = term = float(elementary.exp(-mean))
    ends = []
    for n in range(1, most + 1):
        ends.append(total)
        term *= mean / n
        total += term
    return np.searchsorted(ends, uniform(seed, stream, week, identity), side="left")
