"""Mesa's data collector for populations: what is asked by name is read column by column."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import mesa
import numpy as np
import pandas as pd

from sim.errors import PlatformLabError, Problem
from sim.mesa_view.agent_set import WIDEST, Population
from sim.mesa_view.populated_model import EconomyAgents
from sim.metrics.registry import REGISTRY
from sim.populations.table import Array

Values = Array | list[Any]
IMMUTABLE = (str, int, bool, float, tuple)
"""What Mesa's collector keeps without a copy."""


@dataclass(frozen=True)
class Block:
    """What was collected from one set of agents: one entry an agent in `identities` and in every column."""

    time: float
    identities: Values
    columns: list[Values]
    """In the order of the reporters; a column with one value a platform is (n, J)."""

    def __len__(self) -> int:
        return len(self.identities)


class Records:
    """One collection. Iterating gives what Mesa's collector holds: tuples of time, unique_id and values."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks

    def __len__(self) -> int:
        return sum(map(len, self.blocks))

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for block in self.blocks:
            for values in zip(*map(python_values, (block.identities, *block.columns)), strict=True):
                yield (block.time, *values)


class ColumnCollector(mesa.DataCollector):
    """Collects what `mesa.DataCollector` collects, and gives the same data frames, without a loop over a population.

    It takes the same arguments. Of a population, a reporter that is the name of a column is read as one array and
    kept as a copy in the column's own type; frames widen it as Mesa's do. Everything else is asked agent by agent, as
    Mesa does it: functions, methods, properties, and agents that are objects.
    """

    def __init__(
        self,
        model_reporters: Any = None,
        agent_reporters: Any = None,
        agenttype_reporters: Any = None,
        tables: Any = None,
    ) -> None:
        self._names: dict[tuple[type | None, str], str] = {}
        super().__init__(model_reporters, agent_reporters, agenttype_reporters, tables)

    def _new_agent_reporter(self, name: str, reporter: Any) -> None:
        if isinstance(reporter, str):
            self._names[None, name] = reporter
        super()._new_agent_reporter(name, reporter)

    def _new_agenttype_reporter(self, agent_type: type, name: str, reporter: Any) -> None:
        if isinstance(reporter, str):
            self._names[agent_type, name] = reporter
        super()._new_agenttype_reporter(agent_type, name, reporter)

    def collect(self, model: mesa.Model) -> None:
        """Collect all reporters now, under the model's time."""
        super().collect(model)  # lists what the two methods below give: blocks
        if self.agent_reporters:
            self._agent_records[model.time] = Records(self._agent_records[model.time])
        if self.agenttype_reporters:
            by_type = self._agenttype_records[model.time]
            self._agenttype_records[model.time] = {kind: Records(blocks) for kind, blocks in by_type.items()}

    def _record_agents(self, model: mesa.Model) -> Any:
        return [self._block(model, part, None) for part in parts_of(model.agents)]

    def _record_agenttype(self, model: mesa.Model, agent_type: type) -> Any:
        if agent_type in model.agent_types:
            return [self._block(model, model.agents_by_type[agent_type], agent_type)]
        if not issubclass(agent_type, mesa.Agent):
            return super()._record_agenttype(model, agent_type)  # which refuses it
        selected = model.agents.select(agent_type=agent_type)
        return [self._block(model, part, agent_type) for part in parts_of(selected)]

    def _block(self, model: mesa.Model, agents: Any, agent_type: type | None) -> Block:
        asked: dict[str, Callable] = self.agenttype_reporters[agent_type] if agent_type else self.agent_reporters
        columns: dict[str, Values] = {}
        identities: Values = []
        if isinstance(agents, Population):
            names = {name: self._names.get((agent_type, name), "") for name in asked}
            columns = {name: snapshot(agents, of) for name, of in names.items() if agents.view_class.is_column(of)}
            identities = snapshot(agents, "unique_id")
        rest = [name for name in asked if name not in columns]
        if rest or not isinstance(agents, Population):
            identities, answers = ask_each(agents, [asked[name] for name in rest])
            columns |= zip(rest, answers, strict=True)
        return Block(model.time, identities, [columns[name] for name in asked])

    def get_agent_vars_dataframe(self) -> pd.DataFrame:
        """What the agent reporters gave, one row an agent and collection; raises UserWarning if there are none."""
        blocks = [block for records in self._agent_records.values() for block in records.blocks if len(block)]
        return frame_of(blocks, list(self.agent_reporters)) if blocks else super().get_agent_vars_dataframe()

    def get_agenttype_vars_dataframe(self, agent_type: type) -> pd.DataFrame:
        """What the reporters of one type gave, one row an agent and collection."""
        all_records = [of_type[agent_type] for of_type in self._agenttype_records.values() if agent_type in of_type]
        blocks = [block for records in all_records for block in records.blocks if len(block)]
        if not blocks:
            return super().get_agenttype_vars_dataframe(agent_type)
        return frame_of(blocks, list(self.agenttype_reporters[agent_type]))


