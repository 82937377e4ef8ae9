"""Types that stand for the many: quadrature nodes of consumers, merchants and workers with their weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.kernels import precise
from sim.parameters import N_INCOME_CLASSES, ConsumerParameters, MerchantParameters, Sector
from sim.populations.consumers import MOST_OFTEN, sensitivity_of_class

Array = np.ndarray

HERMITE = {
    1: ((0.0,), (1.0,)),
    3: ((-1.7320508075688772, 0.0, 1.7320508075688772), (1 / 6, 2 / 3, 1 / 6)),
    5: (
        (-2.8569700138728056, -1.355626179974266, 0.0, 1.355626179974266, 2.8569700138728056),
        (0.011257411327720677, 0.22207592200561257, 8 / 15, 0.22207592200561257, 0.011257411327720677),
    ),
    9: (
        (
            -4.512745863399783,
            -3.20542900285647,
            -2.07684797867783,
            -1.0232556637891326,
            0.0,
            1.0232556637891326,
            2.07684797867783,
            3.20542900285647,
            4.512745863399783,
        ),
        (
            2.2345844007746607e-5,
            2.7891413212317692e-3,
            4.991640676521782e-2,
            0.24409750289493953,
            0.40634920634920635,
            0.24409750289493953,
            4.991640676521782e-2,
            2.7891413212317692e-3,
            2.2345844007746607e-5,
        ),
    ),
}
"""Nodes and weights for expectations over a standard normal (Gauss and Hermite), by their number."""


class Resolution(NamedTuple):
    """How finely populations are divided into types: nodes of each dimension."""

    n_classes: int
    n_rates: int
    n_privacy: int
    n_quality: int
    n_cost: int
    n_workers: int


COARSE = Resolution(n_classes=4, n_rates=3, n_privacy=1, n_quality=3, n_cost=3, n_workers=3)
"""Used by platforms' reasoning, which solves hundreds of markets in a review."""
FINE = Resolution(n_classes=N_INCOME_CLASSES, n_rates=9, n_privacy=3, n_quality=9, n_cost=5, n_workers=5)
"""Used where the model is compared with agents."""


@dataclass(frozen=True)
class ConsumerNodes:
    """Types of consumers, n of them; weights are shares of all occasions to order, so that they add up to 1."""

    income_class: Array
    """int64 (n)."""
    weight: Array
    """float64 (n): share of occasions."""
    people: Array
    """float64 (n): share of consumers."""
    rate: Array
    """float64 (n): occasions a week of one of them."""
    concern: Array
    """float64 (n): disutility of a unit of data."""
    has_app: Array
    """float64 (J, n)."""
    sensitivity: Array
    """float64 (C): marginal utility of money by class."""
    in_class: Array
    """float64 (C, n): 1 where a node belongs to a class."""


@dataclass(frozen=True)
class MerchantNodes:
    """Types of merchants, m of them."""

    tier: Array
    """int64 (m)."""
    is_independent: Array
    """float64 (m)."""
    quality: Array
    unit_cost: Array
    offline_price: Array
    count: Array
    """float64 (m): merchants in business in a zone."""
    size_rank: Array
    """float64 (m): part of merchants who sell less, by an offer's utility at the usual mark-up."""
    quality_rank: Array
    """float64 (m): part of merchants of lower quality."""


@dataclass(frozen=True)
class WorkerNodes:
    """Types of workers: apps and productivity (n), times reservation wage and hours (g)."""

    has_app: Array
    """float64 (J, n): apps."""
    productivity: Array
    """float64 (n)."""
    weight: Array
    """float64 (n): share of workers."""
    reservation: Array
    """float64 (g): median reservation wage, by group and place within it."""
    hours: Array
    """float64 (g): hours of a week that is worked."""
    share: Array
    """float64 (g): share of workers."""


def normal_nodes(n: int) -> tuple[Array, Array]:
    """Nodes and weights of an expectation over a standard normal."""
    nodes, weights = HERMITE[n]
    return np.array(nodes), np.array(weights)


def lognormal_nodes(mean: float, log_sd: float, n: int, shift: float = 0.0) -> tuple[Array, Array]:
    """Values and weights of a lognormal distribution; with `shift` 1 values are weighted by their size."""
    # E[x f(x)] / E[x] of a lognormal is a plain expectation of f where the mean of logs is one variance higher. So
    # consumers are weighted by their occasions, from which orders come, without nodes for those who hardly order.
    if n == 1 or log_sd == 0.0:
        return np.array([mean * float(precise.exp(shift * log_sd * log_sd))]), np.ones(1)
    z, weight = normal_nodes(n)
    return mean * precise.exp(log_sd * (z + shift * log_sd) - 0.5 * log_sd * log_sd), weight


def app_sets(coverage: list[float]) -> tuple[Array, Array]:
    """Every possible set of apps, float64 (J, s), and its share (s); who has none gets the commonest app.

    coverage: share of people who have each app.
    """
    n = len(coverage)
    bits = np.arange(1 << n)
    flags = ((bits[None, :] >> np.arange(n)[:, None]) & 1).astype(np.float64)
    chance = np.array(coverage)[:, None]
    # Apps are independent of each other, as agents' are drawn (`populations.consumers.draw_apps`).
    share = np.prod(np.where(flags > 0.0, chance, 1.0 - chance), axis=0)
    share[1 << int(np.argmax(coverage))] += share[0]
    kept = (share > 0.0) & (bits > 0)
    return flags[:, kept], share[kept]


