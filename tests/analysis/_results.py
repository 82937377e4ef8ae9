"""Synthetic results: numbers made up once and for all, so that tests know what the figures must say."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd

MONEY_UNIT = "yuan per 1,000 consumers a week"
N_WEEKS, POLICY_WEEK = 104, 53

# metric: title, party, unit, better, level without policy, effect of the full dose, half-width of its interval
METRICS: dict[str, tuple[str, str, str, str, float, float, float]] = {
    "consumer_surplus": ("Consumer surplus", "consumers", MONEY_UNIT, "higher", 5210.0, -48.0, 61.0),
    "merchant_profit": ("Merchant profit", "merchants", MONEY_UNIT, "higher", 2380.0, 412.0, 32.0),
    "worker_surplus": ("Worker surplus", "workers", MONEY_UNIT, "higher", 1105.0, 9.4, 21.0),
    "platform_profit": ("Platform profit", "platforms", MONEY_UNIT, "higher", 640.0, -390.0, 30.0),
    "state_net": ("State, net", "state", MONEY_UNIT, "higher", 310.0, -12.5, 4.1),
    "owners_opening": ("Opening of businesses", "owners", MONEY_UNIT, "higher", -20.0, -1.1, 9.0),
    "welfare_total": ("Total welfare", "welfare", MONEY_UNIT, "higher", 9645.0, -29.1, 74.0),
    "consumer_orders": (
        *("Orders", "consumers", "orders per 1,000 consumers a week", "higher"),
        *(402.0, 2.9, 4.4),
    ),
    "consumer_price": ("Price paid per order", "consumers", "yuan per order", "lower", 48.8, 0.74, 0.05),
    "consumer_delay": ("Delivery time", "consumers", "minutes", "lower", 33.6, 0.21, 0.3),
    "merchant_take_rate_independent": (
        *("Take rate of bound merchants", "merchants", "share of order value", "lower"),
        *(0.181, -0.052, 0.0011),
    ),
    "merchant_listed": ("Listed merchants", "merchants", "merchants", "higher", 1210.0, 22.0, 9.0),
    "merchant_multihoming_share": (
        *("Merchants on more than one platform", "merchants", "share of merchants", "neutral"),
        *(0.412, 0.008, 0.011),
    ),
    "worker_hourly_earnings": ("Hourly earnings", "workers", "yuan an hour", "higher", 19.55, 0.06, 0.14),
    "worker_utilisation": ("Utilisation", "workers", "share of hours", "neutral", 0.75, 0.004, 0.006),
    "platform_margin": ("Margin per order", "platforms", "yuan per order", "neutral", 1.62, -0.97, 0.06),
    "platform_leader_order_share": (
        *("Order share of the leader", "platforms", "share of orders", "neutral"),
        *(0.685, -0.004, 0.009),
    ),
    "platform_hhi_orders": (
        "Concentration of orders",
        "platforms",
        "HHI points",
        "lower",
        5540.0,
        -31.0,
        80.0,
    ),
    "state_enforcement_cost": ("Cost of enforcement", "state", MONEY_UNIT, "lower", 0.0, 6.2, 0.4),
}


def effects_frame(
    doses: list[tuple[str, dict[str, float], float]],
    *,
    n_replicates: int = 20,
    **changed: tuple[float, float],
) -> pd.DataFrame:
    """Effects of scenarios (label, lever values, dose); `changed` sets effect and half-width of a metric."""
    rows = []
    for scenario, (label, levers, dose) in enumerate(doses):
        for metric, (title, party, unit, better, level, full, half) in METRICS.items():
            effect, width = changed.get(metric, (full, half))
            effect *= dose
            width = math.nan if n_replicates < 2 else width
            rows.append(
                {"scenario": scenario, "label": label, **levers, "metric": metric, "title": title}
                | {"party": party, "unit": unit, "better": better, "n_replicates": n_replicates}
                | {"baseline": level, "policy": level + effect, "effect": effect}
                | {"low": effect - width, "high": effect + width}
                | {"paired_sd": width * 2.1, "unpaired_sd": width * 6.3}
            )
    return pd.DataFrame(rows)


def trajectories_frame(effects: pd.DataFrame) -> pd.DataFrame:
    """Weekly values around the levels of the effects: a slow swing, and the effect phased in over six weeks."""
    rows = []
    for row in effects[effects["metric"] != "state_enforcement_cost"].to_dict("records"):
        for week in range(1, N_WEEKS + 1):
            phase = min(max(week - POLICY_WEEK + 1, 0) / 6, 1.0)
            base = row["baseline"] * (1 + 0.012 * math.sin(week / 5) + 0.004 * math.sin(week * 1.7))
            effect = row["effect"] * phase * (1 + 0.05 * math.sin(week * 2.3))
            half = (row["high"] - row["low"]) / 2 * (1.6 if phase else 0.0)
            rows.append(
                {key: row[key] for key in ("scenario", "label", "metric")}
                | {"week": week, "baseline": base, "policy": base + effect, "effect": effect}
                | {"low": effect - half, "high": effect + half}
            )
    return pd.DataFrame(rows)


def moments_frame() -> pd.DataFrame:
    """Nine moments of all roles, both kinds of error, inside and outside their tolerance."""
    rows = [
        (
            "orders_per_user",
            "Delivery orders per user a year",
            20.9,
            20.9,
            0.1,
            "orders",
            "input",
            0.05,
            2021,
        ),
        ("take_rate", "Take rate of the leader", 0.181, 0.179, 0.002, "share", "fitted", 0.01, 2021),
        ("price", "Food value per order", 46.8, 46.1, 0.4, "yuan", "fitted", 0.05, 2020),
        ("leader", "Order share of the leading platform", 0.685, 0.672, 0.006, "share", "fitted", 0.02, 2020),
        ("hourly", "Hourly earnings of riders", 19.55, 20.4, 0.3, "yuan an hour", "fitted", 0.05, 2021),
        ("hhi", "Concentration of revenue", 5854.0, 5610.0, 70.0, "HHI points", "held_out", 0.1, 2020),
        ("multi", "Merchants on more than one platform", 0.38, 0.412, 0.008, "share", "held_out", 0.02, 2021),
        ("delay", "Minutes from order to door", 34.0, 33.6, 0.2, "minutes", "held_out", 0.1, 2021),
        ("exit", "Merchants that close in a year", 0.22, 0.24, 0.01, "share", "held_out", math.nan, 2019),
    ]
    return pd.DataFrame([_moment(*row) for row in rows])


def _moment(
    name: str,
    title: str,
    target: float,
    simulated: float,
    half: float,
    unit: str,
    role: str,
    tolerance: float,
    year: int,
) -> dict[str, Any]:
    kind = "points" if unit == "share" else "relative"
    error = simulated - target if kind == "points" else simulated / target - 1
    verdict = "reported" if math.isnan(tolerance) or role == "input" else "outside"
    if verdict == "outside" and abs(error) <= tolerance:
        verdict = "within"
    return (
        {"moment": name, "title": title, "target": target, "simulated": simulated, "unit": unit, "role": role}
        | {"low": simulated - half, "high": simulated + half, "error": error, "error_kind": kind}
        | {"tolerance": tolerance, "verdict": verdict, "year": year}
        | {"source": "Annual report of the leading platform", "note": "made up for tests"}
    )


ASSUMPTION_KEYS = ("assumption", "label", "parameter", "value", "low", "high", "unit", "text")
ASSUMPTIONS = [
    (
        "nest_sigma",
        "Nest sigma",
        "nest_sigma",
        "0.5",
        0.3,
        0.7,
        "-",
        "How alike platforms are to a consumer who orders at all.",
    ),
    (
        "value_of_time",
        "Value of time",
        "value_of_time",
        0.33,
        0.1,
        0.6,
        "yuan a minute",
        "What a minute of waiting is worth.",
    ),
    (
        "app_shares",
        "Shares of apps",
        "app_shares",
        "0.95, 0.7, 0.25",
        0.2,
        1.0,
        "share",
        "Who has the app of each platform.",
    ),
    ("cash", "Cash", "cash", "5000", 2000.0, 1e4, "currency", "What a merchant can lose before it closes."),
]


def record(verb: str, levers: list[dict[str, Any]], labels: list[str], **changed: Any) -> dict[str, Any]:
    """A whole record, as the commands leave it."""
    return {
        "verb": verb,
        "name": "commission_cap",
        "title": "A cap on commissions in food delivery",
        "question": "Who gains and who loses when a platform may charge its merchants no more than a ceiling?",
        "sector_title": "Food delivery",
        "currency": "yuan",
        "strategy": "fixed",
        "population": "town",
        "n_consumers": 10_000,
        "n_replicates": 20,
        "seeds": list(range(1, 21)),
        "n_weeks": N_WEEKS,
        "policy_week": POLICY_WEEK,
        "levers": levers,
        "scenario_labels": labels,
        "baseline_label": "no policy",
        "command": f"platform-lab {verb} 'policy=[commission_cap]' population=town seed=1",
        "digest": "3f9a1c77d0e2b845",
        "code_version": "0.1.0",
        "versions": {"mesa": "3.5.1", "numpy": "2.5.5", "numba": "0.68.1"},
        "started": "2026-11-20T09:15:00+08:00",
        "seconds": 184.2,
        "machine": "Linux, 2 cores",
        "n_failed": 0,
        "caveats": [
            "Platforms keep their prices and practices as they were before the rule; what they would do is left out.",
            "Demand has no trend.",
        ],
        "assumptions": [dict(zip(ASSUMPTION_KEYS, row, strict=True)) for row in ASSUMPTIONS],
        "instruments": [
            {
                "name": "commission_cap",
                "title": "Commission cap",
                "provisions": ["A8.6", "A8.8"],
                "kind": "bound",
                "department": "Market regulation",
                "reading": "A ceiling on commission and per-order fees of independent merchants.",
                "parameters": {
                    "ceiling": {
                        "label": "Ceiling",
                        "value": 0.12,
                        "unit": "share of order value",
                        "meaning": "largest commission",
                    }
                },
            }
        ],
    } | changed


CEILING = {
    "key": "policy.commission_cap.ceiling",
    "title": "Commission ceiling",
    "unit": "share of order value",
    "values": [0.08, 0.1, 0.12, 0.15, 0.18],
}
OPENNESS = {
    "key": "policy.interoperability.share",
    "title": "Interoperable share",
    "unit": "share of merchants",
    "values": [0.0, 0.25, 0.5, 1.0],
}


def compare_doses() -> list[tuple[str, dict[str, float], float]]:
    return [("a 12% cap", {CEILING["key"]: 0.12}, 1.0)]


def sweep_doses() -> list[tuple[str, dict[str, float], float]]:
    """From a strict cap to one that hardly binds."""
    doses = (1.7, 1.35, 1.0, 0.4, 0.03)
    return [
        (f"ceiling {round(100 * v)}%", {CEILING["key"]: v}, d) for v, d in zip(CEILING["values"], doses, strict=True)
    ]


def grid_doses() -> list[tuple[str, dict[str, float], float]]:
    """Two levers: the second one takes the sting out of the first, and then turns it round."""
    return [
        (
            f"ceiling {round(100 * v)}%, interoperable {round(100 * w)}%",
            {CEILING["key"]: v, OPENNESS["key"]: w},
            (0.19 - v) * 14 * (1 - 1.4 * w),
        )
        for v in CEILING["values"]
        for w in OPENNESS["values"]
    ]


SENSITIVITY = {"key": "sector.consumers.price_sensitivity", "title": "Price sensitivity", "unit": "1/yuan"}
ELASTICITY = {"key": "sector.workers.supply_elasticity", "title": "Supply elasticity", "unit": ""}
CUBE = [{**lever, "values": [0.1, 0.2]} for lever in (CEILING, SENSITIVITY, ELASTICITY)]


def cube_doses(n: int = 24) -> list[tuple[str, dict[str, float], float]]:
    """Points spread over three levers: the ceiling takes the sting out of the rule, the others do nothing."""
    places = [(i / n, (7 * i % n) / n, (11 * i % n) / n) for i in range(n)]
    keys = [lever["key"] for lever in CUBE]
    return [
        (f"point {i}", dict(zip(keys, (0.05 + 0.07 * x, 0.03 + 0.05 * y, 1 + 9 * z), strict=True)), 1.5 - x)
        for i, (x, y, z) in enumerate(places)
    ]


def alone_doses() -> list[tuple[str, dict[str, float], float]]:
    """One lever turned at a time from a base point; the low end of the ceiling matters most."""
    keys = [lever["key"] for lever in CUBE]
    base = (0.1, 0.05, 2.5)
    turned = [(0, 0.05, 3.0), (0, 0.12, 0.9), (1, 0.03, 1.2), (1, 0.08, 0.5), (2, 1.0, 1.02), (2, 10.0, 1.0)]
    rows = [base, *(tuple(v if i == place else b for i, b in enumerate(base)) for place, v, _ in turned)]
    doses = [1.0, *(dose for _, _, dose in turned)]
    return [
        (f"point {i}", dict(zip(keys, row, strict=True)), d) for i, (row, d) in enumerate(zip(rows, doses, strict=True))
    ]


def leave(
    folder: Path,
    verb: str = "compare",
    *,
    effects: pd.DataFrame | None = None,
    distribution: pd.DataFrame | None = None,
    **changed: Any,
) -> Path:
    """Write a result folder: a comparison, a sweep along one lever, a `grid` along two, a `cube` or three `alone`."""
    made = {"compare": compare_doses, "sweep": sweep_doses, "grid": grid_doses, "cube": cube_doses}
    doses = (made | {"alone": alone_doses})[verb]()
    levers = {"grid": [CEILING, OPENNESS], "cube": CUBE, "alone": CUBE}.get(verb, [CEILING])
    effects = effects_frame(doses) if effects is None else effects
    folder.mkdir(parents=True, exist_ok=True)
    effects.to_parquet(folder / "effects.parquet")
    trajectories_frame(effects).to_parquet(folder / "trajectories.parquet")
    moments_frame().to_parquet(folder / "moments.parquet")
    if distribution is not None:
        distribution.to_parquet(folder / "distribution.parquet")
    real_verb = "compare" if verb == "compare" else "sweep"
    content = record(real_verb, levers, [label for label, _, _ in doses], **changed)
    (folder / "record.json").write_text(json.dumps(content), "utf-8")
    return folder


DRAWN = {
    "nest_sigma": ("consumers.nest_sigma", 0.61),
    "value_of_time": ("consumers.value_of_time", -0.72),
    "app_shares": ("x.*.share", 0.2),
}
SAME_SIGN = {
    **{"consumer_surplus": 0.6, "merchant_profit": 1.0, "worker_surplus": 0.75, "platform_profit": 1.0},
    **{"state_net": 0.95, "welfare_total": 0.8},
}


def drawn_effects(n: int = 20, **same_sign: float) -> pd.DataFrame:
    """Effects over draws: the range of the draws is twice the interval's half-width wider on either side."""
    effects = effects_frame(compare_doses(), n_replicates=n)
    half = (effects["high"] - effects["low"]) / 2
    shares = [(SAME_SIGN | same_sign).get(metric, 0.9) for metric in effects["metric"]]
    return effects.assign(draw_low=effects["low"] - 2 * half, draw_high=effects["high"] + 2 * half, sign_share=shares)


