"""Which parameters reproduce this market's moments?

    platform-lab calibrate sector=food_delivery population=city

Every parameter that the sector file calls `fitted` is moved until the moment named beside it comes out: least squares
on errors in units of the tolerance, Jacobian by differences, the same seeds throughout. Leaves the fitted values and
the moment table under outputs/calibrate/; copy the values into the sector file to keep them.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from experiments import _build, _execute, _store
from experiments._records import moment_table, tolerance_of
from sim.errors import Problem, RefusedScenario
from sim.scenario import Scenario

STEPS = {"appeal": 0.1}
"""Difference step by last part of the name; 5% of the value otherwise."""


def main(overrides: list[str], extra: Any = None) -> None:
    """Fit, print, keep."""
    from scipy.optimize import least_squares

    request = _build.ask(overrides, extra)
    scenario = request.scenarios[0].without_policy()
    fitted = {name: source.moment for name, source in scenario.sector.sources.items() if source.basis == "fitted"}
    if not fitted:
        raise RefusedScenario(
            [
                Problem(
                    "calibrate",
                    "no parameter of the sector is called fitted",
                    "sources with basis: fitted",
                    "name one and its moment",
                )
            ]
        )
    base = scenario.to_dict()
    base["horizon"]["n_weeks"] = scenario.horizon.policy_week - 1
    names = list(fitted)
    start = np.array([_get(base, name) for name in names])
    steps = np.array(
        [STEPS.get(name.split(".")[-1], 0.05 * abs(value) or 0.05) for name, value in zip(names, start, strict=True)]
    )
    seeds = list(range(scenario.seed, scenario.seed + min(request.asking.replicates, 4)))

    def simulate(points: list[np.ndarray]) -> list[dict[str, float]]:
        runs = [_scenario(base, names, point, seed) for point in points for seed in seeds]
        outcome = _execute.carry_out(runs, request.asking.runner, f"{len(points)} points")
        if outcome.failed:
            raise RuntimeError(next(iter(outcome.failed.values())))
        found = [_store.read_run(_store.run_path(run))[1]["moments"] for run in runs]
        return [
            {k: float(np.mean([m[k] for m in found[i : i + len(seeds)]])) for k in found[0]}
            for i in range(0, len(found), len(seeds))
        ]

    targets = scenario.sector.moments

    def errors(simulated: dict[str, float]) -> np.ndarray:
        tolerance = [tolerance_of(targets[m]) for m in fitted.values()]
        return np.array([simulated[m] - targets[m].target for m in fitted.values()]) / np.array(tolerance)

    def residual(scaled: np.ndarray) -> np.ndarray:
        return errors(simulate([start + scaled * steps])[0])

    def jacobian(scaled: np.ndarray) -> np.ndarray:
        here = start + scaled * steps
        centre, *moved = simulate([here, *(here + np.eye(len(names))[i] * steps for i in range(len(names)))])
        return np.stack([errors(m) - errors(centre) for m in moved], axis=1)

    found = least_squares(residual, np.zeros(len(names)), jac=jacobian, max_nfev=12, xtol=1e-3, ftol=1e-3)  # pyright: ignore[reportArgumentType]
    values = start + found.x * steps
    simulated = simulate([values])[0]
    folder = _store.result_folder("calibrate", scenario.sector.name, scenario.digest())
    table = moment_table(scenario.sector, [simulated])
    _store.write_table(folder / "moments.parquet", table)
    _store.write_json(folder / "fitted.json", dict(zip(names, (float(f"{v:.6g}") for v in values), strict=True)))
    for name, value in zip(names, values, strict=True):
        print(f"{name}: {value:.6g}")
    print(table[["moment", "role", "target", "simulated", "verdict"]].to_string(index=False))
    print(f"\nFitted values: {folder / 'fitted.json'}. Copy them into the sector file to keep them.")


def _scenario(base: dict[str, Any], names: list[str], point: np.ndarray, seed: int) -> Scenario:
    plain = copy.deepcopy(base)
    for name, value in zip(names, point, strict=True):
        for group in _targets(plain["sector"], name.split(".")):
            group[name.split(".")[-1]] = float(f"{value:.6g}")
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
