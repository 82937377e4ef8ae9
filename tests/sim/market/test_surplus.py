"""What a week was worth to consumers and riders, in money."""

import numpy as np

from sim.market.surplus import weigh_surplus
from tests.economies import economy_after, phase


def weighed(**numbers):
    """A world after surplus was weighed, before habits are renewed."""
    telling = {"carriage.cancel_share": 0.1, "consumers.privacy_awareness": 0.2}
    model = economy_after(3, 1500, 2, numbers={**telling, **numbers})
    model.world.week += 1
    for name in (
        *("open_books", "rank_merchants", "let_workers_choose_hours"),
        *("let_consumers_order", "carry_orders", "settle_money"),
    ):
        phase(model, name)
    weigh_surplus(model.world)
    return model.world


def surplus_in_double(world):
    """Expected occasions x log-sum, order by order corrected for what happened; habit; privacy given up. Currency."""
    consumers, numbers, orders = world.consumers, world.sector.consumers, world.orders
    a = world.sensitivity.astype(float)[consumers.income_class]
    surplus = consumers.occasion_rate.astype(float) * consumers.log_sum / a
    habit, privacy = np.zeros((2, len(consumers)))
    minute = numbers.value_of_time * numbers.price_sensitivity
    for i in range(len(orders.is_cancelled)):
        who, j = orders.placed.consumer[i], orders.placed.platform[i]
        if orders.is_cancelled[i]:
            log_sum = float(consumers.log_sum[who])
            surplus[who] -= log_sum / (1.0 - np.exp(-log_sum)) / a[who]
            continue
        zone = consumers.zone[who]
        late = float(world.zones.delay[j, zone]) - float(world.zones.expected_delay[j, zone])
        given_up = consumers.privacy_concern[who] * world.platforms.data_per_order[j]
        surplus[who] -= (minute * late + (1.0 - numbers.privacy_awareness) * given_up) / a[who]
        privacy[who] += given_up / a[who]
        habit[who] += numbers.habit_weight * consumers.habit[j, who] / a[who]
    return surplus, habit, privacy


def test_consumers_surplus_is_the_log_sum_at_what_really_happened():
    world = weighed()
    surplus, habit, privacy = surplus_in_double(world)
    cents_of_rounding = 1 + np.bincount(world.orders.placed.consumer, minlength=len(world.consumers))
    tolerance = cents_of_rounding + 1e-5 * np.abs(100 * surplus)
    assert np.all(np.abs(world.consumers.surplus_cents - 100 * surplus) <= tolerance)
    assert np.all(np.abs(world.consumers.habit_cents - 100 * habit) <= tolerance)
    assert np.all(np.abs(world.consumers.privacy_cents - 100 * privacy) <= tolerance)
    assert habit.sum() > 100.0
    assert privacy.sum() > 10.0


def test_who_orders_nothing_has_the_surplus_expected_and_no_more():
    world = weighed()
    consumers = world.consumers
    idle = np.bincount(world.orders.placed.consumer, minlength=len(consumers)) == 0
    a = world.sensitivity.astype(float)[consumers.income_class]
    expected = 100.0 * consumers.occasion_rate * consumers.log_sum / a
    np.testing.assert_allclose(consumers.surplus_cents[idle], expected[idle], rtol=1e-5, atol=0.51)
    assert not consumers.habit_cents[idle].any()
    assert not consumers.privacy_cents[idle].any()
    assert idle.any()


def test_a_late_meal_is_worth_less_and_a_quick_one_more():
    world = weighed()
    before = world.consumers.surplus_cents.sum()
    world.zones.delay += 10.0
    weigh_surplus(world)
    orders = world.zones.carried.sum()
    fall = (before - world.consumers.surplus_cents.sum()) / 100.0 / orders
    a = world.sensitivity[world.consumers.income_class[world.orders.placed.consumer[~world.orders.is_cancelled]]]
    numbers = world.sector.consumers
    wanted = 10.0 * numbers.value_of_time * (numbers.price_sensitivity / a.astype(float)).mean()
    assert np.isclose(fall, wanted, rtol=1e-3)


def test_riders_surplus_is_pay_above_the_wage_wanted():
    world = weighed()
    workers = world.workers
    hours = workers.minutes.sum(axis=0) / 60.0
    wanted = workers.pay_cents - np.rint(100.0 * hours * workers.wage_wanted.astype(float))
    assert np.array_equal(workers.surplus_cents, wanted)
    assert not workers.surplus_cents[hours == 0].any()
