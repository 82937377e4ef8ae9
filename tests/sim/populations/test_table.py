"""Columns are what they are declared to be."""

import numpy as np
import pytest

from sim.populations.table import Table, column, first_free_slots
from tests.economies import TABLES, economy


class Shops(Table):
    size: np.ndarray = column("int32", "square metres", "floor")
    price: np.ndarray = column("float32", "currency", "price", per="platform")


class OddShops(Shops):
    colour: np.ndarray = column("uint8", "-", "paint")


def test_a_table_has_its_columns_with_type_and_shape():
    shops = Shops(4, 3)
    assert {name: (v.dtype.name, v.shape) for name, v in shops.arrays().items()} == {
        "identity": ("uint32", (4,)),
        "is_active": ("bool", (4,)),
        "size": ("int32", (4,)),
        "price": ("float32", (3, 4)),
    }
    assert len(shops) == 4
    assert shops.identity.tolist() == [0, 1, 2, 3]
    assert shops.is_active.all()


def test_a_table_inherits_columns_and_leaves_its_parents_alone():
    assert list(OddShops.columns) == ["identity", "is_active", "size", "price", "colour"]
    assert "colour" not in Shops.columns
    assert "size" not in Table.columns


def test_arrays_are_views():
    shops = Shops(4, 3)
    shops.arrays()["size"][2] = 7
    assert shops.size[2] == 7


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_the_economy_keeps_its_declaration_through_the_weeks(table):
    model = economy(n_zones=2)
    for _ in range(3):
        for name, declared in getattr(model.world, table).columns.items():
            values = getattr(getattr(model.world, table), name)
            assert values.dtype == declared.dtype, name
            assert values.shape[-1 if declared.per == "platform" else 0] == len(getattr(model.world, table)), name
            assert declared.unit, f"{name} has no unit"
            assert declared.meaning, f"{name} has no meaning"
        model.step()


def slots(*rows):
    shops = Shops(len(rows), 1)
    shops.is_active[:] = rows
    return shops


def test_newcomers_get_the_first_free_slots_of_their_zone_in_turn():
    shops = slots(True, False, True, False, False, False, True, True)
    rows, taken = first_free_slots(shops, np.array([0, 0, 1]), 2)
    assert rows.tolist() == [1, 3, 4]
    assert taken.tolist() == [0, 1, 2]


def test_a_full_zone_turns_away_those_who_come_last():
    shops = slots(True, False, True, True, True, True)
    rows, taken = first_free_slots(shops, np.array([0, 0, 1, 1]), 2)
    assert rows.tolist() == [1]
    assert taken.tolist() == [0]


@pytest.mark.parametrize("n_zones", [1, 2])
def test_without_newcomers_or_without_slots_nobody_gets_one(n_zones):
    for shops, zone in ((slots(False, True), []), (slots(), [0]), (slots(True, True), [0])):
        rows, taken = first_free_slots(shops, np.array(zone, np.int64), n_zones)
        assert (rows.tolist(), taken.tolist()) == ([], [])
        assert rows.dtype == taken.dtype == np.int64
