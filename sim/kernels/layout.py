"""What the ordering kernel reads and writes: tuples of arrays, for the compiled loop and the reference implementation.

J platforms, N consumers sorted by zone, Z zones with S merchant slots each (R = Z S rows), C income classes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Array = np.ndarray


class ConsumerColumns(NamedTuple):
    """Columns of consumers, in row order."""

    identity: Array  # uint32 (N)
    income_class: Array  # uint8 (N)
    occasion_rate: Array  # float32 (N), occasions a week
    apps: Array  # uint16 (N), bit j: app of platform j installed
    habit: Array  # float32 (J, N)
    profile: Array  # float32 (J, N), orders-equivalents
    privacy_concern: Array  # float32 (N)


class MarketTables(NamedTuple):
    """What consumers find this week."""

    platform_value: Array  # float32 (Z, J, C), utility of platform j before what is personal
    is_reachable: Array  # uint8 (Z, J), at least one merchant listed
    perceived_data: Array  # float32 (J), data per order times the share of its cost perceived
    sensitivity: Array  # float32 (C), marginal utility of money over the merchant scale
    quality: Array  # float32 (R), quality over the merchant scale
    price: Array  # float32 (J, R), currency
    ranking: Array  # float32 (J, R), weight by which merchants are shown, 0 where not listed


class Weights(NamedTuple):
    """Numbers of the nested choice, single precision."""

    relevance: np.float32
    relevance_half: np.float32
    habit: np.float32
    inverse_nest: np.float32  # 1 / (1 - sigma)
    nest: np.float32  # 1 - sigma


class OrderColumns(NamedTuple):
    """Orders of the week, one entry an order, in consumers' row order."""

    consumer: Array  # uint32, row
    merchant: Array  # uint32, row
    platform: Array  # uint8
    turn: Array  # uint8, 0 for the consumer's first order of the week


MOST_ORDERS = 60
"""Orders of one consumer in a week are fewer than this (at the highest rate, 40, cut once in 600 weeks)."""
NEGLIGIBLE = 1e-9
"""Poisson terms below this end the count: the running sum cannot resolve them in single precision."""
TINY = 1e-30
"""Keeps logarithm and quotient defined for a consumer who can reach no platform."""
WORDS_STRIDE = 64
"""Random blocks reserved for one order: platform, pick and two candidates, then one for every four candidates."""
