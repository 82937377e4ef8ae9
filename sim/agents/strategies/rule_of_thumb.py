"""The platform that keeps its margin: what an order earns less is charged to consumers."""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.agents.strategies.reviews import AbstractReviews
from sim.twin.terms import MarketTerms

SPEED = 0.5
"""Share of a shortfall of the margin that one review makes up (assumption C-05 of docs/conduct.md; sweep 0.2 to 1)."""


class KeepMargin(AbstractReviews):
    """Cost-plus pricing: every review period the net fee makes up part of what an order earns less than at rest.

    fee += speed (margin at rest - margin expected), margin = profit an order; expectations from the market of averages
    under the rules in force. Other levers stay.
    """

    def after(self, wished: MarketTerms, week: int) -> MarketTerms:
        """Fees that make up part of every margin's shortfall."""
        if not self.mind.has_reason(wished, week):
            return wished
        found, carried = self.mind.expected(wished, week), self.mind.rest.objective.usual_orders
        margin = found.profit[0] / np.maximum(found.carried[0], 1e-9)
        short = self.mind.rest.profit / carried - margin
        return dataclasses.replace(wished, net_fee=wished.net_fee + SPEED * short)
