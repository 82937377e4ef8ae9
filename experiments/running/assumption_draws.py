"""Uncertain assumptions: drawn from their ranges, and what that does to an effect.

Each replicate draws one value of every assumption, uniformly over its range, by Latin hypercube (McKay,
Beckman & Conover 1979), and is run with `seeds_per_draw` seeds; both runs of a pair use the same draw and seed. Pair r
has seed `seed + r` and draw r // seeds_per_draw, at every point of a sweep. Effects and their spread are taken over
draws' means; differences between the seeds of a draw are chance (`analysis.statistics.variance`). Draws of which some
runs failed count with the others.

An assumption with several values, such as a cost of every department, draws one common factor for them, uniformly
among those that keep all of them in the range: their order and ratios stay. Where values may not be positive it is a
common shift. A cost that has to be paid from a budget is drawn after that budget and below it. Of shares that sum to
one, those not drawn divide what the others leave. Fitted values are not fitted anew, so that a drawn market may be far
from the observed one; values that the request sets itself are not drawn.
"""

from __future__ import annotations

import copy
import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.catalogue import assumptions
from experiments.request.request import Request
from sim.errors import Problem, RefusedScenario
from sim.parameters import Sector
from sim.scenario import Scenario
from sim.strict import nearest

Array = np.ndarray
BELOW = {"staff_cost": "budget"}
"""Values that may not exceed another one of the same member."""
PARTS_OF_ONE: tuple[str, ...] = ("merchants.tiers", "workers.groups")
"""Members whose shares sum to one."""
METHOD = "Latin hypercube, uniform over the declared ranges"
CAVEAT = (
    "Assumptions were drawn from their ranges without fitting the market again: the spread of draws reflects uncertain "
    "assumptions, but also markets that resemble the real one less than the calibrated market does."
)


@dataclass(frozen=True)
class Assumption:
    """An assumption: its place among the sector's sources, its range and its values, by dotted name in the sector."""

    name: str
    place: int
    low: float
    high: float
    members: dict[str, float]


@dataclass(frozen=True)
class Draw:
    """One draw's values by assumption and dotted name, and the scenario with them, or why there is none."""

    values: dict[str, dict[str, float]]
    scenario: Scenario | None
    problem: str = ""


def is_asked(request: Request) -> bool:
    """Whether replicates draw assumptions."""
    return request.asking.uncertainty.over == "assumptions"


def refuse_elsewhere(request: Request, verb: str) -> None:
    """Only paired effects are taken over draws or under several strategies."""
    over = request.asking.uncertainty.over
    if over != "nothing":
        why, todo = f"{verb} simulates one market", "leave it out, or use platform-lab compare"
        raise RefusedScenario([Problem(f"{verb} with uncertainty={over}", why, "compare, sweep", todo)])


def assumptions_of(sector: Sector, request: Request) -> list[Assumption]:
    """What is drawn, in the order in which the sector declares it; raises `RefusedScenario` for unknown names."""
    wanted = [name.removeprefix(assumptions.PREFIX) for name in request.asking.uncertainty.assumptions or []]
    plain, places = dataclasses.asdict(sector), {pattern: place for place, pattern in enumerate(sector.sources)}
    found: dict[str, Assumption] = {}
    for name, value in assumptions.leaves({key: plain[key] for key in assumptions.VALUE_GROUPS}):
        pattern, source = sector.pattern_of(name), sector.source_of(name)
        if pattern is None or source is None or source.low is None or source.high is None:
            continue
        if source.basis == "assumption":
            own = assumptions.name_of(pattern)
            one = found.setdefault(own, Assumption(own, places[pattern], source.low, source.high, {}))
            one.members[name] = value
    unknown = [name for name in wanted if name not in found]
    if unknown:
        asked, why = f"uncertainty.assumptions=[{', '.join(unknown)}]", "the sector has no such assumption"
        todo = f"{nearest(unknown[0], list(found))}; see platform-lab list assumptions"
        raise RefusedScenario([Problem(asked, why, ", ".join(sorted(found)), todo)])
    held = {key.removeprefix("sector.") for key in request.held}
    baseline = [one for one in found.values() if not held & one.members.keys()]
    return sorted((one for one in baseline if not wanted or one.name in wanted), key=_turn)


