"""Populations as sets of Mesa agents: columns for who asks for columns, agents for who asks for agents."""

from __future__ import annotations

import itertools
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, Self

import numpy as np
from mesa.agentset import AbstractAgentSet, GroupBy

from sim.mesa_view.cells import EVERYONE, call, explain_unknown, limit_of, write_cells
from sim.mesa_view.refused import ClosedPopulation
from sim.populations.table import Array, Table

if TYPE_CHECKING:
    from sim.mesa_view.views import AgentView


REDUCTIONS: dict[Callable, Callable] = {sum: np.sum, min: np.min, max: np.max, any: np.any, all: np.all}
WIDEST = {"f": np.float64, "i": np.int64, "u": np.int64}


def list_of(values: Array) -> list[Any]:
    """An array (n) as n Python numbers, (J, n) as n arrays of length J: copies, never views of a table."""
    return values.tolist() if values.ndim == 1 else list(values.T.copy())


def is_array_function(func: Callable) -> bool:
    """Whether a function is NumPy's own, so that it may be given an array instead of Mesa's list."""
    inner = func.func if isinstance(func, partial) else func
    return isinstance(inner, np.ufunc) or (getattr(inner, "__module__", None) or "").split(".")[0] == "numpy"


def aggregate(values: Array, func: Callable) -> Any:
    """Apply a function to (n) or (J, n) values as if to the list Mesa gives it, on the array if possible.

    Only `sum` of floats may differ from Python's, in the last bits: Python carries a correction.
    """
    kind = values.dtype.kind
    if func is len:
        return values.shape[-1]
    if func in REDUCTIONS:
        width = {"dtype": np.float64} if func is sum and kind == "f" else {}
        result = REDUCTIONS[func](values, axis=-1, **width)
        return result if values.ndim == 2 else result.item()
    if is_array_function(func):
        # As wide as a list becomes: else differences of uint8 wrap and means of float32 are coarse.
        return func(values.astype(WIDEST.get(kind, values.dtype), copy=False).T)
    return func(list_of(values))


class Groups(GroupBy):
    """Mesa's groups, aggregated through the sets they consist of."""

    def agg(self, attr_name: str, func: Callable) -> dict[Any, Any]:
        """Apply one function to an attribute, group by group."""
        sets: dict[Any, Any] = self.groups
        return {key: group.agg(attr_name, func) for key, group in sets.items()}


class Ticket:
    """Stands for a member in a draw: quicker to hash than an agent."""

    __slots__ = ("__weakref__", "member")

    def __init__(self, member: Any) -> None:
        self.member = member


class AbstractEconomySet(AbstractAgentSet):
    """What a population and the whole economy share: closed membership, chance that decides order only."""

    model: Any  # a `ModelWithPopulations`, which is made of these sets

    @abstractmethod
    def copy(self) -> Self:
        """These members as they are now; later entrants are not among them."""

    @abstractmethod
    def _in_order(self, agents: Iterable[Any], inplace: bool) -> Self:
        """These agents in this order, as a new set or in place."""

    def _update(self, agents: Iterable[Any]) -> Self:
        return self._in_order(agents, inplace=True)

    def __copy__(self) -> Self:
        return self.copy()

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> Any:
        return set(it)  # what the operators & | - ^ give

    def __getitem__(self, item: int | slice) -> Any:
        return self.to_list()[item]

    def to_list(self) -> list[Any]:
        """All members as agents."""
        return list(self)

    def add(self, agent: Any) -> NoReturn:
        """Refuse: raises ClosedPopulation."""
        raise ClosedPopulation(f"add {agent!r} to {self!r}")

    def discard(self, agent: Any) -> NoReturn:
        """Refuse: raises ClosedPopulation."""
        raise ClosedPopulation(f"discard {agent!r} from {self!r}")

    def remove(self, agent: Any) -> NoReturn:
        """Refuse: raises ClosedPopulation."""
        raise ClosedPopulation(f"remove {agent!r} from {self!r}")

    def _in_mesas_order[T](self, members: Iterable[T]) -> list[T]:
        """Members as Mesa shuffles them: its generator says whose turn it is, not what happens then."""
        drawn = self.model.object_agents.select(at_most=0)
        tickets = [Ticket(member) for member in members]  # an agent set holds its members weakly
        for ticket in tickets:
            drawn.add(ticket)
        return [ticket.member for ticket in drawn.shuffle(inplace=True)]

    @abstractmethod
    def shuffle(self, inplace: bool = False) -> Self:
        """The members in a random order, the same that Mesa gives to as many objects."""

    def shuffle_do(self, method: str | Callable, *args: Any, **kwargs: Any) -> Self:
        """Call a method or function for each member in a random order, but for those who left meanwhile."""
        self.shuffle().do(method, *args, **kwargs)
        return self


