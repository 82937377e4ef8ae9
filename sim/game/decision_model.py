"""What a strategy may ask of the market it plays in, whichever that is."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from sim.game.repeated import Game

Array = np.ndarray


class DecisionModel[Terms](Protocol):
    """Players' shared reasoning about one market: a pure function of decision variables, rules and week."""

    def review(self, desired: Terms, week: int) -> Terms:
        """Terms that all players desire after one review: each moves uphill from what is in force, unseen by others."""
        ...

    def has_reason(self, desired: Terms, week: int) -> bool:
        """Whether a review could change anything."""
        ...

    def shortfall(self, desired: Terms, week: int) -> Array:
        """(J): what a unit sold is expected to earn less than before players answered anything, currency."""
        ...

    def charge(self, desired: Terms, more: Array) -> Terms:
        """The terms with this much (J) more to be paid by buyers for a unit."""
        ...

    def game(self, week: int) -> Game:
        """The market as a game over a few levels: who earns what where everybody stays at one."""
        ...

    def levels_of(self, desired: Terms) -> Array:
        """int64 (J): the level that each player's terms are nearest to."""
        ...

    def at_levels(self, desired: Terms, levels: Array) -> Terms:
        """The terms with every player at its level (J)."""
        ...
