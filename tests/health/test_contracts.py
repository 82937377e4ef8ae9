"""Who imports whom: the contracts of pyproject.toml hold, and kernels import arrays and nothing else."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.health._tree import ROOT, name_of, python_files

KERNELS_MAY_IMPORT = {"numpy", "numba", "sim.kernels"} | (
    set(sys.stdlib_module_names) - {"random", "secrets", "time", "datetime", "uuid"}
)


def imported_modules(tree: ast.AST) -> set[str]:
    """Names of all modules that a file imports, relative ones as `sim.kernels` (a kernel's own folder)."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add("sim.kernels" if node.level == 1 else f"{'.' * node.level}{node.module or ''}")
            if node.module == "sim":
                names.update(f"sim.{alias.name}" for alias in node.names)
                names.discard("sim")
    return names


def is_allowed_in_kernels(module: str) -> bool:
    return any(module == allowed or module.startswith(f"{allowed}.") for allowed in KERNELS_MAY_IMPORT)


def test_import_contracts_hold():
    lint_imports = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint_imports, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", python_files("sim/kernels"), ids=name_of)
def test_kernels_import_only_numpy_and_numba(path: Path):
    strays = {m for m in imported_modules(ast.parse(path.read_text("utf-8"))) if not is_allowed_in_kernels(m)}
    assert not strays, f"{name_of(path)} imports {sorted(strays)}: a kernel knows numpy and numba only"


@pytest.mark.parametrize(
    ("line", "is_allowed"),
    [
        ("import numpy as np", True),
        ("from numba import njit", True),
        ("from sim.kernels.draws import hash_words", True),
        ("from sim.kernels import draws", True),
        ("from .draws import hash_words", True),
        ("import math", True),
        ("import random", False),
        ("from sim import world", False),
        ("from sim.parameters import Choice", False),
        ("from ..world import World", False),
        ("import scipy.special", False),
    ],
)
def test_the_kernel_rule_tells_these_apart(line: str, is_allowed: bool):
    assert all(is_allowed_in_kernels(m) for m in imported_modules(ast.parse(line))) is is_allowed
