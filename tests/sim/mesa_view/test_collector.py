"""The collector by columns gives what Mesa's gives, keeps copies, and makes no agent where a column is asked for."""

import functools
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mesa_view.collector import ColumnCollector
from sim.mesa_view.populated_model import ModelWithPopulations
from sim.mesa_view.views import AgentView, Consumer, Merchant
from tests.economies import economy
from tests.sim.mesa_view._town import (
    FIRST_IDENTITY,
    Chain,
    J,
    Person,
    Store,
    Town,
    Worker,
    WorkerBook,
    identities,
    make_consumers,
)


def collect_both(model: Any, change: Any = None, times: int = 3, **asked: Any) -> list[Any]:
    """Mesa's collector and ours on the same model; `change` happens between collections."""
    collectors = [mesa.DataCollector(**asked), ColumnCollector(**asked)]
    for time in range(times):
        model.time = float(time)
        for collector in collectors:
            collector.collect(model)
        if change is not None:
            change(time)
    return collectors


def assert_same_frames(collectors: list[Any], *types: type) -> None:
    mesas, ours = collectors
    if ours.model_reporters:
        pd.testing.assert_frame_equal(ours.get_model_vars_dataframe(), mesas.get_model_vars_dataframe())
    if ours.agent_reporters:
        pd.testing.assert_frame_equal(ours.get_agent_vars_dataframe(), mesas.get_agent_vars_dataframe())
    for kind in types:
        found = [collector.get_agenttype_vars_dataframe(kind) for collector in (ours, mesas)]
        assert len(found[0]) > 0
        pd.testing.assert_frame_equal(*found)


def twice(agent: Any, times: int = 2) -> int:
    return times * agent.balance_cents


class Wise(Person):
    """A person with a property and a method."""

    @property
    def half(self) -> float:
        return self.balance_cents / 2

    @property
    def mood(self) -> str | None:
        return None if self.zone == 2 else f"zone {self.zone}"

    def tell(self) -> int:
        return self.zone


def wise_town() -> ModelWithPopulations:
    model = ModelWithPopulations(rng=1)
    model.add_population(Wise, make_consumers())
    return model


COLUMNS = ("zone", "income_class", "occasion_rate", "apps", "habit", "balance_cents", "unique_id", "is_active")
OTHERS = {
    "half": "half",
    "mood": "mood",
    "lambda": lambda agent: agent.zone + 0.5,
    "listed": lambda agent: [agent.zone, agent.balance_cents],
    "method": Wise.tell,
    "partial": functools.partial(twice, times=3),
    "with_parameters": [twice, [5]],
    "number_or_not": lambda agent: agent.zone if agent.zone else None,
    "kind": type,
}


@pytest.mark.parametrize("asked", [dict.fromkeys(COLUMNS, ""), OTHERS, {"first": "zone", **OTHERS, "last": "habit"}])
def test_every_kind_of_reporter_gives_mesas_frame(asked: dict[str, Any]):
    asked = {name: reporter or name for name, reporter in asked.items()}
    for model in (wise_town(), wise_town()):
        collectors = collect_both(model, agent_reporters=asked, agenttype_reporters={Wise: asked})
        assert_same_frames(collectors, Wise)


def test_objects_and_populations_in_one_frame_with_entry_and_exit(town: Town):
    table = town.consumer_table

    def change(time: int) -> None:
        table.is_active[[time, 2]] = [False, True]
        table.identity[5] = 90 + time
        table.balance_cents += 1
        if time == 0:
            town.chains[0].remove()

    asked = {"money": "balance_cents", "zone": "zone", "kind": lambda agent: type(agent).__name__}
    by_type = {Person: {"habit": "habit"}, Store: asked, Chain: asked, AgentView: {"money": "balance_cents"}}
    collectors = collect_both(town, change, 4, agent_reporters=asked, agenttype_reporters=by_type)
    assert_same_frames(collectors, Person, Store, Chain, AgentView)
    seen = collectors[1].get_agenttype_vars_dataframe(Person)
    assert seen.loc[0.0].index.tolist() == [40, 41, 43, 44, 45, 46, 48, 49, 50, 51]
    assert seen.loc[2.0].index.tolist() == [42, 43, 44, 91, 46, 48, 49, 50, 51]


@pytest.mark.parametrize("money", [0.5, 7, True, "nothing", None, float("nan"), 2**63, np.float32(3), [1]])
def test_types_of_objects_and_columns_meet_as_in_mesa(town: Town, money: Any):
    town.chains[1].balance_cents = money
    asked = {"money": "balance_cents"}
    assert_same_frames(collect_both(town, agent_reporters=asked, agenttype_reporters={Chain: asked}), Chain)


@given(data=st.data(), n=st.integers(1, 6))
def test_any_columns_give_mesas_frame(data: st.DataObject, n: int):
    table = make_consumers(n)
    for name in ("balance_cents", "zone", "occasion_rate", "income_class"):
        column = getattr(table, name)
        numbers = st.floats(width=32) if column.dtype.kind == "f" else st.integers(0, 255)
        column[:] = data.draw(st.lists(numbers, min_size=n, max_size=n))
    model = ModelWithPopulations(rng=1)
    model.add_population(Person, table)
    presence = st.lists(st.booleans(), min_size=n, max_size=n)

    def change(_: int) -> None:
        table.is_active[:] = data.draw(presence)

    change(0)
    asked = {name: name for name in COLUMNS} | {"zone": lambda agent: agent.zone}
    assert_same_frames(collect_both(model, change, agent_reporters=asked))


