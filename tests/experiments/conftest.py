"""A fresh output folder for every test, and the smallest requests that still are economies.

Platforms stay as they are, so that there are two runs a replicate; those that answer have tests of their own.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.storage import run_store
from sim.scenario import Scenario

TINY = [
    "platforms=fixed",
    "population=town",
    "population.n_consumers=600",
    "horizon.n_weeks=10",
    "horizon.policy_week=6",
    "replicates=2",
    "runner.n_workers=1",
    "runner.kernels=plain",
    "sector.merchants.n_per_zone=25",
    "sector.merchants.n_slots=40",
    "sector.workers.n_per_zone=12",
]
RUNS = 24 * "?" + "." + 16 * "?" + ".parquet"
"""Names of files that hold a finished run."""


def path_of(run: Scenario, *, agents: bool = False) -> Path:
    """The file of a run that lies alone."""
    kept = run_store.all_runs()
    return (kept.agents if agents else kept.alone)[run_store.run_name(run)]


def contents(run: Scenario) -> tuple:
    """All that a run's files say of the economy."""
    kept, name = run_store.all_runs(), run_store.run_name(run)
    weekly, metadata = kept.read(name)
    return weekly.to_csv(), repr(metadata["moments"]), kept.read_agents(name).to_csv()


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "outputs"
    monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", str(folder))
    return folder


@pytest.fixture
def tiny() -> list[str]:
    return list(TINY)


@pytest.fixture
def tiny_run() -> list[str]:
    """The same for a single run, which has no replicates."""
    return [word for word in TINY if not word.startswith("replicates")]
