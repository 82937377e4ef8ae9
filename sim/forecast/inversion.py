"""Appeals of platforms from the orders they are seen to have."""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.errors import BrokenMarket
from sim.forecast.market import MeanField, State, Tangent
from sim.forecast.terms import MarketTerms, configured_terms
from sim.kernels import algebra, precise
from sim.parameters import Sector

Array = np.ndarray
ROUNDS, CLOSE_ENOUGH = 60, 1e-9
NEAR, STEP = 0.5, 1e-4
"""Gap in log orders from which Newton's method takes over, and its step of differences in utility."""


def orders_of(sector: Sector, zone_size: float) -> dict[str, float]:
    """Orders a week and zone of every platform in the steady state of the mean-field model."""
    out = MeanField(sector, zone_size).solve(configured_terms(sector))[1]
    return dict(zip(sector.platforms, out.orders[0].tolist(), strict=True))


def with_orders(sector: Sector, zone_size: float, wanted: dict[str, float]) -> Sector:
    """The sector with appeals at which the platforms named have these orders in the steady state.

    A += (1 - sigma) ln(wanted / found), as within a nest (Berry 1994), and close by Newton's method, since everybody
    answers: workers, merchants, habits. Raises `BrokenMarket` if no appeals do it.
    """
    # Calibration moves orders, not appeals: a trial of another parameter then leaves market shares where they are, and
    # the search does not have to find them again.
    names = [name for name in sector.platforms if name in wanted]
    rows = [list(sector.platforms).index(name) for name in names]
    target, nest = precise.log(np.array([wanted[name] for name in names])), 1.0 - sector.consumers.platform_nest
    mean_field, terms = MeanField(sector, zone_size), configured_terms(sector)
    state, out = mean_field.solve(terms)
    tangent, slope, last = mean_field.tangent(terms, state), None, np.inf
    for _ in range(ROUNDS):
        gap = target - precise.log(out.orders[0, rows])
        size = float(np.abs(gap).max())
        if size < CLOSE_ENOUGH:
            appeals = dict(zip(names, mean_field.appeal[rows].tolist(), strict=True))
            platforms = {
                name: dataclasses.replace(p, appeal=appeals.get(name, p.appeal)) for name, p in sector.platforms.items()
            }
            return dataclasses.replace(sector, platforms=platforms)
        # Berry's mapping takes merchants, workers and habits as given: good far away, inexact near the solution. There
        # Newton's method takes over, with one slope until a step no longer halves the gap.
        if size < NEAR and (slope is None or size > NEAR * last):
            slope = _slope(mean_field, terms, state, tangent, rows)
        step = nest * gap if slope is None or size >= NEAR else algebra.solve(slope, gap[:, None])[:, 0]
        mean_field.appeal[rows] += np.minimum(np.maximum(step, -1.0), 1.0)
        (state, out), last = mean_field.solve(terms, state, tangent), size
    raise BrokenMarket(f"no appeals give these orders: {wanted} a week and zone")


def _slope(mean_field: MeanField, terms: MarketTerms, state: State, tangent: Tangent, rows: list[int]) -> Array:
    """Slope d ln orders / d appeal, (n, n), between steady states."""
    # One-sided: steady states are solved to 1e-12, so that the error is the step's own, 1e-4. It costs rounds and no
    # accuracy, since the gap in orders decides when to stop.
    here, columns = precise.log(mean_field.solve(terms, state, tangent)[1].orders[0, rows]), []
    for row in rows:
        mean_field.appeal[row] += STEP
        columns.append((precise.log(mean_field.solve(terms, state, tangent)[1].orders[0, rows]) - here) / STEP)
        mean_field.appeal[row] -= STEP
    return np.stack(columns, axis=1)
