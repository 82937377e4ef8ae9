"""What a result says of itself: provenance, moments, assumptions, rules."""

from __future__ import annotations

import dataclasses
import fnmatch
import os
import platform
import re
import shlex
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, get_type_hints

import numpy as np

from analysis.compare import METHODS
from experiments.request import labels, strategies
from experiments.request.build import Request
from experiments.storage import writing
from sim.parameters import MEANING, SIZES, Departure, Moment, Param, Sector
from sim.policy.catalogue import CATALOGUE
from sim.policy.instrument import TIMING, AbstractInstrument
from sim.strict import parameter_notes

PACKAGES = (
    "mesa",
    "numpy",
    "pandas",
    "plotly",
    "hydra-core",
    "joblib",
    "numba",
    "scipy",
    "pydantic",
    "pyarrow",
)
MOST_LISTED = 12
"""Values of a parameter that are told one by one."""
SHARE_TOLERANCE, RELATIVE_TOLERANCE = 0.03, 0.10


def tolerance_of(moment: Moment) -> float:
    """How far a moment may lie from its target: three points for a share, a tenth of the target otherwise."""
    if moment.tolerance is not None:
        return moment.tolerance
    return SHARE_TOLERANCE if moment.unit.startswith("share") else RELATIVE_TOLERANCE * abs(moment.target)


def moment_table(sector: Sector, measured: list[dict[str, float]]) -> Any:
    """Target, simulated (mean over replicates, 95% interval), error, role and verdict of every moment, as a frame."""
    import pandas as pd

    from analysis.compare import mean_interval
    from analysis.load import MOMENT_COLUMNS

    rows = []
    for name, moment in sector.moments.items():
        values = np.array([found[name] for found in measured if name in found])
        if not len(values) or np.isnan(values).any():
            continue
        mean, low, high = mean_interval(values)
        is_share, tolerance = moment.unit.startswith("share"), tolerance_of(moment)
        error = mean - moment.target if is_share else (mean - moment.target) / moment.target
        rows.append(
            {
                "moment": name,
                "title": moment.title,
                "target": moment.target,
                "simulated": mean,
                "low": low,
                "high": high,
                "unit": moment.unit,
                "role": moment.role,
                "error": error,
                "error_kind": "points" if is_share else "relative",
                "tolerance": tolerance if is_share else tolerance / abs(moment.target),
                "verdict": "within" if abs(mean - moment.target) <= tolerance else "outside",
                "year": moment.year,
                "source": moment.source,
                "note": moment.note,
            }
        )
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=[*MOMENT_COLUMNS])


def assumptions(sector: Sector) -> list[dict[str, Any]]:
    """Every numbered assumption with its value, range, unit and reason."""
    plain = dataclasses.asdict(sector)
    found: dict[str, dict[str, Any]] = {}
    for name, value in leaves({key: plain[key] for key in VALUE_GROUPS}):
        source = sector.source_of(name)
        if source is not None and source.basis == "assumption":
            row = found.setdefault(
                source.number,
                {
                    "number": source.number,
                    "parameter": next(p for p in sector.sources if fnmatch.fnmatchcase(name, p)),
                    "value": [],
                    "low": source.low,
                    "high": source.high,
                    "unit": parameter_notes(Sector, name.split(".")).unit,
                    "meaning": parameter_notes(Sector, name.split(".")).meaning,
                    "text": source.text,
                },
            )
            row["value"].append(value)
    for row in found.values():
        row["value"] = ", ".join(f"{v:g}" for v in dict.fromkeys(row["value"]))
    return sorted(found.values(), key=lambda row: row["number"])


_INSTITUTIONS = re.compile(r"assumption (I-\d+)[:,]? ?(.*)")


