"""A built wheel carries the code and every config, and nothing that belongs to the repository only."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.health._tree import PACKAGES, ROOT, kept_files, name_of


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


def test_every_config_is_in_the_wheel_where_the_code_looks_for_it(names_in_wheel: set[str]):
    expected = {f"experiments/_{name_of(path)}" for path in kept_below("configs")}
    assert expected, "configs/ is empty"
    assert {name for name in names_in_wheel if name.startswith("experiments/_configs/")} == expected


def test_all_code_is_in_the_wheel_and_nothing_else(names_in_wheel: set[str]):
    code = {n for n in names_in_wheel if ".dist-info/" not in n and not n.startswith("experiments/_configs/")}
    assert code == {name_of(path) for path in kept_below(*PACKAGES)}


def test_the_command_and_the_licence_are_in_the_wheel(names_in_wheel: set[str]):
    assert any(name.endswith(".dist-info/entry_points.txt") for name in names_in_wheel)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names_in_wheel)
