"""Rows as Mesa agents: what a face may do, and that populations do what Mesa's sets of objects do."""

import copy
import functools
import pickle
import statistics
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mesa_view import views
from sim.mesa_view.agent_set import ClosedPopulation, Population
from sim.mesa_view.populated_model import EconomyAgents, ModelWithPopulations
from sim.mesa_view.views import AgentView
from sim.populations.consumers import Consumers
from sim.populations.merchants import Merchants
from sim.populations.table import Table
from sim.populations.workers import Workers
from tests.sim.mesa_view._town import (
    FIRST_IDENTITY,
    GONE,
    Chain,
    J,
    N,
    People,
    Person,
    Store,
    Stores,
    Town,
    Worker,
    WorkerBook,
    identities,
    make_consumers,
)


@pytest.fixture
def everyone() -> Population:
    """A population of which nobody has gone: the path without copies."""
    return Town().add_population(Worker, WorkerBook(5, J))


def live(table: People) -> np.ndarray:
    return np.flatnonzero(table.is_active)


class TestFace:
    def test_is_a_mesa_agent_with_the_identity_of_its_row(self, town: Town):
        view = town.consumers[2]
        assert isinstance(view, mesa.Agent)
        assert (view.unique_id, view.identity, view.model) == (43, 43, town)  # row 3: row 2 is empty
        assert view.random is town.random

    def test_reads_python_numbers(self, town: Town):
        view = town.consumers[1]
        assert (type(view.zone), type(view.occasion_rate), type(view.is_active)) == (int, float, bool)
        assert view.occasion_rate == float(np.float32(10 / 3))
        assert type(view.unique_id) is int

    def test_writes_through_to_the_table_and_only_there(self, town: Town):
        before = town.consumer_table.balance_cents.copy()
        town.consumers[2].balance_cents += 10
        changed = town.consumer_table.balance_cents - before
        assert changed.tolist() == [0, 0, 0, 10, *[0] * 8]

    def test_sees_a_column_that_was_replaced(self, town: Town):
        view = town.consumers[0]
        town.consumer_table.balance_cents = np.full(N, 77, np.int64)
        assert view.balance_cents == 77

    def test_per_platform_column_is_a_writable_view(self, town: Town):
        view = town.consumers[2]
        assert view.habit.tolist() == [3, 15, 27]
        view.habit[1] = 0.5
        assert town.consumer_table.habit[1, 3] == 0.5
        view.habit = [7, 8, 9]
        assert town.consumer_table.habit[:, 3].tolist() == [7, 8, 9]
        assert town.consumer_table.habit[:, 4].tolist() == [4, 16, 28]

    @pytest.mark.parametrize("name", ["identity", "is_active", "unique_id", "model", "is_present", "shop"])
    def test_entry_exit_and_behaviour_are_not_written(self, town: Town, name: str):
        with pytest.raises(AttributeError):
            setattr(town.consumers[0], name, 0)
        assert town.consumers[0].unique_id == FIRST_IDENTITY

    @pytest.mark.parametrize(
        ("name", "value"),
        [("balance_cents", 0.5), ("occasions", 256), ("apps", -1), ("occasions", float("nan"))],
    )
    def test_a_whole_numbered_column_takes_no_value_it_cannot_hold(self, town: Town, name: str, value: float):
        with pytest.raises(ValueError, match=f"{name}.*cannot hold"):
            setattr(town.consumers[0], name, value)
        assert town.consumer_table.arrays()[name][0] == make_consumers().arrays()[name][0]

    def test_an_unknown_name_gets_the_nearest_right_spelling(self, town: Town):
        view = town.consumers[0]
        with pytest.raises(AttributeError, match=r"no attribute 'ocasions'; did you mean 'occasions'"):
            _ = view.ocasions
        with pytest.raises(AttributeError, match="did you mean 'habit'"):
            view.habits = 1
        with pytest.raises(AttributeError, match=r"its columns are .*balance_cents"):
            _ = view.qqq
        assert not hasattr(view, "price")
        assert town.merchants[0].price.tolist() == [0, 0, 0]

    def test_equal_faces_share_population_and_identity(self, town: Town):
        view, same = town.consumers[0], next(iter(town.consumers))
        merchant, elsewhere = town.merchants[0], Town().consumers[0]
        assert view is not same
        assert view == same
        assert len({view, same}) == 1
        assert view.unique_id == merchant.unique_id == elsewhere.unique_id
        assert len({view, merchant, elsewhere, town.consumers[1]}) == 4

    def test_is_stale_when_its_agent_has_left(self, town: Town):
        view, same = town.consumers[0], town.consumers[0]
        town.consumer_table.is_active[0] = False
        with pytest.raises(ReferenceError, match="Person 40 has left the market: its row 0 now is empty"):
            _ = view.zone
        with pytest.raises(ReferenceError):
            view.zone = 1
        with pytest.raises(ReferenceError):
            _ = view.habit
        assert view == same
        assert view.unique_id == 40
        assert "gone" in repr(view)
        assert view not in town.consumers

    def test_is_stale_when_its_slot_holds_another(self, town: Town):
        view = town.consumers[0]
        town.consumer_table.identity[0] = 99
        with pytest.raises(ReferenceError, match=r"Person 40 .* now holds Person 99"):
            view.balance_cents = 5
        newcomer = town.consumers[0]
        assert (newcomer.unique_id, newcomer == view, "gone" in repr(newcomer)) == (99, False, False)

    def test_cannot_be_created_or_removed_by_hand(self, town: Town):
        with pytest.raises(ClosedPopulation, match="entry and exit"):
            town.consumers[0].remove()
        with pytest.raises(ClosedPopulation):
            Person.create_agents(town, 3)
        assert len(town.agents) == 2 + 10 + 3

    def test_subclasses_add_behaviour_to_the_same_columns(self):
        class Saver(Person):
            @property
            def balance(self) -> float:
                return self.balance_cents / 100

            @balance.setter
            def balance(self, value: float) -> None:
                self.balance_cents = round(100 * value)

            @property
            def zone(self) -> str:
                return f"zone {self._table.zone[self._row]}"

        table = make_consumers()
        savers = ModelWithPopulations(rng=1).add_population(Saver, table)
        savers[0].balance = 2.5
        assert table.balance_cents[0] == 250
        assert savers.get("balance")[0] == 2.5
        assert savers.agg("balance", max) == 2.5
        assert savers.get("zone")[:2] == ["zone 0", "zone 1"]  # the property, not the column it hides
        savers.set("balance", 1.0)
        assert set(table.balance_cents) == {100}

    def test_columns_explain_themselves(self):
        assert Person.balance_cents.__doc__ == "money [cents]"
        assert "balance_cents" in dir(Person)

    def test_survives_copying_and_pickling_with_its_table(self, town: Town):
        town.consumers[0].balance_cents = 9
        mean_field = copy.deepcopy(town.consumers[0])
        assert (mean_field.balance_cents, mean_field == town.consumers[0]) == (9, False)
        table = pickle.loads(pickle.dumps(town.consumer_table))
        assert table.balance_cents[0] == 9


