"""The market's moments, as a statistician with the right records would compute them."""

import numpy as np
import pytest

from sim.metrics.moments import MOMENTS, Observatory, _hill
from tests.economies import CAP, asked, economy, run


def observatory(visits, policy_week=5):
    """An observatory that saw these (consumer, merchant) orders in the month."""
    seen = Observatory(economy(50).world, policy_week)
    pairs = np.array(visits, np.uint64)
    seen.month_visits = [pairs[:, 0] << np.uint64(32) | pairs[:, 1]]
    return seen


def test_moments_of_consumers_and_merchants_by_hand():
    """Consumer 0 orders twice at merchant 5 and once at 7, consumer 1 once at 5, consumer 2 once at 7 and at 9."""
    seen = observatory([(0, 5), (0, 7), (1, 5), (2, 9), (0, 5), (2, 7)])
    world = economy(50).world

    def of(name):
        return MOMENTS[name](seen, world)

    assert sorted(seen.orders_of_consumers()) == [1, 2, 3]
    assert sorted(seen.orders_of_merchants()) == [1, 2, 3]
    assert of("consumer_month_orders") == 2.0
    assert of("consumer_single_share") == pytest.approx(1 / 3)
    assert of("consumer_variety") == pytest.approx(2 / 3), "only consumer 0 orders three times: two merchants"
    assert of("consumer_gini") == pytest.approx(2 / 9)
    assert of("merchant_gini") == pytest.approx(2 / 9)
    assert of("merchant_top_tenth") == pytest.approx(0.5)


def test_an_entrants_identity_is_not_cut():
    """Identities of entrants need all 32 bits: this one is not merchant 9."""
    seen = observatory([(3, 2**31 + 9), (4, 9), (3, 9)])
    assert sorted(seen.orders_of_merchants()) == [1, 2]
    assert sorted(seen.orders_of_consumers()) == [1, 2]


def test_hill_finds_the_exponent_of_a_pareto_tail():
    u = (np.arange(20_000) + 0.5) / 20_000
    assert _hill(1000.0 * u ** (-1.0 / 2.1)) == pytest.approx(2.1, rel=0.02)
    assert np.isnan(_hill(np.array([5, 3])))


def test_moments_come_with_the_last_week_before_the_policy():
    model = economy(n_weeks=12, policy_week=9)
    while model.world.week < 12:
        assert bool(model.moments) == (model.world.week >= 8)
        model.step()
    assert list(model.moments) == list(MOMENTS)


def test_moments_describe_the_market_before_the_policy():
    with_rule, without = (run(n_weeks=12, policy_week=7, policy=policy) for policy in (CAP, {}))
    assert with_rule.weekly["platform_profit"] != without.weekly["platform_profit"]
    assert repr(with_rule.moments) == repr(without.moments)


@pytest.mark.parametrize(("policy_week", "is_possible"), [(4, False), (5, True)])
def test_a_month_is_needed(policy_week, is_possible):
    assert bool(run(n_weeks=6, policy_week=policy_week).moments) == is_possible


def test_moments_are_those_of_the_records_of_the_weeks_before():
    model = economy(
        600, 2, n_weeks=53, policy_week=53, numbers={"carriage.cancel_share": 0.1, "workers.leaving_rate": 0.02}
    )
    world = model.world
    users, orders_of, sold_by = set(), {}, {}
    riders = {}  # by identity: days in the year; deliveries, pay and hours of the month
    for week in range(1, 53):
        model.step()
        is_month, kept = week >= 49, ~world.orders.is_cancelled
        consumers = world.orders.placed.consumer[kept].tolist()
        merchants = world.merchants.identity[world.orders.placed.merchant[kept]].tolist()
        users |= set(consumers)
        workers = world.workers
        hours = workers.minutes.sum(axis=0) / 60
        for row in np.flatnonzero(hours):
            noted = riders.setdefault(int(workers.identity[row]), np.zeros(3))
            noted[0] += min(7, np.ceil(hours[row] / world.sector.workers.day_hours))
            noted[1:] += is_month * np.array([workers.pay_cents[row] / 100, hours[row]])
        if is_month:
            for who, whose in zip(consumers, merchants, strict=True):
                orders_of[who] = orders_of.get(who, 0) + 1
                sold_by[whose] = sold_by.get(whose, 0) + 1
    found = model.moments
    n_year = np.mean(model.weekly["consumer_orders"]) * 600 * 365.25 / 7
    assert found["orders_per_user_year"] == pytest.approx(n_year / len(users))
    assert found["orders_per_rider_year"] == pytest.approx(n_year / len(riders))
    assert found["consumer_month_orders"] == pytest.approx(np.mean(list(orders_of.values())))
    top = sorted(sold_by.values())[::-1][: max(1, round(len(sold_by) / 10))]
    assert found["merchant_top_tenth"] == pytest.approx(sum(top) / sum(sold_by.values()))
    assert found["total_take"] == pytest.approx(np.nanmean(model.weekly["platform_take_rate"]))
    a_year, pay, hours = np.array([riders[who] for who in sorted(riders)]).T
    assert model.observatory.gone[0].any(), "some left who had worked, and their slots were taken by others"
    assert found["riders_regular"] == pytest.approx((a_year > 260).mean())
    assert found["riders_occasional"] == pytest.approx(((a_year > 30) & (a_year <= 260)).mean())
    assert found["riders_rare"] == pytest.approx((a_year <= 30).mean())
    n, edge = max(1, len(hours) // 10), np.sort(hours)[::-1][max(1, len(hours) // 10) - 1]
    sure, tied = pay[hours > edge], np.sort(pay[hours == edge])  # of equally busy riders any may be in the tenth
    rest, a_month = n - len(sure), 365.25 / 12 / 7 / 4
    least, most = (sure.sum() + part.sum() for part in (tied[:rest], tied[len(tied) - rest :]))
    assert least / n * a_month <= found["rider_regular_income"] * 1.000001
    assert most / n * a_month >= found["rider_regular_income"] * 0.999999


def test_every_fact_of_the_sector_file_is_a_moment_of_the_market():
    assert set(asked()["sector"]["moments"]) <= set(MOMENTS)


def test_the_window_is_a_year_and_a_month():
    seen = Observatory(economy(50).world, 80)
    assert (seen.first, seen.first_of_month, seen.last) == (28, 76, 79)
    assert Observatory(economy(50).world, 20).first == 1


FREE = {
    f"platforms.{name}.commission.{kind}": 0.0
    for name in ("leader", "runner_up", "fringe")
    for kind in ("chain", "independent")
}
NOBODY_ORDERS = {"consumers.occasion_rate": 0.0}
NOBODY_RIDES = {"workers.n_per_zone": 0}


@pytest.mark.parametrize(
    "numbers", [FREE, NOBODY_ORDERS, NOBODY_RIDES], ids=["no commission", "no orders", "no riders"]
)
def test_a_moment_of_nothing_is_not_a_number_and_stops_no_run(numbers):
    moments = run(300, n_weeks=6, policy_week=5, numbers=numbers).moments
    assert list(moments) == list(MOMENTS)
    assert any(np.isnan(value) for value in moments.values())


def test_what_is_counted_by_the_year_needs_a_year():
    moments = run(300, n_weeks=12, policy_week=11).moments
    yearly = {"orders_per_user_year", "active_merchants", "orders_per_rider_year", "riders_rare", "riders_regular"}
    assert all(np.isnan(moments[name]) for name in yearly)
    assert np.isfinite(moments["total_take"])
