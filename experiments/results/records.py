"""What a result says of itself: provenance, moments, assumptions, rules."""

from __future__ import annotations

import os
import platform
import shlex
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from analysis.statistics.effects import METHODS
from analysis.wording.numbers import listed
from experiments.catalogue import rules as in_words
from experiments.catalogue.assumptions import assumptions
from experiments.request import labels, strategies
from experiments.request.parameters import parameter
from experiments.request.request import Request
from experiments.storage import versions
from sim.policy.instrument import TIMING, AbstractInstrument

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
"""Values of a parameter up to which all are listed."""


def rules(request: Request) -> list[dict[str, Any]]:
    """Every instrument of any point: law, reading, weeks, and parameters, swept ones with all their values."""
    return [_rule(name, rule, request) for name, rule in labels.all_rules(request).items()]


def _rule(name: str, rule: AbstractInstrument, request: Request) -> dict[str, Any]:
    kind = type(rule)
    declared = {key: parameter(f"policy.{name}.{key}") for key in rule.parameters()}
    parameters = {
        key: {
            "label": about.label,
            "value": _value(about.key, getattr(rule, key), request),
            "unit": about.unit if about.is_number else about.allowed,
            "meaning": about.meaning,
        }
        for key, about in declared.items()
    }
    return {
        "name": name,
        "title": rule.title,
        "provisions": list(rule.provisions),
        "kind": rule.kind,
        "department": str(rule.department),
        "reading": in_words.reading(kind),
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
        "code_version": versions.code_version(),
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
        "sector_title": listed(list(dict.fromkeys(scenario.sector.title for scenario in request.scenarios))),
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