def of_institutions(sector: Sector) -> dict[str, tuple[str, Any, str, str]]:
    """Numbered assumptions that stand in the code: where, value, unit, meaning and range; by number."""
    groups = [(f"sector.{f.name}", getattr(sector, f.name)) for f in dataclasses.fields(Sector)]
    rules = [(f"policy.{name}", kind()) for name, kind in CATALOGUE.items()]
    found: dict[str, tuple[str, Any, str, str]] = {}
    for where, group in [*groups, *rules]:
        if not dataclasses.is_dataclass(group):
            continue
        hints = get_type_hints(type(group), include_extras=True)
        for field in dataclasses.fields(group):
            notes = (note for note in getattr(hints[field.name], "__metadata__", ()) if isinstance(note, Param))
            note = next(notes, None)
            if note is not None and (said := _INSTITUTIONS.match(note.source)):
                about = f"{note.meaning}; {said[2]}"
                key = f"policy.*.{field.name}" if said[1] in found else f"{where}.{field.name}"
                found[said[1]] = (key, getattr(group, field.name), note.unit, about)
    for (practice, channel), size in SIZES.items():
        note = parameter_notes(Departure, [channel])
        value = getattr(sector.practices.departures.get(practice.label, Departure()), channel)
        about = f"{note.meaning}, where it is given up ({MEANING[practice]}); {size.low:g} to {size.high:g}; {size.why}"
        found[size.number] = (f"sector.practices.departures.{practice.label}.{channel}", value, note.unit, about)
    return found


VALUE_GROUPS = ("consumers", "merchants", "workers", "carriage", "ranking", "platforms", "departments")


def leaves(tree: dict[str, Any], path: str = "") -> list[tuple[str, Any]]:
    """Dotted names and values of everything that is not a mapping."""
    found = []
    for key, value in tree.items():
        found += leaves(value, f"{path}{key}.") if isinstance(value, dict) else [(f"{path}{key}", value)]
    return found


def rules(request: Request) -> list[dict[str, Any]]:
    """Every instrument of any point: law, reading, weeks, and parameters, swept ones with all their values."""
    return [_rule(name, rule, request) for name, rule in labels.all_rules(request).items()]


def _rule(name: str, rule: AbstractInstrument, request: Request) -> dict[str, Any]:
    kind = type(rule)
    parameters = {
        key: {
            "value": _value(f"policy.{name}.{key}", getattr(rule, key), request),
            "unit": note.unit if note else labels.choices(hint),
            "meaning": labels.meaning(kind, key, note),
        }
        for key, (hint, note) in rule.parameters().items()
    }
    return {
        "name": name,
        "title": rule.title,
        "provisions": list(rule.provisions),
        "kind": rule.kind,
        "department": str(rule.department),
        "reading": labels.reading(kind),
        "parameters": parameters,
        **{key: _value(f"policy.{name}.{key}", getattr(rule, key), request) for key in TIMING},
    }


def _value(key: str, value: Any, request: Request) -> Any:
    """A value of a rule, or all that are swept in one string; of very many the ends."""
    swept = request.levers.get(key, [])
    if len(swept) > MOST_LISTED and all(isinstance(v, int | float) for v in swept):
        return f"{min(swept):.4g} to {max(swept):.4g}"
    return ", ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in swept) if len(swept) > 1 else value


def provenance(started: datetime) -> dict[str, Any]:
    """Which code on which machine made a result, when, and how long it took."""
    return {
        "code_version": writing.code_version(),
        "versions": {"python": platform.python_version(), **{p: version(p) for p in PACKAGES}},
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 1),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def record(verb: str, request: Request, digest: str, started: datetime, **more: Any) -> dict[str, Any]:
    """Provenance of a result: everything needed to know what it is and to make it again."""
    first = request.scenarios[0]
    asking = request.asking
    return {
        "verb": verb,
        "name": asking.name or labels.default_name(request),
        "title": asking.title or labels.default_title(request),
        "question": asking.question or labels.default_question(request),
        "sector_title": first.sector.title,
        "currency": first.sector.currency,
        "strategy": ", ".join(strategies.headlines(request)),
        "population": first.population.name,
        "n_consumers": first.population.n_consumers,
        "n_replicates": asking.replicates,
        "intervals": {"method": asking.intervals, "words": METHODS[asking.intervals], "weeks": METHODS["t"]},
        "seeds": [first.seed + r for r in range(asking.n_pairs)],
        "n_weeks": first.horizon.n_weeks,
        "policy_week": first.first_policy_week,
        "digest": digest,
        **provenance(started),
        "command": " ".join(["platform-lab", verb, *(shlex.quote(word) for word in request.words)]),
        "instruments": rules(request),
        "assumptions": assumptions(first.sector),
        **more,
    }
