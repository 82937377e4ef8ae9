"""One market, one hash: `python -m benchmarks.same_bits`, under any Python, processor or number of threads.

Three zones with all four rules, phased in and ended, are walked for a year: from the start on one and on two threads,
in plain NumPy, and forked in several weeks, from memory and from a file. Prints a hash of every array of each; exits
with 1 unless all are the same.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

import numpy as np

from experiments.request import build
from sim.kernels.engine import Backend
from sim.model import PlatformEconomy
from sim.scenario import Scenario

ASKED = (
    "population.name=three zones",
    "population.n_consumers=30000",
    "population.n_zones=3",
    "horizon=one_year",
    "policy=[commission_cap,data_limit,interoperability,minimum_pay]",
    "policy.commission_cap.phase_in_weeks=4",
    "policy.interoperability.start_week=31",
    "policy.minimum_pay.end_week=45",
)
FORKS = (1, 26, 40)


def whole(scenario: Scenario, n_threads: int, kernels: Backend) -> str:
    """Hash of a run from the start."""
    model = PlatformEconomy(scenario, n_threads=n_threads, kernels=kernels)
    model.run_all()
    return model.snapshot().digest


def forked(scenario: Scenario, week: int) -> tuple[str, str]:
    """Hashes of runs that go on from a week, from memory and from a file."""
    past = PlatformEconomy(scenario, kernels="compiled")
    while past.world.week < week:
        past.step()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "past.npz"
        past.save_snapshot(file)
        models = [PlatformEconomy.resume(source, scenario, kernels="compiled") for source in (past.snapshot(), file)]
    for model in models:
        model.run_all()
    return models[0].snapshot().digest, models[1].snapshot().digest


def main() -> int:
    scenario = build.ask(list(ASKED)).scenarios[0]
    found = {
        "from the start, 1 thread": whole(scenario, 1, "compiled"),
        "from the start, 2 threads": whole(scenario, 2, "compiled"),
        "from the start, plain NumPy": whole(scenario, 1, "plain"),
    }
    for week in FORKS:
        memory, file = forked(scenario, week)
        found |= {f"forked after week {week}, memory": memory, f"forked after week {week}, file": file}
    without = os.environ.get("NPY_DISABLE_CPU_FEATURES", "none")
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, processor features switched off: {without}")
    for name, digest in found.items():
        print(f"{digest}  {name}")
    return int(len(set(found.values())) > 1)


if __name__ == "__main__":
    sys.exit(main())
