"""Consumers' columns, and how consumers are drawn."""

from __future__ import annotations

import numpy as np

from sim.kernels import elementary
from sim.kernels.layout import ConsumerColumns
from sim.parameters import N_INCOME_CLASSES, ConsumerParameters, PlatformParameters
from sim.populations.table import Array, Table, column
from sim.randomness import draws
from sim.randomness.streams import Stream

MOST_OFTEN = 40.0
"""Most occasions a week of a consumer (about six a day); the lognormal tail is cut here."""


FIRST_ORDERS = 0.25
"""Orders per occasion assumed for first profiles and usual orders: the burn-in replaces it."""


class Consumers(Table):
    """People who may order; sorted by zone, which their identity decides."""

    zone: Array = column("int32", "-", "zone of residence")
    income_class: Array = column("uint8", "0..19", "twentieth of the income distribution")
    occasion_rate: Array = column("float32", "occasions a week", "mean occasions to order")
    apps: Array = column("uint16", "bits", "apps installed, bit j for platform j")
    habit: Array = column(
        "float32",
        "share",
        "smoothed share of own past orders",
        per="platform",
    )
    profile: Array = column("float32", "units of data", "data that a platform holds on the consumer", per="platform")
    privacy_concern: Array = column("float32", "utility", "disutility of one unit of data collected")
    log_sum: Array = column("float32", "utility", "expected utility of an occasion under decision utility")
    surplus_cents: Array = column("int32", "cents a week", "consumer surplus this week")
    habit_cents: Array = column("int32", "cents a week", "part of the surplus that is utility of habit")
    privacy_cents: Array = column("int32", "cents a week", "privacy cost this week, perceived or not")
    balance_cents: Array = column("int64", "cents", "money received less money paid since the start")

    def kernel_columns(self) -> ConsumerColumns:
        """What the ordering kernel reads."""
        return ConsumerColumns(
            self.identity,
            self.income_class,
            self.occasion_rate,
            self.apps,
            self.habit,
            self.profile,
            self.privacy_concern,
        )


def zone_rows(identity: Array, n_zones: int) -> Array:
    """Zone of an identity: a function of it alone, so that one more consumer moves nobody to another zone."""
    return (identity % n_zones).astype(np.int32)


def seed_consumers(
    parameters: ConsumerParameters,
    platforms: list[PlatformParameters],
    n_consumers: int,
    n_zones: int,
    seed: int,
) -> Consumers:
    """Draw a population: income, occasions, privacy concern, apps; habits and profiles as of long-time users."""
    # Habits start at what orders in proportion to the spread of apps would have left; the burn-in replaces them.
    table = Consumers(n_consumers, len(platforms))
    everyone = np.arange(n_consumers, dtype=np.uint32)
    order = np.argsort(zone_rows(everyone, n_zones), kind="stable")
    identity = everyone[order]
    table.identity[:], table.zone[:] = identity, zone_rows(identity, n_zones)
    table.income_class[:] = draws.uniform(seed, Stream.INCOME_CLASS, 0, identity) * N_INCOME_CLASSES
    rate = draws.lognormal(seed, Stream.OCCASION_RATE, identity, parameters.occasion_rate, parameters.occasion_log_sd)
    table.occasion_rate[:] = np.minimum(rate, np.float32(MOST_OFTEN))
    table.privacy_concern[:] = draws.lognormal(
        seed, Stream.PRIVACY_CONCERN, identity, parameters.privacy_concern, parameters.privacy_log_sd
    )
    table.apps[:] = draw_apps([p.consumer_reach for p in platforms], Stream.CONSUMER_APPS, identity, seed)
    weight = np.array([p.consumer_reach for p in platforms], np.float32)[:, None] * app_flags(
        table.apps, len(platforms)
    )
    table.habit[:] = weight / np.maximum(weight.sum(axis=0), np.float32(1e-6))
    held = np.array([p.data_per_order for p in platforms], np.float32) / np.float32(max(parameters.profile_decay, 1e-3))
    table.profile[:] = np.float32(FIRST_ORDERS) * table.occasion_rate * table.habit * held[:, None]
    return table


def draw_apps(coverage: list[float], stream: Stream, identity: Array, seed: int) -> Array:
    """Apps as bits, each installed with its own chance (`coverage`); who has none gets the commonest app."""
    apps = np.zeros(len(identity), np.uint16)
    for j, share in enumerate(coverage):
        apps |= (draws.uniform(seed, stream, 0, identity, j) < share).astype(np.uint16) << np.uint16(j)
    return np.where(apps == 0, np.uint16(1 << int(np.argmax(coverage))), apps)


def app_flags(apps: Array, n_platforms: int) -> Array:
    """Bits to a boolean array (J, n)."""
    return ((apps[None, :] >> np.arange(n_platforms, dtype=np.uint16)[:, None]) & np.uint16(1)).astype(bool)


def income_of_class(log_sd: float) -> Array:
    """Income of each class relative to the mean: lognormal at the class midpoints, rescaled to mean 1."""
    midpoints = (np.arange(N_INCOME_CLASSES) + 0.5) / N_INCOME_CLASSES
    income = elementary.exp(log_sd * elementary.normal_quantile(midpoints))
    return (income / income.mean()).astype(np.float32)


def sensitivity_of_class(parameters: ConsumerParameters) -> Array:
    """Price sensitivity a of each class: a_mean income^-elasticity, rescaled to the given mean over consumers."""
    raw = elementary.power(income_of_class(parameters.income_log_sd), -parameters.income_elasticity)
    return (parameters.price_sensitivity * raw / raw.mean()).astype(np.float32)