def leave_draws(folder: Path, p_values: dict[str, float], n_failed: int = 0, **same_sign: float) -> Path:
    """A comparison over draws; `p_values` by the name of an assumption, the same for every measure."""
    leave(folder, effects=drawn_effects(**same_sign), **uncertainty_record(n_failed))
    rows = [
        {"scenario": 0, "label": "a 12% cap", "assumption": name, "parameter": parameter, "metric": metric}
        | {"correlation": r, "p_value": p_values.get(name, 0.5), "n_draws": 20}
        for metric in METRICS
        for name, (parameter, r) in DRAWN.items()
    ]
    pd.DataFrame(rows).to_parquet(folder / "sensitivity_of_effects.parquet")
    values = [
        {"scenario": 0, "label": "a 12% cap", "draw": r, "assumption": name, "parameter": parameter, "value": 0.1 * r}
        for r in range(20)
        for name, (parameter, _) in DRAWN.items()
    ]
    pd.DataFrame(values).to_parquet(folder / "draws.parquet")
    return folder


def uncertainty_record(n_failed: int) -> dict[str, Any]:
    assumptions = record("compare", [], [])["assumptions"]
    assumptions[1]["meaning"] = "worth of a minute"
    failed = [{"scenario": 0, "draw": i, "why": "nobody ordered anything"} for i in range(n_failed)]
    drawn = {"over": "assumptions", "n_draws": 20 + n_failed, "n_failed_draws": n_failed, "failed_draws": failed}
    return {"uncertainty": drawn, "assumptions": assumptions}


POLICIES = ("Commission cap", "Data limit", "All three rules together")


def leave_policies(folder: Path, **changed: Any) -> Path:
    """A sweep over policies: the second one does next to nothing, the third one most."""
    doses = [(label, {"rules": label}, dose) for label, dose in zip(POLICIES, (1.0, 0.02, 1.7), strict=True)]
    leave(folder, "sweep", effects=effects_frame(doses).assign(**{CEILING["key"]: 0.1}))
    lever = {"key": "rules", "title": "Rules", "unit": "", "values": list(POLICIES)}
    content = record("sweep", [lever], list(POLICIES), **changed)
    (folder / "record.json").write_text(json.dumps(content), "utf-8")
    return folder
