"""The rules of a report: what they require, who enforces them, parameters and timing; who gains by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.report.tables import unit_of, value_of
from analysis.result import Result, is_choice
from analysis.statistics import estimates as est
from analysis.wording.numbers import capital, counted, estimate, number, scale_of, uncapital, unit_text
from analysis.wording.parties import party_title
from sim.parameters import label_of

MOST_OPEN = 6
"""Rules up to which each is told in full; of more, one line each that opens."""
LEFT_OUT = "Left out of "
"""Begins what a rule's reading leaves out, among the caveats."""
WORDS_AS_UNITS = ("yes or no", "-", "ratio")


def instruments(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules as they were modelled."""
    return [
        {
            "title": capital(str(rule.get("title") or rule.get("name"))),
            "provisions": ", ".join(str(p) for p in rule.get("provisions") or []),
            "kind": str(rule.get("kind") or "").lower(),
            "department": capital(str(rule.get("department") or "").replace("_", " ")),
            "timing": timing(rule),
            "reading": str(rule.get("reading") or ""),
            "parameters": [_parameter(str(name), p, record) for name, p in (rule.get("parameters") or {}).items()],
        }
        for rule in record.get("instruments") or []
    ]


def _parameter(name: str, parameter: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, str]:
    unit = unit_of(parameter.get("unit"), record.get("currency"))
    bare = "share" if scale_of(unit).factor != 1.0 else ""
    return {
        "label": str(parameter.get("label") or label_of(name, None)),
        "meaning": uncapital(str(parameter.get("meaning") or "")),
        "name": name,
        "value": value_of(parameter.get("value"), bare),
        "unit": unit_text(unit),
    }


def timing(rule: Mapping[str, Any]) -> str:
    """From when to when, how it comes into force, and whom it binds; or that it is off.

    `Announced 8 weeks before; in force from week 79 to week 120, phased in over 8 weeks (in full from week 87);
    breaches are sanctioned after 12 weeks; binds platforms with at least 50% of orders`.
    """
    if rule.get("is_on", True) in (False, "False"):
        return "Switched off: listed, but never in force"
    if rule.get("start_week") is None:
        return ""
    notice, grace, size = (rule.get(key) for key in ("notice_weeks", "grace_weeks", "smallest_share"))
    parts = [
        f"announced {_weeks(notice)} before" if notice else "",
        _in_force(rule),
        f"breaches are sanctioned after {_weeks(grace)}" if grace else "",
        f"binds platforms with at least {value_of(size, 'share')} of orders" if size else "",
    ]
    return capital("; ".join(filter(None, parts)))


def _weeks(n: Any) -> str:
    """A number of weeks, or several that are swept."""
    return counted(n, "week") if isinstance(n, int) else f"{n} weeks"


def _in_force(rule: Mapping[str, Any]) -> str:
    start, end, phase = (rule.get(key) for key in ("start_week", "end_week", "phase_in_weeks"))
    words = f"in force from week {start} {'to the end' if end is None else f'to week {end}'}"
    if not phase:
        return words
    if isinstance(start, int) and isinstance(phase, int):
        full = start + phase
        never = isinstance(end, int) and end < full
        tail = "never in full" if never else f"in full from week {full}"
        return f"{words}, phased in over {counted(phase, 'week')} ({tail})"
    return f"{words}, phased in over {phase} weeks"


def overview(rules: list[dict[str, Any]]) -> list[dict[str, str]]:
    """One row a rule: title, provisions, department, parameters with units, weeks."""
    return [
        {
            **{key: str(rule[key]) for key in ("title", "provisions", "department", "timing")},
            "parameters": "; ".join(_short(p) for p in rule["parameters"]),
        }
        for rule in rules
    ]


def _short(parameter: Mapping[str, str]) -> str:
    unit = parameter["unit"]
    is_plain = unit in WORDS_AS_UNITS or scale_of(unit).factor != 1.0 or " or " in unit
    return f"{parameter['label']}: {parameter['value']}" + ("" if is_plain or not unit else f" {unit}")


def by_rule(result: Result) -> dict[str, Any]:
    """Who gains by rule: one row a policy, one column a party; nothing unless policies were compared."""
    if est.money(result.effects).empty or len(result.levers) != 1 or not is_choice(result.levers[0]):
        return {"heads": [], "rows": [], "unit": ""}
    rows, heads, unit = [], [], ""
    for scenario, label in est.scenarios(result.effects):
        estimates = est.estimates(est.money(est.of_scenario(result.effects, scenario)))
        heads, unit = [party_title(e.party) for e in estimates], unit_text(estimates[0].unit)
        rows.append({"label": in_full(result, label), "cells": [_cell(e) for e in estimates]})
    return {"heads": heads, "rows": rows, "unit": unit}


def in_full(result: Result, label: str) -> str:
    """A policy as a table has it: a regime with what it is about."""
    return str((result.record.get("policies_in_full") or {}).get(label, label))


def _cell(e: est.Estimate) -> dict[str, str]:
    mean, _, ends = estimate(e.effect, e.low, e.high).partition(" [")
    return {"mean": mean, "interval": f"[{ends}", "sign": {1: "up", -1: "down"}.get(e.sign, "open")}


def folded(notes: list[str], n_rules: int) -> tuple[list[str], list[str]]:
    """Notes to be read, and of many rules what each leaves out, to be opened."""
    if n_rules <= MOST_OPEN:
        return notes, []
    return [note for note in notes if not note.startswith(LEFT_OUT)], [n for n in notes if n.startswith(LEFT_OUT)]


def rules_head(rules: list[dict[str, Any]]) -> str:
    """Heading of the section."""
    return "The rule as modelled" if len(rules) == 1 else f"The {number(len(rules), 0)} rules as modelled"
