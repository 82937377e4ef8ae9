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
    party: Literal["consumers", "merchants", "workers", "platforms", "state", "market", "welfare"]
    better: Literal["higher", "lower", "neutral"]
    meaning: str


def per_thousand(world: World, cents: int | Array) -> float:
    """Cents of a week in currency per 1,000 consumers."""
    return float(np.sum(cents)) / CENTS * 1000.0 / len(world.consumers)


def ratio(part: Number, whole: Number) -> float:
    """Part / whole, and NaN where there is no whole."""
    return float(part) / float(whole) if whole else float("nan")


def herfindahl(shares: Array) -> float:
    """Sum of squared percentage shares, 0 to 10,000."""
    total = shares.sum()
    return float(((100.0 * shares / total) * (100.0 * shares / total)).sum()) if total > 0 else float("nan")


def gini(values: Array) -> float:
    """Gini coefficient of non-negative numbers: 2 sum(i x_i) / (n sum x) - (n + 1) / n, x ascending."""
    x = np.sort(values.astype(np.float64))
    n, total = len(x), x.sum()
    return float(2.0 * (np.arange(1, n + 1) * x).sum() / (n * total) - (n + 1) / n) if total > 0 else float("nan")


def top_share(values: Array, share: float) -> float:
    """Part of the total held by the largest `share` of holders (rounded up to one holder)."""
    x = np.sort(values.astype(np.float64))[::-1]
    n = max(1, round(share * len(x)))
    return ratio(x[:n].sum(), x.sum())
