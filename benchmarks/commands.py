"""What a user waits for: the help page, and the first result of a town."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row

ROOT = Path(__file__).resolve().parent.parent
FAR_TOO_LONG = 300.0
"""Seconds after which a command is given up."""


def wait_for(*arguments: str, bytecode: str, cache: Path | None = None) -> float:
    """Seconds of one command that leaves its results in a new folder, and Python's own bytecode where it is told."""
    with tempfile.TemporaryDirectory() as outputs:
        environment = {**os.environ, "PLATFORM_LAB_OUTPUTS": outputs, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or every command would compile all of SciPy's sources anew
        if cache is not None:
            environment["XDG_CACHE_HOME"] = str(cache)
        command = [sys.executable, "-m", "experiments.cli", *arguments]
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, timeout=FAR_TOO_LONG)
        return time.perf_counter() - started


def rows() -> list[Row]:
    """Each the least of a few: what others do on the machine only adds. Bytecode is kept, as after any installation."""
    how = "wall time, least of {}, bytecode kept"
    with tempfile.TemporaryDirectory() as bytecode, tempfile.TemporaryDirectory() as empty:

        def wait(*arguments: str) -> float:
            return wait_for(*arguments, bytecode=bytecode, cache=Path(empty))

        page = min(wait("--help") for _ in range(5))
        wait("run", "population=town", "horizon=one_year", "runner.kernels=plain")
        cold = wait("run", "population=town")
        wait("run", "population=town", "horizon=one_year", "runner.kernels=compiled")
        warm = min(wait("run", "population=town") for _ in range(3))
    return [
        Row("platform-lab --help", page, "s", 0.5, "at most", how.format(5)),
        Row("first result of a town, no kernels compiled", cold, "s", 20, "at most", how.format(1)),
        Row("result of a town, kernels compiled", warm, "s", 5, "at most", how.format(3)),
    ]
