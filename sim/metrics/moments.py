"""The market's moments: what the economy looks like in the year before any rule, as a statistician would see it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.kernels.elementary import log
from sim.metrics.metric import gini, ratio, top_share
from sim.parameters import CENTS
from sim.world import Array, World

YEAR, MONTH = 52, 4
WEEKS_A_MONTH = 365.25 / 12.0 / 7.0
WEEKS_A_YEAR = 365.25 / 7.0
MINUTES_A_DAY = 24.0 * 60.0
RECORD = ("weeks", "days", "month_deliveries", "month_pay", "month_hours")
"""What is recorded of a worker: weeks and days worked in the year, and deliveries, pay and hours of the last month."""
KEPT = ("has_ordered", "identity", "workforce", "gone")
"""Arrays of the Observatory that a snapshot holds."""


class Observatory:
    """Watches the last year and the last four weeks before the horizon's policy week.

    Means of weekly metrics are taken over the same year. Without four weeks before the policy there are no moments.
    """

    # Counted as statistics count: users and workers of a year are people seen at least once in it, not those present at
    # a time, so that turnover and rare use are in them.

    def __init__(self, world: World, policy_week: int) -> None:
        self.last = policy_week - 1
        self.first = max(1, policy_week - YEAR)
        self.first_of_month = policy_week - MONTH
        self.is_possible = self.first_of_month >= 1
        self.has_merchants = world.has_merchants
        self.has_ordered = np.zeros(len(world.consumers), bool)
        self.identity = world.workers.identity.copy()
        self.workforce = np.zeros((len(RECORD), len(world.workers)))
        self.gone = np.zeros((len(RECORD), 0))
        self.month_visits: list[Array] = []
        self.weekly: dict[str, list[float]] = {}
        self.n_weeks = 0
        self.moments: dict[str, float] = {}

    def watch(self, world: World, measured: dict[str, float]) -> None:
        """Record this week if it lies in the window; compute the moments in its last week."""
        if not self.is_possible or not self.first <= world.week <= self.last:
            return
        kept = np.flatnonzero(~world.orders.is_cancelled)
        consumer = world.orders.placed.consumer[kept]
        self.n_weeks += 1
        for name, value in measured.items():
            self.weekly.setdefault(name, []).append(value)
        self.has_ordered[consumer] = True
        self._watch_workers(world)
        if world.week >= self.first_of_month:
            merchant = world.merchants.identity[world.orders.placed.merchant[kept]]
            self.month_visits.append(consumer.astype(np.uint64) << np.uint64(32) | merchant)
        if world.week == self.last:
            self.moments = {name: measure(self, world) for name, measure in MOMENTS.items()}

    def _watch_workers(self, world: World) -> None:
        """Add up the workers' week; the record of a worker whose slot has a new one is put aside first."""
        workers = world.workers
        replaced = np.flatnonzero(workers.identity != self.identity)
        if len(replaced):
            self.gone = np.concatenate([self.gone, self.workforce[:, replaced]], axis=1)
            self.workforce[:, replaced], self.identity[replaced] = 0.0, workers.identity[replaced]
        hours = workers.minutes.sum(axis=0) / 60.0
        self.workforce[0] += hours > 0.0
        self.workforce[1] += np.minimum(7.0, np.ceil(hours / world.sector.workers.day_hours))
        if world.week >= self.first_of_month:
            self.workforce[2:] += np.stack([workers.deliveries.sum(axis=0), workers.pay_cents, hours])

    def of_workers(self, what: str) -> Array:
        """One line of RECORD for everybody who worked in the window, present or gone."""
        everybody = np.concatenate([self.workforce, self.gone], axis=1)
        return everybody[RECORD.index(what), everybody[0] > 0.0]

    def mean(self, metric: str) -> float:
        """Mean of a weekly metric over the weeks of the window in which it is defined."""
        values = [value for value in self.weekly[metric] if value == value]
        return ratio(sum(values), len(values))

    def arrays(self) -> dict[str, Array]:
        """All that was recorded so far, for a snapshot."""
        visits = np.concatenate(self.month_visits) if self.month_visits else np.zeros(0, np.uint64)
        return {
            **{name: getattr(self, name) for name in KEPT},
            "n_weeks": np.array(self.n_weeks),
            "month_visits": visits,
            "month_weeks": np.array([len(week) for week in self.month_visits], np.int64),
            **{f"weekly.{name}": np.array(values, np.float64) for name, values in self.weekly.items()},
            **{f"moments.{name}": np.array(value, np.float64) for name, value in self.moments.items()},
        }

    def load(self, arrays: dict[str, Array]) -> None:
        """Go on from a state that `arrays` gave."""
        for name in KEPT:
            setattr(self, name, arrays[name])
        self.n_weeks = int(arrays["n_weeks"])
        weeks = arrays["month_weeks"]
        self.month_visits = np.split(arrays["month_visits"], np.cumsum(weeks)[:-1]) if len(weeks) else []
        self.weekly = {n.removeprefix("weekly."): v.tolist() for n, v in arrays.items() if n.startswith("weekly.")}
        self.moments = {n.removeprefix("moments."): float(v) for n, v in arrays.items() if n.startswith("moments.")}

    def orders_of_consumers(self) -> Array:
        """Orders in the month of every consumer with at least one."""
        _, orders = np.unique(np.concatenate(self.month_visits) >> np.uint64(32), return_counts=True)
        return orders

    def orders_of_merchants(self) -> Array:
        """Orders in the month of every merchant with at least one."""
        if not self.has_merchants:
            return np.zeros(0, np.int64)
        _, orders = np.unique(np.concatenate(self.month_visits) & np.uint64(0xFFFFFFFF), return_counts=True)
        return orders


