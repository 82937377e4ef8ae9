"""A Mesa model that has the rows of populations among its agents."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, Self

import mesa
from mesa.agentset import AbstractAgentSet, AgentSet, GroupBy

from sim.mesa_view.agent_set import AbstractEconomySet, Groups, Population
from sim.mesa_view.cells import EVERYONE, call, limit_of
from sim.mesa_view.refused import ClosedPopulation, MovedByTheWeek
from sim.mesa_view.views import AgentView
from sim.populations.table import Table


class EconomyAgents(AbstractEconomySet):
    """Agents of all types: Mesa's objects and populations, part after part.

    What names one type works on that part alone: to find three platforms, no consumer is read.
    In-place methods change this set only; `model.agents` is a new one at every access.
    """

    def __init__(self, model: ModelWithPopulations, parts: Iterable[AbstractAgentSet]) -> None:
        self.model, self._parts = model, list(parts)

    @property
    def parts(self) -> list[AbstractAgentSet]:
        """The sets that this one consists of, in order: each one population, or objects only."""
        return list(self._parts)

    def _in_order(self, agents: Iterable[Any], inplace: bool) -> EconomyAgents:
        # Neighbours of one population become one part, so that columns stay columns.
        parts: list[AbstractAgentSet] = []
        for table, run in itertools.groupby(agents, key=lambda agent: getattr(agent, "_table", None)):
            members = list(run)
            if table is None:
                parts.append(AgentSet(members))
            else:
                parts.append(Population(type(members[0]), table, self.model)._update(members))
        result = self if inplace else EconomyAgents(self.model, [])
        result._parts = parts
        return result

    def copy(self) -> EconomyAgents:
        """These members as they are now; later entrants are not among them."""
        return EconomyAgents(self.model, [part.select() for part in self._parts])

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __iter__(self) -> Iterator[Any]:
        return itertools.chain.from_iterable(self._parts)

    def __contains__(self, agent: object) -> bool:
        return any(agent in part for part in self._parts)

    def __repr__(self) -> str:
        return f"<EconomyAgents: {len(self)} in {len(self._parts)} parts>"

    def _parts_of(self, agent_type: type) -> Iterator[AbstractAgentSet]:
        for part in self._parts:
            if isinstance(part, Population):
                if issubclass(part.view_class, agent_type):
                    yield part
            elif len(selected := part.select(agent_type=agent_type)):
                yield selected

    def select(
        self,
        filter_func: Any = None,
        at_most: float = EVERYONE,
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> Any:
        """Agents that a function picks, of one type if asked; the population itself if only it has that type.

        A boolean array goes with an `agent_type` that one population has; raises TypeError otherwise.
        """
        limit = limit_of(at_most, len(self))
        parts: list[Any] = self._parts if agent_type is None else list(self._parts_of(agent_type))
        is_one_population = len(parts) == 1 and isinstance(parts[0], Population)
        if not (filter_func is None or callable(filter_func) or is_one_population):
            raise TypeError("agents of several types share no columns: name the agent_type of one population")
        chosen: list[AbstractAgentSet] = []
        for part in parts:
            rest = EVERYONE if limit is None else limit - sum(map(len, chosen))
            chosen.append(part.select(filter_func, at_most=rest))
        if agent_type is not None and len(chosen) == 1 and not inplace:
            return chosen[0]
        result = self if inplace else EconomyAgents(self.model, [])
        result._parts = chosen
        return result

    def get(self, attr_names: Any, handle_missing: Any = "error", default_value: Any = None) -> list[Any]:
        """Values of one attribute, or a list of values of several for each agent.

        Raises AttributeError if an agent has no such attribute, unless `handle_missing` is "default".
        """
        values = (part.get(attr_names, handle_missing, default_value) for part in self._parts)
        return list(itertools.chain.from_iterable(values))

    def set(self, attr_name: str, value: Any) -> Any:
        """Write one value to an attribute of all; raises AttributeError if a population has no such one."""
        for part in self._parts:
            part.set(attr_name, value)
        return self

    def agg(self, attribute: str, func: Callable | Iterable[Callable]) -> Any:
        """Apply a function, or each of several, to the values of an attribute that every agent has."""
        filled = [part for part in self._parts if len(part)]
        return filled[0].agg(attribute, func) if len(filled) == 1 else super().agg(attribute, func)

    def sort(self, key: str | Callable, ascending: bool = False, inplace: bool = False) -> EconomyAgents:
        """Agents by an attribute or a function, largest first unless `ascending`."""
        ordered = sorted(self, key=attrgetter(key) if isinstance(key, str) else key, reverse=not ascending)
        return self._in_order(ordered, inplace)

    def groupby(self, by: str | Callable, result_type: Any = "agentset") -> GroupBy:
        """Sets (or lists of agents) by value of an attribute or a function, across types."""
        pieces: dict[Any, list[Any]] = {}
        for part in self._parts:
            for key, piece in part.groupby(by, result_type):
                pieces.setdefault(key, []).append(piece)
        if result_type != "agentset":
            return GroupBy({key: list(itertools.chain.from_iterable(parts)) for key, parts in pieces.items()})
        sets: dict[Any, Any] = {key: EconomyAgents(self.model, parts) for key, parts in pieces.items()}
        return Groups(sets)

    def shuffle(self, inplace: bool = False) -> EconomyAgents:
        """The agents in a random order, the same that Mesa gives to as many objects."""
        return self._in_order(self._in_mesas_order(self), inplace)

    def shuffle_do(self, method: str | Callable, *args: Any, **kwargs: Any) -> Self:
        """Call a method or function for each agent in a random order, but for those who left meanwhile."""
        for agent in self._in_mesas_order(self):
            if self.model.is_present(agent):
                call(agent, method, args, kwargs)
        return self

    def do(self, method: str | Callable, *args: Any, **kwargs: Any) -> Self:
        """Call a method or function for each agent in turn, objects before populations."""
        for part in self._parts:
            part.do(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable, *args: Any, **kwargs: Any) -> list[Any]:
        """What a method or function returns for each agent."""
        return list(itertools.chain.from_iterable(part.map(method, *args, **kwargs) for part in self._parts))


class ModelWithPopulations(mesa.Model):
    """A Mesa model whose agents are objects, such as platforms, followed by populations held as columns.

    Data collectors, `batch_run` and scheduled events work as with objects. Mesa's signals of agents added and
    removed are sent for objects only.
    """

    def __init__(self, *args: Any, rng: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, rng=rng, **kwargs)
        self._tables: dict[type[AgentView], Table] = {}

    def add_population(self, view_class: type[AgentView], table: Table) -> Population:
        """Make the rows of a table agents of the model; nothing is copied.

        Raises TypeError if the views are not of this table, ValueError if type or table is there already.
        """
        if not isinstance(table, getattr(view_class, "table_class", ())):
            raise TypeError(f"{view_class.__name__} has no view of {type(table).__name__}: declare table=")
        if view_class in self._tables or any(known is table for known in self._tables.values()):
            raise ValueError(f"{view_class.__name__} or its table is already a population of this model")
        self._tables[view_class] = table
        return Population(view_class, table, self)

    @property
    def object_agents(self) -> Any:
        """Mesa's own set: agents that are objects."""
        return super().agents

    @mesa.Model.agents.getter
    def agents(self) -> EconomyAgents:
        """All agents: objects, then populations in the order they were added."""
        populations = [Population(kind, table, self) for kind, table in self._tables.items()]
        return EconomyAgents(self, [self.object_agents, *populations])

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], Any]:
        """Sets of agents by type; a population's is its `Population`."""
        populations = {kind: Population(kind, table, self) for kind, table in self._tables.items()}
        return {**super().agents_by_type, **populations}

    @property
    def agent_types(self) -> list[type]:
        """Types of all agents."""
        return list(self.agents_by_type)

    def is_present(self, agent: mesa.Agent) -> bool:
        """Whether an agent is still in the model."""
        return agent.is_present if isinstance(agent, AgentView) else agent in self.object_agents

    def register_agent(self, agent: mesa.Agent) -> None:
        """Make an object an agent of the model; raises ClosedPopulation for a row of a population."""
        if isinstance(agent, AgentView):
            raise ClosedPopulation(f"register {agent!r}")
        super().register_agent(agent)

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Let an object go; raises ClosedPopulation for whom the economy's rules keep."""
        if isinstance(agent, AgentView | MovedByTheWeek):
            raise ClosedPopulation(f"deregister {agent!r}")
        super().deregister_agent(agent)

    def remove_all_agents(self) -> None:
        """Remove the objects and let go of the tables, whose rows stay as they are."""
        super().remove_all_agents()
        self._tables.clear()
