"""The economy's equations as functions of arrays: one definition each, whoever uses it."""

from __future__ import annotations

import numpy as np

from sim.kernels.elementary import exp, log, power

Array = np.ndarray
F32 = np.float32
FULLEST = 0.98
"""Utilisation at which delay and earnings are read when there is less capacity than demand."""


def ranking_weight(
    quality: Array, usual_orders: Array, relative_price: Array, relevance: float, sales: float, price: float
) -> Array:
    """Weight with which a merchant is shown: exp(relevance q + sales ln(1 + orders) - price relative price)."""
    return exp(F32(relevance) * quality + F32(sales) * log(F32(1) + usual_orders) - F32(price) * relative_price)


def attraction(quality: Array, price: Array, sensitivity: Array | float, scale: float) -> Array:
    """exp(v / scale) of a merchant with v = quality - sensitivity x price."""
    return exp((quality - sensitivity * price) / F32(scale))


def wanted_price(unit_cost: Array, commission: Array, sensitivity: Array, own_share: Array, scale: float) -> Array:
    """Price that maximises profit under logit demand: c / (1 - t) + scale / (a (1 - own share)), currency."""
    return unit_cost / (F32(1) - commission) + F32(scale) / (sensitivity * (F32(1) - own_share))


def delay(utilisation: Array, base: float, congestion: float) -> Array:
    """Minutes from order to door: base + congestion u^4 / (1 - u), u cut at 0.98."""
    u = np.minimum(utilisation, F32(FULLEST))
    return F32(base) + F32(congestion) * (u * u * u * u) / (F32(1) - u)


def app_shares(earnings: Array, appeal: Array, has_app: Array, elasticity: float) -> tuple[Array, Array]:
    """Split of hours over apps and the hourly earnings of that mix (CES).

    earnings and has_app (J, n), appeal (J): share_j = k_j e_j^s / sum, mix = (sum k_j e_j^s / sum k_j)^(1/s), computed
    relative to the best app, so that no power overflows.
    """
    earnings = np.maximum(earnings, F32(1e-3))
    weight = appeal[:, None].astype(F32) * has_app
    best = (earnings * has_app).max(axis=0)
    strength = weight * power(earnings / best, elasticity)
    total = strength.sum(axis=0)
    return strength / total, best * power(total / weight.sum(axis=0), 1.0 / elasticity)


def reservation_this_week(median: Array, u: Array, elasticity: float) -> Array:
    """Reservation wage of the week: log-logistic around its median, so that P(work) = e^eta / (e^eta + R^eta)."""
    odds = (u / (1.0 - u)).astype(F32)
    return median * power(odds, 1.0 / elasticity)
