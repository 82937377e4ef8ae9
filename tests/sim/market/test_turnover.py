"""Who takes up riding and who gives it up, and what becomes of slots and identities."""

import numpy as np
import pytest

from sim.market.turnover import FIRST_RECRUIT, MOST_RECRUITS, turn_over_workers
from sim.randomness import draws
from sim.randomness.streams import Stream
from tests.economies import economy, economy_after

RIDERS = ("identity", "group", "reservation", "minutes_if_working", "productivity", "apps")


def town(n_zones=300, n=10, n_slots=40, leaving=0.1, **numbers):
    """Many zones with few riders each, who earn what is usual."""
    given = {"workers.n_per_zone": n, "workers.n_slots": n_slots, "workers.leaving_rate": leaving, **numbers}
    world = economy(n_zones, n_zones, numbers=given).world
    world.week = 1
    return world


def earn(world, ratio):
    """Let hourly earnings of every app be this much of what is usual."""
    world.zones.expected_earnings[:] = ratio * world.sector.workers.usual_earnings


def n_potential(world):
    mean = 2.0 * world.sector.workers.leaving_rate * world.sector.workers.n_per_zone
    zones = np.arange(world.n_zones)
    return draws.poisson(world.seed, Stream.POTENTIAL_RECRUITS, world.week, zones, mean, MOST_RECRUITS)


@pytest.mark.parametrize(("ratio", "elasticity"), [(1.0, 2.0), (1.0, 8.0), (2.0, 2.0), (0.5, 2.0), (1.5, 0.0)])
def test_the_odds_of_joining_are_earnings_against_usual_ones_to_the_elasticity(ratio, elasticity):
    world = town(**{"workers.joining_elasticity": elasticity})
    joined = n = 0
    for week in range(1, 11):
        world.week = week
        world.workers.is_active[:] = False
        earn(world, ratio)
        turn_over_workers(world)
        joined, n = joined + world.zones.n_joined.sum(), n + n_potential(world).sum()
        assert np.all(world.zones.n_joined <= n_potential(world))
    chance = ratio**elasticity / (1.0 + ratio**elasticity)
    assert abs(n - 10 * 300 * 2.0) < 4.0 * np.sqrt(6000.0), "two potential recruits for everyone who leaves"
    assert abs(joined / n - chance) < 4.0 * np.sqrt(chance * (1.0 - chance) / n)
    if ratio == 1.0:
        assert chance == 0.5


def test_riders_leave_at_the_rate_stated():
    world = town(n=40, leaving=0.05)
    world.zones.expected_earnings[:] = 0.01  # nobody joins
    before = world.workers.is_active.copy()
    turn_over_workers(world)
    left = before & ~world.workers.is_active
    assert np.array_equal(np.bincount(world.workers.zone[left], minlength=300), world.zones.n_left)
    n = before.sum()
    assert abs(left.sum() / n - 0.05) < 4.0 * np.sqrt(0.05 * 0.95 / n)


@pytest.mark.parametrize(("ratio", "pool"), [(1.0, 1.0), (2.0, 1.6), (0.5, 0.4)])
def test_the_pool_keeps_its_size_at_usual_earnings_and_follows_others(ratio, pool):
    """At rest d n = 2 d n0 chance: n / n0 = 2 r^2 / (1 + r^2)."""
    world = town(leaving=0.2, **{"workers.joining_elasticity": 2.0})
    for week in range(1, 31):
        world.week = week
        earn(world, ratio)
        turn_over_workers(world)
    mean = world.workers.is_active.sum() / 300
    assert abs(mean - 10 * pool) < 4.0 * np.sqrt(10 * pool / 300)


def test_slots_are_used_again_and_identities_never():
    model = economy(
        400,
        2,
        n_weeks=50,
        numbers={
            "workers.n_per_zone": 12,
            "workers.n_slots": 14,
            "workers.leaving_rate": 0.15,
        },
    )
    workers = model.world.workers
    homes = {int(workers.identity[row]): row for row in np.flatnonzero(workers.is_active)}
    ended: set[int] = set()
    reused, earlier = 0, set(homes)
    for _ in range(40):
        before = {int(workers.identity[row]) for row in np.flatnonzero(workers.is_active)}
        model.step()
        rows = np.flatnonzero(workers.is_active)
        present = {int(workers.identity[row]): int(row) for row in rows}
        assert len(present) == len(rows)
        ended |= before - set(present)
        assert not ended & set(present), "an identity came back"
        for identity, row in present.items():
            assert homes.setdefault(identity, row) == row, "a rider never moves to another slot"
            assert identity in earlier or identity >= FIRST_RECRUIT
        new = set(present) - before
        reused += sum(present[identity] in {homes[old] for old in ended} for identity in new)
        zones = model.world.zones
        assert len(new) == zones.n_joined.sum()
        assert len(before - set(present)) == zones.n_left.sum()
        assert len(present) == len(before) + zones.n_joined.sum() - zones.n_left.sum()
    assert reused > 15
    assert len(ended) > 30


