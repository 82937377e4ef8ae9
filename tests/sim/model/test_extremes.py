"""Worlds at the edge of what may be asked: they run to their end with closed books, or are refused in words."""

import copy
import dataclasses
import math

import numpy as np
import pytest

from sim.errors import RefusedScenario
from sim.model import PlatformEconomy
from tests.economies import RULES, asked, columns_of, run, scenario_of

pytestmark = pytest.mark.long

PLATFORMS = asked()["sector"]["platforms"]
EVERY_PLATFORM = tuple(PLATFORMS)
GROUPS = tuple(asked()["sector"]["workers"]["groups"])


def with_platforms(n):
    """The sector's platforms in turn, as many as asked for."""
    return {"platforms": {f"p{j}": copy.deepcopy(PLATFORMS[EVERY_PLATFORM[j % 3]]) for j in range(n)}}


OPEN = {"visibility": 1.0, "access_charge": 1.0, "portability": 1.0, "consent": 1.0}
POLICIES = {
    "no rule": {},
    **{name: {name: {}} for name in RULES},
    "all rules": RULES,
    "cap of zero": {"commission_cap": {"ceiling": 0.0, "independents_only": False}},
    "no data": {"data_limit": {"ceiling": 0.0}},
    "floor of 1000": {"minimum_pay": {"floor": 1000.0}},
    "floor of 1000, nobody kept off": {"minimum_pay": {"floor": 1000.0, "may_ration": False}},
    "floor of 1000, on deliveries": {"minimum_pay": {"floor": 1000.0, "basis": "engaged"}},
    "open doors": {"interoperability": OPEN},
    "all rules at their hardest": {
        "commission_cap": {"ceiling": 0.0, "independents_only": False},
        "data_limit": {"ceiling": 1e-6},
        "minimum_pay": {"floor": 1000.0},
        "interoperability": OPEN,
    },
}
WORLDS = {
    "a monopoly": {"numbers": with_platforms(1)},
    "ten platforms": {"numbers": with_platforms(10)},
    "one merchant": {"numbers": {"merchants.n_per_zone": 1, "merchants.n_slots": 1}},
    "nobody willing to ride": {"numbers": {f"workers.groups.{g}.reservation_ratio": 100.0 for g in GROUPS}},
    "parcels instead of riders": {"numbers": {"workers.n_per_zone": 0, "workers.n_slots": 0}},
    "no room for recruits": {"numbers": {"workers.n_per_zone": 30, "workers.n_slots": 30, "workers.leaving_rate": 0.2}},
    "riders paid nothing": {"numbers": {f"platforms.{p}.piece_rate": 0.0 for p in EVERY_PLATFORM}},
    "riders used to nothing": {"numbers": {"workers.usual_earnings": 0.0}},
    "waiting costs no time": {"numbers": {"workers.waiting_share": 0.0}},
    "nobody wants to order": {"numbers": {"consumers.occasion_rate": 0.0}},
    "every order fails": {"numbers": {"carriage.cancel_share": 1.0}},
    "two consumers in two zones": {"n_consumers": 2, "n_zones": 2},
    "one consumer": {"n_consumers": 1},
    "rules from the first week": {"policy_week": 1},
}


def assert_sound(model, n_weeks):
    world, weekly = model.world, model.weekly
    assert world.week == n_weeks
    assert sum(int(balance.sum()) for balance in world.ledger.balances.values()) == 0
    for name, values in columns_of(world).items():
        assert values.dtype.kind != "f" or np.isfinite(values).all(), name
    for name, series in weekly.items():
        assert not any(map(math.isinf, series)), name
    for name in DEFINED:
        assert not any(map(math.isnan, weekly[name])), name
    carried = [orders > 0.0 for orders in weekly["consumer_orders"]]
    for name in DEFINED_WITH_ORDERS:
        assert [not math.isnan(value) for value in weekly[name]] == carried, name
    assert [not math.isnan(v) for v in weekly["worker_hourly_earnings"]] == [n > 0 for n in weekly["worker_active"]]


DEFINED = (
    "consumer_surplus",
    "consumer_orders",
    "consumer_data_collected",
    "consumer_privacy_cost",
    "merchant_profit",
    "merchant_listed",
    "worker_surplus",
    "worker_pay",
    "worker_top_up",
    "worker_pool",
    "worker_joining",
    "worker_leaving",
    "platform_profit",
    "platform_revenue",
    "state_net",
    "welfare_total",
)
DEFINED_WITH_ORDERS = (
    "consumer_price",
    "consumer_delay",
    "merchant_price",
    "merchant_take_rate",
    "platform_take_rate",
    "platform_profit_per_order",
    "platform_leader_order_share",
    "platform_remote_share",
    "platform_hhi_orders",
)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("kwargs", WORLDS.values(), ids=WORLDS)
def test_the_run_ends_and_the_books_close(kwargs, policy):
    """Warnings of NumPy are errors here."""
    asked_for = {"n_consumers": 300, "n_zones": 1, "n_weeks": 5, "policy_week": 2, **kwargs}
    assert_sound(run(policy=policy, **asked_for), 5)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("entry_cost", [0.0, 20_000.0])