def _variety(seen: Observatory, world: World) -> float:
    """Distinct merchants over orders, for consumers with three orders or more in the month."""
    if not world.has_merchants:
        return float("nan")
    visits = np.concatenate(seen.month_visits)
    _, orders = np.unique(visits >> np.uint64(32), return_counts=True)
    _, shops = np.unique(np.unique(visits) >> np.uint64(32), return_counts=True)
    return ratio(shops[orders >= 3].sum(), orders[orders >= 3].sum())


def _hill(values: Array) -> float:
    """Hill's tail exponent of the largest tenth: inverse mean log excess over the threshold."""
    x = np.sort(values.astype(np.float64))[::-1]
    n = max(2, len(x) // 10)
    if len(x) <= n:
        return float("nan")
    excess = log(x[:n]).astype(np.float64).sum() / n - float(log(x[n]))
    return ratio(1.0, excess)


def _workers(low: float, high: float) -> Callable[[Observatory, World], float]:
    def share(seen: Observatory, world: World) -> float:
        days = seen.of_workers("days")
        return float("nan") if seen.n_weeks < YEAR else ratio(((days > low) & (days <= high)).sum(), len(days))

    return share


def _weekly(metric: str) -> Callable[[Observatory, World], float]:
    return lambda seen, world: seen.mean(metric)


def _orders_of_year(seen: Observatory, world: World) -> float:
    """Orders of the year; NaN where less than a year was observed, since users and workers are counted by year."""
    if seen.n_weeks < YEAR:
        return float("nan")
    return seen.mean("consumer_orders") * len(world.consumers) * WEEKS_A_YEAR


def _order_value(seen: Observatory) -> float:
    """Goods and net fee of an order, without the tip."""
    return seen.mean("consumer_price") - seen.mean("consumer_tip")


def _users(seen: Observatory, world: World) -> float:
    return float(seen.has_ordered.sum()) if seen.n_weeks >= YEAR else float("nan")


def _regular_income(seen: Observatory, world: World) -> float:
    """Mean monthly income of workers of the busiest tenth by hours in the month."""
    hours, pay = seen.of_workers("month_hours"), seen.of_workers("month_pay")
    busiest = np.argsort(-hours, kind="stable")[: max(1, len(hours) // 10)]
    return ratio(pay[busiest].sum() / CENTS * WEEKS_A_MONTH / MONTH, len(busiest))


MOMENTS: dict[str, Callable[[Observatory, World], float]] = {
    "leader_order_share": _weekly("platform_leader_order_share"),
    "leader_revenue_share": _weekly("platform_leader_revenue_share"),
    "second_revenue_share": _weekly("platform_second_revenue_share"),
    "revenue_hhi": _weekly("platform_hhi_revenue"),
    "orders_hhi": _weekly("platform_hhi_orders"),
    "total_take": _weekly("platform_take_rate"),
    "rider_cost_to_commission": lambda seen, world: ratio(
        seen.mean("platform_rider_cost_share"), seen.mean("platform_commission_share")
    ),
    "order_value": lambda seen, world: _order_value(seen),
    "tip_share": lambda seen, world: ratio(seen.mean("consumer_tip"), _order_value(seen)),
    "commission_share": _weekly("platform_commission_share"),
    "rider_cost_share": _weekly("platform_rider_cost_share"),
    "kept_share": lambda seen, world: seen.mean("platform_take_rate") - seen.mean("platform_rider_cost_share"),
    "operating_margin": _weekly("platform_margin"),
    "profit_per_order": _weekly("platform_profit_per_order"),
    "delivery_minutes": _weekly("consumer_delay"),
    "delivery_days": lambda seen, world: seen.mean("consumer_delay") / MINUTES_A_DAY,
    "orders_per_user_year": lambda seen, world: ratio(_orders_of_year(seen, world), _users(seen, world)),
    "consumer_top_tenth": lambda seen, world: top_share(seen.orders_of_consumers(), 0.1),
    "consumer_gini": lambda seen, world: gini(seen.orders_of_consumers()),
    "consumer_single_share": lambda seen, world: ratio(
        (seen.orders_of_consumers() == 1).sum(), len(seen.orders_of_consumers())
    ),
    "consumer_month_orders": lambda seen, world: ratio(
        seen.orders_of_consumers().sum(), len(seen.orders_of_consumers())
    ),
    "consumer_value": lambda seen, world: ratio(
        seen.mean("consumer_surplus") / 1000.0, seen.mean("consumer_orders") * seen.mean("consumer_price")
    ),
    "active_month_share": lambda seen, world: ratio(len(seen.orders_of_consumers()), _users(seen, world)),
    "consumer_variety": _variety,
    "merchant_gini": lambda seen, world: gini(seen.orders_of_merchants()),
    "merchant_top_tenth": lambda seen, world: top_share(seen.orders_of_merchants(), 0.1),
    "merchant_top_hundredth": lambda seen, world: top_share(seen.orders_of_merchants(), 0.01),
    "merchant_hill": lambda seen, world: _hill(seen.orders_of_merchants()),
    "active_merchants": lambda seen, world: (
        seen.mean("merchant_listed") * ratio(len(world.consumers), _users(seen, world))
    ),
    "riders_regular": _workers(260.0, 1e9),
    "riders_occasional": _workers(30.0, 260.0),
    "riders_rare": _workers(-1.0, 30.0),
    "orders_per_rider_year": lambda seen, world: ratio(_orders_of_year(seen, world), len(seen.of_workers("days"))),
    "orders_per_hour": lambda seen, world: seen.mean("worker_utilisation") * world.sector.carriage.deliveries_per_hour,
    "hourly_earnings": _weekly("worker_hourly_earnings"),
    "app_pay_per_hour": lambda seen, world: (
        seen.mean("worker_hourly_earnings") * (1.0 - ratio(seen.mean("worker_tips"), seen.mean("worker_pay")))
    ),
    "utilisation": _weekly("worker_utilisation"),
    "weekly_hours": _weekly("worker_hours"),
    "rider_month_orders": lambda seen, world: ratio(
        seen.of_workers("month_deliveries").sum(), (seen.of_workers("month_deliveries") > 0).sum()
    ),
    "rider_month_gini": lambda seen, world: gini(
        seen.of_workers("month_deliveries")[seen.of_workers("month_deliveries") > 0]
    ),
    "rider_regular_income": _regular_income,
}
