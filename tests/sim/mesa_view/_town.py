"""A town of this folder's own, so that these tests do not change with the economy's columns."""

from typing import Any

import mesa
import numpy as np

from sim.mesa_view.populated_model import ModelWithPopulations
from sim.mesa_view.views import AgentView
from sim.populations.table import Array, Table, column

N, J = 12, 3
GONE = [2, 7]
FIRST_IDENTITY = 40  # so that identities are never taken for rows


class People(Table):
    """Those who buy."""

    zone: Array = column("int32", "-", "where they live")
    income_class: Array = column("uint8", "0..19", "income")
    occasion_rate: Array = column("float32", "occasions a week", "wish to order")
    apps: Array = column("uint16", "bits", "apps")
    occasions: Array = column("uint8", "occasions", "occasions this week")
    orders_month: Array = column("uint16", "orders", "orders")
    habit: Array = column("float32", "share", "habit", per="platform")
    balance_cents: Array = column("int64", "cents", "money")


class Stores(Table):
    """A second table, with a column of its own."""

    zone: Array = column("int32", "-", "where they are")
    price: Array = column("float32", "currency", "price", per="platform")
    balance_cents: Array = column("int64", "cents", "money")


class WorkerBook(Table):
    """A third."""

    group: Array = column("uint8", "-", "group")
    minutes: Array = column("int32", "minutes a week", "time on line", per="platform")


class Person(AgentView, table=People):
    pass


class Store(AgentView, table=Stores):
    pass


class Worker(AgentView, table=WorkerBook):
    pass


def make_consumers(n: int = N) -> People:
    table = People(n, J)
    table.identity[:] = np.arange(n) + FIRST_IDENTITY
    table.zone[:] = np.arange(n) % 4
    table.income_class[:] = (np.arange(n) * 7 + 3) % 20
    table.occasion_rate[:] = np.arange(n)[::-1] / 3
    table.habit[:] = np.arange(J * n).reshape(J, n)
    table.balance_cents[:] = (np.arange(n) * 37) % 11 - 5
    return table


class Chain(mesa.Agent):
    """An object agent with an attribute that consumers have too."""

    def __init__(self, model: mesa.Model, balance_cents: int) -> None:
        super().__init__(model)
        self.balance_cents, self.zone, self.n_calls = balance_cents, 3, 0

    def call(self) -> str:
        self.n_calls += 1
        return "chain"


class Town(ModelWithPopulations):
    """Two objects, consumers of whom two have gone, three merchants."""

    def __init__(self, rng: int = 1) -> None:
        super().__init__(rng=rng)
        self.chains = [Chain(self, 1_000), Chain(self, 2_000)]
        self.consumer_table, self.merchant_table = make_consumers(), Stores(3, J)
        self.consumer_table.is_active[GONE] = False
        self.merchant_table.identity[:] = [FIRST_IDENTITY, 41, 42]
        self.consumers = self.add_population(Person, self.consumer_table)
        self.merchants = self.add_population(Store, self.merchant_table)


def identities(agents: Any) -> list[int]:
    return [agent.unique_id for agent in agents]
