"""The same small town gives the same data frames, written with objects or with columns, whoever collects."""

from typing import Any

import mesa
import pandas as pd
import pytest

from tests.sim.mesa_view import _reference_town
from tests.sim.mesa_view._reference_town import (
    N_WEEKS,
    ColumnShopper,
    ColumnTown,
    ColumnTownInTurn,
    ObjectShopper,
    ObjectTown,
    ObjectTownInTurn,
    Shop,
)

NATURAL, IN_TURN = (ObjectTown, ColumnTown), (ObjectTownInTurn, ColumnTownInTurn)


def after_all_weeks(kind: Any, seed: int) -> Any:
    town = kind(rng=seed)
    for _ in range(N_WEEKS):
        town.step()
    return town


def frames_of(collector: Any, shopper: type) -> dict[str, pd.DataFrame]:
    return {
        "model": collector.get_model_vars_dataframe(),
        "agents": collector.get_agent_vars_dataframe(),
        "shoppers": collector.get_agenttype_vars_dataframe(shopper),
        "shops": collector.get_agenttype_vars_dataframe(Shop),
    }


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("kinds", [NATURAL, IN_TURN], ids=["as they entered", "slots reused"])
def test_objects_and_columns_give_the_same_frames(kinds: tuple[Any, Any], seed: int):
    objects, columns = (after_all_weeks(kind, seed) for kind in kinds)
    expected = frames_of(objects.datacollector, ObjectShopper)
    collected = {
        "columns, Mesa's collector": frames_of(columns.datacollector, ColumnShopper),
        "columns, ours": frames_of(columns.other_collector, ColumnShopper),
        "objects, ours": frames_of(objects.other_collector, ObjectShopper),
    }
    for who, frames in collected.items():
        for name, frame in frames.items():
            if kinds is IN_TURN and name != "model":  # rows of a frame stand as the agents do
                frame, reference = frame.sort_index(), expected[name].sort_index()
            else:
                reference = expected[name]
            pd.testing.assert_frame_equal(frame, reference, obj=f"{who}: {name}")


def test_the_twins_are_about_something():
    natural, in_turn = (after_all_weeks(kind, 1) for kind in (ColumnTown, ColumnTownInTurn))
    for town in (natural, in_turn):
        n = town.datacollector.get_model_vars_dataframe()["n"]
        assert (len(n), n.diff().max() > 0, n.diff().min() < 0) == (N_WEEKS, True, True)
        habit = town.datacollector.get_agenttype_vars_dataframe(ColumnShopper)["habit"]
        assert habit.map(lambda h: h[0] != h[1]).any()
    assert in_turn.n_entered > len(in_turn.table)
    numbers = in_turn.datacollector.get_agent_vars_dataframe().loc[float(N_WEEKS)].index
    assert not numbers.is_monotonic_increasing  # somebody lives in the slot of an earlier one
    greetings = [after_all_weeks(ColumnTown, seed).greeted for seed in (1, 1, 2)]
    assert greetings[0] == greetings[1] != greetings[2]


def batch(town: Any, **kwargs: Any) -> pd.DataFrame:
    parameters = {"n": [9, 12]}
    found = mesa.batch_run(town, parameters, rng=[3, 4], max_steps=16, display_progress=False, **kwargs)
    return pd.DataFrame(found).sort_values("RunId", kind="stable", ignore_index=True)


@pytest.mark.parametrize("period", [1, -1, 3])
def test_batch_run_gives_the_same_records(period: int):
    towns = (ObjectTown, ColumnTown, _reference_town.CollectedTown)
    objects, columns, collected = (batch(town, data_collection_period=period) for town in towns)
    assert set(objects["RunId"]) == {0, 1, 2, 3}
    pd.testing.assert_frame_equal(columns, objects)
    pd.testing.assert_frame_equal(collected, objects)


@pytest.mark.slow
def test_batch_run_with_two_processes_gives_the_same_records():
    pd.testing.assert_frame_equal(batch(_reference_town.CollectedTown, number_processes=2), batch(ObjectTown))
