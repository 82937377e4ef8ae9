"""Parameters that reproduce a market's moments: least squares over runs with the same seeds."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.request.request import Request
from experiments.results.moments import moment_table, tolerance_of
from experiments.running import execution
from experiments.storage import checksums, places, run_store, writing
from sim.errors import PlatformLabError, Problem, RefusedScenario
from sim.forecast.equilibrium import equilibrium_of
from sim.forecast.inversion import orders_of, with_orders
from sim.parameters import Moment
from sim.scenario import Scenario

Array = np.ndarray
IN_CENTS = ("net_fee", "other_cost", "piece_rate")
"""Money that changes hands: whole cents."""
APPEAL = ".appeal"
SEEDS = 4
"""Runs of every trial, unless replicates= says how many."""
STEPS = {"appeal": 0.05, "net_fee": 0.05, "other_cost": 0.08}
"""Difference step by last part of the name, of log orders for appeals; 5% of the value otherwise."""


@dataclass(frozen=True)
class Fitted:
    """What a calibration found, and where it is kept."""

    folder: Path
    values: dict[str, float]
    """Fitted values by parameter, as they belong into the sector file."""
    moments: Any


def answer(request: Request) -> Fitted:
    """Fit the request's sector and keep the values; raises `RefusedScenario` and `PlatformLabError`."""
    from scipy.optimize import least_squares

    fit = Fit(request)
    start, options = np.zeros(len(fit.names)), {"max_nfev": 12, "xtol": 1e-3, "ftol": 1e-3}
    found = least_squares(lambda x: fit.errors([x])[0], start, jac=fit.jacobian, **options)  # pyright: ignore
    values, (simulated,) = fit.values(found.x), fit.simulate([found.x])
    folder = places.result_folder("calibrate", fit.sector.name, request.scenarios[0].digest())
    table = moment_table(fit.sector, [simulated])
    refuse_restless(fit, values, request.scenarios[0])
    named = dict(zip(fit.names, values, strict=True))
    checksums.begin(folder)
    writing.write_table(folder / "moments.parquet", table)
    writing.write_json(folder / "fitted.json", named)
    checksums.finish(folder, ["moments.parquet", "fitted.json"])
    return Fitted(folder, named, table)


class Fit:
    """Errors of the fitted moments as a function of the fitted parameters, counted in difference steps."""

    def __init__(self, request: Request) -> None:
        scenario = request.scenarios[0].without_policy()
        self.sector, self.runner = scenario.sector, request.asking.runner
        fitted = {name: source.moment for name, source in self.sector.sources.items() if source.basis == "fitted"}
        if not fitted:
            why, todo = "the sector file calls no parameter fitted", "call one fitted and name its moment"
            raise RefusedScenario([Problem("calibrate", why, "sources with basis: fitted", todo)])
        self.names, self.moments = list(fitted), [self.sector.moments[m] for m in fitted.values()]
        self.moment_names = list(fitted.values())
        self.base = scenario.to_dict()
        self.base["horizon"]["n_weeks"] = scenario.horizon.policy_week - 1
        self.start = np.array([_get(self.base, name) for name in self.names])
        self.steps = np.array([_step(name, value) for name, value in zip(self.names, self.start, strict=True)])
        self.zone_size = scenario.population.n_consumers / scenario.population.n_zones
        self.seen = orders_of(self.sector, self.zone_size)
        n_seeds = request.asking.replicates if "replicates" in request.held else SEEDS
        self.seeds = range(scenario.seed, scenario.seed + n_seeds)

    def values(self, x: Array) -> list[float]:
        """Parameter values, rounded as they will be written; appeals by inverting orders in the mean field."""
        moved = dict(zip(self.names, self.start + x * self.steps, strict=True))
        wanted = {
            name.split(".")[1]: self.seen[name.split(".")[1]] * math.exp(float(step))
            for name, step in zip(self.names, x * self.steps, strict=True)
            if name.endswith(APPEAL)
        }
        if wanted:
            names = [name for name in self.names if not name.endswith(APPEAL)]
            at_rest = _scenario(self.base, names, [moved[name] for name in names], self.seeds[0]).sector
            platforms = with_orders(at_rest, self.zone_size, wanted).platforms
            moved |= {f"platforms.{name}{APPEAL}": platforms[name].appeal for name in wanted}
        return [round(float(v), 2) if name.endswith(IN_CENTS) else float(f"{v:.4g}") for name, v in moved.items()]

    def simulate(self, points: list[Array]) -> list[dict[str, float]]:
        """Moments at every point, averaged over the same seeds."""
        runs = [_scenario(self.base, self.names, self.values(x), seed) for x in points for seed in self.seeds]
        outcome = execution.carry_out(runs, self.runner, f"{len(points)} points")
        if outcome.failed:
            raise PlatformLabError(next(iter(outcome.failed.values())))
        kept = run_store.all_runs()
        found = [kept.read(run_store.run_name(run))[1]["moments"] for run in runs]
        unseen = sorted({name for moments in found for name in self.moment_names if math.isnan(moments[name])})
        if unseen:
            asked, why = f"calibrate {', '.join(unseen)}", "measuring them takes a year before the policy week"
            raise RefusedScenario([Problem(asked, why, "a horizon with such a year", "choose horizon=standard")])
        n = len(self.seeds)
        return [
            {name: float(np.mean([moments[name] for moments in found[i : i + n]])) for name in found[0]}
            for i in range(0, len(found), n)
        ]

    def errors(self, points: list[Array]) -> list[Array]:
        """Simulated less target over tolerance, of every fitted moment."""
        return [
            np.array([(m[name] - moment.target) / tolerance_of(moment) for name, moment in self._pairs()])
            for m in self.simulate(points)
        ]

    def jacobian(self, x: Array) -> Array:
        """Differences of one step in each parameter."""
        centre, *moved = self.errors([x, *(x + step for step in np.eye(len(x)))])
        return np.stack([error - centre for error in moved], axis=1)

    def _pairs(self) -> list[tuple[str, Moment]]:
        return list(zip(self.moment_names, self.moments, strict=True))


def refuse_restless(fit: Fit, values: list[float], asked: Scenario) -> None:
    """Raises `RefusedScenario` if platforms of the fitted market would not stay where they are observed."""
    conduct = asked.platforms
    if conduct.strategy != "fixed":
        found = _scenario(fit.base, fit.names, values, fit.seeds[0]).sector
        equilibrium_of(found, fit.zone_size, conduct.adjustment_cost, conduct.value_curvature)


def _step(name: str, value: float) -> float:
    return STEPS.get(name.split(".")[-1], 0.05 * abs(value) or 0.05)


def _scenario(base: dict[str, Any], names: list[str], values: list[float], seed: int) -> Scenario:
    plain = copy.deepcopy(base)
    for name, value in zip(names, values, strict=True):
        for group in _targets(plain["sector"], name.split(".")):
            group[name.split(".")[-1]] = value
    plain["seed"] = seed
    return Scenario.from_dict(plain)


def _targets(tree: Any, path: list[str]) -> list[dict[str, Any]]:
    """Mappings that hold the last step of a path in which * stands for every key."""
    if len(path) == 1:
        return [tree]
    keys = list(tree) if path[0] == "*" else [path[0]]
    return [found for key in keys for found in _targets(tree[key], path[1:])]


def _get(base: dict[str, Any], name: str) -> float:
    return float(_targets(base["sector"], name.split("."))[0][name.split(".")[-1]])
