"""The platform that keeps its margin: what an order earns less is charged to consumers."""

from __future__ import annotations

from sim.game.strategies.answer import AbstractAnswer

SPEED = 0.5
"""Share of a shortfall of the margin that one review makes up (assumption C-05 of docs/conduct.md; sweep 0.2 to 1)."""


class KeepMargin[Terms](AbstractAnswer[Terms]):
    """Cost-plus pricing: every review period the net fee makes up part of the margin's shortfall.

    fee += speed (usual margin - margin expected), margin = profit an order; usual: where the market is observed.
    Expectations are the mean-field model's under the rules in force. Other decision variables stay.
    """

    def after(self, desired: Terms, week: int) -> Terms:
        """Fees that make up part of every margin's shortfall."""
        # Without a reason the shortfall is rounding, and a run without a rule keeps its prices to the bit.
        if not self.decision_model.has_reason(desired, week):
            return desired
        return self.decision_model.charge(desired, SPEED * self.decision_model.shortfall(desired, week))
