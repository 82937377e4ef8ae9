"""A built wheel carries the code and every config below one package, and nothing that belongs to the repository only.

That it works where it is installed is `tests/platform_lab/test_wheel.py`'s to say.
"""

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import hatch_build
from experiments.dashboard import shipped
from sim.snapshot import as_written
from tests.health._tree import PACKAGES, ROOT, kept_files, name_of, python_files

MODULE = re.compile(r"^(sim|experiments|analysis)(\.\w*)+$|\b(from|import|-m) (sim|experiments|analysis)\b")


@pytest.fixture(scope="module")
def names_in_wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build a wheel without a network and without an environment of its own, and list it."""
    target = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(target)]
    run = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def kept_below(*folders: str) -> set[Path]:
    return {path for path in kept_files() if name_of(path).split("/")[0] in folders}


def name_in_wheel(path: Path) -> str:
    name = name_of(path)
    if name.startswith("configs/"):
        return f"{hatch_build.CONFIGS}/{name.removeprefix('configs/')}"
    return name if name.startswith("platform_lab/") else f"platform_lab/{name}"


def test_everything_that_runs_is_in_the_wheel_below_one_package_and_nothing_else(names_in_wheel: set[str]):
    expected = {name_in_wheel(path) for path in kept_below(*PACKAGES, "configs")}
    expected |= {f"{hatch_build.REPORTS}/{name}" for name in (*shipped.PAGES, *shipped.MARKETS)}
    assert {name for name in expected if "/_configs/sector/" in name}
    assert {name for name in names_in_wheel if ".dist-info/" not in name} == expected


def test_the_command_and_the_licence_are_in_the_wheel(names_in_wheel: set[str]):
    assert any(name.endswith(".dist-info/entry_points.txt") for name in names_in_wheel)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names_in_wheel)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from sim import world\n", "from platform_lab.sim import world\n"),
        (
            "if True:\n    from  sim.world import (\n        World,\n    )\n",
            "if True:\n    from  platform_lab.sim.world import (\n        World,\n    )\n",
        ),
        (
            "import experiments.cli as a, numpy, analysis.result as b\n",
            "import platform_lab.experiments.cli as a, numpy, platform_lab.analysis.result as b\n",
        ),
        (
            "x = 'é'; from sim import a; from analysis import b\n",
            "x = 'é'; from platform_lab.sim import a; from platform_lab.analysis import b\n",
        ),
        (
            "from simulation import a\nfrom . import sim\nimport simpy\n",
            "from simulation import a\nfrom . import sim\nimport simpy\n",
        ),
        ("'from sim import world'  # import sim\n", "'from sim import world'  # import sim\n"),
    ],
)
def test_imports_are_rewritten_and_nothing_else(source: str, expected: str):
    rewritten = hatch_build.rewritten(source.encode(), "a.py")
    assert rewritten.decode() == expected
    assert as_written(rewritten) == source.encode(), "one source, one hash, however it was installed"


@pytest.mark.parametrize("source", ["import sim", "import numpy, sim.world", "from \\\n  sim import world"])
def test_an_import_that_cannot_be_rewritten_stops_the_build(source: str):
    with pytest.raises(ValueError, match=r"a\.py, line 1: .*write"):
        hatch_build.rewritten(source.encode(), "a.py")


@pytest.mark.parametrize("path", python_files(*PACKAGES), ids=name_of)
def test_no_text_names_a_module_that_a_wheel_has_elsewhere(path: Path):
    """Names of modules in texts are made from `__package__` and `__name__`."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in docs]
    if name_of(path) == "analysis/tables.py":  # says in words who computes a table, for docs/results.md
        return
    assert not [text for text in texts if isinstance(text, str) and MODULE.search(text)]
