"""Which points of a question are simulated: axes with values or ranges, and the design that chooses points on them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeGuard

import numpy as np

from sim.errors import Problem, RefusedScenario
from sim.parameters import Param, Sector, parameters
from sim.scenario import Scenario

MOST_SCENARIOS = 100_000
DECLARED = "declared"
"""Written in place of values: the range that a parameter or an assumption declares."""

ENDS = ("low", "high")
"""What a file calls the ends of a range."""

type Point = dict[str, Any]


@parameters
class Design:
    """How points are chosen on the axes of a sweep."""

    kind: Literal["grid", "latin_hypercube", "sobol", "one_at_a_time"] = "grid"
    n_levels: Annotated[int, Param("levels of a range on a grid", "values", 2, 1_000)] = 5
    n_points: Annotated[int, Param("points spread over the ranges", "points", 2, MOST_SCENARIOS)] = 64
    seed: Annotated[int, Param("seed of the points", "-", 0, 2**32)] = 1

    @property
    def spreads(self) -> bool:
        """Whether ranges are filled by points instead of levels."""
        return self.kind in ("latin_hypercube", "sobol")


@dataclass(frozen=True)
class Range:
    """Everything from `low` to `high`, both included; whole numbers where the parameter is one."""

    low: float
    high: float
    is_whole: bool = False

    def at(self, share: float) -> float:
        """The value below which `share` of the range lies."""
        if self.is_whole:
            low, high = math.ceil(self.low), math.floor(self.high)
            return min(low + math.floor(share * (high - low + 1)), high)
        return self.low + share * (self.high - self.low)

    def levels(self, n: int) -> list[float]:
        """That many equally spaced values from end to end; fewer where there are not enough whole numbers."""
        low, high = (math.ceil(self.low), math.floor(self.high)) if self.is_whole else (self.low, self.high)
        values = [low + (high - low) * i / (n - 1) for i in range(n - 1)] + [high]
        return list(dict.fromkeys(round(v) for v in values)) if self.is_whole else [_short(v) for v in values]

    def plain(self) -> dict[str, float]:
        """As a file says it."""
        return {"low": self.low, "high": self.high}


def _short(value: float) -> float:
    """Without what binary fractions leave in the last digits: 0.07, not 0.07000000000000001."""
    return float(f"{value:.12g}")


def stepped(asked: str, start: float, stop: float, step: float, problems: list[Problem]) -> list[Any]:
    """Values of `range(start,stop,step)`: from start on, in steps, as long as they lie before stop.

    The end is left out, as in Hydra and Python. Steps are decimal: 0.05 and one step of 0.01 is 0.06, the same number
    as typed. Counted before it is built; what cannot be a sweep becomes a problem.
    """
    if not all(math.isfinite(x) for x in (start, stop, step)):
        why, todo = "a range has finite ends and steps", "name numbers"
        problems.append(Problem(asked, why, "range(start,stop,step)", todo))
        return []
    first, end, by = (Decimal(repr(x)) for x in (start, stop, step))
    n = math.ceil((end - first) / by) if by else 0
    if n < 2:
        why = "its step leads away from its end" if n <= 0 else f"it holds {_number(first)} alone"
        why = why if by else "a step of 0 leads nowhere"
        why = why if start != stop else "it starts where it ends, and the end is left out"
        todo = "the step is 1 where none is named, and the end is left out: range(0.05,0.11,0.01) ends with 0.1"
        problems.append(Problem(asked, why, "range(start,stop,step) with two values or more", todo))
        return []
    if n > MOST_SCENARIOS:
        why, todo = f"it has {n:,} values", "choose a wider step, or interval(low,high) with a design"
        problems.append(Problem(asked, why, f"at most {MOST_SCENARIOS:,} values", todo))
        return []
    is_whole = all(isinstance(x, int) for x in (start, stop, step))
    return [int(first + i * by) if is_whole else float(first + i * by) for i in range(n)]


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def range_of(key: str, asked: Any, base: Scenario | None, problems: list[Problem]) -> Range | None:
    """The range that `{low: , high: }` or the word `declared` stands for; None with every problem appended."""
    if base is None:
        return None
    try:
        value, note = (base.seed, None) if key == "seed" else base.value_at(key)
    except KeyError:  # validation knows the right names
        before = len(problems)
        if "." in key:
            base.with_value(key, 0, problems)
        if len(problems) == before:
            why, todo = "it is a group of values, and only a number has a range", "name one number of it"
            problems.append(Problem(f"a range of {key}", why, "a number", todo))
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        why, todo = "only a number has a range", f"list values: {key}=a,b"
        problems.append(Problem(f"a range of {key}", why, "values", todo))
        return None
    if asked == DECLARED:
        found = declared(key, base.sector, note)
        if found is None:
            why, todo = "nothing declares a range for it", f"write {key}=interval(low,high)"
            problems.append(Problem(f"{key}={DECLARED}", why, "assumptions and rules' parameters", todo))
            return None
        low, high = found
    else:
        assert isinstance(asked, Mapping), "is_range told a range from a list"
        if more := [str(word) for word in asked if word not in ENDS]:
            why, todo = f"{', '.join(more)} is no end of a range", "leave it out"
            problems.append(Problem(f"{key}: {dict(asked)}", why, "{low: number, high: number}", todo))
            return None
        low, high = (asked.get(end) for end in ENDS)
    if not (_is_end(low) and _is_end(high)) or low >= high:
        why, todo = "a range has two finite ends", "low below high"
        problems.append(Problem(f"{key} from {low} to {high}", why, "{low: number, high: number}", todo))
        return None
    found = Range(low, high, isinstance(value, int))
    if found.is_whole and math.ceil(low) > math.floor(high):
        why, todo = f"{key} is a whole number, and none lies between them", "name whole numbers as ends"
        problems.append(Problem(f"{key} from {low} to {high}", why, "a range with whole numbers in it", todo))
        return None
    return found


def _is_end(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def declared(key: str, sector: Sector, note: Param | None) -> tuple[float, float] | None:
    """Range of the assumption under a value of the sector, or the one that a rule's parameter states."""
    if not key.startswith("sector."):
        return (note.low, note.high) if note is not None else None
    source = sector.source_of(key.removeprefix("sector."))
    if source is None or source.low is None or source.high is None:
        return None
    return source.low, source.high


