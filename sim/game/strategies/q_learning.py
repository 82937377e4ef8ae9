"""The platform that has learned by trial what to charge, from nothing but its own objective."""

from __future__ import annotations

from sim.game.decision_model import DecisionModel
from sim.game.learning import Learned, session
from sim.game.repeated import Game
from sim.game.strategies.answer import AbstractAnswer
from sim.parameters import LearningParameters


class LearnByTrial[Terms](AbstractAnswer[Terms]):
    """Tabular Q-learning (Calvano, Calzolari, Denicolo & Pastorello 2020) over a few levels, remembering one period.

    Learning takes millions of periods, more than any market lasts: algorithms are trained beforehand on the mean-field
    model, under the rules that are in force, and then charge the level of highest value after what all charged last.
    Another rule makes another game, learned with the same draws. A replicate's seed decides what its players come to.
    """

    # Learning on the run's own books was left out: it would make every replicate a path of its own before a rule even
    # starts.

    def __init__(self, decision_model: DecisionModel[Terms], learning: LearningParameters, seed: int) -> None:
        super().__init__(decision_model)
        self.learning, self.seed = learning, seed
        self._known: dict[bytes, Learned] = {}

    def after(self, desired: Terms, week: int) -> Terms:
        """What all players charge after what they charge now."""
        game = self.decision_model.game(week)
        charged = self.decision_model.levels_of(desired)
        state = int((charged * game.digits).sum()) % game.n_states(self.learning.memory)
        return self.decision_model.at_levels(desired, self.learned(game).greedy[state])

    def learned(self, game: Game) -> Learned:
        """What players come to in this game; computed once."""
        # Profits alone: levels and players of a run are the same under every rule.
        key = game.profit.tobytes()
        if key not in self._known:
            self._known[key] = session(game, self.learning, self.seed, number=0)
        return self._known[key]
