"""The platform that keeps its margin: what an order earns less is charged to consumers."""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.agents.conduct import Mind
from sim.agents.levers import levers_wished, wish_levers
from sim.twin.terms import MarketTerms
from sim.world import World

SPEED = 0.5
"""Share of a shortfall of the margin that one review makes up (assumption C-05 of docs/conduct.md; sweep 0.2 to 1)."""


class KeepMargin:
    """Cost-plus pricing: every review period the net fee makes up part of what an order earns less than at rest.

    fee += speed (margin at rest - margin expected), margin = profit an order; expectations from the market of averages
    under the rules in force. Other levers stay.
    """

    def __init__(self, mind: Mind, review_weeks: int) -> None:
        self.mind, self.review_weeks = mind, review_weeks
        self._week, self._proposed = -1, None

    def __call__(self, world: World, row: int) -> None:
        """Wish the fee that the review of this week, if there is one, came to."""
        if (world.week - 1) % self.review_weeks == 0:
            wish_levers(world, row, self._review(world))

    def _review(self, world: World) -> MarketTerms:
        if self._week != world.week or self._proposed is None:
            self._week, self._proposed = world.week, self.after(levers_wished(world), world.week)
        return self._proposed

    def after(self, wished: MarketTerms, week: int) -> MarketTerms:
        """What all platforms wish after one review."""
        if not self.mind.has_reason(wished, week):
            return wished
        found, carried = self.mind.expected(wished, week), self.mind.rest.objective.usual_orders
        margin = found.profit[0] / np.maximum(found.carried[0], 1e-9)
        short = self.mind.rest.profit / carried - margin
        return dataclasses.replace(wished, net_fee=wished.net_fee + SPEED * short)