def _turn(one: Assumption) -> tuple[bool, int]:
    # The columns of the Latin hypercube follow this order, so that the order of a sector's sources decides every drawn
    # value, as its values do; what has to stay below another value is drawn after it.
    return any(name.split(".")[-1] in BELOW for name in one.members), one.place


def draw(scenario: Scenario, request: Request) -> list[Draw]:
    """One draw a replicate: it depends on the scenario, its seed and the number of replicates only."""
    from scipy.stats import qmc

    chosen, n = assumptions_of(scenario.sector, request), request.asking.replicates
    if not chosen:
        return [Draw({}, scenario) for _ in range(n)]
    points = qmc.LatinHypercube(len(chosen), rng=np.random.default_rng(scenario.seed)).random(n)
    return [_drawn(scenario, chosen, point) for point in points]


def _drawn(scenario: Scenario, chosen: list[Assumption], point: Array) -> Draw:
    plain = copy.deepcopy(scenario.to_dict())
    values: dict[str, dict[str, float]] = {}
    for one, u in zip(chosen, point, strict=True):
        values[one.name] = _values(one, float(u), plain["sector"])
        for name, value in values[one.name].items():
            *steps, last = name.split(".")
            _at(plain["sector"], steps)[last] = value
    names = {name for members in values.values() for name in members}
    for path in PARTS_OF_ONE:
        _share_the_rest(_at(plain["sector"], path.split(".")), path, names)
    try:
        return Draw(values, Scenario.from_dict(plain))
    except RefusedScenario as refused:
        return Draw(values, None, str(refused))


def _share_the_rest(parts: dict[str, dict[str, Any]], path: str, drawn: set[str]) -> None:
    """Let the parts of one whole whose shares were not drawn divide the rest in their old proportions."""
    kept = [name for name in parts if f"{path}.{name}.share" in drawn]
    others = [name for name in parts if name not in kept]
    left, before = 1.0 - sum(parts[name]["share"] for name in kept), sum(parts[name]["share"] for name in others)
    if kept and before > 0.0 and left >= 0.0:
        for name in others:
            parts[name]["share"] *= left / before


def _at(tree: dict[str, Any], steps: list[str]) -> dict[str, Any]:
    for step in steps:
        tree = tree[step]
    return tree


def _values(one: Assumption, u: float, sector: dict[str, Any]) -> dict[str, float]:
    """Values of an assumption at the quantile `u` of its range."""
    most = {name: _most(name, one.high, sector) for name in one.members}
    if len(one.members) == 1:
        ((name, value),) = one.members.items()
        low, high = min(one.low, most[name]), most[name]
        if isinstance(value, int):
            return {name: min(math.floor(low + u * (math.floor(high) - math.ceil(low) + 1)), math.floor(high))}
        return {name: low + u * (high - low)}
    if min(one.members.values()) > 0:
        high = min(most[name] / value for name, value in one.members.items())
        low = min(high, one.low / min(one.members.values()))
        moved = {name: value * (low + u * (high - low)) for name, value in one.members.items()}
    else:
        high = min(most[name] - value for name, value in one.members.items())
        low = min(high, one.low - min(one.members.values()))
        moved = {name: value + low + u * (high - low) for name, value in one.members.items()}
    bounds = {name: (min(one.low, most[name]), most[name]) for name in moved}  # rounding may pass a bound by a bit
    inside = {name: min(max(value, bounds[name][0]), bounds[name][1]) for name, value in moved.items()}
    return {name: round(v) if isinstance(one.members[name], int) else v for name, v in inside.items()}


def _most(name: str, high: float, sector: dict[str, Any]) -> float:
    *steps, last = name.split(".")
    return min(high, _at(sector, steps)[BELOW[last]]) if last in BELOW else high


def parameter_of(draw: Draw, assumption: str) -> str:
    """Dotted name of what is drawn: a member's, with * where the members differ."""
    names = [name.split(".") for name in draw.values[assumption]]
    return ".".join(steps[0] if len(set(steps)) == 1 else "*" for steps in zip(*names, strict=True))


def table_of(draws: list[Draw]) -> Any:
    """Every drawn value: draw, assumption, parameter, value."""
    import pandas as pd

    rows = [
        {"draw": i, "assumption": assumption, "parameter": f"sector.{name}", "value": float(value)}
        for i, one in enumerate(draws)
        for assumption, members in one.values.items()
        for name, value in members.items()
    ]
    return pd.DataFrame(rows, columns=["draw", "assumption", "parameter", "value"])
