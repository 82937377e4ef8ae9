"""Every metric is declared, measured, and what it says it is."""

import math

import numpy as np
import pytest

from sim.ledger.accounts import Account
from sim.market.choice import surcharges_given_up
from sim.metrics import consumers, credit, enforcement, flows, merchants, platforms, state, workers
from sim.metrics.metric import Metric
from sim.metrics.registry import REGISTRY, measure
from sim.metrics.state import PARTIES, total
from tests.economies import RICH, RULES, economy_after

MODULES = (consumers, merchants, workers, platforms, credit, state, enforcement, flows)


KEEPING = (Account.BURDEN, Account.CONTRIBUTIONS, Account.PREMIUMS, Account.AUDITS)
"""What keeping to rules costs platforms."""


@pytest.fixture(scope="module")
def world():
    numbers = {**RICH, "carriage.cancel_share": 0.05, "merchants.exit_debt": 50.0}
    return economy_after(6, 3000, 2, n_weeks=8, policy_week=2, policy=RULES, numbers=numbers).world


@pytest.fixture(scope="module")
def measured(world):
    return measure(world)


def test_what_is_measured_is_what_is_declared(world):
    raw = {
        **consumers.measure_consumers(world),
        **merchants.measure_merchants(world),
        **workers.measure_workers(world),
        **platforms.measure_platforms(world),
        **credit.measure_credit(world),
        **state.measure_state(world),
        **enforcement.measure_enforcement(world),
        **flows.measure_flows(world),
    }
    assert set(raw) | {"owners_opening", "welfare_total"} == set(REGISTRY)
    assert list(measure(world)) == list(REGISTRY)
    assert all(isinstance(value, float) for value in measure(world).values())


def test_no_metric_is_declared_twice():
    declared = [metric.name for module in MODULES for metric in module.METRICS]
    assert len(declared) == len(set(declared)) == len(REGISTRY)


@pytest.mark.parametrize("metric", REGISTRY.values(), ids=lambda metric: metric.name)
def test_a_metric_says_what_it_is(metric: Metric):
    assert metric.title
    assert metric.unit
    assert len(metric.meaning) > 5
    assert metric.title[0].isupper()
    assert metric.better in ("higher", "lower", "neutral")
    assert metric.name.split("_")[0] in {
        metric.party.rstrip("s"),
        metric.party,
        "platform",
        "platforms",
        "credit",
        "practice",
        "flow",
    }


def test_titles_are_not_used_twice():
    assert len({metric.title for metric in REGISTRY.values()}) == len(REGISTRY)


def test_welfare_is_the_sum_of_the_parties(measured):
    assert set(PARTIES) < set(REGISTRY)
    assert measured["welfare_total"] == pytest.approx(
        sum(measured[name] for name in (*PARTIES, "owners_opening")), rel=1e-12
    )
    opening = measured["merchant_opening_cost"] + measured["platform_opening_cost"]
    assert measured["owners_opening"] == -opening
    assert PARTIES == ("consumer_surplus", "merchant_profit", "worker_surplus", "platform_profit", "state_net")


def test_a_week_in_which_nobody_opens_has_no_negative_zero(world, measured):
    quiet = total(world, measured | {"merchant_opening_cost": 0.0, "platform_opening_cost": 0.0})
    assert math.copysign(1.0, quiet["owners_opening"]) == 1.0


def carried_orders(world):
    """Consumer, platform, merchant, goods at the home's price and fee of every carried order.

    The fee is less the surcharge that the consumer's class is no longer charged.
    """
    placed, spared = world.orders.placed, surcharges_given_up(world)
    for i in np.flatnonzero(~world.orders.is_cancelled):
        who, j, row = int(placed.consumer[i]), int(placed.platform[i]), int(placed.merchant[i])
        yield (
            who,
            j,
            row,
            int(world.offer_cents[j, row]),
            int(world.platforms.net_fee_cents[j] - spared[j, world.consumers.income_class[who]]),
        )


