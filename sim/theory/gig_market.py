"""Drivers who come and go as they like, at a fare that somebody else sets."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim import formulas
from sim.kernels import precise
from sim.parameters import Param, parameters
from sim.randomness import draws
from sim.randomness.streams import Stream

Array = np.ndarray
RARE = 0.02
"""Part of drivers who are on the road in a usual week: rare, so that hours follow pay with the elasticity given."""


@parameters
class GigMarket:
    """Hours S ~ e^es, trips D ~ p^-ed, earnings an hour e = p D / S, towards which drivers' expectations move.

    A driver works in a week when the earnings expected exceed this week's reservation wage, the laboratory's own
    formula for workers: P(work) = e^eta / (e^eta + R^eta), whose elasticity is eta (1 - P). ln expected moves by phi of
    its distance to ln earned. At once dln e / dln p = 1 - ed; in the end (1 - ed) / (1 + es); half of the way is behind
    after ln 2 / -ln(1 - phi (1 + es)) weeks (derived in docs/theory.md; Hall, Horton & Knoepfle 2023 for the fact).
    """

    n_drivers: Annotated[int, Param("drivers", "drivers", 1_000, 5_000_000)]
    demand_elasticity: Annotated[float, Param("ed of trips to the fare", "elasticity", 0.0, 2.0)]
    supply_elasticity: Annotated[float, Param("es of hours to earnings", "elasticity", 0.1, 20.0)]
    learning: Annotated[float, Param("phi, weight of last week in what is expected", "share a week", 0.01, 1.0)]
    rise: Annotated[float, Param("rise of the fare", "share", -0.5, 2.0)]
    weeks_before: Annotated[int, Param("weeks at the old fare", "weeks", 1, 1000)] = 20
    weeks_after: Annotated[int, Param("weeks at the new fare", "weeks", 10, 1000)] = 80

    def conflicts(self) -> list[str]:
        """Drivers must not learn so fast that they overshoot."""
        if self.learning * (1.0 + self.supply_elasticity) < 1.0:
            return []
        return ["phi (1 + es) is not below 1: drivers overshoot from week to week"]


class Weeks(NamedTuple):
    """A market's weeks (T), in units of a usual week's."""

    earnings: Array
    hours: Array
    trips: Array
    utilisation: Array


def drive(market: GigMarket, seed: int, *, is_raised: bool) -> Weeks:
    """Week by week; the same drivers have the same draws at either fare."""
    identity = np.arange(market.n_drivers)
    eta = market.supply_elasticity / (1.0 - RARE)
    reservation = np.full(market.n_drivers, precise.power((1.0 - RARE) / RARE, 1.0 / eta), np.float32)
    usual = RARE * market.n_drivers
    expected, weeks = 1.0, []
    for week in range(1, market.weeks_before + market.weeks_after + 1):
        fare = 1.0 + market.rise * (is_raised and week > market.weeks_before)
        u = draws.uniform(seed, Stream.WORKING_WEEK, week, identity)
        hours = float((formulas.reservation_this_week(reservation, u, eta) < expected).sum()) / usual
        trips = float(precise.power(fare, -market.demand_elasticity))
        earned = fare * trips / hours
        weeks.append((earned, hours, trips, trips / hours))
        expected *= float(precise.power(earned / expected, market.learning))
    return Weeks(*np.array(weeks).T)
