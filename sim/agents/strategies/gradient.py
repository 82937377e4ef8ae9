"""The platform that answers back: steps uphill in what it expects to earn once everybody has answered."""

from __future__ import annotations

from sim.agents.conduct import Mind
from sim.agents.levers import levers_wished, wish_levers
from sim.twin.terms import MarketTerms
from sim.world import World


class ClimbGradient:
    """Every review period, part of the way to the optimum of the platform's own objective as it looks from here.

    Objective: perpetual weekly profit + shadow value of orders + what else holds the observed levers (`Objective`);
    expectations from the market of averages under the rules in force; steps preconditioned by second derivatives and
    bounded (`Mind`). All platforms review at once. A review is a pure function of levers and rules.
    """

    def __init__(self, mind: Mind, review_weeks: int) -> None:
        self.mind, self.review_weeks = mind, review_weeks
        self._week, self._proposed = -1, None

    def __call__(self, world: World, row: int) -> None:
        """Wish the levers that the review of this week, if there is one, came to."""
        if (world.week - 1) % self.review_weeks == 0:
            wish_levers(world, row, self._review(world))

    def _review(self, world: World) -> MarketTerms:
        if self._week != world.week or self._proposed is None:
            self._week, self._proposed = world.week, self.mind.review(levers_wished(world), world.week)
        return self._proposed
