"""Small economies for tests: the sector file's numbers, few people, plain kernels, and a fingerprint of every bit."""

import copy
import functools
import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim.kernels.engine import Backend
from sim.ledger.accounts import Party
from sim.model import PlatformEconomy
from sim.policy.catalogue import CATALOGUE
from sim.scenario import Scenario
from sim.world import World

ROOT = Path(__file__).resolve().parents[1]
SECTOR_FILE = ROOT / "configs" / "sector" / "food_delivery.yaml"
TABLES = (
    "consumers",
    "merchants",
    "workers",
    "platforms",
    "departments",
    "cases",
    "credit",
    "lenders",
    "zones",
)
SMALL = {"merchants.n_per_zone": 20, "merchants.n_slots": 32, "workers.n_per_zone": 30, "workers.n_slots": 60}
"""A zone in miniature; more riders a consumer than in the sector file, so that chance does not empty the roads."""
CAP = {"commission_cap": {"ceiling": 0.05}}
NO_CREDIT = {"credit": {"debt_weeks": 0.0}}
"""Numbers of a market in which nobody lends."""
BOOKS_OF_FAILURE = {"platforms.reserve_cents", "platforms.profit_before", "platforms.revenue_before"}
"""Columns by which platforms' failures are judged: kept only while some rule moves what platforms do."""
RULES = {name: {} for name in CATALOGUE}
"""Every rule there is, at its default values."""
RICH = {"departments.market_regulation.budget": 1e9, "departments.market_regulation.staff_cost": 1e4}
"""Numbers with which the market regulator can afford inspections even in a tiny population."""


@functools.cache
def _sector_file() -> dict[str, Any]:
    return yaml.safe_load(SECTOR_FILE.read_text("utf-8"))


def put(mapping: dict[str, Any], path: str, value: Any) -> None:
    """Set a value by its dotted name."""
    *steps, last = path.split(".")
    for step in steps:
        mapping = mapping.setdefault(step, {})
    mapping[last] = value


def asked(
    n_consumers: int = 1000,
    n_zones: int = 1,
    n_weeks: int = 8,
    *,
    policy_week: int | None = None,
    seed: int = 1,
    policy: dict[str, Any] | None = None,
    numbers: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """What somebody would write: plain mappings; `numbers` are dotted names in the sector and their values."""
    sector = copy.deepcopy(_sector_file())
    for path, value in {**SMALL, **(numbers or {})}.items():
        put(sector, path, copy.deepcopy(value))
    return {
        "sector": sector,
        "population": {"name": "a test", "n_consumers": n_consumers, "n_zones": n_zones},
        "platforms": {"strategy": "fixed"},
        "policy": copy.deepcopy(policy or {}),
        "horizon": {"n_weeks": n_weeks, "policy_week": policy_week or n_weeks // 2 + 1},
        "seed": seed,
    }


def scenario_of(*args: Any, **kwargs: Any) -> Scenario:
    """A small scenario; arguments as in `asked`."""
    return Scenario.from_dict(asked(*args, **kwargs))


def economy(*args: Any, kernels: Backend = "plain", n_threads: int = 1, **kwargs: Any) -> PlatformEconomy:
    """A small economy on its first morning; arguments as in `asked`."""
    return PlatformEconomy(scenario_of(*args, **kwargs), n_threads=n_threads, kernels=kernels)


def economy_after(weeks: int, *args: Any, **kwargs: Any) -> PlatformEconomy:
    """A small economy after some weeks; arguments as in `asked`."""
    model = economy(*args, **kwargs)
    for _ in range(weeks):
        model.step()
    return model


def run(*args: Any, **kwargs: Any) -> PlatformEconomy:
    """A small economy at the end of its horizon; arguments as in `asked`."""
    model = economy(*args, **kwargs)
    model.run_all()
    return model


def phase(model: PlatformEconomy, name: str) -> None:
    """Let one phase of the week happen, and nothing else."""
    from sim.tick import TICK

    next(line.act for line in TICK if line.act.__name__ == name)(model.cast)


def columns_of(world: World) -> dict[str, np.ndarray]:
    """Every column of every table by its dotted name: views, not copies."""
    return {f"{table}.{name}": values for table in TABLES for name, values in getattr(world, table).arrays().items()}


def copied(world: World) -> dict[str, np.ndarray]:
    """Every column as it is now."""
    return {name: values.copy() for name, values in columns_of(world).items()}


def changed(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> set[str]:
    """Columns that differ in any bit."""
    assert before.keys() == after.keys()
    return {name for name in before if before[name].tobytes() != after[name].tobytes()}


def fingerprint(model: PlatformEconomy, without: Collection[str] = ()) -> str:
    """SHA-256 over every column of every table, every balance and every metric of every week, but for those named."""
    digest = hashlib.sha256()
    kept = {name: values for name, values in columns_of(model.world).items() if name not in without}
    for name, values in kept.items():
        digest.update(f"{name} {values.dtype} {values.shape}".encode() + values.tobytes())
    for party in (party for party in Party if party.value not in without):
        digest.update(f"{party.value} {model.world.ledger.balances[party].tolist()}".encode())
    weekly = {name: values for name, values in model.weekly.items() if name not in without}
    digest.update(json.dumps(weekly).encode())
    return digest.hexdigest()


def same_weeks(a: PlatformEconomy, b: PlatformEconomy, weeks: slice) -> bool:
    """Whether all metrics agree to the bit in these weeks; NaN agrees with NaN."""
    return all(repr(a.weekly[name][weeks]) == repr(b.weekly[name][weeks]) for name in a.weekly)