def rates_paid(world):
    """Share of goods that a merchant owes the home of an order carried by a platform.

    The home's rate, less what it no longer asks of those who are listed elsewhere, too, where it carries itself.
    """
    spared = world.penalties_given_up()

    def rate(j, row):
        home = int(world.home[j, row])
        return world.platforms.commission[home, int(world.merchants.tier[row])] - (home == j) * spared[j, row]

    return rate


def test_consumers_numbers_are_those_of_their_orders(world, measured):
    orders = list(carried_orders(world))
    delays = [float(world.zones.delay[j, world.consumers.zone[who]]) for who, j, *_ in orders]
    n_placed = len(world.orders.is_cancelled)
    assert measured["consumer_orders"] == pytest.approx(len(orders) / 3000)
    assert measured["consumer_price"] == pytest.approx(np.mean([goods + fee for *_, goods, fee in orders]) / 100)
    assert measured["consumer_delay"] == pytest.approx(np.mean(delays), rel=1e-6)
    assert measured["consumer_cancelled_share"] == pytest.approx(1 - len(orders) / n_placed)
    assert measured["consumer_cancelled_share"] > 0.02
    surplus = int(world.consumers.surplus_cents.sum())
    assert measured["consumer_surplus"] == pytest.approx(surplus / 100 / 3)
    habit = int(world.consumers.habit_cents.sum())
    assert measured["consumer_surplus_without_habit"] == pytest.approx((surplus - habit) / 100 / 3)


def test_merchants_numbers_are_those_of_their_orders(world, measured):
    orders, table = list(carried_orders(world)), world.merchants
    is_independent = [bool(table.is_independent[row]) for _, _, row, *_ in orders]
    assert measured["merchant_price"] == pytest.approx(np.mean([goods for *_, goods, _ in orders]) / 100)
    assert measured["merchant_independent_share"] == pytest.approx(np.mean(is_independent))
    rate = rates_paid(world)
    for name, wanted in (("independent", True), ("chain", False)):
        sold = [(rate(j, row) * goods, goods) for _, j, row, goods, _ in orders if table.is_independent[row] == wanted]
        paid, goods = (sum(column) for column in zip(*sold, strict=True))
        assert measured[f"merchant_take_rate_{name}"] == pytest.approx(paid / goods, rel=1e-3)
    assert measured["merchant_take_rate"] == pytest.approx(table.commission_cents.sum() / table.sales_cents.sum())
    n_listings = table.is_listed.sum(axis=0)
    per_10_000 = 10_000 / 3000
    assert measured["merchant_active"] == pytest.approx(table.is_active.sum() * per_10_000)
    assert measured["merchant_listed"] == pytest.approx((n_listings > 0).sum() * per_10_000)
    assert measured["merchant_multihoming_share"] == pytest.approx((n_listings > 1).sum() / (n_listings > 0).sum())
    assert measured["merchant_exits"] == pytest.approx(world.zones.n_exits.sum() * per_10_000)
    assert measured["merchant_entries"] == pytest.approx(world.zones.n_entries.sum() * per_10_000)
    assert measured["merchant_profit"] == pytest.approx(table.profit_cents.sum() / 100 / 3)
    assert measured["merchant_profit_each"] == pytest.approx(table.profit_cents.sum() / 100 / table.is_active.sum())


def test_the_posted_price_of_independents_weighs_platforms_by_orders(world, measured):
    means, weights = [], []
    for j in range(world.n_platforms):
        counted = world.merchants.is_listed[j] & world.merchants.is_independent
        if counted.any():
            means.append(world.merchants.price_cents[j, counted].mean() / 100)
            weights.append(world.zones.carried[j].sum())
    assert measured["merchant_price_independent"] == pytest.approx(np.average(means, weights=weights))


