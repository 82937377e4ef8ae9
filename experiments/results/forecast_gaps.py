"""Agents against the mean-field model: how far the effects of a comparison were from those of its preview."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.statistics import estimates as est
from experiments.request.request import Request
from experiments.results import forecast
from experiments.storage import checksums, places, writing
from sim.errors import PlatformLabError
from sim.forecast import long_run

NAME = "agents_against_mean_field.json"
HEADLINES = (*est.MONEY.values(), *est.HEADLINE_METRICS, "platform_fee_per_order", "platform_leader_order_share")
BIAS = Path(__file__).with_name("mean_field_bias.json")
"""Ratios of levels, agents over mean-field model, by sector and metric, if they have been measured."""


@dataclass(frozen=True)
class Gaps:
    """What a stored comparison found, and the forecast of the mean-field model for the same question."""

    command: str
    finished: str
    strategy: str
    problem: str
    """Why there is no forecast; empty where there is one."""
    rows: list[dict[str, Any]]
    """A row a metric: agents, low, high, mean_field, gap."""


def keep(folder: Path, effects: Any, request: Request) -> Gaps:
    """Store beside a comparison its forecast, and how far agents were from it."""
    scenario = request.scenarios[0]
    problem, rows = "", []
    try:
        forecast.refuse_strategy(scenario)
        expected = long_run.forecast(scenario).effects["total"]
        rows = gaps_of(effects, expected)
    except PlatformLabError as error:
        problem = str(error)
    found = {
        "sector": scenario.sector.name,
        "policy": sorted(scenario.policy),
        "strategy": scenario.platforms.strategy,
        "command": forecast.command(request),
        "finished": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "problem": problem,
        "rows": rows,
    }
    with contextlib.suppress(writing.ReadOnlyStore):  # an answer that stands is shown all the same
        writing.write_json(folder / NAME, found)
        checksums.renew(folder, NAME)
    return _gaps(found)


def gaps_of(effects: Any, expected: dict[str, float]) -> list[dict[str, Any]]:
    """A row a metric that both have: agents' effect with its interval, the forecast, and the difference."""
    return [
        {
            "metric": row.metric,
            "title": row.title,
            "unit": row.unit,
            "agents": float(row.effect),
            "low": float(row.low),
            "high": float(row.high),
            "mean_field": expected[row.metric],
            "gap": float(row.effect) - expected[row.metric],
        }
        for row in effects.itertuples()
        if row.metric in expected and row.effect == row.effect
    ]


def last(request: Request) -> Gaps | None:
    """The latest stored comparison of the same rules in the same sector, whatever their parameters.

    One under the same strategy of platforms comes first.
    """
    scenario = request.scenarios[0]
    about = {"sector": scenario.sector.name, "policy": sorted(scenario.policy)}
    found = []
    for path in places.output_folder().glob(f"compare/*/{NAME}"):
        if not checksums.is_as_written(path):
            continue
        try:
            kept = json.loads(path.read_text("utf-8"))
            if {key: kept[key] for key in about} == about and kept["rows"]:
                found.append(((kept["strategy"] == scenario.platforms.strategy, kept["finished"]), _gaps(kept)))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a file of another program, or of an earlier version
    return max(found, key=lambda one: one[0])[1] if found else None


def _gaps(kept: dict[str, Any]) -> Gaps:
    return Gaps(kept["command"], kept["finished"], kept["strategy"], kept["problem"], kept["rows"])


def level_bias(sector: str) -> dict[str, float]:
    """Ratios of levels, agents over mean-field model, by metric; empty where they have not been measured."""
    try:
        found = json.loads(BIAS.read_text("utf-8")).get(sector, {})
        return {name: float(ratio) for name, ratio in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def headlines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that are shown: money, then the measures agreed beforehand."""
    by_name = {row["metric"]: row for row in rows}
    return [by_name[name] for name in dict.fromkeys(HEADLINES) if name in by_name]


def verdict(row: dict[str, Any]) -> str:
    """`x 1.08` where agents' effect is distinguishable from zero and has the forecast's sign; else the difference."""
    from experiments.terminal.tables import number

    is_distinguishable = row["low"] > 0.0 or row["high"] < 0.0
    if is_distinguishable and row["agents"] * row["mean_field"] > 0.0:
        return f"x {row['agents'] / row['mean_field']:.2f}"
    return number(row["gap"], signed=True)
