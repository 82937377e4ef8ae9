"""What answering strategies share: they reason about all players' levers at once, in whichever market."""

from __future__ import annotations

from abc import ABC, abstractmethod

from sim.game.decision_model import Mind


class AbstractAnswer[Terms](ABC):
    """A strategy that answers; an answer is a pure function of levers, rules and week."""

    def __init__(self, mind: Mind[Terms]) -> None:
        self.mind = mind

    @abstractmethod
    def after(self, wished: Terms, week: int) -> Terms:
        """What all players wish after one review."""
