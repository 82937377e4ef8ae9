"""How consumers decide, open to be replaced: a subclass answers for all consumers at once, with arrays."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, NamedTuple, Protocol

import numpy as np

from sim.errors import PlatformLabError, Problem
from sim.kernels.layout import ConsumerColumns, Weights
from sim.populations.consumers import MOST_OFTEN, Consumers, app_flags
from sim.populations.merchants import Merchants
from sim.populations.platforms import Platforms
from sim.populations.zones import Zones

Array = np.ndarray
MOST_TASTE = 20.0
"""Utility beyond which a taste is refused: odds of e^20, which single precision can still distinguish from one."""


class RefusedRule(PlatformLabError):
    """A consumer rule that cannot be used, or whose answer of a week cannot be."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))


class Market(Protocol):
    """What a rule may read and must not change: N consumers, R merchants, J platforms and Z zones in a week."""

    consumers: Consumers
    merchants: Merchants
    platforms: Platforms
    zones: Zones
    week: int
    seed: int
    sensitivity: Array
    """float32 (C): price sensitivity of each income class."""


class ConsumerRule:
    """The standard rule of consumers: `sim.market.choice`. A subclass replaces the parts that it defines.

    On each of Poisson(`occasions`) occasions a week a consumer chooses among the platforms that she `considers` and
    ordering nothing, by utility: what prices, waiting, habit and data make of a platform, and her `taste` for it. Every
    method is asked once a week, when prices and fees of the week are known and before anybody orders. It answers with
    an array, or what NumPy broadcasts to its shape; rows are those of `market.consumers`.

    Consumer surplus counts a week's own occasions, and a taste as something wanted. Platforms reason about the
    standard rule, whatever the rule is: with another one they may be wrong about consumers.

    Raises TypeError for a subclass with a `step` or a misspelt method; RefusedRule, in the week, for an answer that
    cannot be.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in vars(cls):
            if name in ("step", "advance"):
                raise TypeError(f"{cls.__name__} has a {name}() that nobody calls: define {', '.join(PARTS)}")
            if name not in PARTS and (near := get_close_matches(name, PARTS, n=1, cutoff=0.8)):
                raise TypeError(f"{cls.__name__} has a method {name!r} that nobody asks; did you mean {near[0]!r}?")

    def occasions(self, market: Market) -> Array:
        """Mean number of occasions to order this week, float32 (N): 0 to 40."""
        return market.consumers.occasion_rate.copy()

    def considers(self, market: Market) -> Array:
        """Whether a consumer considers a platform, bool (J, N); by default, whether she has its app."""
        return app_flags(market.consumers.apps, len(market.platforms))

    def taste(self, market: Market) -> Array:
        """Utility of a platform to a consumer beyond the standard one, float32 (J, N): -20 to 20."""
        return np.zeros(market.consumers.habit.shape, np.float32)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


PARTS: dict[str, Callable] = {name: getattr(ConsumerRule, name) for name in ("occasions", "considers", "taste")}
STANDARD = ConsumerRule()


class Decided(NamedTuple):
    """What the ordering kernel is given: `columns.occasion_rate` are the occasions of this week."""

    columns: ConsumerColumns
    weights: Weights


def decide(rule: ConsumerRule, market: Market, weights: Weights) -> Decided:
    """Consumers' columns and weights as the rule has them this week; untouched where it replaces nothing.

    Raises RefusedRule for an answer of another shape or kind, or out of range.
    """
    consumers = market.consumers
    columns, shape = consumers.kernel_columns(), consumers.habit.shape
    if _replaces(rule, "occasions"):
        occasions = _answer(rule, market, "occasions", shape[1:], (0.0, MOST_OFTEN))
        columns = columns._replace(occasion_rate=occasions)
    if _replaces(rule, "considers"):
        bits = np.uint16(1) << np.arange(shape[0], dtype=np.uint16)[:, None]
        apps = (_answer(rule, market, "considers", shape) * bits).sum(axis=0, dtype=np.uint16)
        columns = columns._replace(apps=apps)
    if _replaces(rule, "taste"):
        # The kernel has one term a consumer and platform, habit: both go into it, and surplus still counts habit alone.
        taste = _answer(rule, market, "taste", shape, (-MOST_TASTE, MOST_TASTE))
        columns = columns._replace(habit=weights.habit * consumers.habit + taste)
        weights = weights._replace(habit=np.float32(1.0))
    return Decided(columns, weights)


def _replaces(rule: ConsumerRule, part: str) -> bool:
    # Not the class alone: a method may also have been put on the instance.
    return getattr(getattr(rule, part), "__func__", None) is not PARTS[part]


def _answer(
    rule: ConsumerRule, market: Market, part: str, shape: tuple[int, ...], limits: tuple[float, float] | None = None
) -> Array:
    """The rule's array, checked: float32 within limits, or yes and no without them."""
    given = np.asarray(getattr(rule, part)(market))
    allowed = f"yes and no, {shape}" if limits is None else f"numbers from {limits[0]:g} to {limits[1]:g}, {shape}"
    why = ""
    if given.dtype.kind not in ("b" if limits is None else "fiu"):
        why = f"it is an array of {given.dtype}"
    elif not _fits(given.shape, shape):
        why = f"its shape is {given.shape}"
    elif limits is not None and not np.all((given >= limits[0]) & (given <= limits[1])):
        why = f"it holds numbers from {given.min():g} to {given.max():g}"
    if why:
        asked = f"{rule!r}.{part}() in week {market.week}"
        raise RefusedRule(Problem(asked, why, allowed, f"change what {part}() of {type(rule).__name__} returns"))
    return np.array(np.broadcast_to(given, shape), bool if limits is None else np.float32, order="C")


def _fits(given: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(given, shape) == shape
    except ValueError:
        return False


def refuse_no_rule(given: Any) -> None:
    """Raises RefusedRule unless a consumer rule is given."""
    if isinstance(given, ConsumerRule):
        return
    todo = "subclass platform_lab.agents.ConsumerRule, and pass an instance of it"
    if isinstance(given, type) and issubclass(given, ConsumerRule):
        todo = f"make one: {given.__name__}()"
    why = "consumers decide by a rule for all of them at once, not agent by agent"
    problem = Problem(f"consumer_rule={given!r}", why, "an instance of ConsumerRule or of a subclass of it", todo)
    raise RefusedRule(problem)
