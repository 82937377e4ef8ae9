"""Names of keys, metrics and suites in earlier versions, and today's: who writes an old one is told the new one."""

from __future__ import annotations

from collections.abc import Collection

RENAMED = {
    # platforms
    "lever_stiffness": "adjustment_cost",
    "first_levers": "starting_ratio",
    "start_worth": "start_value",
    # policy
    "reach": "visibility",
    # sector: effects of ending a practice
    "departures": "effects",
    "allure": "misperceived_value",
    "clarity": "noise_reduction",
    "openness": "multihoming_relief",
    "barred": "excluded",
    # metrics
    "worker_locked_out_share": "worker_rationed_share",
    "flow_meals_paid": "flow_goods_paid",
    "flow_meals_passed_on": "flow_goods_passed_on",
    "flow_rider_pay": "flow_worker_pay",
    # suites and cases of validation
    "twin": "mean_field",
    "hours_on_line": "hours_online",
    "beside_averages": "beside_mean_field",
}
"""Old name: new name."""
SEVERAL = {"worth": ("harm_spared", "utility")}
"""Old names that stood for several things: of the new names the one that fits where the old one is written."""


def new_name_of(word: str, choices: Collection[str]) -> str:
    """Today's name of what was called `word`, if it is among the choices; empty otherwise."""
    names = SEVERAL.get(word, (RENAMED[word],) if word in RENAMED else ())
    return next((name for name in names if name in choices), "")