@pytest.mark.parametrize(
    ("kind", "table_class"), [("Consumer", Consumers), ("Merchant", Merchants), ("Worker", Workers)]
)
def test_every_column_of_the_economy_is_an_attribute(kind: str, table_class: type[Table]):
    table = table_class(3, J)
    table.identity[:] = [7, 5, 9]
    population = ModelWithPopulations(rng=1).add_population(getattr(views, kind), table)
    view = population[1]
    assert repr(view) == f"<{kind} 5>"
    for name, declared in table.columns.items():
        assert population.agg(name, len) == 3
        if name in ("identity", "is_active"):
            continue
        setattr(view, name, 1)
        expected = [0, 1, 0] if declared.per == "row" else [[0, 1, 0]] * J
        assert getattr(table, name).tolist() == expected, name
        assert np.all(getattr(view, name) == 1)


class TestPopulation:
    def test_has_the_active_rows_only(self, town: Town):
        rows = [r for r in range(N) if r not in GONE]
        assert len(town.consumers) == len(rows)
        assert identities(town.consumers) == [r + FIRST_IDENTITY for r in rows]
        assert town.consumers.get("unique_id") == identities(town.consumers)
        assert town.consumers.rows.tolist() == rows

    def test_contains_its_members_only(self, town: Town):
        view = town.consumers[0]
        some = town.consumers.select(town.consumers.column("zone") == 0)
        assert view in town.consumers
        assert view in some
        assert town.consumers[1] not in some
        assert view not in town.merchants
        assert town.chains[0] not in town.consumers
        assert 40 not in town.consumers

    def test_indexing_and_slicing(self, town: Town):
        assert town.consumers[-1].unique_id == 51
        assert identities(town.consumers[1:3]) == [41, 43]
        assert isinstance(town.consumers[1:3], list)
        with pytest.raises(IndexError):
            _ = town.consumers[10]

    def test_whole_population_follows_entry_and_exit(self, town: Town):
        town.consumer_table.is_active[[0, 2]] = [False, True]
        assert identities(town.consumers)[:3] == [41, 42, 43]
        assert len(town.agents_by_type[Person]) == 10

    def test_selection_loses_who_leaves_and_takes_nobody_in(self, town: Town):
        chosen = town.consumers.select(lambda c: c.zone == 1)
        assert chosen.rows.tolist() == [1, 5, 9]
        town.consumer_table.is_active[1] = False
        town.consumer_table.identity[5] = 99
        assert (len(chosen), identities(chosen)) == (1, [49])
        assert chosen.agg("balance_cents", sum) == town.consumer_table.balance_cents[9]
        assert town.consumers[3] not in chosen  # identity 99, in the slot of a former member
        chosen.set("balance_cents", 1234)
        assert np.flatnonzero(town.consumer_table.balance_cents == 1234).tolist() == [9]

    def test_snapshot_does_not_follow_entry(self, town: Town):
        snapshots = [town.consumers.copy(), copy.copy(town.consumers), town.consumers.select()]
        town.consumer_table.is_active[2] = True
        assert [len(town.consumers), *map(len, snapshots)] == [11, 10, 10, 10]

    def test_columns_are_of_members_and_read_only(self, town: Town, everyone: Population):
        rows = live(town.consumer_table)
        assert town.consumers.column("balance_cents").tolist() == town.consumer_table.balance_cents[rows].tolist()
        assert town.consumers.column("habit").tolist() == town.consumer_table.habit[:, rows].tolist()
        assert np.shares_memory(everyone.column("minutes"), everyone.table.minutes)
        for seen in (town.consumers.column("zone"), everyone.column("minutes")):
            with pytest.raises(ValueError, match="read-only"):
                seen[0] = 1
        everyone.table.minutes[0, 0] = 1  # the table itself stays writable
        with pytest.raises(AttributeError, match="did you mean 'zone'"):
            town.consumers.column("zones")

    def test_get_gives_lists_of_python_numbers_and_copies(self, town: Town, everyone: Population):
        values = town.consumers.get("balance_cents")
        assert isinstance(values, list)
        assert type(values[0]) is int
        rows = town.consumers.get(["zone", "balance_cents"])
        assert rows == [[view.zone, view.balance_cents] for view in town.consumers]
        for population, name in ((town.consumers, "habit"), (everyone, "minutes")):
            of_first = population.get(name)[0]
            assert of_first.tolist() == getattr(population[0], name).tolist()
            of_first[:] = -1
            assert -1 not in getattr(population[0], name)

    def test_get_of_what_is_missing(self, town: Town):
        with pytest.raises(AttributeError, match="did you mean 'zone'"):
            town.consumers.get("zonne")
        assert town.consumers.get("zonne", "default", 5) == [5] * 10
        assert town.consumers.get(["zone", "zonne"], "default")[0] == [0, None]
        with pytest.raises(ValueError, match="handle_missing"):
            town.consumers.get("zone", "ignore")

    def test_set_one_value_or_one_each(self, town: Town):
        table = town.consumer_table
        town.consumers.set("orders_month", 3).set("balance_cents", np.arange(10))
        assert table.orders_month[GONE].tolist() == [0, 0]
        assert table.orders_month.sum() == 30
        assert town.consumers.get("balance_cents") == list(range(10))
        gone_before = table.habit[:, GONE].tolist()
        town.consumers.set("habit", [0.25, 0.5, 0.75])
        assert town.consumers[4].habit.tolist() == [0.25, 0.5, 0.75]
        town.consumers.set("habit", np.arange(30).reshape(3, 10))
        assert town.consumers[4].habit.tolist() == [4, 14, 24]
        assert table.habit[:, GONE].tolist() == gone_before

    def test_per_platform_vector_is_for_every_member_even_if_there_are_as_many_members(self):
        workers = ModelWithPopulations(rng=1).add_population(Worker, WorkerBook(J, J))
        workers.set("minutes", [1, 2, 3])
        assert [worker.minutes.tolist() for worker in workers] == [[1, 2, 3]] * 3

    def test_set_refuses_what_does_not_fit(self, town: Town):
        with pytest.raises(ValueError, match="balance_cents"):
            town.consumers.set("balance_cents", np.full(10, 0.5))
        with pytest.raises(ValueError, match="shape"):
            town.consumers.set("balance_cents", np.arange(N))
        for name in ("is_active", "identity", "unique_id"):
            with pytest.raises(AttributeError, match="read-only"):
                town.consumers.set(name, 1)
        with pytest.raises(AttributeError, match="did you mean"):
            town.consumers.set("balance_cent", 1)
        assert town.consumer_table.identity.tolist() == make_consumers().identity.tolist()

    @pytest.mark.parametrize("name", ["balance_cents", "income_class", "occasion_rate", "unique_id"])
    @pytest.mark.parametrize(
        "func",
        [
            *(sum, min, max, len, any, all, sorted, np.mean, np.std, np.ptp, np.sum, np.min, np.median),
            *(functools.partial(np.quantile, q=0.3), lambda values: values[0] - values[1], statistics.mean),
        ],
    )
    def test_agg_gives_what_mesa_gives_on_a_list(self, town: Town, everyone: Population, name: str, func: Any):
        expected = func([getattr(view, name) for view in town.consumers])
        if func is sum and isinstance(expected, float):
            expected = pytest.approx(expected, rel=1e-15)
        assert town.consumers.agg(name, func) == expected
        assert town.consumers.agg(name, [func, len]) == [expected, 10]
        assert everyone.agg("is_active", sum) == 5

    def test_agg_does_not_wrap_small_integers(self, everyone: Population):
        everyone.set("group", [200, 100, 250, 250, 250])
        assert everyone.agg("group", sum) == 1050
        assert everyone.agg("group", lambda values: values[1] - values[0]) == -100
        assert everyone.agg("group", np.diff).tolist() == [-100, 150, 0, 0]

    def test_agg_per_platform(self, town: Town):
        habit = town.consumer_table.habit[:, live(town.consumer_table)].astype(float)
        assert town.consumers.agg("habit", sum).tolist() == habit.sum(axis=1).tolist()
        assert town.consumers.agg("habit", max).tolist() == habit.max(axis=1).tolist()
        assert town.consumers.agg("habit", np.mean) == habit.mean()
        by_list = town.consumers.agg("habit", lambda values: [len(values), values[9].tolist()])
        assert by_list == [10, habit[:, 9].tolist()]

    def test_agg_of_nobody(self, town: Town):
        nobody = town.consumers.select(at_most=0)
        assert nobody.agg("balance_cents", [sum, len]) == [0, 0]
        assert list(nobody) == nobody.get("zone") == []
        assert len(nobody.groupby("zone")) == len(nobody.sort("zone")) == 0

    @pytest.mark.parametrize("at_most", [0, 1, 3, 50, -2, 0.0, 0.25, 0.5, 1.0, 2.5, float("inf")])
    def test_at_most_counts_as_mesa_does(self, town: Town, at_most: float):
        objects = Chain.create_agents(town, 10, list(range(10)))
        expected = len(objects.select(lambda a: a.balance_cents % 2 == 0, at_most=at_most))
        even = np.arange(10) % 2 == 0
        town.consumers.set("balance_cents", np.arange(10))
        assert len(town.consumers.select(lambda c: c.balance_cents % 2 == 0, at_most=at_most)) == expected
        assert len(town.consumers.select(even, at_most=at_most)) == expected

    def test_select_by_function_array_and_type_agree(self, town: Town):
        by_function = town.consumers.select(lambda c: c.balance_cents > 0)
        by_array = town.consumers.select(town.consumers.column("balance_cents") > 0, agent_type=Person)
        assert identities(by_function) == identities(by_array) != []
        assert identities(town.consumers.select(agent_type=AgentView)) == identities(town.consumers)
        assert len(town.consumers.select(by_array, agent_type=Store)) == 0
        nested = by_array.select(by_array.column("zone") == 1)
        assert identities(nested) == identities(town.consumers.select(lambda c: c.balance_cents > 0 and c.zone == 1))

    def test_select_stops_looking_when_it_has_enough(self, town: Town):
        looked = []
        town.consumers.select(lambda c: looked.append(c) or True, at_most=2)
        assert len(looked) == 2

    @pytest.mark.parametrize("condition", [np.ones(N, bool), np.arange(10), [0, 1], np.ones((J, 10), bool)])
    def test_select_refuses_arrays_that_are_no_condition(self, town: Town, condition: Any):
        with pytest.raises(ValueError, match=r"boolean array of shape \(10,\)"):
            town.consumers.select(condition)

    def test_in_place_changes_this_set_and_not_the_population(self, town: Town):
        chosen = town.agents_by_type[Person]
        assert chosen.select(lambda c: c.zone == 1, inplace=True) is chosen
        assert chosen.sort("unique_id", inplace=True) is chosen
        assert identities(chosen) == [49, 45, 41]
        assert chosen.shuffle(inplace=True) is chosen
        assert sorted(identities(chosen)) == [41, 45, 49]
        assert len(town.agents_by_type[Person]) == 10

    @pytest.mark.parametrize("ascending", [True, False])
    @pytest.mark.parametrize("key", ["zone", "income_class", "balance_cents", "occasion_rate", "is_active"])
    def test_sort_keeps_the_order_of_equals_as_python_does(self, town: Town, key: str, ascending: bool):
        expected = sorted(town.consumers, key=lambda c: getattr(c, key), reverse=not ascending)
        assert town.consumers.sort(key, ascending).to_list() == expected
        assert town.consumers.sort(lambda c: getattr(c, key), ascending).to_list() == expected
        again = town.consumers.sort("unique_id").sort(key, ascending)
        assert again.get(key) == town.consumers.sort(key, ascending).get(key)

    @pytest.mark.parametrize("by", ["zone", "balance_cents", lambda c: c.zone, lambda c: f"{c.zone > 1}"])
    def test_groupby_has_the_groups_and_the_order_of_mesa(self, town: Town, by: Any):
        town.consumer_table.zone[:] = [3, 1, 1, 0, 3, 2, 0, 1, 2, 2, 1, 3]
        expected: dict[Any, list[Any]] = {}
        for view in town.consumers:
            expected.setdefault(by(view) if callable(by) else getattr(view, by), []).append(view)
        groups = town.consumers.groupby(by)
        assert [(key, group.to_list()) for key, group in groups] == list(expected.items())
        assert dict(town.consumers.groupby(by, result_type="list")) == expected
        assert groups.count() == {key: len(group) for key, group in expected.items()}
        totals = {key: sum(view.balance_cents for view in group) for key, group in expected.items()}
        assert groups.agg("balance_cents", sum) == totals
        assert groups.map(lambda group: group.agg("balance_cents", sum)) == totals

    def test_groups_of_a_selection_against_plain_numpy(self, town: Town):
        table = town.consumer_table
        groups = town.consumers.select(town.consumers.column("balance_cents") > -3).groupby("zone")
        is_in = table.is_active & (table.balance_cents > -3)
        for zone, mean in groups.agg("occasion_rate", np.mean).items():
            assert type(zone) is int
            assert mean == table.occasion_rate[is_in & (table.zone == zone)].astype(float).mean()

    def test_one_value_a_platform_is_no_key(self, town: Town):
        for method in (town.consumers.sort, town.consumers.groupby):
            with pytest.raises(TypeError, match="one value a platform"):
                method("habit")
        assert town.consumers.sort(lambda c: c.habit[0])[0].unique_id == 51

    def test_do_and_map_pass_over_those_who_left_meanwhile(self, town: Town):
        table = town.consumer_table

        def evict_next(view: Any) -> int:
            if view._row + 1 < N:
                table.is_active[view._row + 1] = False
            return view.unique_id

        assert town.consumers.map(evict_next) == [40, 43, 45, 48, 50]
        table.is_active[:] = True
        seen: list[int] = []
        assert town.consumers.do(lambda view, out: out.append(evict_next(view)), seen) is town.consumers
        assert seen == [40, 42, 44, 46, 48, 50]
        table.is_active[:] = True
        seen.clear()
        town.consumers.shuffle_do(lambda view: seen.append(evict_next(view)))
        assert all(identity + 1 not in seen[seen.index(identity) :] for identity in seen)
        assert len(seen) < N

    def test_do_does_not_call_who_moved_into_a_slot_meanwhile(self, town: Town):
        seen: list[int] = []

        def replace_next(view: Any) -> None:
            seen.append(view.unique_id)
            town.consumer_table.identity[view._row + 1 : view._row + 2] += 100

        town.consumers.do(replace_next)
        assert seen == [40, 43, 45, 48, 50]
        assert 141 in identities(town.consumers)

    def test_methods_are_called_by_name_with_arguments(self, town: Town):
        assert town.consumers.map("__eq__", town.consumers[0]) == [True, *[False] * 9]

    def test_shuffle_is_the_permutation_of_as_many_objects(self, town: Town):
        objects = mesa.Model(rng=1)
        Chain.create_agents(objects, 10, list(range(10)))
        orders = [[a.balance_cents for a in objects.agents.shuffle()] for _ in range(2)]
        town.consumers.set("balance_cents", np.arange(10))
        assert [town.consumers.shuffle().get("balance_cents") for _ in range(2)] == orders
        assert orders[0] != orders[1]
        assert town.consumers.get("balance_cents") == list(range(10))

    def test_membership_is_closed(self, town: Town):
        view = town.consumers[0]
        selection = town.consumers.select(at_most=3)
        for agents in (town.consumers, selection, town.agents):
            for method in (agents.add, agents.discard, agents.remove):
                with pytest.raises(ClosedPopulation, match="rules of entry and exit"):
                    method(view)
        assert len(town.consumers) == 10

    def test_set_algebra_gives_sets_of_agents(self, town: Town):
        poor = town.consumers.select(lambda c: c.balance_cents < 0)
        first = town.consumers.select(at_most=4)
        assert poor & first == {c for c in first if c.balance_cents < 0} != set()
        assert town.consumers - first == set(town.consumers[4:])

    @given(data=st.data(), n=st.integers(1, 8))
    def test_any_population_behaves_as_a_list_of_its_members(self, data: st.DataObject, n: int):
        values = st.lists(st.integers(-3, 3), min_size=n, max_size=n)
        table = make_consumers(n)
        table.balance_cents[:], table.zone[:] = data.draw(values), data.draw(values)
        table.is_active[:] = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
        population = ModelWithPopulations(rng=1).add_population(Person, table)
        members = [Person(population.model, table, row) for row in range(n) if table.is_active[row]]
        positive = [view for view in members if view.balance_cents > 0]
        by_zone = sorted(positive, key=lambda view: view.zone, reverse=True)
        chosen = population.select(population.column("balance_cents") > 0).sort("zone")
        assert population.to_list() == members
        assert chosen.to_list() == by_zone
        groups = chosen.groupby("zone", "list").groups
        assert list(groups) == list(dict.fromkeys(view.zone for view in by_zone))
        assert [view for group in groups.values() for view in group] == by_zone


