"""The tables and the sentences of the report's back half: fit, assumptions, rules, provenance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.result import Frame, Result, is_choice
from analysis.statistics import estimates as est
from analysis.statistics.estimates import Estimate
from analysis.wording import chance, points
from analysis.wording.evidence import ROLES, role_title
from analysis.wording.findings import level_decimals
from analysis.wording.groups import groups, percent
from analysis.wording.numbers import (
    UNKNOWN,
    capital,
    counted,
    decimals_for,
    estimate,
    interval,
    lever_value,
    listed,
    number,
    scale_of,
    sentence,
    uncapital,
)
from analysis.wording.parties import party_title

VERDICTS = {"within": "within", "outside": "outside", "reported": "not judged"}


def span(result: Result) -> str:
    """What was varied: `Commission ceiling from 8% to 18%`; empty for a comparison."""
    parts = []
    for lever in result.levers:
        values = result.effects[lever["key"]]
        if is_choice(lever):
            n = values.nunique()
            parts.append(
                counted(n, "policy", "policies") if lever["key"] == "rules" else f"{n} values of {lever['title']}"
            )
            continue
        words = points.range_of(lever, values)
        parts.append(uncapital(words) if parts else words)
    if not parts and result.is_sweep:
        return counted(result.effects["scenario"].nunique(), "scenario")
    return listed(parts)


MOST_SCENARIOS = 60
"""Scenarios up to which the money of every one is in the table; effects.parquet has all."""


def _effect_row(label: str, e: Estimate) -> list[str]:
    scale = scale_of(e.unit)
    unit = f"{scale.level}; change in percentage points" if scale.factor != 1.0 else scale.level
    return [
        *([label] if label else []),
        party_title(e.party),
        e.title,
        number(e.baseline * scale.factor, level_decimals(e)),
        number(e.policy * scale.factor, level_decimals(e)),
        estimate(e.effect, e.low, e.high, factor=scale.factor),
        unit,
        "" if e.sign else "not distinguishable from zero",
    ]


def effects_table(result: Result) -> dict[str, Any]:
    """All estimates of a comparison; of a sweep those of the main scenario, and the money of others if they are few."""
    heads = ["Party", "Measure", "Without", "With", "Effect [95% interval]", "Unit", "Remark"]
    if not result.is_sweep:
        return {"heads": heads, "rows": [_effect_row("", e) for e in est.estimates(est.tabled(result.effects))]}
    focus = est.focus(result.effects)
    rows = []
    scenarios = est.scenarios(result.effects)
    for scenario, label in scenarios if len(scenarios) <= MOST_SCENARIOS else [(focus, dict(scenarios)[focus])]:
        effects = est.tabled(est.of_scenario(result.effects, scenario))
        chosen = effects if scenario == focus else est.money(effects)
        rows += [_effect_row(label, e) for e in est.estimates(chosen)]
    return {"heads": ["Scenario", *heads], "rows": rows}


def within_table(frame: Frame, currency: str) -> dict[str, Any]:
    """Every group of a distribution: money a week each, and the shares of agents who gain and who lose."""
    heads = ["Party", "Group", "Agents", "Without", f"Effect per agent, {currency} a week", "Gain", "Lose"]
    heads += ["Middle 80% of agents", "Gain or loss counted above"]
    rows = []
    for g, row in zip(groups(frame), frame[frame["effect"].notna()].to_dict("records"), strict=True):
        decimals = decimals_for(row["p10"], row["p90"])
        rows.append(
            [
                *(party_title(g.party), g.title, number(g.n_agents, 0), number(g.baseline)),
                *(estimate(g.effect, g.low, g.high), percent(*g.gain), percent(*g.lose)),
                f"{number(row['p10'], decimals, signed=True)} to {number(row['p90'], decimals, signed=True)}",
                number(row["threshold"], 2),
            ]
        )
    return {"heads": heads, "rows": rows}


def moments_table(moments: Frame) -> list[dict[str, str]]:
    """One row a moment, those that test the model first."""
    places = {role: place for place, role in enumerate(ROLES)}
    rows = sorted(moments.to_dict("records"), key=lambda row: places.get(row["role"], len(places)))
    return [_moment(row) for row in rows]


def _moment(row: Mapping[str, Any]) -> dict[str, str]:
    factor = scale_of(row["unit"]).factor
    values = [row[key] * factor for key in ("target", "simulated", "low", "high")]
    decimals = decimals_for(*values, spread=(values[3] - values[2]) / 2)
    percent = "%" if factor != 1.0 else ""
    is_points = row["error_kind"] == "points"
    suffix = " points" if is_points else "%"
    year = row["year"]
    tolerance = math.nan if row["tolerance"] is None else float(row["tolerance"])
    return {
        "role": role_title(str(row["role"])),
        "title": capital(row["title"]),
        "target": lever_value(row["target"], row["unit"]),  # as its source has it
        "simulated": f"{number(values[1], decimals)}{percent} {interval(values[2], values[3], decimals)}",
        "error": UNKNOWN if math.isnan(row["error"]) else number(100 * row["error"], 1, signed=True) + suffix,
        "tolerance": "none"
        if math.isnan(tolerance)
        else f"±{number(100 * tolerance, 0 if 100 * tolerance == round(100 * tolerance) else 1)}{suffix}",
        "verdict": VERDICTS.get(row["verdict"], str(row["verdict"])),
        "outcome": str(row["verdict"]),
        "source": ", ".join(_present(row["source"], _year(year))),
        "note": " ".join(_present(row["note"])),
    }


def _year(year: Any) -> str:
    """A year, or a span of years in words."""
    if isinstance(year, str):
        return year
    return "" if year is None or pd.isna(year) else str(int(year))


def _present(*values: Any) -> list[str]:
    return [str(v) for v in values if isinstance(v, str) and v]


def missed(moments: Frame) -> str:
    """The moments outside their tolerance, by name; inputs say nothing about the model."""
    rows = moments[(moments["verdict"] == "outside") & (moments["role"] != "input")]
    names = [str(title)[:1].lower() + str(title)[1:] for title in rows["title"]]
    return f"Outside their tolerance: {listed(names)}." if names else ""


def roles(moments: Frame) -> list[tuple[str, str]]:
    """The roles that occur, each with what it means for trust."""
    return [words for role, words in ROLES.items() if role in set(moments["role"])]


def trust(result: Result) -> list[str]:
    """What the intervals cover and what they do not, and whatever the record warns of."""
    record = result.record
    cover = (
        "The intervals show how precisely the mean over draws is known; the draws vary random shocks and the values of "
        "the assumptions within their ranges, but not what the model leaves out."
        if result.has_draws
        else "The intervals cover random variation between replicates of the simulated market. They do not cover what "
        "the model leaves out, nor other values of its assumptions."
    )
    focus = est.of_scenario(result.effects, est.focus(result.effects))
    notes = [
        cover,
        chance.method(record),
        "About one in twenty such intervals misses the true value by chance. Many measures are shown: a single one "
        "whose interval barely excludes zero is weak evidence.",
        *(chance.reached(record)),
        *filter(
            None,
            [chance.sequential(record), chance.pairing(focus), "" if record.get("precision") else chance.more(focus)],
        ),
    ]
    if n_failed := int(record.get("n_failed") or 0):
        notes.append(f"{counted(n_failed, 'run')} failed and {'is' if n_failed == 1 else 'are'} left out.")
    return [*(sentence(str(caveat)) for caveat in record.get("caveats") or []), *notes]


def value_of(value: Any, unit: str) -> str:
    """A value as the record has it: a number, several numbers in one string, yes or no, or words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return lever_value(float(value), unit)
    if value is None:
        return UNKNOWN
    try:
        numbers = [float(part) for part in str(value).split(",")]
    except ValueError:
        return str(value)
    bare = "share" if scale_of(unit).factor != 1.0 else ""
    return ", ".join([*(lever_value(v, bare) for v in numbers[:-1]), lever_value(numbers[-1], unit)])


