"""A game that is played over and over: who earns what from which levels, and what chance changes meanwhile."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.kernels import algebra

Array = np.ndarray
DOUBLINGS = 60
"""Of the number of periods, after which chance has forgotten where it started."""


@dataclass(frozen=True)
class Game:
    """n players with m levels each, Z shocks of demand or entry; P profiles of marks of all players.

    A mark is a level, or one more where players may be out.
    """

    profit: Array
    """float64 (Z, P, n)."""
    chance: Array
    """float64 (Z, Z): probability of the next shock after each."""
    is_in: Array
    """bool (Z, n): who plays under a shock."""
    sees_shock: bool
    """Whether players know the shock of the period when they choose."""
    n_levels: int

    @classmethod
    def without_shocks(cls, profit: Array, n_levels: int) -> Game:
        """From profits (P, n) alone."""
        return cls(profit[None], np.ones((1, 1)), np.ones((1, profit.shape[1]), bool), False, n_levels)

    @property
    def n_players(self) -> int:
        """N."""
        return self.profit.shape[2]

    @property
    def n_profiles(self) -> int:
        """P."""
        return self.profit.shape[1]

    @property
    def n_marks(self) -> int:
        """Levels, and being out where somebody can be."""
        # Being out is a mark like any other, so that rivals can tell absence from a low price.
        return self.n_levels if self.is_in.all() else self.n_levels + 1

    @property
    def is_a_path(self) -> bool:
        """Whether what is played follows from what was played: chance changes profits at most."""
        return bool(self.is_in.all()) and not (self.sees_shock and len(self.profit) > 1)

    @property
    def digits(self) -> Array:
        """int64 (n): what a mark more of each player adds to the profile."""
        return places(self.n_marks, self.n_players)

    def marks(self) -> Array:
        """int64 (P, n): every player's mark in every profile."""
        return profiles(self.n_marks, self.n_players)

    def n_states(self, memory: int) -> int:
        """S: shocks, where they are seen, times profiles of the periods remembered."""
        return (len(self.profit) if self.sees_shock else 1) * self.n_past(memory)

    def n_past(self, memory: int) -> int:
        """Number of possible pasts: profiles of all periods remembered."""
        return math.prod([self.n_profiles] * memory)

    def after(self, states: Array, played: Array, memory: int) -> Array:
        """int64 (K): states that follow states (K) in which profiles (K) were played, without seen shocks."""
        n_past = self.n_past(memory)
        return (states % n_past * self.n_profiles + played) % n_past

    def weights(self) -> Array:
        """(Z): part of periods under each shock in the long run."""
        # By squaring: 2^60 periods, and sums and products alone, which have the same bits on every machine. Rows are
        # scaled back to 1, since rounding would otherwise be squared too.
        power = self.chance
        for _ in range(DOUBLINGS):
            power = algebra.times(power, power)
            power = power / power.sum(axis=1, keepdims=True)
        return power.mean(axis=0)

    def expected(self) -> Array:
        """(P, n): profits averaged over shocks."""
        # Shocks do not follow what is played: one set of long-run weights serves every profile.
        return (self.weights()[:, None, None] * self.profit).sum(axis=0)


def profiles(n_marks: int, n_players: int) -> Array:
    """int64 (P, n): all combinations of marks, the first player's counting most."""
    every = np.arange(math.prod([n_marks] * n_players))
    return np.stack(np.unravel_index(every, (n_marks,) * n_players), axis=1)


def places(base: int, n: int) -> Array:
    """int64 (n): what a digit counts in its place, the first counting most."""
    return np.cumprod([1, *[base] * n])[:n][::-1]
