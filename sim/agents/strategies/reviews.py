"""What answering strategies share: levers are reviewed every few weeks, by all platforms at once."""

from __future__ import annotations

from abc import ABC, abstractmethod

from sim.agents.conduct import Mind
from sim.agents.levers import levers_wished, wish_levers
from sim.twin.terms import MarketTerms
from sim.world import World


class AbstractReviews(ABC):
    """A strategy that reasons about all platforms' levers at once; a review is a pure function of levers and rules."""

    def __init__(self, mind: Mind, review_weeks: int) -> None:
        self.mind, self.review_weeks = mind, review_weeks
        self._week, self._proposed = -1, None

    def __call__(self, world: World, row: int) -> None:
        """Wish what the review of this week, if there is one, came to; none sees what others wish in the same week."""
        if (world.week - 1) % self.review_weeks:
            return
        if self._week != world.week or self._proposed is None:
            self._week, self._proposed = world.week, self.after(levers_wished(world), world.week)
        wish_levers(world, row, self._proposed)

    @abstractmethod
    def after(self, wished: MarketTerms, week: int) -> MarketTerms:
        """What all platforms wish after one review."""
