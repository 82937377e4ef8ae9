"""The economy as a Mesa model, built from the words of the command line."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from platform_lab.asking import asked
from platform_lab.words import Choice
from sim.errors import Problem, RefusedScenario
from sim.kernels.engine import Backend
from sim.model import Collector, PlatformEconomy
from sim.populations.consumer_rule import STANDARD, ConsumerRule
from sim.scenario import Scenario
from sim.snapshot import Snapshot


class Model(PlatformEconomy):
    """The economy for `mesa.batch_run`: a class whose keywords are the words of the command line.

        mesa.batch_run(lab.Model, {"population": "town", "policy": ["none", "commission_cap"]}, rng=[1, 2])

    Words are as in `lab.model`. With `scenario` (that of another model, `model.built_from`) they change its values
    under dotted names instead, `policy` and values only. `rng` is the scenario's seed. Everything else is as in
    `lab.model`. Raises `RefusedScenario`.
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        rng: Any = None,
        datacollector: Collector | None = None,
        consumer_rule: ConsumerRule = STANDARD,
        n_threads: int = 1,
        kernels: Backend = "auto",
        past: Snapshot | None = None,
        overrides: Iterable[str] = (),
        config_dir: str | Path | None = None,
        **words: Any,
    ) -> None:
        how: dict[str, Any] = {"datacollector": datacollector, "consumer_rule": consumer_rule, "past": past}
        how |= {"rng": rng, "n_threads": n_threads, "kernels": kernels}
        if scenario is None:
            scenario, words = _scenario_of(words, overrides, config_dir), {}
        super().__init__(scenario, **how, **words)


def model(
    policy: Choice | None = None,
    *,
    sector: Choice | None = None,
    population: Choice | None = None,
    platforms: Choice | None = None,
    horizon: Choice | None = None,
    seed: int | None = None,
    from_snapshot: str | Path | None = None,
    datacollector: Collector | None = None,
    consumer_rule: ConsumerRule | None = None,
    n_threads: int = 1,
    kernels: Backend = "auto",
    overrides: Iterable[str] = (),
    config_dir: str | Path | None = None,
    **words: Any,
) -> Model:
    """One scenario as a Mesa model, to step through and to look into.

    Words are as in `compare`. `datacollector` is a `mesa.DataCollector` or a function that makes one, `consumer_rule`
    how consumers decide (`platform_lab.agents`). `kernels` are "compiled", "plain" or what is quicker, and `n_threads`
    threads of compiled ones; neither changes a number. With `from_snapshot` it goes on from a file that `run` or
    `save_snapshot` left.

    Returns a `Model`, which is a `mesa.Model`: `step()` is a week, `run_all()` walks to the end of the horizon,
    `weekly` holds every metric by week, `agents_by_type` consumers, merchants and workers. docs/mesa.md is its
    tutorial. Raises `RefusedScenario`.
    """
    typed, extra = asked(
        words,
        overrides,
        config_dir,
        policy=policy,
        sector=sector,
        population=population,
        platforms=platforms,
        horizon=horizon,
        seed=seed,
        from_snapshot=from_snapshot,
    )
    how: dict[str, Any] = {"datacollector": datacollector, "n_threads": n_threads, "kernels": kernels}
    scenario, past = _composed(typed, extra)
    if past is not None:
        return Model.resume(past, scenario, consumer_rule=consumer_rule, **how)
    return Model(scenario, consumer_rule=STANDARD if consumer_rule is None else consumer_rule, **how)


def _scenario_of(words: dict[str, Any], overrides: Iterable[str], config_dir: str | Path | None) -> Scenario:
    """The one scenario that words stand for."""
    typed, extra = asked(words, overrides, config_dir)
    if any(word.startswith("from_snapshot=") for word in typed):
        why, todo = "runs of a batch begin at the start", "use lab.model(from_snapshot=...)"
        raise RefusedScenario([Problem("Model with from_snapshot", why, "lab.model", todo)])
    return _composed(typed, extra)[0] if extra else _of_own(tuple(typed))


@functools.lru_cache(maxsize=64)  # a batch asks the same for every seed
def _of_own(typed: tuple[str, ...]) -> Scenario:
    return _composed([*typed], None)[0]


def _composed(typed: list[str], extra: Path | None) -> tuple[Scenario, Snapshot | None]:
    from experiments.request import build, refusals

    request = build.ask(typed, extra)
    refusals.refuse_sweep(request, "model")
    options = request.snapshots
    if options.week is not None:
        why, todo = "a model keeps what it is told to", "call its save_snapshot() after that week"
        raise RefusedScenario([Problem("model with snapshot_week", why, "lab.run", todo)])
    return request.scenarios[0], options.past