class TestEconomyAgents:
    def test_objects_first_then_populations(self, town: Town):
        agents = town.agents
        assert isinstance(agents, EconomyAgents)
        assert len(agents) == 15
        assert agents.to_list() == [*town.chains, *town.consumers, *town.merchants]
        assert [type(a) for a in (agents[0], agents[2], agents[-1])] == [Chain, Person, Store]
        assert all(agent in agents for agent in agents)
        assert Town().consumers[0] not in agents

    def test_agents_by_type(self, town: Town):
        assert town.agent_types == [Chain, Person, Store]
        by_type = town.agents_by_type
        assert list(by_type) == town.agent_types
        assert by_type[Chain].to_list() == town.chains
        assert by_type[Person].to_list() == town.consumers.to_list()

    def test_type_of_one_population_gives_it_without_making_agents(self, town: Town, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(AgentView, "__init__", lambda *_: pytest.fail("an agent was made"))
        merchants = town.agents.select(agent_type=Store)
        assert isinstance(merchants, Population)
        assert merchants.column("zone").tolist() == [0, 0, 0]
        poor = town.agents.select(town.consumers.column("balance_cents") < 0, agent_type=Person)
        assert poor.agg("balance_cents", sum) == sum(b for b in town.consumers.get("balance_cents") if b < 0)
        assert len(town.agents.select(agent_type=Person, at_most=0.2)) == 3  # a share of all 15, as in Mesa
        assert town.agents.select(agent_type=Chain).to_list() == town.chains
        assert len(town.agents.select(agent_type=Worker)) == 0
        assert len(town.agents.groupby("zone")) == 4
        assert town.agents.agg("balance_cents", max) == 2_000

    @pytest.mark.parametrize("at_most", [1, 3, 8, 0.5, 1.0, float("inf")])
    @pytest.mark.parametrize("agent_type", [None, AgentView, mesa.Agent, Person, Chain])
    def test_mixed_select_picks_what_mesa_would(self, town: Town, at_most: float, agent_type: type | None):
        rich = [a for a in town.agents if a.balance_cents >= 0 and isinstance(a, agent_type or mesa.Agent)]
        is_share = isinstance(at_most, float) and at_most <= 1
        limit = int(15 * at_most) if is_share else at_most
        chosen = town.agents.select(lambda a: a.balance_cents >= 0, at_most=at_most, agent_type=agent_type)
        assert chosen.to_list() == rich[: int(min(limit, 99))]

    def test_an_array_needs_one_population(self, town: Town):
        for agent_type in (None, AgentView, Chain, Worker):
            with pytest.raises(TypeError, match="agent_type of one population"):
                town.agents.select(np.ones(15, bool), agent_type=agent_type)

    def test_get_set_agg_do_map_across_types(self, town: Town):
        balances = [a.balance_cents for a in town.agents]
        assert town.agents.get("balance_cents") == balances
        assert town.agents.agg("balance_cents", [sum, len]) == [sum(balances), 15]
        assert town.agents.get("n_calls", "default", -1) == [0, 0, *[-1] * 13]
        with pytest.raises(AttributeError, match="n_calls"):
            town.agents.get("n_calls")
        town.agents.set("balance_cents", 5)
        assert {
            town.chains[0].balance_cents,
            town.consumers[9].balance_cents,
            town.merchants[0].balance_cents,
        } == {5}
        assert town.consumer_table.balance_cents[GONE].tolist() == make_consumers().balance_cents[GONE].tolist()
        kinds = town.agents.map(lambda a: type(a).__name__)
        assert kinds == ["Chain"] * 2 + ["Person"] * 10 + ["Store"] * 3
        seen: list[Any] = []
        town.agents.do(seen.append)
        assert seen == town.agents.to_list()

    def test_groups_reach_across_types(self, town: Town):
        groups = town.agents.groupby("zone")
        assert groups.count() == {3: 2 + 2, 0: 3 + 3, 1: 3, 2: 2}
        assert list(groups.groups) == [3, 0, 1, 2]
        assert groups.agg("balance_cents", sum)[3] == 3_000 + sum(
            c.balance_cents for c in town.consumers if c.zone == 3
        )
        lists = town.agents.groupby(type, result_type="list").groups
        assert {kind: len(group) for kind, group in lists.items()} == {Chain: 2, Person: 10, Store: 3}

    def test_other_orders_keep_every_agent_alive(self, town: Town):
        shuffled = town.agents.shuffle()
        assert shuffled.to_list() != town.agents.to_list()
        assert set(shuffled) == set(town.agents)
        assert set(shuffled.select(lambda a: a.balance_cents > 0)) == {a for a in town.agents if a.balance_cents > 0}
        assert shuffled.agg("balance_cents", sum) == town.agents.agg("balance_cents", sum)
        ordered = town.agents.sort("balance_cents", ascending=True)
        assert ordered.get("balance_cents") == sorted(a.balance_cents for a in town.agents)
        snapshot = town.agents.copy()
        town.consumer_table.is_active[[0, 2]] = [False, True]
        assert (len(town.agents), len(ordered), len(snapshot)) == (15, 14, 14)

    def test_shuffle_do_visits_each_once_but_for_those_who_left(self, town: Town):
        seen: list[Any] = []

        def clear(agent: Any) -> None:
            if not seen:
                town.chains[0 if agent is not town.chains[0] else 1].remove()
                town.merchant_table.is_active[:] = False
            seen.append(agent)

        town.agents.shuffle_do(clear)
        assert len(seen) == len(set(seen)) in (11, 12)  # the first to be called may be a merchant
        assert sum(isinstance(agent, Chain) for agent in seen) == 1

    def test_in_place_leaves_the_model_alone(self, town: Town):
        agents = town.agents
        assert agents.select(agent_type=Chain, inplace=True) is agents
        assert (len(agents), len(town.agents)) == (2, 15)


class TestModel:
    def test_a_population_needs_its_own_faces_and_is_added_once(self, town: Town):
        with pytest.raises(TypeError, match="Worker"):
            town.add_population(Worker, Stores(2, J))
        with pytest.raises(TypeError, match="AgentView"):
            town.add_population(AgentView, WorkerBook(2, J))
        with pytest.raises(ValueError, match="already"):
            town.add_population(Person, make_consumers())
        with pytest.raises(ValueError, match="already"):
            town.add_population(type("Other", (Person,), {}), town.consumer_table)
        assert len(town.agents) == 15

    def test_agents_cannot_be_replaced(self, town: Town):
        with pytest.raises(AttributeError, match=r"model\.agents"):
            town.agents = []

    def test_objects_and_populations_count_apart(self, town: Town):
        assert identities(town.chains) == [1, 2]
        assert Chain(town, 0).unique_id == 3
        assert len(town.agents) == 16
        assert len(town.object_agents) == 3

    def test_remove_all_agents_keeps_the_tables(self, town: Town):
        town.remove_all_agents()
        assert len(town.agents) == 0
        assert town.consumer_table.is_active.sum() == 10

    def test_without_populations_it_is_a_mesa_model(self):
        model = ModelWithPopulations(rng=5)
        Chain.create_agents(model, 3, 7)
        assert model.agents.agg("balance_cents", sum) == 21
        assert model.random.random() == mesa.Model(rng=5).random.random()

    @pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
    def test_a_copied_model_is_another_one(self, copied: Any):
        model = ModelWithPopulations(rng=1)
        workers = model.add_population(Worker, WorkerBook(4, J))
        mean_field = copied(model)
        mean_field.agents_by_type[Worker].set("group", 7)
        mean_field.step()
        assert (workers.agg("group", max), mean_field.agents.agg("group", max)) == (0, 7)
        assert (model.steps, mean_field.steps) == (0, 1)
        assert mean_field.agents[0].model is mean_field
        assert mean_field.agents.shuffle().get("unique_id") == model.agents.shuffle().get("unique_id")

    def test_scheduled_events_may_use_faces(self, town: Town):
        view = town.consumers[0]

        def earn() -> None:
            view.balance_cents += 1

        town.schedule_event(earn, at=1.5)
        town.run_for(2)
        assert view.balance_cents == make_consumers().balance_cents[0] + 1
