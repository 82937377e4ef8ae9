"""A fresh output folder for every test, and the smallest requests that still are economies.

Platforms stay as they are, so that there are two runs a replicate; those that answer have tests of their own.
"""

from __future__ import annotations

from pathlib import Path

import pytest

TINY = [
    "platforms=fixed", "population=town", "population.n_consumers=600", "horizon.n_weeks=10", "horizon.policy_week=6",
    "replicates=2", "runner.n_workers=1", "runner.kernels=plain", "sector.merchants.n_per_zone=25",
    "sector.merchants.n_slots=40", "sector.workers.n_per_zone=12",
]  # fmt: skip
RUNS = 24 * "?" + ".parquet"
"""Names of files that hold a finished run."""


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "outputs"
    monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", str(folder))
    return folder


@pytest.fixture
def tiny() -> list[str]:
    return list(TINY)
