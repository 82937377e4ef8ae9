"""What platforms' decisions cost against the year in which they are taken."""

from __future__ import annotations

import statistics
import time

from benchmarks.row import Row
from experiments.request import build
from sim.forecast.equilibrium import equilibrium_of
from sim.model import PlatformEconomy

N_REPLICATES = 8
RULE = ["population=city", "policy=commission_cap", "policy.commission_cap.ceiling=0.10", "platforms=gradient"]
TIMES = ["horizon.n_weeks=78", "horizon.policy_week=27"]
DECIDE = "let_platforms_decide"


def year_under_a_cap() -> tuple[float, float, list[float]]:
    """Seconds of the year's decisions and of everything else, and of every week of decisions in which levers moved."""
    scenario = build.ask([*RULE, *TIMES]).scenarios[0]
    model, reviews = PlatformEconomy(scenario), []
    while model.world.week < 26:
        model.step()
    decided, started = model.seconds[DECIDE], time.perf_counter()
    while not model.is_over:
        before, fees = model.seconds[DECIDE], model.world.platforms.net_fee_chosen.copy()
        model.step()
        if (model.world.platforms.net_fee_chosen != fees).any():
            reviews.append(model.seconds[DECIDE] - before)
    spent = model.seconds[DECIDE] - decided
    return spent, time.perf_counter() - started - spent, reviews


def rows() -> list[Row]:
    """The first year of a cap, when levers move; later reviews cost nothing, nor do any without a rule."""
    conduct = build.ask(RULE).scenarios[0]
    started = time.perf_counter()
    equilibrium = equilibrium_of(
        conduct.sector, 10_000.0, conduct.platforms.adjustment_cost, conduct.platforms.value_curvature
    )
    inverted = time.perf_counter() - started
    year_under_a_cap()  # compiled code and caches of the disk
    equilibrium.known.clear()
    decided, rest_of_year, reviews = year_under_a_cap()
    again, _, _ = year_under_a_cap()
    shared = (decided + (N_REPLICATES - 1) * again) / (N_REPLICATES * rest_of_year)
    how = "city, one thread, first year of a cap of 10%"
    return [
        Row("conduct: inverting a sector's levers", 1e3 * inverted, "ms", how="once a process"),
        Row("conduct: a review, nothing known before", 1e3 * statistics.median(reviews), "ms", how=how),
        Row(
            "conduct: decisions over the rest of the year, one run",
            decided / rest_of_year,
            "share",
            0.10,
            "at most",
            how,
        ),
        Row(f"conduct: the same over {N_REPLICATES} replicates", shared, "share", 0.10, "at most", how),
    ]
