"""Who works this week, how long and for which apps."""

from __future__ import annotations

import numpy as np

from sim import formulas
from sim.populations.consumers import app_flags
from sim.randomness import draws
from sim.randomness.streams import Stream
from sim.world import Array, World


def let_workers_choose_hours(world: World) -> None:
    """A rider works when the hourly earnings of the best mix of apps exceed this week's reservation wage.

    P(work) = e^eta / (e^eta + R^eta); hours split over apps with elasticity of substitution between them. Every
    rider who wants to is admitted.

    Reads: workers, zones.expected_earnings.
    Writes: workers (wage_wanted, minutes), zones (effective_minutes, capacity).
    """
    workers, numbers, zones = world.workers, world.sector.workers, world.zones
    earnings = zones.expected_earnings[:, workers.zone]
    shares, mix = formulas.app_shares(
        earnings,
        world.platforms.worker_appeal,
        app_flags(workers.apps, world.n_platforms),
        numbers.app_elasticity,
    )
    u = draws.uniform(world.seed, Stream.WORKING_WEEK, world.week, workers.identity)
    workers.wage_wanted[:] = formulas.reservation_this_week(workers.reservation, u, numbers.supply_elasticity)
    is_working = workers.is_active & (mix * workers.productivity > workers.wage_wanted)
    workers.minutes[:] = split_whole(np.where(is_working, workers.minutes_if_working, 0), shares)
    effective = np.rint(workers.minutes * workers.productivity).astype(np.int64)
    for j in range(world.n_platforms):
        zones.effective_minutes[j] = np.bincount(workers.zone, weights=effective[j], minlength=world.n_zones)
    zones.capacity[:] = np.floor(zones.effective_minutes / 60.0 * world.sector.carriage.deliveries_per_hour)


def split_whole(total: Array, shares: Array) -> Array:
    """Whole numbers (J, n) in proportion to shares (J, n), summing to total (n): steps of rounded running sums."""
    ends = np.floor(np.cumsum(shares.astype(np.float64), axis=0) * total + 0.5).astype(np.int64)
    ends[-1] = total
    return np.diff(np.minimum(ends, total), axis=0, prepend=0)
