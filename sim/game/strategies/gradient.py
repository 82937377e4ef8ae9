"""The platform that answers: steps uphill in what it expects to earn once everybody else has answered."""

from __future__ import annotations

from sim.game.strategies.answer import AbstractAnswer


class ClimbGradient[Terms](AbstractAnswer[Terms]):
    """Every review period, part of the way to the maximum of the quadratic approximation of the platform's objective.

    Objective: perpetual weekly profit + shadow value of orders + what else explains observed decisions (`Objective`);
    expectations from the mean-field model under the rules in force; steps preconditioned by second derivatives and
    bounded (`DecisionModel`).
    """

    def after(self, desired: Terms, week: int) -> Terms:
        """One step uphill by every platform."""
        return self.decision_model.review(desired, week)
