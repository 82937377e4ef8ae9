"""The same small town written twice, with Mesa's objects and with columns: who shops, who goes broke, who moves in."""

from typing import Any, ClassVar

import mesa
import numpy as np

from sim.mesa_view.collector import ColumnCollector
from sim.mesa_view.populated_model import ModelWithPopulations
from tests.sim.mesa_view._town import People, Person, identities

N_WEEKS, START, N_SHOPS = 20, 60, 2


class Shopping:
    """A week of a consumer, as one would write it for Mesa."""

    def shop(self: Any) -> None:
        platform = self.random.choice(self.model.shops)
        price = 10 + self.zone
        self.balance_cents -= price
        self.orders_month += 1
        self.occasion_rate *= 0.5 if platform.row else 1.0
        self.habit[platform.row] += 0.25
        platform.balance_cents += price
        if self.balance_cents < 0:
            self.model.leave(self)

    def greet(self: Any) -> None:
        self.model.greeted.append((type(self).__name__[-4:], self.unique_id))


class Shop(Shopping, mesa.Agent):
    def __init__(self, model: mesa.Model, row: int) -> None:
        super().__init__(model)
        self.row, self.balance_cents, self.zone = row, 0, 0


class ObjectShopper(Shopping, mesa.Agent):
    def __init__(self, model: mesa.Model, zone: int, balance_cents: int) -> None:
        super().__init__(model)
        self.zone, self.balance_cents, self.orders_month, self.occasion_rate = zone, balance_cents, 0, 8.0
        self.habit = np.zeros(2, np.float32)


class ColumnShopper(Shopping, Person):
    pass


class Weeks:
    """What both towns do in a week, and what is collected.

    Where slots are reused, members of a population stand in the order of rows, not of entry. Whose turn it is then
    has to be said, so such a town asks for its agents in the order of their numbers.
    """

    shopper: ClassVar[type]
    reuses_slots: ClassVar[bool] = False
    collector: ClassVar[type[mesa.DataCollector]] = mesa.DataCollector

    def in_turn(self: Any, agents: Any) -> Any:
        return agents.sort("unique_id", ascending=True) if self.reuses_slots else agents

    def settle(self: Any, n: int) -> None:
        self.shops, self.greeted = [Shop(self, row) for row in range(N_SHOPS)], []
        self.populate(n)
        self.datacollector = self.collector(**what_is_collected(self.shopper))
        self.other_collector = ColumnCollector(**what_is_collected(self.shopper))

    def step(self: Any) -> None:
        self.in_turn(self.agents_by_type[self.shopper]).shuffle_do("shop")
        self.in_turn(self.agents).shuffle_do("greet")
        for k in range(self.steps % 3):
            self.enter(zone=(self.steps + k) % 3, balance_cents=START)
        self.agents_by_type[self.shopper].select(lambda c: c.zone == 2).do(
            lambda c: setattr(c, "balance_cents", c.balance_cents + 1)
        )
        self.agents_by_type[self.shopper].groupby("zone").do(share_out)
        self.datacollector.collect(self)
        self.other_collector.collect(self)


def share_out(zone: Any) -> None:
    """The richest of a zone gives a coin to the poorest."""
    ranked = zone.sort(lambda c: (c.balance_cents, c.unique_id)).to_list()
    ranked[0].balance_cents -= 1
    ranked[-1].balance_cents += 1


def what_is_collected(kind: type) -> dict[str, Any]:
    return {
        "model_reporters": {
            "n": lambda m: len(m.agents),
            "money": lambda m: m.agents.agg("balance_cents", sum),
            "rate": lambda m: m.agents_by_type[kind].agg("occasion_rate", np.mean),
            "zones": lambda m: m.agents_by_type[kind].groupby("zone").agg("balance_cents", max),
            "counts": lambda m: m.agents.groupby("zone").count(),
            "rich": lambda m: identities(m.in_turn(m.agents).select(lambda a: a.balance_cents > START, at_most=9)),
            "order": lambda m: identities(m.in_turn(m.agents_by_type[kind]).sort("balance_cents")),
            "share": lambda m: len(m.agents.select(at_most=0.3, agent_type=kind)),
            "greeted": lambda m: str(m.greeted),
        },
        "agent_reporters": {"money": "balance_cents", "zone": "zone", "twice": lambda a: 2 * a.zone},
        "agenttype_reporters": {
            kind: {"habit": "habit", "rate": "occasion_rate", "n": "orders_month", "id": "unique_id"},
            Shop: {"money": "balance_cents"},
        },
    }


class ObjectTown(Weeks, mesa.Model):
    shopper = ObjectShopper

    def __init__(self, n: int = 20, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        self.settle(n)

    def populate(self, n: int) -> None:
        for k in range(n):
            self.enter(k % 3, START + 7 * k)

    def enter(self, zone: int, balance_cents: int) -> None:
        ObjectShopper(self, zone, balance_cents)

    def leave(self, agent: Any) -> None:
        agent.remove()


class ColumnTown(Weeks, ModelWithPopulations):
    shopper = ColumnShopper

    def __init__(self, n: int = 20, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        self.table = People(n + (8 if self.reuses_slots else 2 * N_WEEKS), 2)
        self.table.is_active[:], self.table.identity[:] = False, 0
        self.n_entered = 0
        self.settle(n)

    def populate(self, n: int) -> None:
        self.add_population(ColumnShopper, self.table)
        for k in range(n):
            self.enter(k % 3, START + 7 * k)

    def enter(self, zone: int, balance_cents: int) -> None:
        table = self.table
        row = np.flatnonzero(~table.is_active)[0] if self.reuses_slots else self.n_entered
        self.n_entered += 1
        table.identity[row], table.is_active[row] = N_SHOPS + self.n_entered, True  # the next number of Mesa's
        table.zone[row], table.balance_cents[row], table.orders_month[row] = zone, balance_cents, 0
        table.occasion_rate[row], table.habit[:, row] = 8.0, 0.0

    def leave(self, agent: Any) -> None:
        self.table.is_active[self.table.identity == agent.unique_id] = False


class ObjectTownInTurn(ObjectTown):
    reuses_slots = True


class ColumnTownInTurn(ColumnTown):
    reuses_slots = True


class CollectedTown(ColumnTown):
    collector = ColumnCollector
