"""Replicates until the intervals are as narrow as wanted: `compare precision=...`.

Replicate r has seed `seed + r` whatever their number, and finished runs are kept, so that going from 8 replicates to 16
runs only the last 8. The mathematics, and what stopping does to the intervals, are in
`analysis.statistics.precision`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.statistics import estimates as est
from analysis.statistics.effects import interval_of, paired_effects
from analysis.statistics.precision import PrecisionStatus, next_step, status_of
from analysis.wording import chance
from experiments.request.refusals import COMPARE
from experiments.request.request import Request
from experiments.running import execution, plan
from experiments.storage import run_store
from sim.errors import Problem, RefusedScenario
from sim.metrics.registry import REGISTRY
from sim.strict import nearest

ALLOWED = "a half-width by metric, as in precision={consumer_surplus: 5}, or one share between 0 and 1"
FIXED = "set replicates=, or use platform-lab compare"


@dataclass(frozen=True)
class PrecisionOptions:
    """Half-widths of 95% intervals by metric, in the metric's unit; or one share of the size of the parties' money."""

    halves: dict[str, float]
    share: float | None = None

    @property
    def metrics(self) -> list[str]:
        """The metrics whose intervals count."""
        return list(self.halves) if self.share is None else [m for party, m in est.MONEY.items() if party != "owners"]


def options_of(request: Request) -> PrecisionOptions | None:
    """What is wanted; None where nothing is. Raises `RefusedScenario` with everything about it that cannot be."""
    given, problems = request.asking.precision, []
    if given is None:
        return None
    if isinstance(given, Mapping):
        for metric, half in given.items():
            problems += _unknown(str(metric)) + _not_positive(f"precision={{{metric}: {half}}}", half)
        if not given:
            problems.append(Problem("precision={}", "it names no metric", ALLOWED, "name one, or leave it out"))
    else:
        problems += _not_positive(f"precision={given}", given)
        if not problems and given >= 1:
            why, todo = "one number is a share of every effect", f"write 'precision={{consumer_surplus: {given}}}'"
            problems.append(Problem(f"precision={given}", why, ALLOWED, todo))
    if problems:
        raise RefusedScenario(problems)
    if isinstance(given, Mapping):
        return PrecisionOptions({str(metric): float(half) for metric, half in given.items()})
    return PrecisionOptions({}, float(given))


def _unknown(metric: str) -> list[Problem]:
    if metric in REGISTRY:
        return []
    allowed = f"{len(REGISTRY)} metrics, see platform-lab list metrics"
    asked = f"precision={{{metric}: ...}}"
    return [Problem(asked, "there is no such metric", allowed, nearest(metric, list(REGISTRY)))]


def _not_positive(asked: str, value: Any) -> list[Problem]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and value > 0 and math.isfinite(value):
        return []
    return [Problem(asked, "a half-width is a positive number", ALLOWED, "write a number above zero")]


def refuse_elsewhere(request: Request, verb: str) -> None:
    """Only a single comparison adds replicates until it is precise."""
    if request.asking.precision is not None or "precision" in request.levers:
        why, todo = f"{verb} runs a fixed number of replicates", FIXED
        if verb == "sweep":
            why = "points of a grid share their random draws, so that all have the same number of replicates"
            todo = "find the number with platform-lab compare at one point, and set replicates="
        raise RefusedScenario([Problem(f"{verb} with precision", why, COMPARE, todo)])


def refuse_conflicts(request: Request) -> None:
    """Raise `RefusedScenario` with everything about precision that does not fit the rest of a comparison."""
    asking, found = request.asking, []
    if asking.precision is None:
        if "most_replicates" in request.held:
            todo = "add precision=..., or set replicates="
            found.append(Problem("most_replicates", "it only limits precision=...", "with precision=...", todo))
    elif asking.preview:
        why, todo = "the mean-field model has no chance in it, and so no intervals", "leave one of the two out"
        found.append(Problem("precision with preview=true", why, "one of the two", todo))
    elif asking.uncertainty.over == "assumptions":
        why = "draws are a Latin hypercube, which cannot be extended: with more draws all of them change"
        todo = "set replicates= (draws) and uncertainty.seeds_per_draw=, or leave uncertainty=assumptions out"
        found.append(Problem("precision with uncertainty=assumptions", why, "one of the two", todo))
    elif asking.replicates > asking.most_replicates:
        asked, why = f"most_replicates={asking.most_replicates}", f"it starts with {asking.replicates} replicates"
        todo = "raise it, or lower replicates"
        found.append(Problem(asked, why, f"at least {asking.replicates}", todo))
    if found:
        raise RefusedScenario(found)
    options_of(request)


def settle(request: Request, say: Callable[[str], None] = print) -> tuple[Request, dict[str, Any] | None]:
    """The request with as many replicates as the precision wanted takes, which are run, and what the record says of it.

    The request itself and None where no precision is wanted.
    """
    options = options_of(request)
    if options is None:
        return request, None
    n, most, done = request.asking.replicates, request.asking.most_replicates, 0
    while True:
        grown = dataclasses.replace(request, asking=dataclasses.replace(request.asking, replicates=n))
        found = _reaches(grown, options, done)
        following = next_step(found, n, most)
        if following == n:
            break
        say(chance.going_on([_row(one) for one in found], n, following))
        n, done = following, n
    text = {"halves": options.halves, "share": options.share, "most_replicates": most, "n_replicates": n}
    text |= {"started_with": request.asking.replicates, "effects": [_row(one) for one in found]}
    return grown, text | {"is_reached": bool(found) and all(one.is_reached for one in found)}


def _reaches(request: Request, options: PrecisionOptions, done: int) -> list[PrecisionStatus]:
    """Run the replicates that are new, and see how near every effect is; none where no pair is whole."""
    point = next(point for point in plan.of_request(request) if point.is_main)
    new = [run for pair in point.pairs[done:] for run in pair.runs]
    what = f"compare: replicates {done + 1} to {len(point.pairs)}"
    with_agents = request.asking.agents is not False  # as the comparison that follows will want them
    outcome = execution.carry_out(new, request.asking.runner, what, with_agents=with_agents)
    plan.read(point, run_store.all_runs(), outcome.failed)
    if not point.whole:
        return []
    baseline, with_policy = ([frame[["week", *options.metrics]] for frame in side] for side in point.sides[:2])
    interval = interval_of(request.asking.intervals, point.scenario.seed)
    rows = paired_effects(baseline, with_policy, point.scenario.first_policy_week, interval).to_dict("records")
    return [
        status_of(
            str(row["metric"]),
            options.halves[row["metric"]] if options.share is None else options.share * abs(row["effect"]),
            row["paired_sd"],
            (row["high"] - row["low"]) / 2 if row["paired_sd"] else 0.0,  # not what rounding leaves
            len(point.whole),
        )
        for row in rows
    ]


def _row(one: PrecisionStatus) -> dict[str, Any]:
    """As the record has it: numbers that are none are null."""
    metric = REGISTRY[one.metric]
    numbers = {"wanted": one.wanted, "half": one.half, "n_needed": one.n_needed}
    known = {key: value if math.isfinite(value) else None for key, value in numbers.items()}
    text = {"metric": one.metric, "title": metric.title, "is_reached": one.is_reached}
    return text | known | {"n_replicates": one.n_replicates}


def asked_besides(request: Request) -> str:
    """What makes a result another one although its runs are the same: part of its digest."""
    asking = request.asking
    text = [f"intervals={asking.intervals}"] if asking.intervals != "t" else []
    if asking.precision is not None:
        text.append(f"precision={asking.precision} from {asking.replicates} to {asking.most_replicates}")
    return " ".join(text)
