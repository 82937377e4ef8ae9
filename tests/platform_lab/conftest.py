"""The smallest questions as keywords, which say what `tests.experiments.conftest.TINY` says as words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

TINY: dict[str, Any] = {
    "platforms": "fixed",
    "population": "town",
    "population.n_consumers": 600,
    "horizon": {"n_weeks": 10, "policy_week": 6},
    "replicates": 2,
    "runner": {"n_workers": 1, "kernels": "plain"},
    "sector": {"merchants": {"n_per_zone": 25, "n_slots": 40}, "workers.n_per_zone": 12},
}
ONE_RUN = {key: value for key, value in TINY.items() if key not in ("replicates", "runner")}
"""What a model is built from."""


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "outputs"
    monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", str(folder))
    return folder


@pytest.fixture(scope="module")
def shared_outputs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One output folder for a whole module, so that what is asked twice is computed once."""
    folder = tmp_path_factory.mktemp("shared") / "outputs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLATFORM_LAB_OUTPUTS", str(folder))
        yield folder