def is_range(asked: Any) -> bool:
    """Whether an axis is a range rather than a list of values."""
    return asked == DECLARED or isinstance(asked, dict | Range)


def points(axes: dict[str, list[Any] | Range], design: Design, base: Callable[[str], Any]) -> list[Point]:
    """Value of every axis, point by point, once `n_points` has accepted the design.

    `base` gives the value of a key that the one-at-a-time design leaves alone.
    """
    ranges = {key: axis for key, axis in axes.items() if isinstance(axis, Range)}
    listed = {k: axis.levels(design.n_levels) if isinstance(axis, Range) else axis for k, axis in axes.items()}
    if design.kind == "grid" or not axes:
        return [dict(zip(listed, values, strict=True)) for values in itertools.product(*listed.values())]
    if design.kind == "one_at_a_time":
        middle = {key: base(key) for key in axes}
        turned = [{**middle, key: v} for key, values in listed.items() for v in values if v != middle[key]]
        return [middle, *turned]
    crossed = {key: values for key, values in listed.items() if key not in ranges}
    cube = _cube(design, len(ranges))
    spread = [{key: axis.at(float(u)) for (key, axis), u in zip(ranges.items(), row, strict=True)} for row in cube]
    combined = [dict(zip(crossed, values, strict=True)) for values in itertools.product(*crossed.values())]
    return [{key: (one | more)[key] for key in axes} for one in combined for more in spread]


def _cube(design: Design, n: int) -> np.ndarray:
    """Points in the unit cube, one row a point."""
    from scipy.stats import qmc

    rng = np.random.default_rng(design.seed)
    if design.kind == "latin_hypercube":
        return qmc.LatinHypercube(n, rng=rng).random(design.n_points)
    return qmc.Sobol(n, rng=rng).random_base2(design.n_points.bit_length() - 1)


def n_points(axes: dict[str, list[Any] | Range], design: Design) -> int:
    """How many points the design has; raises `RefusedScenario` for one without what it needs or with too many."""
    ranges = {key: axis for key, axis in axes.items() if isinstance(axis, Range)}
    lengths = [len(axis) for axis in axes.values() if isinstance(axis, list)]
    if design.spreads and axes and not ranges:
        why, todo = "it spreads points over ranges, and no axis has a range", "write key=interval(low,high)"
        raise RefusedScenario([Problem(f"design={design.kind}", why, "one range or more", todo)])
    if design.kind == "sobol" and design.n_points & (design.n_points - 1):
        below = 1 << (design.n_points.bit_length() - 1)
        why, todo = "a Sobol sequence is balanced at powers of two only", f"set it to {below} or {2 * below}"
        raise RefusedScenario([Problem(f"design.n_points={design.n_points}", why, "2, 4, 8, 16 and so on", todo)])
    levels = [*lengths, *[design.n_levels] * len(ranges)]
    n = sum(levels) if design.kind == "one_at_a_time" else math.prod(levels)
    n = design.n_points * math.prod(lengths) if design.spreads else n
    if n > MOST_SCENARIOS:
        asked, allowed = f"a sweep of {n:,} scenarios", f"at most {MOST_SCENARIOS:,}"
        raise RefusedScenario([Problem(asked, "it would take too long", allowed, "sweep fewer values")])
    return n