def test_what_was_collected_stays_when_columns_change():
    model = ModelWithPopulations(rng=1)
    workers = model.add_population(Worker, WorkerBook(4, J))  # nobody has gone: columns are read without a copy
    shelf = Chain(model, 0)
    shelf.minutes, shelf.group = [1, 2], 0  # type: ignore[attr-defined]
    asked = {"group": "group", "minutes": "minutes", "id": "unique_id", "view": lambda agent: agent.minutes}
    collector = ColumnCollector(agent_reporters=asked)
    collector.collect(model)
    shelf.minutes.append(3)  # type: ignore[attr-defined]
    before = collector.get_agent_vars_dataframe()
    workers.set("group", 9).set("minutes", 60)
    workers.table.identity[:] += 50
    after = collector.get_agent_vars_dataframe()
    assert before["group"].tolist() == after["group"].tolist() == [0] * 5
    assert after["id"].tolist() == after.index.get_level_values("AgentID").tolist() == [1, 0, 1, 2, 3]
    for name in ("minutes", "view"):
        assert [list(minutes) for minutes in after[name]] == [[1, 2], *[[0, 0, 0]] * 4]


def test_columns_are_read_without_making_agents(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(AgentView, "__init__", lambda *_: pytest.fail("an agent was made"))
    asked = {"money": "balance_cents", "zone": "zone"}
    collector = ColumnCollector(
        {"n": lambda m: len(m.agents)}, asked, {Person: {"habit": "habit"}, AgentView: asked}, {"log": ["a"]}
    )
    collector.collect(town)
    frame = collector.get_agent_vars_dataframe()
    assert frame["zone"].tolist() == [3, 3, *town.consumer_table.zone[town.consumers.rows], 0, 0, 0]
    assert len(collector.get_agenttype_vars_dataframe(AgentView)) == 13


def test_collecting_twice_at_one_time_keeps_the_last(town: Town):
    collectors = [kind(agent_reporters={"money": "balance_cents"}) for kind in (mesa.DataCollector, ColumnCollector)]
    for _ in range(2):
        for collector in collectors:
            collector.collect(town)
        town.consumers.set("balance_cents", 3)
    assert_same_frames(collectors)
    assert collectors[1].get_agent_vars_dataframe()["money"].tolist()[2:12] == [3] * 10


def test_what_an_agent_has_not_is_said_as_mesa_says_it(town: Town):
    said = []
    for kind in (mesa.DataCollector, ColumnCollector):
        with pytest.raises(AttributeError) as error:
            kind(agenttype_reporters={Person: {"cost": "unit_cost"}}).collect(town)
        said.append(str(error.value))
        with pytest.raises(ValueError, match="not recognized"):
            kind(agenttype_reporters={int: {"cost": "unit_cost"}}).collect(town)
    assert (
        said[0] == said[1] == f"Agent {FIRST_IDENTITY} of type Person has no attribute 'unit_cost' (reporter: 'cost')"
    )


def test_of_nobody_and_nothing_it_says_what_mesa_says(town: Town):
    asked = {"zone": "zone"}
    town.consumer_table.is_active[:] = False
    collectors = collect_both(town, agenttype_reporters={Person: asked, Worker: asked})
    for kind in (Person, Worker):
        pd.testing.assert_frame_equal(*(collector.get_agenttype_vars_dataframe(kind) for collector in collectors))
    for collector in collectors:
        with pytest.raises(UserWarning, match="No agent reporters"):
            collector.get_agent_vars_dataframe()
        with pytest.raises(UserWarning, match="No model reporters"):
            collector.get_model_vars_dataframe()
        with pytest.warns(UserWarning, match="No agent-type reporters"):
            assert collector.get_agenttype_vars_dataframe(Store).empty
    fresh = [kind(agent_reporters=asked) for kind in (mesa.DataCollector, ColumnCollector)]
    pd.testing.assert_frame_equal(*(collector.get_agent_vars_dataframe() for collector in fresh))


def test_tables_are_mesas(town: Town):
    collector = ColumnCollector(tables={"leavers": ["unique_id", "age"]})
    collector.add_table_row("leavers", {"unique_id": 4}, ignore_missing=True)
    assert collector.get_table_dataframe("leavers").to_dict("list") == {"unique_id": [4], "age": [None]}


def test_without_populations_it_collects_from_objects():
    model = mesa.Model(rng=1)
    Chain.create_agents(model, 3, [1, 2, 3])
    asked = {"money": "balance_cents", "id": "unique_id"}
    by_type = {Chain: asked, mesa.Agent: asked}
    assert_same_frames(collect_both(model, agent_reporters=asked, agenttype_reporters=by_type), Chain, mesa.Agent)


def test_the_economy_collects_alike():
    model = economy(600, 2, n_weeks=8)
    by_type = {
        Consumer: {"rate": "occasion_rate", "habit": "habit", "money": "balance_cents"},
        Merchant: {"money": "balance_cents", "age": "age", "independent": "is_independent", "price": "price"},
        Worker: {"group": "group", "wage": "reservation"},
        mesa.Agent: {"kind": lambda agent: type(agent).__name__},
    }
    asked = {"model_reporters": {"week": lambda m: m.world.week}, "agenttype_reporters": by_type}
    collectors = [mesa.DataCollector(**asked), ColumnCollector(**asked)]
    for _ in range(8):
        model.step()
        for collector in collectors:
            collector.collect(model)
    assert_same_frames(collectors, *by_type)
    merchants = collectors[1].get_agenttype_vars_dataframe(Merchant)
    assert merchants.loc[8.0].index.tolist() == identities(model.agents_by_type[Merchant])
