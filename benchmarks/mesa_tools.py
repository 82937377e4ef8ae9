"""Mesa's tools on as many agents, once as objects and once as columns: `python -m benchmarks.mesa_tools [agents]`."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np

from benchmarks.row import Row
from benchmarks.timing import THREAD_TIME, seconds
from sim.mesa_view.collector import ColumnCollector
from sim.mesa_view.populated_model import ModelWithPopulations
from sim.mesa_view.views import AgentView
from sim.populations.table import Array, Table, column

N_AGENTS, N_TIMES = 100_000, 5
AN_AGENT_AT_A_TIME = "shuffle_do, a line of Python an agent"


class Walkers(Table):
    zone: Array = column("int32", "-", "where")
    rate: Array = column("float32", "a week", "how often")
    balance_cents: Array = column("int64", "cents", "money")


class Walking:
    def earn(self: Any) -> None:
        self.balance_cents += 1


class ColumnWalker(Walking, AgentView, table=Walkers):
    pass


class ObjectWalker(Walking, mesa.Agent):
    def __init__(self, model: mesa.Model, zone: int, rate: float, balance_cents: int) -> None:
        super().__init__(model)
        self.zone, self.rate, self.balance_cents = zone, rate, balance_cents


def values(n: int) -> tuple[Array, Array, Array]:
    number = np.arange(n)
    return number % 10, (number * 37 % 1000) / 128, number * 91 % 10_007


def of_objects(n: int) -> mesa.Model:
    model = mesa.Model(rng=1)
    ObjectWalker.create_agents(model, n, *(value.tolist() for value in values(n)))
    return model


def of_columns(n: int) -> ModelWithPopulations:
    model = ModelWithPopulations(rng=1)
    table = Walkers(n, 1)
    table.zone[:], table.rate[:], table.balance_cents[:] = values(n)
    model.add_population(ColumnWalker, table)
    return model


def tools(model: Any, kind: type, collector: Any) -> dict[str, Callable[[], Any]]:
    def agents() -> Any:
        return model.agents_by_type[kind]

    def rich() -> Any:
        if kind is ObjectWalker:
            return agents().select(lambda walker: walker.balance_cents > 5_000)
        return agents().select(agents().column("balance_cents") > 5_000)

    return {
        "agg: a mean": lambda: agents().agg("rate", np.mean),
        "get: a list of numbers": lambda: agents().get("rate"),
        "set: one value for all": lambda: agents().set("rate", 1.0),
        "select: a condition": rich,
        "sort": lambda: agents().sort("balance_cents"),
        "groupby, then agg": lambda: agents().groupby("zone").agg("balance_cents", sum),
        "DataCollector: two attributes": lambda: collector.collect(model),
        AN_AGENT_AT_A_TIME: lambda: agents().shuffle_do("earn"),
    }


def milliseconds(work: Callable[[], Any]) -> float:
    return 1e3 * statistics.median(seconds(work, THREAD_TIME) for _ in range(N_TIMES))


def table(n: int = N_AGENTS) -> dict[str, tuple[float, float]]:
    """Milliseconds with objects and with columns, by tool."""
    objects, columns = of_objects(n), of_columns(n)
    asked = {"rate": "rate", "money": "balance_cents"}
    of = (
        tools(objects, ObjectWalker, mesa.DataCollector(agenttype_reporters={ObjectWalker: asked})),
        tools(columns, ColumnWalker, ColumnCollector(agenttype_reporters={ColumnWalker: asked})),
    )
    plain = mesa.DataCollector(agenttype_reporters={ColumnWalker: asked})
    found = {"create": (milliseconds(lambda: of_objects(n)), milliseconds(lambda: of_columns(n)))}
    found |= {name: (milliseconds(of[0][name]), milliseconds(of[1][name])) for name in of[0]}
    by_mesa = milliseconds(lambda: plain.collect(columns))
    return found | {"mesa.DataCollector on columns": (found["DataCollector: two attributes"][0], by_mesa)}


def rows() -> list[Row]:
    """How many times faster columns are, tool by tool."""
    how = f"{N_AGENTS} agents, processor time, medians of {N_TIMES}"
    return [Row(f"Mesa's tools: {name}", a / b, "times", how=how) for name, (a, b) in table().items()]


if __name__ == "__main__":
    print("| | objects, ms | columns, ms |\n|---|---|---|")
    for name, (objects_ms, columns_ms) in table(int((sys.argv[1:] or [N_AGENTS])[0])).items():
        print(f"| {name} | {objects_ms:,.3g} | {columns_ms:,.3g} |")
