"""What shared draws are worth: variance of a policy's effect with unpaired seeds over the same with paired ones."""

from __future__ import annotations

import dataclasses
from typing import Any

from analysis.statistics.effects import paired_effects
from benchmarks.row import Row
from experiments.request import build
from experiments.running import execution

N_REPLICATES = 8
METRICS = ("merchant_profit", "consumer_surplus")


def rows() -> list[Row]:
    """A cap on commissions in a town, half a year after half a year without."""
    import joblib

    capped = build.ask(["population=town", "horizon=one_year", "policy=[commission_cap]"]).scenarios[0]
    seeds = range(1, N_REPLICATES + 1)
    with_cap = [dataclasses.replace(capped, seed=seed) for seed in seeds]
    scenarios = [*(scenario.without_policy() for scenario in with_cap), *with_cap]
    ran: Any = joblib.Parallel(n_jobs=2)(joblib.delayed(execution.run)(s, 1, "compiled") for s in scenarios)
    weekly = [run[0] for run in ran]
    effects = paired_effects(weekly[:N_REPLICATES], weekly[N_REPLICATES:], capped.horizon.policy_week)
    effects = effects.set_index("metric")
    weeks = f"weeks {capped.horizon.policy_week} to {capped.horizon.n_weeks}"
    how = f"commission cap, town, {N_REPLICATES} replicates, {weeks}"
    return [
        Row(
            f"variance of the effect on {metric}, unpaired over paired seeds",
            float(effects.pairing_gain[metric]),
            "times",
            5,
            how=how,
        )
        for metric in METRICS
    ]