class Population(AbstractEconomySet):
    """The active rows of a table as a set of agents: all of them, or a selection.

    The whole population follows entry and exit; a selection keeps its order, loses who leaves, and never
    takes in who moves into a slot. Columns are read and written without agents; views are made where agents
    are asked for: iteration, indexing, `do`, `map`, `to_list`, functions of an agent. In-place methods change
    this set only, not the model's population. Indexing gives an agent, slicing a list of agents.

    Raises AttributeError, with the nearest right spelling, for an unknown column.
    """

    def __init__(self, view_class: type[AgentView], table: Table, model: Any, rows: Array | None = None) -> None:
        self.view_class, self.table, self.model = view_class, table, model
        self._keep(rows)

    def _keep(self, rows: Array | None) -> Self:
        self._rows = rows
        self._identities = None if rows is None else self.table.identity[rows]
        return self

    def _take(self, rows: Array, inplace: bool = False) -> Population:
        return self._keep(rows) if inplace else Population(self.view_class, self.table, self.model, rows)

    def _in_order(self, agents: Iterable[AgentView], inplace: bool) -> Population:
        return self._take(np.fromiter((view._row for view in agents), np.intp), inplace)

    def copy(self) -> Population:
        """These members as they are now; later entrants are not among them."""
        return self._take(self.rows)

    @property
    def rows(self) -> Array:
        """Positions of the members in the table (n), in the order of this set."""
        if self._rows is None:
            return np.flatnonzero(self.table.is_active)
        is_here = self.table.is_active[self._rows] & (self.table.identity[self._rows] == self._identities)
        return self._rows if is_here.all() else self._rows[is_here]

    def _cells(self) -> Array | slice:
        is_full = self._rows is None and self.table.is_active.all()
        return slice(None) if is_full else self.rows

    def __len__(self) -> int:
        return int(np.count_nonzero(self.table.is_active)) if self._rows is None else len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        rows, table = self.rows, self.table
        for row, identity in zip(rows.tolist(), table.identity[rows].tolist(), strict=True):
            if table.is_active[row] and table.identity[row] == identity:
                yield self.view_class(self.model, table, row)

    def __contains__(self, agent: object) -> bool:
        if getattr(agent, "_table", None) is not self.table or not agent.is_present:  # type: ignore[attr-defined]
            return False
        return self._rows is None or bool(np.any(self.rows == agent._row))  # type: ignore[attr-defined]

    def __getitem__(self, item: int | slice) -> Any:
        chosen = self.rows[item]
        if isinstance(item, slice):
            return list(self._take(chosen))
        return self.view_class(self.model, self.table, int(chosen))

    def __repr__(self) -> str:
        return f"<Population: {len(self)} {self.view_class.__name__} of {len(self.table)} rows>"

    def column(self, name: str) -> Array:
        """Members' values in the order of this set, read-only: (n), or (J, n) if there is one a platform."""
        if not self.view_class.is_column(name):
            raise AttributeError(explain_unknown(self.view_class, name))
        values, cells = getattr(self.table, "identity" if name == "unique_id" else name), self._cells()
        # `take` is three times as fast as an index on columns with one value a platform.
        seen = values[...] if isinstance(cells, slice) else values.take(cells, axis=-1)
        seen.flags.writeable = False
        return seen

    def _keys(self, by: str | Callable) -> list[Any] | Array:
        """One value a member to sort or group by: an array from a column, else a list."""
        if callable(by):
            return self.map(by)
        keys = self.column(by) if self.view_class.is_column(by) else self.get(by)
        if isinstance(keys, np.ndarray) and keys.ndim == 2:
            raise TypeError(f"{by!r} has one value a platform: take a function of the agent instead")
        return keys

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """Values of one attribute, or a list of values of several for each member; always copies.

        Raises AttributeError if an attribute is missing, unless `handle_missing` is "default".
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"unknown handle_missing {handle_missing!r}: it is 'error' or 'default'")
        if not isinstance(attr_names, str):
            values = [self.get(name, handle_missing, default_value) for name in attr_names]
            return [list(of_member) for of_member in zip(*values, strict=True)]
        if self.view_class.is_column(attr_names):
            return list_of(self.column(attr_names))
        if handle_missing == "default" and not hasattr(self.view_class, attr_names):
            return [default_value] * len(self)
        return [getattr(view, attr_names) for view in self]

    def set(self, attr_name: str, value: Any) -> Any:
        """Write an attribute: one value for all, or an array with one for each, (J, n) if one a platform.

        Raises ValueError if the shape does not fit or the column cannot hold the values exactly.
        """
        if self.view_class.is_column(attr_name):
            write_cells(self.table, attr_name, self._cells(), value)
        else:
            for view in self:
                setattr(view, attr_name, value)
        return self

    def agg(self, attribute: str, func: Callable | Iterable[Callable]) -> Any:
        """Apply a function, or each of several, to the values of an attribute.

        Python's and NumPy's own reductions run on the column; any other function is given a list, as in Mesa.
        """
        if not self.view_class.is_column(attribute):
            return super().agg(attribute, func)
        values = self.column(attribute)
        return aggregate(values, func) if callable(func) else [aggregate(values, one) for one in func]

    def select(
        self,
        filter_func: Any = None,
        at_most: float = EVERYONE,
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> Population:
        """Members that a function of the agent, or a boolean array with one entry a member, picks.

        A condition on columns reads `merchants.select(merchants.column("age") > 52)`. Raises ValueError for
        any other array.
        """
        rows = self.rows
        limit = limit_of(at_most, len(rows))
        if agent_type is not None and not issubclass(self.view_class, agent_type):
            rows = rows[:0]
        elif callable(filter_func):
            picked = (view._row for view in self if filter_func(view))
            rows = np.fromiter(itertools.islice(picked, limit), np.intp)
        elif filter_func is not None:
            condition = np.asarray(filter_func)
            if condition.dtype != bool or condition.shape != rows.shape:
                raise ValueError(
                    f"a condition on {self!r} is a boolean array of shape {rows.shape}, not one of "
                    f"{condition.dtype} and {condition.shape}: build it from column(), one entry a member"
                )
            rows = rows[condition]
        return self._take(rows[:limit], inplace)

    def sort(self, key: str | Callable, ascending: bool = False, inplace: bool = False) -> Population:
        """Members by a column or a function, largest first unless `ascending`; equals keep their order."""
        rows, keys = self.rows, self._keys(key)
        if not isinstance(keys, np.ndarray):
            order = np.array(sorted(range(len(rows)), key=keys.__getitem__, reverse=not ascending), np.intp)
        elif ascending:
            order = np.argsort(keys, kind="stable")
        else:
            order = len(keys) - 1 - np.argsort(keys[::-1], kind="stable")[::-1]
        return self._take(rows[order], inplace)

    def shuffle(self, inplace: bool = False) -> Population:
        """The members in a random order, the same that Mesa gives to as many objects."""
        return self._take(np.array(self._in_mesas_order(self.rows.tolist()), np.intp), inplace)

    def groupby(self, by: str | Callable, result_type: str = "agentset") -> GroupBy:
        """Selections, or lists of agents, by value of a column or a function, in order of appearance."""
        rows, keys = self.rows, self._keys(by)
        places: dict[Any, Any] = {}
        if isinstance(keys, np.ndarray) and len(keys):
            order = np.argsort(keys, kind="stable")
            starts = np.flatnonzero(keys[order[1:]] != keys[order[:-1]]) + 1
            groups = sorted(np.split(order, starts), key=lambda group: group[0])
            places = {keys.item(group[0]): group for group in groups}
        else:
            for place, key in enumerate(keys):
                places.setdefault(key, []).append(place)
        sets: dict[Any, Any] = {key: self._take(rows[group]) for key, group in places.items()}
        as_lists = result_type != "agentset"
        return GroupBy({key: list(group) for key, group in sets.items()}) if as_lists else Groups(sets)

    def do(self, method: str | Callable, *args: Any, **kwargs: Any) -> Self:
        """Call a method or function for each member in turn, but for those who left meanwhile."""
        for view in self:
            call(view, method, args, kwargs)
        return self

    def map(self, method: str | Callable, *args: Any, **kwargs: Any) -> list[Any]:
        """What a method or function returns for each member."""
        return [call(view, method, args, kwargs) for view in self]
