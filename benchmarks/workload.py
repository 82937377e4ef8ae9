"""The common workload: what one week of a real run hands to the consumer step."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.request import build
from sim.kernels.engine import Backend, CompiledEngine, Engine
from sim.kernels.layout import ConsumerColumns, MarketTables, OrderColumns, Weights
from sim.model import PlatformEconomy

Array = np.ndarray
WEEKS_BEFORE = 8


@dataclass(frozen=True)
class Workload:
    """Inputs of the consumer step in one week."""

    columns: ConsumerColumns
    tables: MarketTables
    weights: Weights
    zone_ends: Array
    n_slots: int
    n_candidates: int
    week: int
    streams: tuple[int, int]
    key: tuple[int, int]

    @property
    def n_consumers(self) -> int:
        return len(self.columns.identity)

    def step(self, engine: Engine, week: int) -> tuple[Array, OrderColumns]:
        """The consumer step as the model does it."""
        return engine.place_orders(
            self.columns, self.tables, self.weights, self.zone_ends, self.n_candidates, week, self.streams, self.key
        )[:2]


def open_economy(*overrides: str, n_threads: int = 1, kernels: Backend = "compiled") -> PlatformEconomy:
    """A model from the configuration."""
    return PlatformEconomy(build.ask(list(overrides)).scenarios[0], n_threads=n_threads, kernels=kernels)


def capture(model: PlatformEconomy) -> Workload:
    """Walk one week and keep what its consumer step was given; what later phases change is copied."""
    world, kept = model.world, {}
    engine: Any = world.engine
    place_orders = engine.place_orders

    def record(columns: ConsumerColumns, tables: MarketTables, weights: Weights, *remaining: Any) -> Any:
        copies = ConsumerColumns(*(column.copy() for column in columns))
        kept.update(
            columns=copies,
            tables=tables._replace(ranking=tables.ranking.copy()),
            weights=weights,
            remaining=remaining,
        )
        return place_orders(columns, tables, weights, *remaining)

    engine.place_orders = record
    try:
        model.step()
    finally:
        engine.place_orders = place_orders
    zone_ends, n_candidates, week, streams, key = kept.pop("remaining")
    return Workload(
        **kept,
        zone_ends=zone_ends.copy(),
        n_slots=world.n_slots,
        n_candidates=n_candidates,
        week=week,
        streams=streams,
        key=key,
    )


def settled(model: PlatformEconomy) -> Workload:
    """The week after the first eight."""
    for _ in range(WEEKS_BEFORE):
        model.step()
    return capture(model)


@functools.cache
def city() -> Workload:
    """100,000 consumers in ten zones."""
    return settled(open_economy("population=city"))


@functools.cache
def metropolis() -> tuple[PlatformEconomy, Workload]:
    """A million consumers in a hundred zones: the economy and its workload."""
    model = open_economy("population=metropolis", n_threads=2)
    return model, settled(model)


@functools.cache
def engine(n_threads: int) -> CompiledEngine:
    return CompiledEngine(n_threads)
