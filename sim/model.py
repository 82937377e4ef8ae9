"""The economy as a Mesa model: build the world, walk the week."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sim.agents.faces import Consumer, Merchant, ModelWithPopulations, Worker
from sim.agents.platform import Platform
from sim.agents.regulator import Regulator
from sim.agents.strategies import STRATEGIES
from sim.kernels.engine import Backend, choose_engine
from sim.metrics.moments import Observatory
from sim.metrics.registry import measure
from sim.opening import open_world
from sim.rules.rulebook import Rulebook
from sim.scenario import Scenario
from sim.tick import TICK, Cast

if TYPE_CHECKING:
    from sim.world import World


class PlatformEconomy(ModelWithPopulations):
    """One run of one scenario.

    `step()` is a week. `weekly` holds every metric by week, `moments` the market before the policy, `seconds` the time
    spent in each phase. Consumers, merchants and riders are columns that show themselves as Mesa agents on request.
    """

    def __init__(self, scenario: Scenario, *, n_threads: int = 1, kernels: Backend = "auto") -> None:
        super().__init__(rng=scenario.seed)
        self.built_from = scenario  # `scenario` is a name of Mesa's own
        weeks = scenario.population.n_consumers * scenario.horizon.n_weeks
        self.world: World = open_world(
            scenario.sector, scenario.population.n_consumers, scenario.population.n_zones, scenario.seed,
            Rulebook(tuple(scenario.policy.values())), choose_engine(kernels, n_threads, weeks),
        )  # fmt: skip
        strategy = STRATEGIES[scenario.platforms.strategy]
        self.cast = Cast(
            self.world,
            [Platform(self, self.world, row, strategy) for row in range(self.world.n_platforms)],
            [Regulator(self, self.world, row) for row in range(len(self.world.departments))],
        )
        for face, table in (
            (Consumer, self.world.consumers),
            (Merchant, self.world.merchants),
            (Worker, self.world.workers),
        ):
            self.add_population(face, table)
        self.observatory = Observatory(self.world, scenario.horizon.policy_week)
        self.weekly: dict[str, list[float]] = {"week": []}
        self.seconds: dict[str, float] = {phase.act.__name__: 0.0 for phase in TICK}

    def step(self) -> None:
        """One week: the phases of TICK in order, then the week's metrics."""
        self.world.week += 1
        for phase in TICK:
            started = time.perf_counter()
            phase.act(self.cast)
            self.seconds[phase.act.__name__] += time.perf_counter() - started
        measured = measure(self.world)
        self.observatory.watch(self.world, measured)
        for name, value in {"week": self.world.week, **measured}.items():
            self.weekly.setdefault(name, []).append(value)

    def run_all(self) -> None:
        """Every week of the horizon that is still to come."""
        while self.world.week < self.built_from.horizon.n_weeks:
            self.step()

    @property
    def moments(self) -> dict[str, float]:
        """Moments of the year before the policy, by name; empty until that week is over."""
        return self.observatory.moments
