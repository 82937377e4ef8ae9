"""What agents of an economy refuse to do by hand, with the reason: Mesa itself would do nothing and say nothing."""

from __future__ import annotations

from typing import Any, NoReturn

from sim.errors import PlatformLabError, Problem


class ClosedPopulation(PlatformLabError):
    """An agent was to be added or removed by hand, but entry and exit belong to the economy's own rules."""

    def __init__(self, asked: str) -> None:
        problem = Problem(
            asked,
            why="who is in the market follows from the economy's own rules of entry and exit",
            allowed="reading and writing what present members have, and selecting among them",
            todo="keep a selection of your own with select(), or change the rules of entry and exit",
        )
        super().__init__(str(problem))


class NoStepAlone(PlatformLabError):
    """One agent was to take a step, but the week is computed for all agents at once."""

    def __init__(self, agent: Any, method: str) -> None:
        problem = Problem(
            f"{agent!r}.{method}()",
            why="a week is computed for all agents at once, phase by phase, and no agent takes a step alone",
            allowed="do(), map() and shuffle_do() with a function of the agent or a method that its class defines",
            todo="call model.step() for a week; to change how consumers decide, pass consumer_rule= "
            "(docs/mesa.md, 'Change what consumers do')",
        )
        super().__init__(str(problem))


class NoStepDefined(PlatformLabError):
    """A kind of agent held as columns was to take a step that its class does not define."""

    def __init__(self, agent: Any, method: str) -> None:
        kind = type(agent).__name__
        problem = Problem(
            f"{agent!r}.{method}()",
            why=f"{kind} defines no {method}(), and nothing would happen",
            allowed="methods that the class defines, and functions of the agent",
            todo=f"define {method}() in class {kind}",
        )
        super().__init__(str(problem))


class MovedByTheWeek:
    """An agent whose behaviour is part of the economy's week. A subclass may define a step of its own, for `do`.

    Raises NoStepAlone on `step` and `advance`, ClosedPopulation on `remove`.
    """

    def step(self) -> None:
        """Refuse: raises NoStepAlone."""
        raise NoStepAlone(self, "step")

    def advance(self) -> None:
        """Refuse: raises NoStepAlone."""
        raise NoStepAlone(self, "advance")

    def remove(self) -> NoReturn:
        """Refuse: raises ClosedPopulation."""
        raise ClosedPopulation(f"remove {self!r}")
