"""What the week was worth to consumers and riders, in money."""

from __future__ import annotations

import numpy as np

from sim.kernels import elementary
from sim.parameters import CENTS
from sim.world import World


def weigh_surplus(world: World) -> None:
    """Surplus of every consumer and rider in cents; definitions in docs/welfare.md.

    Consumer: occasions x log-sum / a, corrected order by order from what was expected to what happened (delay, the
    privacy cost not perceived, the whole order when cancelled). Rider: pay less reservation wage x hours.

    Reads: consumers (before habits are renewed), orders, zones, workers.
    Writes: consumers (surplus_cents, habit_cents), workers.surplus_cents.
    """
    consumers, numbers, placed = world.consumers, world.sector.consumers, world.orders.placed
    worth_of_money = world.sensitivity.astype(np.float64)[consumers.income_class]
    occasions = consumers.occasions.astype(np.float64)
    expected = np.rint(CENTS * occasions * consumers.log_sum / worth_of_money).astype(np.int64)
    who, j, zone = placed.consumer, placed.platform, consumers.zone[placed.consumer]
    late = (world.zones.delay - world.zones.expected_delay)[j, zone] * (
        numbers.value_of_time * numbers.price_sensitivity
    )
    unseen = (1.0 - numbers.privacy_awareness) * consumers.privacy_concern[who] * world.platforms.data_per_order[j]
    error = np.where(world.orders.is_cancelled, -loss_of_cancelled(consumers.log_sum[who]), -(late + unseen))
    habit = np.where(world.orders.is_cancelled, 0.0, numbers.habit_weight * consumers.habit[j, who])
    consumers.surplus_cents[:] = expected + _cents_by_consumer(world, error / worth_of_money[who])
    consumers.habit_cents[:] = _cents_by_consumer(world, habit / worth_of_money[who])
    workers = world.workers
    hours = workers.minutes.sum(axis=0) / 60.0
    workers.surplus_cents[:] = workers.pay_cents - np.rint(CENTS * hours * workers.wage_wanted).astype(np.int64)


def loss_of_cancelled(log_sum: np.ndarray) -> np.ndarray:
    """Utility lost when a chosen order fails and the outside option is left: L / (1 - e^-L), with 1 at L = 0.

    Under logit the chosen option is worth the log-sum L on average, the outside option, given that something inside was
    preferred, -P0 L / (1 - P0) with P0 = e^-L.
    """
    safe = np.maximum(log_sum.astype(np.float64), 1e-3)
    return np.where(log_sum > 1e-3, safe / (1.0 - elementary.exp(-safe)), 1.0)


def _cents_by_consumer(world: World, currency: np.ndarray) -> np.ndarray:
    """Amounts an order, rounded to cents and summed by consumer: whole numbers, so order does not matter."""
    cents = np.rint(CENTS * currency)
    return np.bincount(world.orders.placed.consumer, weights=cents, minlength=len(world.consumers)).astype(np.int64)