def test_recruits_do_not_depend_on_how_many_leave_or_on_the_slot_they_get():
    """The same people think of joining; who they are goes by identity."""
    few, many = (town(20, n_slots=n_slots) for n_slots in (30, 60))
    many.workers.is_active[::7] = False
    for world in (few, many):
        earn(world, 1.0)
        turn_over_workers(world)
    rows = [
        {int(w.workers.identity[r]): r for r in np.flatnonzero(w.workers.identity >= FIRST_RECRUIT)}
        for w in (few, many)
    ]
    assert rows[0].keys() == rows[1].keys()
    assert len(rows[0]) > 10
    for identity in rows[0]:
        for name in RIDERS:
            here, there = (getattr(w.workers, name)[r[identity]] for w, r in zip((few, many), rows, strict=True))
            assert here == there, name


def test_full_zones_turn_recruits_away():
    world = town(n=10, n_slots=10, leaving=0.1)
    earn(world, 100.0)
    turn_over_workers(world)
    free = world.zones.n_left
    assert np.array_equal(world.zones.n_joined, np.minimum(free, n_potential(world)))
    assert (n_potential(world) > free).any()
    for week in range(2, 8):
        world.week = week
        turn_over_workers(world)
        assert np.bincount(world.workers.zone[world.workers.is_active], minlength=300).max() <= 10


def test_nobody_leaves_or_joins_at_a_leaving_rate_of_zero():
    world = town(leaving=0.0)
    before = world.workers.identity.copy(), world.workers.is_active.copy()
    earn(world, 100.0)
    turn_over_workers(world)
    assert np.array_equal(before[0], world.workers.identity)
    assert np.array_equal(before[1], world.workers.is_active)


@pytest.mark.parametrize("n_slots", [0, 5])
def test_where_nobody_rides_nobody_takes_it_up(n_slots):
    world = town(3, n=0, n_slots=n_slots, leaving=0.2)
    earn(world, 100.0)
    turn_over_workers(world)
    assert not world.workers.is_active.any()
    assert not world.zones.n_joined.any()
    assert not world.zones.n_left.any()


def test_who_leaves_does_not_depend_on_the_number_of_slots():
    """Leaving is keyed by the rider."""
    gone = []
    for n_slots in (32, 60):
        world = town(1, n=30, n_slots=n_slots, leaving=0.2)
        world.zones.expected_earnings[:] = 0.01
        turn_over_workers(world)
        gone.append((~world.workers.is_active[:30]).tolist())
    assert gone[0] == gone[1]
    assert any(gone[0])


def test_who_left_works_no_more_and_is_paid_no_more():
    model = economy_after(3, numbers={"workers.leaving_rate": 0.2, "workers.joining_elasticity": 0.0})
    workers = model.world.workers
    for _ in range(4):
        model.step()
        gone = ~workers.is_active
        for name in ("minutes", "deliveries", "pay_cents", "top_up_cents", "surplus_cents", "rationed_minutes"):
            assert not getattr(workers, name)[..., gone].any(), name
    assert gone.any()


def test_metrics_count_riders_who_come_and_go():
    model = economy_after(6, 2000, 2, numbers={"workers.leaving_rate": 0.1})
    zones, weekly = model.world.zones, model.weekly
    assert weekly["worker_joining"][-1] == pytest.approx(zones.n_joined.sum() * 5.0)
    assert weekly["worker_leaving"][-1] == pytest.approx(zones.n_left.sum() * 5.0)
    assert weekly["worker_pool"][-1] == pytest.approx(model.world.workers.is_active.sum() * 5.0)
    change = np.diff(weekly["worker_pool"])
    np.testing.assert_allclose(change, (np.array(weekly["worker_joining"]) - weekly["worker_leaving"])[1:], atol=1e-9)
