"""Workers' columns, and how workers are drawn."""

from __future__ import annotations

import numpy as np

from sim.parameters import PlatformParameters, WorkerParameters
from sim.populations.consumers import draw_apps
from sim.populations.table import Array, Table, column
from sim.randomness import draws
from sim.randomness.streams import Stream


class Workers(Table):
    """Workers in fixed slots of their zone (row = zone x slots + slot); slots are reused, identities never."""

    zone: Array = column("int32", "-", "zone of work")
    group: Array = column("uint8", "-", "activity group, in the sector file's order")
    reservation: Array = column("float32", "currency an hour", "median reservation wage")
    minutes_if_working: Array = column("int32", "minutes a week", "time online in a week that is worked")
    productivity: Array = column("float32", "ratio", "deliveries against the mean worker's")
    apps: Array = column("uint16", "bits", "apps installed, bit j for platform j")
    wage_wanted: Array = column("float32", "currency an hour", "reservation wage this week")
    minutes: Array = column("int32", "minutes a week", "time online for a platform", per="platform")
    rationed_minutes: Array = column("int32", "minutes a week", "time offered that platforms did not admit")
    excluded_minutes: Array = column("int32", "minutes a week", "part of it not admitted for want of a licence")
    is_licensed: Array = column("bool", "-", "whether the worker holds the licence that a market may ask for")
    licence_cents: Array = column("int64", "cents a week", "paid for a licence this week")
    injury_cents: Array = column("int64", "cents a week", "loss from an injury this week, before any cover")
    deliveries: Array = column("int32", "orders a week", "orders carried for a platform", per="platform")
    top_up_cents: Array = column("int64", "cents a week", "part of the pay that a pay floor added")
    tip_cents: Array = column("int64", "cents a week", "part of the pay that consumers tipped")
    pay_cents: Array = column("int64", "cents a week", "pay this week, top-ups and tips included")
    surplus_cents: Array = column("int64", "cents a week", "pay above the reservation wage of the hours worked")
    balance_cents: Array = column("int64", "cents", "money received since the start")


def seed_workers(
    parameters: WorkerParameters,
    platforms: list[PlatformParameters],
    n_zones: int,
    seed: int,
    licensed_share: float = 1.0,
) -> Workers:
    """The first slots of every zone filled with workers."""
    table = Workers(n_zones * parameters.n_slots, len(platforms))
    table.zone[:] = np.repeat(np.arange(n_zones), parameters.n_slots)
    table.is_active[:] = np.tile(np.arange(parameters.n_slots) < parameters.n_per_zone, n_zones)
    table.apps[:], table.productivity[:] = (1 << len(platforms)) - 1, 1.0  # an empty slot can be computed with
    rows = np.flatnonzero(table.is_active)
    recruit(table, rows, table.identity[rows], parameters, platforms, seed)
    table.is_licensed[rows] = draw_licences(table.identity[rows], licensed_share, seed)
    return table


def draw_licences(identity: Array, licensed_share: float, seed: int) -> Array:
    """Who holds a licence when taking up the work: bool (n)."""
    return draws.uniform(seed, Stream.LICENCE, 0, identity) < licensed_share


def recruit(
    table: Workers,
    rows: Array,
    identity: Array,
    parameters: WorkerParameters,
    platforms: list[PlatformParameters],
    seed: int,
) -> None:
    """Put new workers into slots: group, reservation wage around the group's median, hours, productivity and apps."""
    table.identity[rows], table.is_active[rows] = identity, True
    groups = list(parameters.groups.values())
    if not len(rows):
        return
    ends = np.cumsum([group.share for group in groups])
    drawn = np.searchsorted(ends, draws.uniform(seed, Stream.WORKER_GROUP, 0, identity), side="right")
    group = np.minimum(drawn, len(groups) - 1)
    ratio = np.array([group.reservation_ratio for group in groups], np.float32)[group]
    spread = draws.lognormal(seed, Stream.WORKER_RESERVATION, identity, 1.0, parameters.reservation_log_sd)
    table.group[rows] = group
    table.reservation[rows] = parameters.usual_earnings * ratio * spread
    table.minutes_if_working[rows] = np.rint(60.0 * np.array([group.hours for group in groups])[group])
    table.productivity[rows] = draws.lognormal(
        seed, Stream.WORKER_PRODUCTIVITY, identity, 1.0, parameters.productivity_log_sd
    )
    table.apps[rows] = draw_apps([p.worker_reach for p in platforms], Stream.WORKER_APPS, identity, seed)