def test_riders_numbers_are_those_of_their_hours(world, measured):
    riders = world.workers
    minutes, pay = riders.minutes.sum(axis=0), riders.pay_cents.sum() / 100
    n = (minutes > 0).sum()
    assert measured["worker_pay"] == pytest.approx(pay / 3)
    assert measured["worker_hourly_earnings"] == pytest.approx(pay / (minutes.sum() / 60))
    assert measured["worker_weekly_earnings"] == pytest.approx(pay / n)
    assert measured["worker_hours"] == pytest.approx(minutes.sum() / 60 / n)
    assert measured["worker_active"] == pytest.approx(n * 10_000 / 3000)
    assert measured["worker_utilisation"] == pytest.approx(world.zones.carried.sum() / world.zones.capacity.sum())
    assert measured["worker_surplus"] == pytest.approx(riders.surplus_cents.sum() / 100 / 3)


def test_platforms_numbers_are_those_of_their_orders(world, measured):
    """Commission is the home's, the fee and the rider the server's, and the home owes the server a charge."""
    orders, rate, platforms_ = list(carried_orders(world)), rates_paid(world), world.platforms
    value, n_remote = sum(goods + fee for *_, goods, fee in orders), 0
    commission, revenue = 0.0, [0.0] * world.n_platforms
    for _, j, row, goods, fee in orders:
        home = int(world.home[j, row])
        paid = rate(j, row) * goods
        charge = round(platforms_.access_charge[j] * platforms_.piece_rate_cents[j]) if home != j else 0
        revenue[home] += paid - charge
        revenue[j] += fee + charge
        commission, n_remote = commission + paid, n_remote + (home != j)
    total = sum(revenue)
    riders = sum(int(platforms_.piece_rate_cents[j]) for _, j, *_ in orders) + int(world.workers.top_up_cents.sum())
    other = sum(int(platforms_.other_cost_cents[j]) for _, j, *_ in orders)
    inspected, reported = world.ledger.flows[Account.COMPLIANCE], world.ledger.flows[Account.REPORTING]
    research = world.ledger.flows[Account.RESEARCH_GRANTS] - world.ledger.flows[Account.RESEARCH]
    ruled = sum(world.ledger.flows[account] for account in KEEPING) + world.ledger.flows[Account.FINES]
    profit = total - riders - other - inspected - reported + research - ruled
    assert min(inspected, n_remote, int(world.workers.top_up_cents.sum())) > 0
    assert measured["platform_take_rate"] == pytest.approx(total / value, rel=1e-3)
    assert measured["platform_commission_share"] == pytest.approx(commission / value, rel=1e-3)
    n_orders, fees = len(orders) * 100, sum(fee for *_, fee in orders)
    assert measured["platform_revenue_per_order"] == pytest.approx(total / n_orders, rel=1e-3)
    assert measured["platform_commission_per_order"] == pytest.approx(commission / n_orders, rel=1e-3)
    assert measured["platform_fee_per_order"] == pytest.approx(fees / n_orders)
    assert measured["platform_worker_cost_per_order"] == pytest.approx(riders / n_orders)
    own = [one for one in orders if world.merchants.is_independent[one[2]]]
    of_own = sum(rate(j, row) * goods for _, j, row, goods, _ in own)
    assert 0 < len(own) < len(orders)
    assert measured["platform_commission_per_order_independent"] == pytest.approx(of_own / n_orders, rel=1e-3)
    assert measured["platform_rider_cost_share"] == pytest.approx(riders / value)
    assert measured["platform_remote_share"] == pytest.approx(n_remote / len(orders))
    assert measured["consumer_price"] == pytest.approx(value / 100 / len(orders))
    assert measured["platform_revenue"] == pytest.approx(total / 100 / 3, rel=1e-3)
    assert measured["platform_profit"] == pytest.approx(profit / 100 / 3, rel=1e-3, abs=0.1)
    assert measured["platform_profit_per_order"] == pytest.approx(profit / 100 / len(orders), rel=1e-3, abs=0.01)
    assert measured["platform_margin"] == pytest.approx(profit / total, rel=1e-3, abs=1e-3)
    by_orders = sorted(world.zones.carried.sum(axis=1) / len(orders))
    positive = [max(of_platform, 0.0) for of_platform in revenue]
    by_revenue = sorted(of_platform / sum(positive) for of_platform in positive)
    assert measured["platform_leader_order_share"] == pytest.approx(by_orders[-1])
    assert measured["platform_leader_revenue_share"] == pytest.approx(by_revenue[-1], rel=1e-3)
    assert measured["platform_second_revenue_share"] == pytest.approx(by_revenue[-2], rel=1e-3)
    assert measured["platform_hhi_orders"] == pytest.approx(sum((100 * s) ** 2 for s in by_orders))
    assert measured["platform_hhi_revenue"] == pytest.approx(sum((100 * s) ** 2 for s in by_revenue), rel=1e-3)


