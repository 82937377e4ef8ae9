"""A strategy at work in the economy: all platforms review their decision variables together, every few weeks."""

from __future__ import annotations

from sim.agents.decision_variables import desired_variables, set_desired
from sim.forecast.terms import MarketTerms
from sim.game.strategies.answer import AbstractAnswer
from sim.world import World


class Reviews:
    """An answering strategy asked at every review; none sees what others decide in the same week."""

    def __init__(self, answer: AbstractAnswer[MarketTerms], review_weeks: int) -> None:
        self.answer, self.review_weeks = answer, review_weeks
        self._week, self._proposed = -1, None

    def __call__(self, world: World, row: int) -> None:
        """Set what the review of this week, if there is one, came to."""
        if (world.week - 1) % self.review_weeks:
            return
        # One answer for all, computed when the first platform asks and before any of them has moved: whose turn comes
        # first in the week then decides nothing.
        if self._week != world.week or self._proposed is None:
            self._week, self._proposed = world.week, self.answer.after(desired_variables(world), world.week)
        set_desired(world, row, self._proposed)
