"""Do the kernel and the Mesa objects follow the same rules? Their weeks are compared as two samples.

Consumers and tables being given, a consumer's occasions are Poisson and each leads to an order independently. So the
orders in any cell (platform and class, platform and merchant) are independent Poisson numbers, and for two samples of
equally many weeks (a - b)^2 / (a + b) is chi-square with one degree of freedom for each cell.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmarks.mesa_objects import Consumer, ObjectMarket
from benchmarks.workload import Array, Workload
from sim.kernels.engine import Engine

SMALLEST_P = 1e-4
"""Probability of a difference as large as seen, below which rules are called different."""
LARGEST_GAP = 1e-4
"""Largest difference in a consumer's log-sum: single against double precision."""
FULL_CELL = 20
"""Cells with fewer orders in both samples together are put together."""


class Outcomes(NamedTuple):
    """What some weeks brought: counts of orders, prices paid, log-sums."""

    n_occasions: int
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
    by_merchant = np.zeros(workload.ranking.shape, np.int64)
    n_occasions, paid, log_sum = 0, [], np.empty(0)
    for week in range(workload.week, workload.week + n_weeks):
        occasions, log_sum, orders = workload.step(engine, week)
        n_occasions += int(occasions.sum())
        np.add.at(by_class, (orders.platform, workload.columns.income_class[orders.consumer]), 1)
        np.add.at(by_merchant, (orders.platform, orders.merchant), 1)
        paid.append(workload.tables.price[orders.platform, orders.merchant])
    return Outcomes(n_occasions, by_class, by_merchant, np.concatenate(paid), log_sum)


def object_weeks(workload: Workload, market: ObjectMarket, n_weeks: int) -> Outcomes:
    by_class = np.zeros((market.n_platforms, len(market.sensitivity)), np.int64)
    by_merchant = np.zeros(workload.ranking.shape, np.int64)
    n_occasions, paid, log_sum = 0, [], np.full(workload.n_consumers, np.nan)
    for _ in range(n_weeks):
        market.step()
        for consumer in market.agents_by_type[Consumer]:
            n_occasions += consumer.occasions
            if consumer.occasions:
                log_sum[consumer.row] = consumer.log_sum
        for consumer, merchant, j in market.orders:
            by_class[j, consumer.income_class] += 1
            by_merchant[j, merchant.row] += 1
            paid.append(merchant.price[j])
    return Outcomes(n_occasions, by_class, by_merchant, np.array(paid), log_sum)


def compare(a: Outcomes, b: Outcomes) -> Verdict:
    """Two samples of equally many weeks of the same consumers."""
    known = ~np.isnan(a.log_sum + b.log_sum)
    p = {
        "occasions": same_poisson(np.array([a.n_occasions]), np.array([b.n_occasions])),
        "share of occasions that become orders": same_share(a, b),
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


def same_share(a: Outcomes, b: Outcomes) -> float:
    return same_binomial(len(a.paid), a.n_occasions, len(b.paid), b.n_occasions)


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