def test_what_rules_bring_about_is_measured(world, measured):
    orders, riders, zones = list(carried_orders(world)), world.workers, world.zones
    data = sum(float(world.platforms.data_per_order[j]) for _, j, *_ in orders)
    assert measured["consumer_data_collected"] == pytest.approx(data / 3000)
    privacy = int(world.consumers.privacy_cents.sum())
    assert measured["consumer_privacy_cost"] == pytest.approx(privacy / 100 / 3)
    in_sight = [
        float(zones.variety[j, world.consumers.zone[who]])
        for who, j in zip(world.orders.placed.consumer, world.orders.placed.platform, strict=True)
    ]
    assert measured["consumer_variety"] == pytest.approx(np.mean(in_sight), rel=1e-6)
    assert measured["worker_top_up"] == pytest.approx(riders.top_up_cents.sum() / 100 / 3)
    lost = riders.rationed_minutes.sum()
    assert measured["worker_rationed_share"] == pytest.approx(lost / (riders.minutes.sum() + lost))
    assert measured["worker_pool"] == pytest.approx(riders.is_active.sum() * 10_000 / 3000)
    assert measured["worker_joining"] == pytest.approx(zones.n_joined.sum() * 10_000 / 3000)
    assert measured["worker_leaving"] == pytest.approx(zones.n_left.sum() * 10_000 / 3000)
    assert min(data, privacy, lost, riders.top_up_cents.sum()) > 0


def test_the_states_numbers_are_its_spending(world, measured):
    flows = world.ledger.flows
    taxes = flows[Account.TAX_IN_COSTS] + flows[Account.TAXES]
    received = flows[Account.TAXES] + flows[Account.CONTRIBUTIONS] + flows[Account.FINES]
    spent = flows[Account.STAFF] + flows[Account.INSPECTIONS] + flows[Account.RESEARCH_GRANTS]
    assert measured["state_net"] == pytest.approx((received - spent) / 100 / 3)
    assert flows[Account.CONTRIBUTIONS] > 0
    ruled = sum(flows[account] for account in KEEPING)
    assert measured["platform_burden"] == pytest.approx(ruled / 100 / 3)
    assert min(flows[account] for account in KEEPING if account is not Account.AUDITS) > 0
    assert measured["state_tax"] == pytest.approx(taxes / 100 / 3)
    assert measured["state_tax_in_costs"] == pytest.approx(flows[Account.TAX_IN_COSTS] / 100 / 3)
    assert measured["state_subsidies"] == pytest.approx(flows[Account.RESEARCH_GRANTS] / 100 / 3)
    due = world.merchants.tax_due_cents.sum()
    assert measured["merchant_tax_gap"] == pytest.approx(1.0 - taxes / due)
    assert measured["platform_reporting_cost"] == pytest.approx(flows[Account.REPORTING] / 100 / 3)
    by_orders = (world.platforms.technology * world.zones.carried.sum(axis=1)).sum() / world.zones.carried.sum()
    assert measured["platform_technology"] == pytest.approx(by_orders)
    assert measured["platforms_open"] == world.n_platforms
    assert measured["state_inspections"] == world.departments.n_inspections.sum() >= world.n_platforms
    assert measured["state_breaches"] == 0.0


def test_a_week_without_orders_measures_nothing_instead_of_failing():
    world = economy_after(2, numbers={"consumers.occasion_rate": 0.0}).world
    found = measure(world)
    assert found["consumer_orders"] == 0.0
    assert math.isnan(found["consumer_price"])
    assert math.isnan(found["platform_hhi_orders"])
    assert not math.isnan(found["welfare_total"])