class MetricsCollector(ColumnCollector):
    """What an economy collects unless told otherwise: every metric of every week, which it measures anyway.

    Nothing is copied: `model_vars` are the lists of `model.weekly`, also those of weeks before a snapshot.
    """

    def __init__(self) -> None:
        super().__init__(model_reporters={name: functools.partial(latest, name=name) for name in REGISTRY})

    def collect(self, model: Any) -> None:
        """Take note of the weeks that are over; asked twice in a week, it does nothing more."""
        self.model_vars = {name: model.weekly[name] for name in self.model_reporters if name in model.weekly}
        self._collection_steps += map(float, model.weekly["week"][len(self._collection_steps) :])


def latest(model: Any, name: str) -> float:
    """A metric of the last week."""
    return model.weekly[name][-1]


def has_collected(collector: mesa.DataCollector, time: float | None = None) -> bool:
    """Whether a collector holds anything, or anything of one time."""
    steps, agents, kinds = collector._collection_steps, collector._agent_records, collector._agenttype_records
    return bool(steps or agents or kinds) if time is None else time in steps[-1:] or time in agents or time in kinds


def collector_for_one_model(given: Any) -> Any:
    """A collector that holds nothing yet: the one given, one made by the function given, or that of all metrics.

    Raises ForeignCollector for one that holds another model's data.
    """
    if given is None:
        return MetricsCollector()
    collector = given() if not hasattr(given, "collect") or isinstance(given, type) else given
    if isinstance(collector, mesa.DataCollector) and has_collected(collector):
        raise ForeignCollector(
            Problem(
                "a datacollector that has collected already",
                why="the data of two models would run together",
                allowed="a collector that holds nothing, or a function that makes one for every model",
                todo="pass datacollector=functools.partial(DataCollector, model_reporters=...) or make a new one",
            )
        )
    return collector


class ForeignCollector(PlatformLabError):
    """A collector was to collect from a second model."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))


def parts_of(agents: Any) -> list[Any]:
    """Sets of which each is one population or objects only."""
    return agents.parts if isinstance(agents, EconomyAgents) else [agents]


def ask_each(agents: Iterable[Any], reports: list[Callable]) -> tuple[list[Any], list[list[Any]]]:
    """Agent by agent, as Mesa's collector does: their numbers, and copies of what each reporter says of them."""
    identities: list[Any] = []
    answers: list[list[Any]] = [[] for _ in reports]
    for agent in agents:
        identities.append(agent.unique_id)
        for kept, report in zip(answers, reports, strict=True):
            value = report(agent)
            kept.append(value if isinstance(value, IMMUTABLE) else deepcopy(value))
    return identities, answers


def snapshot(population: Population, name: str) -> Array:
    """A copy of a column: (n), or (n, J) if there is one value a platform."""
    return np.array(population.column(name).T, order="C")


def python_values(column: Values) -> list[Any]:
    """A column as Mesa's collector would hold it: Python numbers, or an array (J) an agent."""
    return column if isinstance(column, list) else column.tolist() if column.ndim == 1 else list(column)


def inferred(values: list[Any]) -> Any:
    """The array that pandas makes of a column of Python objects."""
    return pd.DataFrame.from_records([(value,) for value in values])[0].array


def is_plain(column: Any) -> bool:
    """Whether a column is numbers that are sure to fit the type pandas would choose for them."""
    return isinstance(column, np.ndarray) and column.ndim == 1 and column.dtype.kind in "fiub" and column.dtype != "u8"


def joined(pieces: list[Values]) -> Any:
    """One column from its pieces, of the type pandas would infer from all their values."""
    if any(isinstance(piece, np.ndarray) and piece.ndim == 2 for piece in pieces):
        return inferred(list(itertools.chain.from_iterable(map(python_values, pieces))))
    arrays: list[Any] = [piece if is_plain(piece) else np.asarray(inferred(python_values(piece))) for piece in pieces]
    kinds = {array.dtype.kind for array in arrays}
    if kinds == {"b"} or (kinds <= set("fiu") and all(map(is_plain, arrays))):
        return np.concatenate([array.astype(WIDEST.get(array.dtype.kind, bool), copy=False) for array in arrays])
    return inferred(list(itertools.chain.from_iterable(map(python_values, pieces))))


def frame_of(blocks: list[Block], names: list[str]) -> pd.DataFrame:
    """A data frame as Mesa's collector gives it: indexed by step and agent, one column a reporter."""
    steps = np.repeat(np.asarray(inferred([block.time for block in blocks])), [len(block) for block in blocks])
    numbers = joined([block.identities for block in blocks])
    index = pd.MultiIndex.from_arrays([steps, numbers], names=["Step", "AgentID"])
    columns = {name: joined([block.columns[k] for block in blocks]) for k, name in enumerate(names)}
    return pd.DataFrame(columns, index=index)
