"""Do the kernel and the Mesa objects follow the same rules? Their weeks are compared as two samples.

Consumers and tables being given, a consumer's occasions are Poisson and each leads to an order independently: objects
draw occasions, the kernel orders alone. So the orders in any cell (platform and class, platform and merchant) are
independent Poisson numbers, and for two samples of equally many weeks (a - b)^2 / (a + b) is chi-square with one degree
of freedom for each cell.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmarks.mesa_objects import Consumer, ObjectMarket
from benchmarks.workload import Array, Workload
from sim.kernels.engine import Engine
from sim.kernels.layout import MOST_ORDERS

SMALLEST_P = 1e-4
"""Probability of a difference as large as seen, below which rules are called different."""
LARGEST_GAP = 1e-4
"""Largest difference in a consumer's log-sum: single against double precision."""
FULL_CELL = 20
"""Cells with fewer orders in both samples together are put together."""


class Outcomes(NamedTuple):
    """What some weeks brought: counts of orders, prices paid, log-sums."""

    by_number: Array  # int64, consumer-weeks with 1, 2, 3 ... orders
    by_class: Array  # int64 (J, C)
    by_merchant: Array  # int64 (J, R)
    paid: Array  # currency, one an order
    log_sum: Array  # (N) of the last week in which it was worked out, else not a number


class Verdict(NamedTuple):
    """Probability of each difference under the same rules, and the largest gap between log-sums."""

    p: dict[str, float]
    gap: float

    @property
    def is_same(self) -> bool:
        return min(self.p.values()) >= SMALLEST_P and self.gap <= LARGEST_GAP


def kernel_weeks(workload: Workload, engine: Engine, n_weeks: int) -> Outcomes:
    n_platforms, n_classes = len(workload.tables.perceived_data), len(workload.tables.sensitivity)
    by_class = np.zeros((n_platforms, n_classes), np.int64)
    by_merchant, by_number = np.zeros(workload.tables.ranking.shape, np.int64), np.zeros(MOST_ORDERS, np.int64)
    paid, log_sum = [], np.empty(0)
    for week in range(workload.week, workload.week + n_weeks):
        log_sum, orders = workload.step(engine, week)
        by_number += numbers_of_orders(orders.consumer)
        np.add.at(by_class, (orders.platform, workload.columns.income_class[orders.consumer]), 1)
        np.add.at(by_merchant, (orders.platform, orders.merchant), 1)
        paid.append(workload.tables.price[orders.platform, orders.merchant])
    return Outcomes(by_number, by_class, by_merchant, np.concatenate(paid), log_sum)


def object_weeks(workload: Workload, market: ObjectMarket, n_weeks: int) -> Outcomes:
    by_class = np.zeros((market.n_platforms, len(market.sensitivity)), np.int64)
    by_merchant, by_number = np.zeros(workload.tables.ranking.shape, np.int64), np.zeros(MOST_ORDERS, np.int64)
    paid, log_sum = [], np.full(workload.n_consumers, np.nan)
    for _ in range(n_weeks):
        market.step()
        for consumer in market.agents_by_type[Consumer]:
            if consumer.occasions:
                log_sum[consumer.row] = consumer.log_sum
        by_number += numbers_of_orders(np.array([consumer.row for consumer, _, _ in market.orders]))
        for consumer, merchant, j in market.orders:
            by_class[j, consumer.income_class] += 1
            by_merchant[j, merchant.row] += 1
            paid.append(merchant.price[j])
    return Outcomes(by_number, by_class, by_merchant, np.array(paid), log_sum)


def compare(a: Outcomes, b: Outcomes) -> Verdict:
    """Two samples of equally many weeks of the same consumers."""
    known = ~np.isnan(a.log_sum + b.log_sum)
    p = {
        "orders": same_poisson(np.array([len(a.paid)]), np.array([len(b.paid)])),
        "consumers by number of orders": same_poisson(a.by_number, b.by_number),
        "orders by platform": same_poisson(a.by_class.sum(axis=1), b.by_class.sum(axis=1)),
        "orders by platform and income class": same_poisson(a.by_class, b.by_class),
        "orders by platform and merchant": same_poisson(a.by_merchant, b.by_merchant),
        "share of the top tenth of merchants": same_top(a, b),
        "mean price paid": same_mean(a.paid, b.paid),
    }
    return Verdict(p, float(np.abs(a.log_sum - b.log_sum)[known].max()))


def same_poisson(a: Array, b: Array) -> float:
    """Chi-square of (a - b)^2 / (a + b) over cells; sparse cells count as one."""
    from scipy.stats import chi2

    a, b = a.ravel().astype(np.float64), b.ravel().astype(np.float64)
    full = a + b >= FULL_CELL
    a, b = (np.append(x[full], x[~full].sum()) for x in (a, b))
    a, b = a[a + b > 0], b[a + b > 0]
    return float(chi2.sf(((a - b) ** 2 / (a + b)).sum(), len(a)))


def numbers_of_orders(consumer: Array) -> Array:
    """Consumers with 1, 2, 3 ... orders, from the consumers of a week's orders."""
    return np.bincount(np.bincount(consumer), minlength=MOST_ORDERS + 1)[1 : MOST_ORDERS + 1]


def same_top(a: Outcomes, b: Outcomes) -> float:
    """Orders that go to the tenth of merchants (by platform) who sell most in both samples together."""
    both = (a.by_merchant + b.by_merchant).ravel()
    top = np.argsort(both, kind="stable")[-max(1, np.count_nonzero(both) // 10) :]
    sold = [int(x.by_merchant.ravel()[top].sum()) for x in (a, b)]
    return same_binomial(sold[0], len(a.paid), sold[1], len(b.paid))


def same_binomial(hits_a: int, n_a: int, hits_b: int, n_b: int) -> float:
    """Two shares, normal approximation."""
    share = (hits_a + hits_b) / (n_a + n_b)
    return two_sided((hits_a / n_a - hits_b / n_b) / np.sqrt(share * (1 - share) * (1 / n_a + 1 / n_b)))


def same_mean(a: Array, b: Array) -> float:
    return two_sided((a.mean() - b.mean()) / np.sqrt(a.var() / len(a) + b.var() / len(b)))


def two_sided(z: float) -> float:
    from scipy.stats import norm

    return float(2 * norm.sf(abs(z)))
