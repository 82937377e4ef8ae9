"""What holds in every week of every economy: money, orders, hours and people add up."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ledger.accounts import Account
from sim.model import PlatformEconomy
from sim.parameters import Sector
from sim.populations.consumers import app_flags
from sim.scenario import Scenario
from sim.strict import parameter_notes
from tests.economies import asked, columns_of

RANGES = {
    "consumers.income_log_sd": (0.0, 1.5),
    "consumers.price_sensitivity": (0.01, 0.3),
    "consumers.income_elasticity": (0.0, 1.5),
    "consumers.occasion_rate": (0.0, 5.0),
    "consumers.occasion_log_sd": (0.0, 2.0),
    "consumers.platform_nest": (0.0, 0.9),
    "consumers.merchant_scale": (0.1, 0.99),
    "consumers.habit_weight": (0.0, 5.0),
    "consumers.habit_speed": (0.0, 1.0),
    "consumers.profile_decay": (0.0, 1.0),
    "consumers.privacy_concern": (0.0, 1.0),
    "consumers.privacy_awareness": (0.0, 1.0),
    "consumers.delay_learning": (0.0, 1.0),
    "consumers.tip_share": (0.0, 0.5),
    "merchants.price_speed": (0.0, 1.0),
    "merchants.sales_memory": (0.001, 1.0),
    "merchants.listing_review_rate": (0.0, 1.0),
    "merchants.listing_cost": (0.0, 100.0),
    "merchants.diversion": (0.0, 1.0),
    "merchants.fixed_cost_share": (0.5, 3.0),
    "merchants.trade_persistence": (0.0, 0.99),
    "merchants.trade_shock_sd": (0.0, 0.5),
    "merchants.cash_buffer": (0.0, 5000.0),
    "merchants.exit_debt": (0.0, 5000.0),
    "merchants.entrant_rate": (0.0, 4.0),
    "merchants.entry_cost": (0.0, 20_000.0),
    "workers.supply_elasticity": (0.5, 20.0),
    "workers.app_elasticity": (0.5, 10.0),
    "workers.earnings_learning": (0.0, 1.0),
    "workers.usual_earnings": (0.0, 50.0),
    "workers.leaving_rate": (0.0, 0.2),
    "workers.joining_elasticity": (0.0, 20.0),
    "workers.waiting_share": (0.0, 1.0),
    "carriage.deliveries_per_hour": (0.05, 20.0),
    "carriage.congestion": (0.0, 50.0),
    "carriage.cancel_share": (0.0, 1.0),
    "carriage.rationing_utilisation": (0.1, 0.98),
    "ranking.relevance": (-2.0, 2.0),
    "ranking.sales": (0.0, 0.95),
    "ranking.price": (0.0, 5.0),
    "tax.levy_rate": (0.0, 0.2),
    "tax.exempt_orders": (0.0, 100.0),
    "tax.evasion_base": (0.0, 1.0),
    "tax.penalty": (0.0, 5.0),
    "tax.matching": (0.0, 1.0),
    "innovation.research_share": (0.0, 1.0),
    "innovation.cost_elasticity": (0.0, 5.0),
    "innovation.productivity": (0.0, 2.0),
    "innovation.depreciation": (0.001, 0.5),
    "innovation.spillover": (0.0, 1.0),
    "failure.failure_weeks": (0.1, 100.0),
    "failure.entry_cost_weeks": (0.0, 10.0),
    "failure.entrant_rate": (0.0, 1.0),
}
PLATFORM_RANGES = {
    "appeal": (-5.0, 3.0),
    "consumer_reach": (0.0, 1.0),
    "worker_reach": (0.0, 1.0),
    "worker_appeal": (0.01, 1.0),
    "net_fee": (-10.0, 20.0),
    "piece_rate": (0.0, 30.0),
    "other_cost": (0.0, 5.0),
    "data_per_order": (0.0, 5.0),
    "tip_prompt": (0.0, 1.0),
}
RULE_VALUES = {
    "commission_cap": {"ceiling": st.floats(0.0, 0.3), "independents_only": st.booleans()},
    "data_limit": {"ceiling": st.floats(0.001, 2.0)},
    "interoperability": {
        name: st.floats(0.0, 1.0) for name in ("visibility", "access_charge", "portability", "consent")
    },
    "platform_credit": {"own_share": st.floats(0.0, 1.0), "leverage_cap": st.floats(1.0, 50.0)},
    "minimum_pay": {
        "floor": st.floats(0.0, 1000.0),
        "basis": st.sampled_from(["online", "engaged"]),
        "may_ration": st.booleans(),
    },
    "tax_reporting": {"coverage": st.floats(0.0, 1.0), "min_sales": st.floats(0.0, 1000.0)},
    "innovation_support": {"subsidy": st.floats(0.0, 0.5), "fund": st.floats(0.0, 0.5)},
}
TIMING = st.fixed_dictionaries(
    {}, optional={"phase_in_weeks": st.integers(0, 2), "is_on": st.booleans(), "end_week": st.just(7)}
)
SHARES = (
    "consumer_cancelled_share",
    "worker_rationed_share",
    "platform_remote_share",
    "merchant_take_rate",
    "merchant_take_rate_independent",
    "merchant_take_rate_chain",
    "merchant_multihoming_share",
    "merchant_independent_share",
    "merchant_gini",
    "worker_utilisation",
    "worker_earnings_gini",
    "platform_leader_order_share",
    "credit_own_share",
    "credit_bank_risk_share",
    "consumer_credit_distress",
    "platform_leader_revenue_share",
    "platform_second_revenue_share",
)


@st.composite
def scenarios(draw) -> Scenario:
    """A random small economy: any numbers of people, platforms and zones, under any rules."""
    changed = draw(st.lists(st.sampled_from(sorted(RANGES)), unique=True, max_size=15))
    numbers = {name: draw(st.floats(*RANGES[name])) for name in changed}
    numbers["merchants.n_per_zone"] = draw(st.integers(0, 20))
    numbers["merchants.n_slots"] = max(1, numbers["merchants.n_per_zone"] + draw(st.integers(0, 15)))
    if not numbers["merchants.n_per_zone"] and draw(st.booleans()):
        numbers["merchants.entrant_rate"] = 0.0
    numbers["workers.n_per_zone"] = draw(st.integers(0, 25))
    numbers["workers.n_slots"] = numbers["workers.n_per_zone"] + draw(st.integers(0, 15))
    numbers["consumers.n_candidates"] = draw(st.integers(1, 12))
    n_zones = draw(st.integers(1, 3))
    rules = draw(st.lists(st.sampled_from(sorted(RULE_VALUES)), unique=True))
    policy = {name: draw(st.fixed_dictionaries(RULE_VALUES[name])) | draw(TIMING) for name in rules}
    given_ = asked(
        draw(st.integers(20, 300)),
        n_zones,
        8,
        policy_week=5,
        seed=draw(st.integers(0, 2**64 - 1)),
        numbers=numbers,
        policy=policy,
    )
    given_["sector"]["sources"] = {}  # a failing example is printed in full
    template = given_["sector"]["platforms"]["leader"]
    given_["sector"]["platforms"] = {f"p{j}": random_platform(draw, template) for j in range(draw(st.integers(1, 4)))}
    give_tiers(draw, given_["sector"])
    return Scenario.from_dict(given_)


def give_tiers(draw, sector):
    """Any number of tiers of merchants, and any commission of each on every platform."""
    names = [f"t{t}" for t in range(draw(st.integers(1, 4)))]
    parts = [draw(st.integers(0, 9)) for _ in names[1:]]
    shares = [part / (9 * len(names)) for part in parts]
    for name, share in zip(names, [1.0 - sum(shares), *shares], strict=True):
        tier = {"share": share, "quality": draw(st.floats(-2.0, 2.0)), "cost_ratio": draw(st.floats(0.5, 2.0))}
        numbers = {**sector["merchants"]["tiers"], name: tier | {"is_independent": draw(st.booleans())}}
        sector["merchants"]["tiers"] = numbers
    sector["merchants"]["tiers"] = {name: sector["merchants"]["tiers"][name] for name in names}
    for platform in sector["platforms"].values():
        platform["commission"] = {name: draw(st.floats(0.0, 0.95)) for name in names}


def random_platform(draw, template):
    platform = copy.deepcopy(template)
    for name in draw(st.lists(st.sampled_from(sorted(PLATFORM_RANGES)), unique=True, max_size=5)):
        platform[name] = draw(st.floats(*PLATFORM_RANGES[name]))
    return platform


def assert_money_adds_up(world):
    ledger, merchants, platforms, zones = world.ledger, world.merchants, world.platforms, world.zones
    assert sum(int(balance.sum()) for balance in ledger.balances.values()) == 0
    paid = ledger.flows[Account.GOODS_PAID] + ledger.flows[Account.NET_FEES] - ledger.flows[Account.REFUNDS]
    fees = int((zones.carried.sum(axis=1) * platforms.net_fee_cents).sum())
    assert paid == int(merchants.sales_cents.sum()) + fees, "consumers pay what merchants sell and platforms charge"
    assert ledger.flows[Account.GOODS_PASSED_ON] == merchants.sales_cents.sum()
    assert ledger.flows[Account.COMMISSION] == merchants.commission_cents.sum()
    to_workers = (Account.WORKER_PAY, Account.TOP_UPS, Account.TIPS)
    assert sum(ledger.flows[account] for account in to_workers) == world.workers.pay_cents.sum()
    assert ledger.flows[Account.TIPS] == world.workers.tip_cents.sum() == zones.tip_cents.sum()
    assert not world.workers.tip_cents[world.workers.deliveries.sum(axis=0) == 0].any()
    assert ledger.flows[Account.TOP_UPS] == world.workers.top_up_cents.sum() == zones.top_up_cents.sum()
    assert world.workers.top_up_cents.min(initial=0) >= 0
    outside = 0 if world.has_workers else int((zones.carried.sum(axis=1) * platforms.piece_rate_cents).sum())
    assert ledger.flows[Account.PARCELS] == outside
    assert world.has_merchants or not merchants.balance_cents.any()
    fees_and_commission = fees + int(merchants.commission_cents.sum())
    assert platforms.revenue_cents.sum() == fees_and_commission, "access charges stay among platforms"
    taxes = ledger.flows[Account.TAX_IN_COSTS] + ledger.flows[Account.TAXES]
    assert 0 <= taxes <= merchants.tax_due_cents.sum()
    assert ledger.flows[Account.TAXES] == merchants.tax_cents.sum()
    assert np.all(merchants.tax_cents <= merchants.tax_due_cents)
    assert np.all(merchants.tax_due_cents <= merchants.sales_cents)
    assert ledger.flows[Account.REPORTING] == platforms.reporting_cents.sum()
    assert ledger.flows[Account.RESEARCH_GRANTS] == platforms.grant_cents.sum()
    assert np.all(platforms.grant_cents <= platforms.fund * np.maximum(platforms.revenue_cents, 0) * (1 + 1e-9) + 1)
    assert merchants.commission_cents.min() >= 0
    assert np.all(merchants.commission_cents <= merchants.sales_cents)


def assert_orders_add_up(world):
    zones, orders = world.zones, world.orders
    assert np.array_equal(zones.placed, zones.carried + zones.cancelled)
    assert zones.placed.sum() == len(orders.placed.consumer)
    assert zones.cancelled.sum() == orders.is_cancelled.sum()
    assert min(zones.placed.min(), zones.carried.min(), zones.cancelled.min()) >= 0
    assert not world.has_workers or np.all(zones.carried <= zones.capacity)
    cell = orders.placed.platform.astype(int) * world.n_zones + world.consumers.zone[orders.placed.consumer]
    placed = np.bincount(cell, minlength=zones.placed.size).reshape(zones.placed.shape)
    assert np.array_equal(placed, zones.placed), "by platform and zone"
    assert np.array_equal(world.by_zone(orders.n_carried).sum(axis=2), zones.carried)
    home = world.home[orders.placed.platform, orders.placed.merchant]
    assert np.all(home >= 0)
    assert not world.has_merchants or np.all(world.merchants.is_listed[home, orders.placed.merchant])
    is_remote = home != orders.placed.platform
    assert not is_remote[world.platforms.visibility[orders.placed.platform] == 0.0].any()
    assert world.zones.remote.sum() == np.count_nonzero(is_remote & ~orders.is_cancelled)
    assert np.all(world.zones.remote <= zones.carried)
    first = np.flatnonzero(np.diff(orders.placed.consumer.astype(int), prepend=-1))
    turn = np.arange(len(home)) - np.repeat(first, np.diff(first, append=len(home)))
    assert np.array_equal(orders.placed.turn, turn)
    assert np.all(zones.variety >= zones.n_listed)
    is_open = world.platforms.is_open
    assert not zones.placed[~is_open].any()
    assert not world.merchants.is_listed[~is_open].any()
    assert not world.workers.minutes[~is_open].any()


def assert_hours_and_people_add_up(world):
    workers, zones, merchants = world.workers, world.zones, world.merchants
    total = workers.minutes.sum(axis=0) + workers.rationed_minutes
    assert np.all((total == 0) | (total == workers.minutes_if_working))
    assert min(workers.minutes.min(initial=0), workers.rationed_minutes.min(initial=0)) >= 0
    assert not total[~workers.is_active].any()
    assert zones.rationed_minutes.sum() == workers.rationed_minutes.sum()
    assert np.all(zones.rationed_minutes[world.platforms.rationing == 0.0] == 0)
    present = workers.identity[workers.is_active]
    assert len(set(present.tolist())) == len(present)
    flags = app_flags(workers.apps, world.n_platforms)
    assert not workers.minutes[~flags].any()
    for j in range(world.n_platforms):
        delivered = np.bincount(workers.zone, weights=workers.deliveries[j], minlength=world.n_zones)
        assert np.array_equal(delivered, zones.carried[j] if world.has_workers else 0 * delivered)
    assert not workers.deliveries[workers.minutes == 0].any()
    active = merchants.is_active
    assert len(set(merchants.identity[active].tolist())) == active.sum()
    assert not merchants.is_listed[:, ~active].any()
    assert not merchants.balance_cents[~active].any()


def assert_numbers_are_numbers(world, weekly):
    for name, values in columns_of(world).items():
        if values.dtype.kind == "f":
            assert np.isfinite(values).all(), name
    assert world.consumers.habit.min() >= 0.0
    assert world.consumers.habit.max() <= 1.0 + 1e-5
    assert world.consumers.habit.sum(axis=0, dtype=float).max() <= 1.0 + 1e-5, "a habit that moves is not copied"
    assert world.zones.utilisation.min() >= 0.0
    assert world.zones.utilisation.max() <= 1.0
    assert world.consumers.log_sum.min() >= 0.0
    assert world.merchants.price_cents[:, world.merchants.is_active].min(initial=1) > 0
    for name in SHARES:
        share = weekly[name][-1]
        assert np.isnan(share) or -1e-12 <= share <= 1.0 + 1e-12, f"{name} is {share}"
    for name in ("platform_hhi_orders", "platform_hhi_revenue"):
        assert np.isnan(weekly[name][-1]) or 0.0 < weekly[name][-1] <= 10_000.0 + 1e-6
    assert np.isfinite(weekly["welfare_total"][-1])
    levers = ("rationing", "visibility", "access_charge", "portability", "consent", "reported", "subsidy", "fund")
    assert all(
        0.0 <= getattr(world.platforms, lever).min() <= getattr(world.platforms, lever).max() <= 1.0 for lever in levers
    )
    assert np.all(world.platforms.data_per_order <= world.platforms.data_chosen)
    assert np.all(world.platforms.commission <= world.platforms.commission_chosen)


@settings(max_examples=60)
@given(scenarios())
def test_every_week_adds_up(scenario):
    model = PlatformEconomy(scenario, kernels="plain")
    for _ in range(8):
        model.step()
        assert_money_adds_up(model.world)
        assert_orders_add_up(model.world)
        assert_hours_and_people_add_up(model.world)
        assert_numbers_are_numbers(model.world, model.weekly)
    assert model.moments, "a month passed before the policy week"


@pytest.mark.parametrize("name", RANGES)
def test_random_numbers_lie_in_their_declared_ranges(name):
    note = parameter_notes(Sector, name.split("."))
    assert note.meaning
    assert note.low <= RANGES[name][0] < RANGES[name][1] <= note.high
