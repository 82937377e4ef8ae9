"""The economy as a Mesa model: build the world, walk the week."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import mesa
from mesa.time import Priority, Schedule

from sim import snapshot as snapshots
from sim.agents.compliance import Compliance
from sim.agents.decision_variables import set_off
from sim.agents.platform import Platform
from sim.agents.regulator import Regulator
from sim.agents.strategies import decision_model_of, strategy_of
from sim.batch import asked
from sim.kernels.engine import Backend, choose_engine
from sim.mesa_view.collector import collector_for_one_model, has_collected
from sim.mesa_view.populated_model import ModelWithPopulations
from sim.mesa_view.refused import ClosedPopulation
from sim.mesa_view.views import Consumer, Merchant, Worker
from sim.metrics.moments import Observatory
from sim.metrics.registry import measure
from sim.metrics.tally import Tally
from sim.opening import open_world
from sim.populations.consumer_rule import STANDARD, ConsumerRule, refuse_no_rule
from sim.rules.rulebook import Rulebook
from sim.scenario import Scenario
from sim.snapshot import Snapshot
from sim.tick import TICK, Cast
from sim.world import World

Collector = mesa.DataCollector | Callable[[], mesa.DataCollector]


class PlatformEconomy(ModelWithPopulations):
    """One run of one scenario, built from keywords as `mesa.batch_run` builds it.

    Keywords change the scenario under dotted names, as `**{"policy.commission_cap.ceiling": 0.08}`; `policy` may also
    be the name of a rule (`sim.batch.changed`). `rng`, or `seed`, is another seed. `datacollector`, or a function that
    makes one, collects at the end of each week; by default it holds every metric. `consumer_rule` replaces how
    consumers decide; the model works with a copy of it.

    `step()` is a week, and `running` is False after the last one of the horizon. `weekly` holds every metric by week,
    `moments` the market before the policy, `seconds` the time spent in each phase, `tally` each agent's money from the
    policy week on. Consumers, merchants and workers are columns, seen as Mesa agents on request.

    `snapshot()` keeps the state between two weeks and `resume()` continues from it, under other rules if asked, to the
    same bits as a run from the start.

    Raises RefusedScenario, with every problem, for a scenario that cannot be run; RefusedRule and ForeignCollector.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        rng: Any = None,
        datacollector: Collector | None = None,
        consumer_rule: ConsumerRule = STANDARD,
        n_threads: int = 1,
        kernels: Backend = "auto",
        past: Snapshot | None = None,
        **values: Any,
    ) -> None:
        scenario = asked(scenario, rng, values)
        super().__init__(rng=scenario.seed)
        self.built_from = scenario  # `scenario` is a name of Mesa's own
        people, n_zones = scenario.population.n_consumers, scenario.population.n_zones
        engine = choose_engine(kernels, n_threads, people * scenario.horizon.n_weeks)
        if past is None:
            rulebook = Rulebook(tuple(scenario.policy.values()))
            self.world: World = open_world(
                scenario.sector, scenario.platforms, people, n_zones, scenario.seed, rulebook, engine
            )
            set_off(self.world, scenario.platforms.starting_ratio)
        else:
            snapshots.refuse_another_past(past, scenario)
            self.world = snapshots.restore(past, scenario, engine)
        self.consumer_rule = consumer_rule
        decision_model = decision_model_of(scenario.platforms, scenario.sector, people / n_zones, self.world.rulebook)
        strategy = strategy_of(scenario.platforms, decision_model, scenario.seed)
        self.cast = Cast(
            self.world,
            [Platform(self, self.world, row, strategy) for row in range(self.world.n_platforms)],
            Compliance(decision_model, scenario.platforms),
            [Regulator(self, self.world, row) for row in range(len(self.world.departments))],
        )
        for view, table in (
            (Consumer, self.world.consumers),
            (Merchant, self.world.merchants),
            (Worker, self.world.workers),
        ):
            self.add_population(view, table)
        self.observatory = Observatory(self.world, scenario.horizon.policy_week)
        self.tally = Tally(self.world, scenario.horizon.policy_week)
        self.weekly: dict[str, list[float]] = {"week": []}
        self.seconds: dict[str, float] = {phase.act.__name__: 0.0 for phase in TICK}
        if past is not None:
            self._remember(past)
        self.datacollector: Any = collector_for_one_model(datacollector)
        if past is not None and datacollector is None:
            self.datacollector.collect(self)  # the weeks before
        # An event of its own behind the week's: a subclass that adds to step() is collected with what it added.
        self.schedule_recurring(self._collect, Schedule(), priority=Priority.LOW)

    @property
    def consumer_rule(self) -> ConsumerRule:
        """How consumers decide from the next week on; set, it is copied. Raises RefusedRule for anything else."""
        return self.world.consumer_rule

    @consumer_rule.setter
    def consumer_rule(self, rule: ConsumerRule) -> None:
        refuse_no_rule(rule)
        self.world.consumer_rule = copy.deepcopy(rule)  # what it remembers is this run's

    def _collect(self) -> None:
        collector = self.datacollector
        if isinstance(collector, mesa.DataCollector) and has_collected(collector, self.time):
            return  # by a step() that collects by itself, as Mesa's models do
        collector.collect(self)

    def step(self) -> None:
        """One week: the phases of TICK in order, then the week's metrics."""
        self.world.week += 1
        for phase in TICK:
            started = time.perf_counter()
            phase.act(self.cast)
            self.seconds[phase.act.__name__] += time.perf_counter() - started
        measured = measure(self.world)
        self.observatory.watch(self.world, measured)
        self.tally.watch(self.world)
        for name, value in {"week": self.world.week, **measured}.items():
            self.weekly.setdefault(name, []).append(value)
        self.running = not self.is_over

    @property
    def is_over(self) -> bool:
        """Whether the last week of the horizon is behind."""
        return self.world.week >= self.built_from.horizon.n_weeks

    def run_all(self) -> None:
        """Every week of the horizon that is still to come."""
        while not self.is_over:
            self.step()

    def snapshot(self) -> Snapshot:
        """A copy of the present state, from which any number of runs can go on; takes arrays only, no file."""
        return snapshots.take(self.built_from, self.world, self._watchers(), self.weekly, self.seconds)

    def save_snapshot(self, path: str | Path) -> str:
        """Write the present state to a file, whole or not at all; returns the SHA-256 of its contents."""
        return snapshots.write(self.snapshot(), path)

    @classmethod
    def resume(
        cls,
        source: Snapshot | str | Path,
        scenario: Scenario | None = None,
        *,
        datacollector: Collector | None = None,
        consumer_rule: ConsumerRule | None = None,
        n_threads: int = 1,
        kernels: Backend = "auto",
    ) -> Self:
        """Continue from a snapshot or its file, under its own scenario or another one with the same past.

        Rules may differ from the week after the snapshot on, the consumers' too, and so may the horizon's last week. A
        collector that is given begins there. Raises `RefusedSnapshot` for a file that is damaged, altered or made by
        other code, and for another past.
        """
        past = source if isinstance(source, Snapshot) else snapshots.read(source)
        return cls(
            scenario or past.scenario,
            datacollector=datacollector,
            consumer_rule=past.consumer_rule if consumer_rule is None else consumer_rule,
            n_threads=n_threads,
            kernels=kernels,
            past=past,
        )

    def remove_all_agents(self) -> None:
        """Refuse: raises ClosedPopulation."""
        raise ClosedPopulation(f"remove all agents of {self!r}")

    def _watchers(self) -> dict[str, snapshots.Watcher]:
        return {"observatory": self.observatory, "tally": self.tally}

    def _remember(self, past: Snapshot) -> None:
        for who, watcher in self._watchers().items():
            watcher.load(past.part(who))
        self.weekly = snapshots.weekly_of(past)
        self.seconds |= past.seconds
        self._default_schedule.pause()  # Mesa's clock: its next step is the week after the snapshot
        self.steps, self.time = past.week, float(past.week)
        self._default_schedule.resume()
        self.running = not self.is_over

    @property
    def moments(self) -> dict[str, float]:
        """Moments of the year before the policy, by name; empty until that week is over."""
        return self.observatory.moments
