"""The platform that answers back: steps uphill in what it expects to earn once everybody has answered."""

from __future__ import annotations

from sim.game.strategies.answer import AbstractAnswer


class ClimbGradient[Terms](AbstractAnswer[Terms]):
    """Every review period, part of the way to the optimum of the platform's own objective as it looks from here.

    Objective: perpetual weekly profit + shadow value of orders + what else holds the observed levers (`Objective`);
    expectations from the market of averages under the rules in force; steps preconditioned by second derivatives and
    bounded (`DecisionModel`).
    """

    def after(self, desired: Terms, week: int) -> Terms:
        """One step uphill by every platform."""
        return self.decision_model.review(desired, week)
