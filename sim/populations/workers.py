"""Riders' columns and how a rider is born."""

from __future__ import annotations

import numpy as np

from sim.parameters import PlatformParameters, WorkerParameters
from sim.populations.consumers import draw_apps
from sim.populations.table import Array, Table, column
from sim.randomness import draws
from sim.randomness.streams import Stream


class Workers(Table):
    """Riders, sorted by zone."""

    zone: Array = column("int32", "-", "zone of work")
    group: Array = column("uint8", "-", "activity group, in the sector file's order")
    reservation: Array = column("float32", "currency an hour", "median reservation wage")
    minutes_if_working: Array = column("int32", "minutes a week", "time on line in a week that is worked")
    productivity: Array = column("float32", "ratio", "deliveries against the mean rider's")
    apps: Array = column("uint16", "bits", "apps installed, bit j for platform j")
    wage_wanted: Array = column("float32", "currency an hour", "reservation wage this week")
    minutes: Array = column("int32", "minutes a week", "time on line for a platform", per="platform")
    deliveries: Array = column("int32", "orders a week", "orders carried for a platform", per="platform")
    pay_cents: Array = column("int64", "cents a week", "pay this week")
    surplus_cents: Array = column("int64", "cents a week", "pay above the reservation wage of the hours worked")
    balance_cents: Array = column("int64", "cents", "money received since the start")


def seed_workers(numbers: WorkerParameters, platforms: list[PlatformParameters], n_zones: int, seed: int) -> Workers:
    """Draw riders: group, reservation wage around the group's median, hours, productivity and apps."""
    n_workers = numbers.n_per_zone * n_zones
    table = Workers(n_workers, len(platforms))
    identity = table.identity
    table.zone[:] = np.arange(n_workers) // max(numbers.n_per_zone, 1)
    groups = list(numbers.groups.values())
    ends = np.cumsum([group.share for group in groups])
    table.group[:] = np.minimum(
        np.searchsorted(ends, draws.uniform(seed, Stream.WORKER_GROUP, 0, identity), side="right"),
        len(groups) - 1,
    )
    ratio = np.array([group.reservation_ratio for group in groups], np.float32)[table.group]
    spread = draws.lognormal(seed, Stream.WORKER_RESERVATION, identity, 1.0, numbers.reservation_log_sd)
    table.reservation[:] = numbers.usual_earnings * ratio * spread
    table.minutes_if_working[:] = np.rint(60.0 * np.array([group.hours for group in groups])[table.group])
    table.productivity[:] = draws.lognormal(
        seed, Stream.WORKER_PRODUCTIVITY, identity, 1.0, numbers.productivity_log_sd
    )
    table.apps[:] = draw_apps([p.worker_reach for p in platforms], Stream.WORKER_APPS, identity, seed)
    return table
