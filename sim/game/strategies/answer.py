"""What answering strategies share: they reason about all players' decision variables at once, in whichever market."""

from __future__ import annotations

from abc import ABC, abstractmethod

from sim.game.decision_model import DecisionModel


class AbstractAnswer[Terms](ABC):
    """A strategy that answers; an answer is a pure function of decision variables, rules and week."""

    def __init__(self, decision_model: DecisionModel[Terms]) -> None:
        self.decision_model = decision_model

    @abstractmethod
    def after(self, desired: Terms, week: int) -> Terms:
        """Terms that all players desire after one review."""
