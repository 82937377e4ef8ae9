"""Agent views: rows of populations seen as Mesa agents."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

import mesa

from sim.mesa_view.cells import explain_unknown, write_cells
from sim.mesa_view.refused import ClosedPopulation, MovedByTheWeek, NoStepDefined
from sim.populations.consumers import Consumers
from sim.populations.merchants import Merchants
from sim.populations.table import Column, Table
from sim.populations.workers import Workers


class Cell:
    """One column as an attribute of agent views: a Python number, or a writable array (J) if one a platform."""

    def __init__(self, name: str, declared: Column) -> None:
        self.name, self.is_per_platform = name, declared.per == "platform"
        self.__doc__ = f"{declared.meaning} [{declared.unit}]"

    def __get__(self, view: AgentView | None, owner: type[AgentView]) -> Any:
        if view is None:
            return self
        column = getattr(view.present_table(), self.name)
        return column[:, view._row] if self.is_per_platform else column.item(view._row)

    def __set__(self, view: AgentView, value: Any) -> None:
        write_cells(view.present_table(), self.name, view._row, value)


class AgentView(mesa.Agent):
    """A row of a table seen as a Mesa agent: its attributes read and write the table's columns.

    Declare a kind as `class Shop(AgentView, table=Shops)`. A view is made anew at every access, so two views of
    one agent are equal but seldom the same object, and it takes no attributes but columns and properties: others
    would be lost.

    `unique_id` is the row's identity, unique within its population and never reused. Across types it is not:
    consumer 5, merchant 5 and platform 5 may be in one model, and (type, unique_id) distinguishes them. So
    prefer a data collector's agenttype_reporters, or report `lambda agent: type(agent).__name__` too.

    A view is stale when its agent has left, also if the slot holds another agent by now. Of a stale view only
    `unique_id`, comparison and repr work. An array of a per-platform column, once taken, is not checked again.

    Raises ReferenceError when a stale view is read or written; AttributeError, with the nearest right
    spelling, for an unknown name; ValueError when a column cannot hold a value; ClosedPopulation on `remove`
    and `create_agents`; NoStepDefined on a `step` or `advance` that the class does not define.
    """

    table_class: ClassVar[type[Table]]
    model: Any = None
    pos = None
    unique_id: Any
    _table: Table
    _row: int

    def __init_subclass__(cls, table: type[Table] | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if table is not None:
            cls.table_class = table
            for name, declared in table.columns.items():
                setattr(cls, name, Cell(name, declared))

    def __init__(self, model: Any, table: Table, row: int) -> None:
        # Not Mesa's own: it would register the agent, number it and keep it alive.
        vars(self).update(model=model, _table=table, _row=int(row), unique_id=table.identity.item(row))

    @classmethod
    def is_column(cls, name: str) -> bool:
        """Whether a name is a column of the table, or `unique_id`, and not a property of a subclass."""
        return name == "unique_id" or isinstance(getattr(cls, name, None), Cell)

    @property
    def is_present(self) -> bool:
        """Whether the agent is still in its population."""
        table, row = self._table, self._row
        return table.is_active.item(row) and table.identity.item(row) == self.unique_id

    def present_table(self) -> Table:
        """The table, if the agent is still in it; raises ReferenceError otherwise."""
        if not self.is_present:
            kind, table, row = type(self).__name__, self._table, self._row
            now = f"holds {kind} {table.identity.item(row)}" if table.is_active.item(row) else "is empty"
            raise ReferenceError(
                f"{kind} {self.unique_id} has left the market: its row {row} now {now}. Copy what you need "
                f"before an agent leaves, or look again in model.agents_by_type[{kind}]"
            )
        return self._table

    def step(self) -> None:
        """Refuse: raises NoStepDefined. A subclass may define it."""
        raise NoStepDefined(self, "step")

    def advance(self) -> None:
        """Refuse: raises NoStepDefined. A subclass may define it."""
        raise NoStepDefined(self, "advance")

    def remove(self) -> NoReturn:
        """Refuse: raises ClosedPopulation."""
        raise ClosedPopulation(f"remove {self!r}")

    @classmethod
    def create_agents(cls, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: raises ClosedPopulation."""
        raise ClosedPopulation(f"create agents of type {cls.__name__}")

    from_dataframe = create_agents

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(explain_unknown(type(self), name))

    def __setattr__(self, name: str, value: Any) -> None:
        declared = getattr(type(self), name, None)
        if isinstance(declared, Cell):
            declared.__set__(self, value)
            return
        if not hasattr(declared, "__set__"):
            is_known = hasattr(type(self), name) or name in vars(self)
            raise AttributeError(f"{name!r} is read-only" if is_known else explain_unknown(type(self), name))
        super().__setattr__(name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AgentView) and self._table is other._table and self.unique_id == other.unique_id

    def __hash__(self) -> int:
        return self.unique_id

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}{'' if self.is_present else ', gone'}>"


class Consumer(MovedByTheWeek, AgentView, table=Consumers):
    """A consumer, with the columns of `Consumers` as attributes."""


class Merchant(MovedByTheWeek, AgentView, table=Merchants):
    """A merchant, with the columns of `Merchants` as attributes."""


class Worker(MovedByTheWeek, AgentView, table=Workers):
    """A worker, with the columns of `Workers` as attributes."""
