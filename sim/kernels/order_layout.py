"""What the passes over the week's orders are given besides columns; sizes as in `layout`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Array = np.ndarray


class Draw(NamedTuple):
    """What a draw is keyed by besides identity and index."""

    week: int
    stream: int
    key: tuple[int, int]


class Lanes(NamedTuple):
    """The same as the 64-bit numbers that compiled loops take."""

    week: np.uint64
    stream: np.uint64
    key0: np.uint64
    key1: np.uint64


class Choosers(NamedTuple):
    """Consumers as they chose, in row order: what their expected surplus follows from."""

    income_class: Array  # uint8 (N)
    occasion_rate: Array  # float32 (N), occasions a week
    log_sum: Array  # float32 (N), expected utility of an occasion
    concern: Array  # float32 (N), disutility of a unit of data
    habit: Array  # float32 (J, N)


class SurplusColumns(NamedTuple):
    """Columns of consumers' surplus, written: cents a week, int32 (N)."""

    surplus: Array
    of_habit: Array  # part of it that is utility of habit
    of_privacy: Array  # privacy cost, perceived or not


class Memory(NamedTuple):
    """What orders leave in consumers, written: habits and profiles."""

    income_class: Array  # uint8 (N), read
    habit: Array  # float32 (J, N)
    profile: Array  # float32 (J, N)


class Renewal(NamedTuple):
    """How fast habits and profiles change."""

    habit_speed: float  # share of habit renewed by an order
    profile_decay: float  # share of a profile that ages away in a week
    data: Array  # float32 (J), data collected with an order


class Utility(NamedTuple):
    """By how much a week's orders were better or worse than expected, by platform; utility."""

    cents: Array  # float64 (C), value in cents of a unit of utility
    late: Array  # float64 (J, Z), cost of the delay beyond what was expected
    unseen: Array  # float64 (J), cost of the data collected, over privacy concern, as far as it is not perceived
    data: Array  # float64 (J), the whole of that cost
    habit: float  # weight of habit


class Porting(NamedTuple):
    """Data that move between platforms under a rule."""

    share: Array  # float32 (J), share of the gap to the best informed platform that an order closes
    consent: Array  # uint64 (J), a consumer whose word is below it consents
    identity: Array  # uint32 (N)
    draw: Draw | Lanes  # of consent; lanes in compiled loops


class Shops(NamedTuple):
    """Merchants' columns of a week's trade; cents are int64."""

    n_carried: Array  # int64 (J, R), orders
    is_listed: Array  # bool (J, R)
    is_active: Array  # bool (R), as all that follow
    offline_orders: Array  # float32, orders a week
    shock: Array  # float32, ratio
    offline_price: Array  # cents
    unit_cost: Array  # cents
    fixed_cost: Array  # cents a week
    sales: Array  # cents
    commission: Array  # cents
    profit: Array  # cents, written
    balance: Array  # cents, written


class ShopParameters(NamedTuple):
    """What is the same for all merchants."""

    diversion: float  # offline orders that one on a platform replaces
    listing_cost: int  # cents a week and platform
    cash_buffer: int  # cents above which owners draw


def chance_below(share: float) -> int:
    """How many of the 2^32 words w have (w + 1/2) / 2^32 < share: an exact threshold for a draw."""
    scaled = min(max(share, 0.0), 1.0) * 2.0**32
    whole = int(scaled)
    return whole + int(scaled - whole > 0.5)
