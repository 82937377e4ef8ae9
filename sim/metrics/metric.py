"""What a metric is, and the week's arithmetic that several of them share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.parameters import CENTS
from sim.world import World

Array = np.ndarray
Number = float | np.number
PER_THOUSAND = "{currency} per 1,000 consumers a week"


@dataclass(frozen=True)
class Metric:
    """One weekly number: name, title, unit, whose it is, which way is better for them, and what it means."""

    name: str
    title: str
    unit: str
    party: Literal["consumers", "merchants", "workers", "platforms", "state", "market", "owners", "welfare", "flows"]
    better: Literal["higher", "lower", "neutral"]
    meaning: str


def per_thousand(world: World, cents: int | np.integer) -> float:
    """Cents of a week in currency per 1,000 consumers."""
    return float(cents) / CENTS * 1000.0 / len(world.consumers)


def fees_paid(world: World) -> Array:
    """Net fees of orders carried this week by platform (J), less personal surcharges given up, cents."""
    platforms = world.platforms
    return world.zones.carried.sum(axis=1) * platforms.net_fee_cents - platforms.surcharge_cents


def ratio(part: Number, whole: Number) -> float:
    """Part / whole, and NaN where there is no whole."""
    return float(part) / float(whole) if whole else float("nan")


def herfindahl(shares: Array) -> float:
    """Sum of squared percentage shares, 0 to 10,000."""
    total = shares.sum()
    return float(((100.0 * shares / total) * (100.0 * shares / total)).sum()) if total > 0 else float("nan")


def gini(values: Array) -> float:
    """Gini coefficient of non-negative numbers: 2 sum(i x_i) / (n sum x) - (n + 1) / n, x ascending."""
    x = np.sort(values)
    n, total = len(x), float(x.sum())
    return 2.0 * float((np.arange(1, n + 1) * x).sum()) / (n * total) - (n + 1) / n if total > 0.0 else float("nan")


def gini_of_counts(counts: Array) -> float:
    """Gini coefficient of the counts (whole numbers) that are not zero, from how often each occurs: no sorting."""
    n_of = np.bincount(counts)
    n_of[:1] = 0
    up_to, value = np.cumsum(n_of), np.arange(len(n_of))
    n, total = float(n_of.sum()), float((value * n_of).sum())
    twice_ranks = n_of * (2 * up_to - n_of + 1)
    return float((value * twice_ranks).sum()) / (n * total) - (n + 1.0) / n if total > 0.0 else float("nan")


def top_share(values: Array, share: float) -> float:
    """Part of the total held by the largest `share` of holders (rounded up to one holder)."""
    x = np.sort(values.astype(np.float64))[::-1]
    n = max(1, round(share * len(x)))
    return ratio(x[:n].sum(), x.sum())
