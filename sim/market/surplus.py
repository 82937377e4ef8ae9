"""Consumers' and workers' surplus of the week, in money."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.kernels.order_layout import Choosers, SurplusColumns, Utility
from sim.market.injuries import loss_relieved
from sim.parameters import CENTS
from sim.world import World


def weigh_surplus(world: World) -> None:
    """Surplus of every consumer and worker in cents; definitions in docs/welfare.md.

    Consumer: expected occasions x log-sum / a, corrected order by order from what was expected to what happened (delay,
    the privacy cost not perceived, the whole order when cancelled). Worker: pay less reservation wage x hours online
    and hours lost in waiting to be admitted, less a licence bought, plus the expected loss from injuries that safety
    and cover avert.

    Reads: consumers (before habits are renewed), orders, zones, platforms, workers.
    Writes: consumers (surplus_cents, habit_cents, privacy_cents), workers.surplus_cents.
    """
    consumers, workers = world.consumers, world.workers
    world.engine.weigh_orders(
        world.orders.placed,
        world.orders.is_cancelled,
        world.zone_ends,
        Choosers(
            consumers.income_class,
            world.orders.occasions,
            consumers.log_sum,
            consumers.privacy_concern,
            consumers.habit,
        ),
        utility_of_orders(world),
        SurplusColumns(consumers.surplus_cents, consumers.habit_cents, consumers.privacy_cents),
    )
    not_admitted, waiting_share = (
        workers.rationed_minutes - workers.excluded_minutes,
        world.sector.workers.waiting_share,
    )
    # Excluded hours are no waiting: an admission that cannot come is not waited for.
    hours = formulas.time_given(workers.minutes.sum(axis=0), not_admitted, waiting_share) / 60.0
    workers.surplus_cents[:] = workers.pay_cents - np.rint(CENTS * hours * workers.wage_wanted).astype(np.int64)
    workers.surplus_cents -= workers.licence_cents
    if world.platforms.safety.any() or world.platforms.coverage.any():
        workers.surplus_cents += loss_relieved(world)


def utility_of_orders(world: World) -> Utility:
    """Utility of delay, data and habit by platform; a unit of utility is worth 100 / a cents."""
    parameters, zones = world.sector.consumers, world.zones
    data = world.platforms.data_per_order.astype(np.float64)
    platforms = world.platforms
    # Where practices have ended, orders are better than expected: harm that is not suffered and was not yet expected to
    # be absent, and value that is no longer misperceived (consumers then expect less, and are no worse off for it).
    better = platforms.harm_spared - platforms.expected_harm_spared + platforms.misperceived_value
    late = parameters.disutility_of_minute * (zones.delay.astype(np.float64) - zones.expected_delay)
    return Utility(
        cents=CENTS / world.sensitivity.astype(np.float64),
        late=late - parameters.price_sensitivity * better[:, None],
        unseen=(1.0 - parameters.privacy_awareness) * data,
        data=data,
        habit=parameters.habit_weight,
    )
