"""Money by agent: every cent of every week is somebody's, and a slot that changes hands keeps both accounts."""

import numpy as np
import pytest

from sim.metrics.tally import Tally, size_thirds
from sim.parameters import CENTS
from tests.economies import CAP, economy, economy_after

NEWCOMER = 2**31 + 5
TURNOVER = {"merchants.exit_debt": 50.0, "merchants.entrant_rate": 2.0, "merchants.entry_horizon": 400.0}


@pytest.fixture
def world():
    """A world whose weeks are written by hand: nobody earns anything unless a test says so."""
    made = economy(500, n_weeks=8, policy_week=3).world
    made.merchants.profit_cents[:] = made.merchants.opening_cents[:] = 0
    made.workers.surplus_cents[:] = made.consumers.surplus_cents[:] = 0
    return made


def end_week(tally: Tally, world, week: int) -> None:
    world.week = week
    tally.watch(world)


def row_of(frame: dict, identity: int) -> dict:
    place = list(frame["identity"]).index(identity)
    return {name: values[place] for name, values in frame.items()}


def move_in(table, row: int, identity: int) -> None:
    table.identity[row], table.is_active[row] = identity, True


def test_a_slot_emptied_and_refilled_within_one_week_keeps_both_accounts(world):
    merchants, tally = world.merchants, Tally(world, 3)
    merchants.usual_orders[:, 4] = 1000.0
    merchants.tier[4] = 0
    end_week(tally, world, 2)
    merchants.profit_cents[4] = 700
    end_week(tally, world, 3)
    merchants.profit_cents[4] = 90
    end_week(tally, world, 4)
    move_in(merchants, 4, NEWCOMER)
    merchants.tier[4] = 1
    merchants.profit_cents[4], merchants.opening_cents[4] = -30, 500
    end_week(tally, world, 5)
    merchants.profit_cents[4], merchants.opening_cents[4] = 40, 0
    end_week(tally, world, 6)
    frame = tally.frames()["merchants"]
    old, new = row_of(frame, 4), row_of(frame, NEWCOMER)
    assert (old["total_cents"], old["n_weeks"], old["tier"], old["size"]) == (790, 2, "chain", "large")
    assert (new["total_cents"], new["n_weeks"], new["tier"], new["size"]) == (-30 - 500 + 40, 2, "independent", "new")


def test_what_a_leaver_left_in_its_row_is_not_counted_again(world):
    merchants, tally = world.merchants, Tally(world, 3)
    for week in (2, 3):
        merchants.profit_cents[7] = 250
        end_week(tally, world, week)
    merchants.is_active[7] = False
    end_week(tally, world, 4)
    end_week(tally, world, 5)
    gone = row_of(tally.frames()["merchants"], 7)
    assert (gone["total_cents"], gone["n_weeks"]) == (250, 1)


def test_who_closed_before_the_first_week_was_over_has_no_row(world):
    tally = Tally(world, 3)
    end_week(tally, world, 2)
    world.merchants.is_active[7] = False
    end_week(tally, world, 3)
    assert 7 not in tally.frames()["merchants"]["identity"]


def test_riders_who_follow_each_other_in_a_row_keep_their_own_group(world):
    workers, tally = world.workers, Tally(world, 3)
    workers.group[3] = 2
    end_week(tally, world, 2)
    workers.surplus_cents[3] = 11
    end_week(tally, world, 3)
    move_in(workers, 3, NEWCOMER)
    workers.group[3], workers.surplus_cents[3] = 0, 800
    end_week(tally, world, 4)
    frame = tally.frames()["workers"]
    names = list(world.sector.workers.groups)
    assert (row_of(frame, 3)["group"], row_of(frame, 3)["total_cents"]) == (names[2], 11)
    assert (row_of(frame, NEWCOMER)["group"], row_of(frame, NEWCOMER)["total_cents"]) == (names[0], 800)


def test_weeks_before_the_first_count_nothing(world):
    tally = Tally(world, 3)
    world.consumers.surplus_cents[:] = 5
    for week in (1, 2):
        end_week(tally, world, week)
    assert not tally.consumer_cents.any()
    end_week(tally, world, 3)
    assert (tally.frames()["consumers"]["total_cents"] == 5).all()
    assert (tally.frames()["consumers"]["n_weeks"] == 1).all()


def test_consumers_stand_by_identity_with_their_quintile():
    world = economy(500, n_zones=3, n_weeks=8, policy_week=1).world
    world.consumers.surplus_cents[:] = world.consumers.identity
    tally = Tally(world, 1)
    end_week(tally, world, 1)
    frame = tally.frames()["consumers"]
    assert list(frame["identity"]) == list(range(500)) == list(frame["total_cents"])
    income = dict(zip(world.consumers.identity, world.consumers.income_class, strict=True))
    assert set(frame["quintile"]) == {1, 2, 3, 4, 5}
    assert all(q == income[i] // 4 + 1 for i, q in zip(frame["identity"], frame["quintile"], strict=True))


def test_sizes_are_thirds_of_those_in_business_by_orders_on_all_platforms(world):
    merchants = world.merchants
    merchants.is_active[:] = False
    rows = [2, 5, 6, 9, 11, 12]
    merchants.is_active[rows] = True
    merchants.usual_orders[:] = 0.0
    merchants.usual_orders[0, rows] = [9, 0, 1, 0, 2, 3]
    merchants.usual_orders[1, rows] = [0, 8, 0, 0, 5, 3]  # sums 9, 8, 1, 0, 7, 6
    assert list(size_thirds(merchants)[rows]) == [2, 2, 0, 0, 1, 1]
    assert set(size_thirds(merchants)[~merchants.is_active]) == {3}


def watched(model, tally: Tally, until: int) -> None:
    while model.world.week < until:
        model.step()
        tally.watch(model.world)


def test_sums_over_agents_are_the_weekly_metrics_to_the_cent():
    model = economy(2000, 2, n_weeks=40, policy_week=6, policy=CAP, numbers=TURNOVER)
    tally = Tally(model.world, 6)
    watched(model, tally, 40)
    frames, weekly = tally.frames(), model.weekly

    def cents(metric: str) -> int:
        return round(sum(weekly[metric][5:]) * CENTS * len(model.world.consumers) / 1000)

    assert frames["consumers"]["total_cents"].sum() == cents("consumer_surplus")
    assert frames["workers"]["total_cents"].sum() == cents("worker_surplus")
    merchants = frames["merchants"]
    assert merchants["total_cents"].sum() == cents("merchant_profit") - cents("merchant_opening_cost")
    assert len(np.unique(merchants["identity"])) == len(merchants["identity"])
    assert (merchants["size"] == "new").sum() > 0, "nobody opened: the test sees no entry"
    assert len(merchants["identity"]) > model.world.merchants.is_active.sum(), "nobody closed: the test sees no exit"


@pytest.mark.parametrize("fork", [3, 6, 12])
def test_a_tally_goes_on_from_its_arrays(fork: int):
    model = economy_after(0, 1000, n_weeks=18, policy_week=6, numbers=TURNOVER)
    tally = Tally(model.world, 6)
    watched(model, tally, fork)
    kept = tally.arrays()
    assert all(isinstance(v, np.ndarray) and v.dtype != object for v in kept.values())
    successor = Tally(model.world, 6)
    successor.load(kept)
    while model.world.week < 18:
        model.step()
        tally.watch(model.world)
        successor.watch(model.world)
    for party, columns in tally.frames().items():
        for name, values in columns.items():
            assert list(successor.frames()[party][name]) == list(values), (party, name)
