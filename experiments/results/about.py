"""What a record says of an answer besides provenance: conduct, levers, caveats, failures, sources of intervals."""

from __future__ import annotations

import dataclasses
from typing import Any

from analysis.statistics import estimates as est
from experiments.request import labels, strategies
from experiments.request.request import Request
from experiments.results import caveats, conduct_record
from experiments.running import assumption_draws
from experiments.running.execution import Outcome
from experiments.running.plan import Point


def of_answer(request: Request, points: list[Point], outcome: Outcome, n_runs: int) -> dict[str, Any]:
    """Entries of the record."""
    conduct = conduct_record.of_conduct(request.scenarios[0])
    return {
        "conduct": conduct,
        "levers": labels.levers(request),
        "design": dataclasses.asdict(request.asking.design) if request.axes else None,
        "outcomes": list(request.asking.outcomes or est.MONEY.values()),
        "scenario_labels": [point.label for point in points if point.is_main],
        "baseline_label": "no policy",
        "policies_in_full": labels.policies_in_full(request),
        "caveats": [*request.notes, *caveats.caveats(request), *conduct_record.caveats(conduct), *_caveats_of(request)],
        "n_runs": n_runs,
        "n_cached": outcome.n_cached,
        "n_failed": len(outcome.failed),
        "failed": outcome.failed,
        "uncertainty": _of_uncertainty(request, points),
    }


def _of_uncertainty(request: Request, points: list[Point]) -> dict[str, Any]:
    """Where the intervals come from."""
    if strategies.is_asked(request):
        return {
            "over": "strategies",
            "source": "chance, under each strategy: replicates differ in their random draws only",
            "strategies": [point.strategy for point in points if not point.place],
        }
    if not assumption_draws.is_asked(request):
        return {"over": "nothing", "source": "chance: replicates differ in their random draws only"}
    drawn = points[0].draws[0].values
    return {
        "over": "assumptions",
        "source": "chance and assumptions: draws differ in the values of assumptions, their runs also in random shocks",
        "method": assumption_draws.METHOD,
        "assumptions": {name: assumption_draws.parameter_of(points[0].draws[0], name) for name in drawn},
        "n_draws": sum(len(point.draws) for point in points),
        "seeds_per_draw": request.asking.uncertainty.seeds,
        "n_failed_draws": sum(len(point.lost) for point in points),
        "n_incomplete_draws": sum(point.n_incomplete for point in points),
        "failed_draws": [
            {"scenario": i, "draw": number, "why": why}
            for i, point in enumerate(points)
            for number, why in point.lost.items()
        ],
    }


def _caveats_of(request: Request) -> list[str]:
    """What a reader of this result in particular must know."""
    found = [assumption_draws.CAVEAT] if assumption_draws.is_asked(request) else []
    if any(key.split(".")[0] in ("sector", "population") for key in request.levers):
        found.append("A market is compared with observed moments at its first point of the grid only.")
    return found