def unit_of(unit: Any, currency: Any) -> str:
    """A unit with the currency by its name; a dash stands for none."""
    name = str(unit or "").replace("currency", str(currency or "currency"))
    return "" if name == "-" else name


def assumptions(record: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every assumption with its value and the range that is worth sweeping."""
    rows = []
    for row in record.get("assumptions") or []:
        unit = unit_of(row.get("unit"), record.get("currency"))
        bare = "share" if scale_of(unit).factor != 1.0 else ""
        ends = [value_of(row.get("low"), bare), value_of(row.get("high"), unit)]
        rows.append(
            {
                "name": str(row.get("assumption", "")),
                "label": str(row.get("label") or row.get("assumption", "")),
                "meaning": str(row.get("meaning") or ""),
                "value": value_of(row.get("value"), unit),
                "range": " to ".join(ends) if UNKNOWN not in ends else "",
                "text": sentence(str(row.get("text") or "")) if row.get("text") else "",
            }
        )
    return rows


def _duration(seconds: float) -> str:
    if seconds < 120:
        return counted(max(round(seconds), 1), "second")
    if seconds < 7200:
        return counted(round(seconds / 60), "minute")
    return f"{number(seconds / 3600, 1)} hours"


def _shadow_values(record: Mapping[str, Any]) -> str:
    """Value of an order to platforms beyond what it earns, inferred from their observed fees."""
    conduct = record.get("conduct") or {}
    values = conduct.get("shadow_value_of_an_order", {})
    named = ", ".join(f"{name.replace('_', ' ')} {value:.1f}" for name, value in values.items())
    radius = conduct.get("spectral_radius", 0.0)
    return f"{named} {record.get('currency', '')}; spectral radius of joint reviews {radius:.2f}" if named else ""


def provenance(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where the numbers come from: enough to make them again."""
    seeds = record.get("seeds") or []
    versions = record.get("versions") or {}
    is_run = seeds == list(range(seeds[0], seeds[0] + len(seeds))) if seeds and len(seeds) > 2 else False
    rows = [
        ("Sector", record.get("sector_title")),
        ("Population", _population(record)),
        ("Platforms’ strategy", record.get("strategy")),
        ("Shadow value of an order", _shadow_values(record)),
        ("Horizon", _horizon(record)),
        (
            "Replicates",
            counted(int(record["n_replicates"]), "replicate") if record.get("n_replicates") else "",
        ),
        ("Intervals", (record.get("intervals") or {}).get("words")),
        ("Seeds of every draw", (record.get("uncertainty") or {}).get("seeds_per_draw")),
        ("Seeds", f"{seeds[0]} to {seeds[-1]}" if is_run else ", ".join(str(s) for s in seeds)),
        ("Identifier of the runs", record.get("digest")),
        ("Code", record.get("code_version")),
        ("Packages", ", ".join(f"{name} {version}" for name, version in versions.items())),
        ("Started", record.get("started")),
        ("Run time", _duration(float(record["seconds"])) if record.get("seconds") else ""),
        ("Machine", record.get("machine")),
    ]
    return [(name, str(value)) for name, value in rows if value]


def _population(record: Mapping[str, Any]) -> str:
    if not record.get("n_consumers"):
        return str(record.get("population") or "")
    return f"{record.get('population') or ''} ({counted(int(record['n_consumers']), 'consumer')})".strip()


def _horizon(record: Mapping[str, Any]) -> str:
    if not record.get("n_weeks"):
        return ""
    start = f", rule from week {record['policy_week']}" if record.get("policy_week") is not None else ""
    return counted(int(record["n_weeks"]), "week") + start