def test_an_empty_town_fills_with_entrants(policy, entry_cost):
    numbers = {
        "merchants.n_per_zone": 1,
        "merchants.n_slots": 5,
        "merchants.entrant_rate": 4.0,
        "merchants.entry_cost": entry_cost,
    }
    scenario = scenario_of(300, 2, n_weeks=20, policy_week=5, policy=policy, numbers=numbers)
    merchants = dataclasses.replace(scenario.sector.merchants, n_per_zone=0)
    empty = dataclasses.replace(scenario, sector=dataclasses.replace(scenario.sector, merchants=merchants))
    model = PlatformEconomy(empty, kernels="plain")
    assert not model.world.merchants.is_active.any()
    model.run_all()
    assert_sound(model, 20)
    assert sum(model.weekly["merchant_entries"]) > 0.0
    assert model.world.merchants.is_active.any()


def test_everybody_in_one_of_two_zones_leaves_the_other_in_peace():
    """One consumer in the second zone: its merchants and riders wait, and nothing breaks."""
    model = run(2, 2, n_weeks=12, policy_week=3, policy=RULES)
    assert_sound(model, 12)
    model = run(801, 2, n_weeks=6, policy_week=2, policy=RULES)
    world = model.world
    assert np.bincount(world.consumers.zone).tolist() == [401, 400]
    world.consumers.occasion_rate[world.consumers.zone == 1] = 0.0
    for _ in range(6):
        model.step()
    assert not world.zones.placed[:, 1].any()
    assert world.zones.placed[:, 0].any()
    assert not world.zones.carried[:, 1].any()
    assert_sound(model, 12)


def test_without_hours_every_order_is_refunded():
    at_home = {f"workers.groups.{group}.hours": 0.0 for group in GROUPS}
    model = run(500, n_weeks=6, policy_week=2, policy=RULES, numbers=at_home)
    assert not any(model.weekly["consumer_orders"])
    assert not any(model.weekly["worker_active"])
    assert not model.world.consumers.balance_cents.any()
    assert not model.world.merchants.sales_cents.any()


def test_a_floor_nobody_can_earn_is_paid_for_the_hours_that_orders_need():
    stay = {"failure.failure_weeks": 1e6}
    model = run(1000, n_weeks=10, policy_week=5, policy={"minimum_pay": {"floor": 1000.0}}, numbers=stay)
    weekly = model.weekly
    assert min(weekly["worker_hourly_earnings"][4:]) > 999.0
    assert max(weekly["platform_profit"][5:]) < min(weekly["platform_profit"][:4])
    assert min(weekly["worker_rationed_share"][5:]) > 0.1
    assert min(weekly["consumer_orders"]) > 0.0


def test_without_data_profiles_fade_and_no_privacy_is_given_up():
    model = run(1000, n_weeks=10, policy_week=5, policy={"data_limit": {"ceiling": 0.0}})
    assert not any(model.weekly["consumer_privacy_cost"][4:])
    assert not any(model.weekly["consumer_data_collected"][4:])
    assert all(model.weekly["consumer_privacy_cost"][:4])


def test_a_commission_cap_of_zero_leaves_platforms_with_fees():
    policy = {"commission_cap": {"ceiling": 0.0, "independents_only": False}}
    model = run(1000, n_weeks=10, policy_week=5, policy=policy)
    assert not any(model.weekly["merchant_take_rate"][4:])
    assert not any(model.weekly["platform_commission_share"][4:])
    assert all(model.weekly["platform_commission_share"][:4])


REFUSED = {
    "no platform": {"numbers": {"platforms": {}}},
    "eleven platforms": {"numbers": with_platforms(11)},
    "more zones than people": {"n_consumers": 1, "n_zones": 2},
    "no consumers": {"n_consumers": 0},
    "no room for merchants": {"numbers": {"merchants.n_per_zone": 0, "merchants.n_slots": 0}},
    "riders without slots": {"numbers": {"workers.n_per_zone": 1, "workers.n_slots": 0}},
    "a floor below nothing": {"policy": {"minimum_pay": {"floor": -1.0}}},
    "a floor above the range": {"policy": {"minimum_pay": {"floor": 1000.1}}},
    "no data and moving profiles": {"policy": {"data_limit": {"ceiling": 0.0}, "interoperability": {}}},
    "more recruits than are counted": {
        "numbers": {"workers.n_per_zone": 400, "workers.n_slots": 400, "workers.leaving_rate": 0.2}
    },
}


@pytest.mark.parametrize("kwargs", REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_is_refused_in_words(kwargs):
    with pytest.raises(RefusedScenario) as refusal:
        scenario_of(**kwargs)
    for problem in refusal.value.problems:
        assert problem.asked
        assert problem.why
        assert problem.allowed
        assert problem.todo
