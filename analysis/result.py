"""Read a result folder: the record of what was run, and the tables that came out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A pandas.DataFrame. By pandas' annotations every selection of rows might be a Series as well, which would have
# to be denied line by line.
type Frame = Any

EFFECT_COLUMNS = (
    *("scenario", "label", "metric", "title", "party", "unit", "better", "n_replicates"),
    *("baseline", "policy", "effect", "low", "high", "paired_sd", "unpaired_sd"),
)
TRAJECTORY_COLUMNS = ("scenario", "label", "metric", "week", "baseline", "policy", "effect", "low", "high")
MOMENT_COLUMNS = (
    *("moment", "title", "target", "simulated", "low", "high", "unit", "role"),
    *("error", "error_kind", "tolerance", "verdict", "year", "source", "note"),
)
DISTRIBUTION_COLUMNS = (
    *("scenario", "label", "party", "grouping", "group", "n_replicates", "n_agents"),
    *("baseline", "effect", "low", "high", "total_effect", "threshold"),
    *("p5", "p10", "p25", "p50", "p50_low", "p50_high", "p75", "p90", "p95"),
    *("share_gain", "share_gain_low", "share_gain_high", "share_lose", "share_lose_low", "share_lose_high"),
)
DRAW_COLUMNS = ("scenario", "label", "draw", "number", "parameter", "value")
SENSITIVITY_COLUMNS = ("scenario", "label", "number", "parameter", "metric", "correlation", "p_value", "n_draws")
DECOMPOSITION_COLUMNS = (*EFFECT_COLUMNS[:-2], "part")
WATERBED_COLUMNS = (
    *("scenario", "label", "strategy", "is_main", "measure", "part", "n_replicates", "why", "unit"),
    *("share", "share_low", "share_high", "taken", "taken_low", "taken_high"),
    *("returned", "returned_low", "returned_high"),
)
ENFORCEMENT_COLUMNS = (
    *("scenario", "label", "measure", "title", "unit", "n_replicates"),
    *("value", "low", "high", "asked"),
)
STRATEGY_COLUMNS = (*EFFECT_COLUMNS[:-2], "strategy", "agreement")
RUN_COLUMNS = ("run", "scenario", "label", "replicate", "side", "strategy", "first_policy_week")
TABLES = {
    "effects": EFFECT_COLUMNS,
    "trajectories": TRAJECTORY_COLUMNS,
    "moments": MOMENT_COLUMNS,
    "distribution": DISTRIBUTION_COLUMNS,
    "draws": DRAW_COLUMNS,
    "sensitivity_of_effects": SENSITIVITY_COLUMNS,
    "decomposition": DECOMPOSITION_COLUMNS,
    "waterbed": WATERBED_COLUMNS,
    "strategies": STRATEGY_COLUMNS,
    "enforcement": ENFORCEMENT_COLUMNS,
    "runs": RUN_COLUMNS,
}


@dataclass(frozen=True)
class Result:
    """What a comparison or a sweep left behind.

    `effects` has one row a scenario and metric (levels without and with the policy, their paired difference
    and its 95% interval), `trajectories` the same week by week, `moments` one row a moment of the sector.
    In `moments`, the error is simulated / target - 1 where `error_kind` is "relative", and simulated - target
    where it is "points"; tolerances are in the same measure. `distribution` has one row a scenario and group within
    a party (`analysis.statistics.distribution.distribution`). `draws` and `sensitivity` have rows only where
    assumptions were drawn: every value drawn, and its rank correlation with the effect on every metric.

    Where platforms respond to the rule, `decomposition` splits every effect into the direct effect and the
    behavioural response, and `waterbed` says how much of what the rule takes is won back. `strategies` has rows where
    the policy was tried under several strategies of platforms: every effect under each, and whether they agree.
    `enforcement` has rows where a rule requires something of platforms: inspections, cases and fines
    (`analysis.statistics.funnel.funnel`).
    """

    folder: Path
    record: dict[str, Any]
    effects: Frame
    trajectories: Frame
    moments: Frame
    distribution: Frame
    draws: Frame
    sensitivity: Frame
    decomposition: Frame
    waterbed: Frame
    strategies: Frame
    enforcement: Frame

    @property
    def levers(self) -> list[dict[str, Any]]:
        """The levers that take more than one value."""
        return [lever for lever in self.record["levers"] if self.effects[lever["key"]].nunique() > 1]

    @property
    def is_sweep(self) -> bool:
        """Whether there is more than one scenario."""
        return self.effects["scenario"].nunique() > 1

    @property
    def has_draws(self) -> bool:
        """Whether replicates drew the assumptions too."""
        return "draw_low" in self.effects.columns


def is_choice(lever: Mapping[str, Any]) -> bool:
    """Whether a lever takes words, such as rules or yes and no, so that its values have no place on an axis."""
    values = lever.get("values") or []
    return any(isinstance(value, bool) or not isinstance(value, int | float) for value in values)