def consumer_nodes(sector: Sector, fine: Resolution) -> ConsumerNodes:
    """Classes of income x sets of apps x occasion rates x privacy concern."""
    # All combinations, not means of some: choices are not linear in them, and profiles grow with how often one orders.
    parameters: ConsumerParameters = sector.consumers
    by_class = sensitivity_of_class(parameters).astype(np.float64).reshape(fine.n_classes, -1).mean(axis=1)
    apps, app_share = app_sets([p.consumer_reach for p in sector.platforms.values()])
    rate, rate_weight = lognormal_nodes(parameters.occasion_rate, parameters.occasion_log_sd, fine.n_rates, shift=1.0)
    concern, concern_weight = lognormal_nodes(parameters.privacy_concern, parameters.privacy_log_sd, fine.n_privacy)
    shape = (fine.n_classes, len(app_share), len(rate), len(concern))
    c, s, r, p = (axis.ravel() for axis in np.indices(shape))
    weight = app_share[s] * rate_weight[r] * concern_weight[p] / fine.n_classes
    # Weights count occasions: divided by how often one orders they count heads again.
    people = weight * parameters.occasion_rate / np.maximum(rate[r], 1e-12)
    in_class = (np.arange(fine.n_classes)[:, None] == c).astype(np.float64)
    # Cut where agents' are, since profiles grow with it; occasions beyond the cut stay in the weights.
    often = np.minimum(rate, MOST_OFTEN)
    return ConsumerNodes(c, weight, people, often[r], concern[p], apps[:, s], by_class, in_class)


def merchant_nodes(sector: Sector, fine: Resolution) -> MerchantNodes:
    """Tiers x quality x unit cost: nodes of the laws from which `populations.merchants.draw_character` draws."""
    parameters: MerchantParameters = sector.merchants
    tastes, tiers = sector.consumers, list(parameters.tiers.values())
    z, z_weight = normal_nodes(fine.n_quality if parameters.quality_sd > 0.0 else 1)
    cost, cost_weight = lognormal_nodes(1.0, parameters.unit_cost_log_sd, fine.n_cost)
    t, q, c = (axis.ravel() for axis in np.indices((len(tiers), len(z), len(cost))))
    mean_cost = parameters.unit_cost * np.array([tier.cost_ratio for tier in tiers])[t]
    unit_cost = mean_cost * cost[c]
    premium = np.array([tier.quality for tier in tiers])[t]
    # A higher cost is just worth it at mean price sensitivity, as for agents: demand then sorts by income, instead of
    # all incomes preferring the cheapest.
    quality = parameters.quality_sd * z[q] + tastes.price_sensitivity * (unit_cost - mean_cost) + premium
    share = np.array([tier.share for tier in tiers])[t] * z_weight[q] * cost_weight[c]
    utility = quality - tastes.price_sensitivity * (unit_cost + tastes.usual_mark_up)
    return MerchantNodes(
        tier=t,
        is_independent=np.array([float(tier.is_independent) for tier in tiers])[t],
        quality=quality,
        unit_cost=unit_cost,
        offline_price=parameters.offline_price_ratio * (unit_cost + tastes.usual_mark_up),
        count=parameters.n_per_zone * share,
        size_rank=rank(utility, share),
        quality_rank=rank(quality, share),
    )


def rank(values: Array, weight: Array) -> Array:
    """Part of the weight on smaller values, and half of the weight on equal ones."""
    below = (weight * (values[None, :] < values[:, None])).sum(axis=1)
    same = (weight * (values[None, :] == values[:, None])).sum(axis=1)
    return (below + 0.5 * same) / weight.sum()


def worker_nodes(sector: Sector, fine: Resolution) -> WorkerNodes:
    """Sets of apps x productivity; groups x reservation wage."""
    parameters, platforms = sector.workers, list(sector.platforms.values())
    apps, app_share = app_sets([p.worker_reach for p in platforms])
    pace, pace_weight = lognormal_nodes(1.0, parameters.productivity_log_sd, fine.n_workers)
    s, y = (axis.ravel() for axis in np.indices((len(app_share), len(pace))))
    groups = list(parameters.groups.values())
    spread, spread_weight = lognormal_nodes(1.0, parameters.reservation_log_sd, fine.n_workers)
    g, r = (axis.ravel() for axis in np.indices((len(groups), len(spread))))
    median = parameters.usual_earnings * np.array([group.reservation_ratio for group in groups])
    return WorkerNodes(
        has_app=apps[:, s],
        productivity=pace[y],
        weight=app_share[s] * pace_weight[y],
        reservation=median[g] * spread[r],
        hours=np.array([group.hours for group in groups])[g],
        share=np.array([group.share for group in groups])[g] * spread_weight[r],
    )
