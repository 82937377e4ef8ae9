"""How far two runs that share their draws also share their choices: candidates changed by one weight."""

from __future__ import annotations

import numpy as np

from benchmarks.row import Row
from sim.kernels.alias import Array, block_bits, build_plain, draw_plain, second_word

N_SLOTS = 1000
N_DRAWS = 20_000
N_LISTS, N_DOUBLED = 10, 40
SPREADS = {"equal": 0.0, "lognormal, as rankings are": 1.0}
"""Standard deviation of log weights; of the rankings of a food market after a year about 1."""


def candidates(weight: Array, words: Array) -> Array:
    """Slots drawn by random words."""
    table, bits = build_plain(weight[None, :], len(weight))[0, 0], block_bits(len(weight))
    block = draw_plain(table[: 1 << bits], words, bits)
    return (block << bits) + draw_plain(table[1 << bits :].reshape(-1, 1 << bits)[block], second_word(words), bits)


def share_changed(log_sd: float, n_doubled: int) -> float:
    """Share of draws that fall on another slot when one weight doubles: mean over lists of weights and over slots."""
    rng, changed = np.random.default_rng(1), []
    for _ in range(N_LISTS):
        weight = rng.lognormal(0.0, log_sd, N_SLOTS).astype(np.float32)
        words = rng.integers(0, 2**32, N_DRAWS).astype(np.uint64)
        before = candidates(weight, words)
        for slot in rng.permutation(N_SLOTS)[:n_doubled]:
            other = weight.copy()
            other[slot] *= 2
            changed.append((candidates(other, words) != before).mean())
    return float(np.mean(changed))


def rows() -> list[Row]:
    name = f"coupling: candidate draws changed by doubling one merchant's weight of {N_SLOTS:,}"
    how = f"average over {N_LISTS} lists of weights and {N_DOUBLED} merchants of each"
    return [
        Row(f"{name}, {spread}", 100.0 * share_changed(log_sd, N_DOUBLED), "%", 2, "at most", how)
        for spread, log_sd in SPREADS.items()
    ]
