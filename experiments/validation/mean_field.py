"""The suite `mean_field`: agents against the mean-field model, the same equations in expectation."""

from __future__ import annotations

from experiments.validation.case import Case, Target

FROZEN = [
    "sector=food_delivery",
    "platforms=fixed",
    "horizon.n_weeks=260",
    "horizon.policy_week=260",
    "sector.merchants.entrant_rate=0.0",
    "sector.merchants.exit_debt=1e7",
    "sector.workers.leaving_rate=0.0",
]
"""Nobody enters or leaves, and platforms keep their decision variables."""
LARGE_NUMBERS = "law of large numbers: spread over seeds falls with the root of the number of people"
SAME_EQUATIONS = "docs/model.md: agents and the mean-field model share every formula"

GROWING_ZONE = Case(
    name="growing_zone",
    question="As one zone grows, do agents approach the mean-field model as closely as chance allows?",
    how="growing_zone",
    setting={"overrides": FROZEN, "sizes": [10_000, 30_000, 100_000, 1_000_000], "seeds": 32, "last_weeks": 52},
    quick={"sizes": [10_000, 30_000, 100_000], "seeds": 8},
    targets=(
        Target("slope of spread, all quantities", -0.6, -0.4, LARGE_NUMBERS, -0.5),
        Target("slope, *", -0.6, -0.4, LARGE_NUMBERS, -0.5, "overlap"),
        Target("gap, *", -2.0, 2.0, SAME_EQUATIONS, 0.0, note="1 in 20 is beyond 2 by chance"),
    ),
)

DEFAULT_ZONE = Case(
    name="default_zone",
    question="How far are zones of the usual size from the mean-field model?",
    how="default_zone",
    setting={"overrides": [*FROZEN, "population=city"], "seeds": 32, "last_weeks": 52},
    quick={"seeds": 8},
)

CASES = (GROWING_ZONE, DEFAULT_ZONE)
