"""The set-up finds a Python that works among ones that do not, and says what to do when there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.health._tree import ROOT

BASH = shutil.which("bash") or "/bin/bash"
SHIM = "#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n"
TOO_OLD = "#!/bin/sh\necho 3.11\n"  # answers the question for its version, and nothing else
TOO_NEW = "#!/bin/sh\necho 3.15\n"
WITHOUT_VENV = "#!/bin/sh\necho 'ModuleNotFoundError: ensurepip' >&2\nexit 1\n"
GOOD = f"#!/bin/sh\nexec '{sys.executable}' \"$@\"\n"


def put(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script, "utf-8")
    path.chmod(0o755)
    return path


def which(folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the search where nothing is installed but what `folder` holds."""
    env = {"PATH": str(folder / "bin"), "HOME": str(folder), "PYENV_ROOT": str(folder / "pyenv"), **more}
    return subprocess.run(
        [BASH, str(ROOT / ".ci" / "bootstrap"), "--which"],
        env=env,
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "a machine" / "bin"
    folder.mkdir(parents=True)
    return folder


def test_a_shim_without_its_python_and_a_too_old_python_are_passed_over(bin_folder: Path):
    put(bin_folder / "python3.13", SHIM)
    put(bin_folder / "python3.14", TOO_OLD)
    good = put(bin_folder / "python3.12", GOOD)
    put(bin_folder / "python3", TOO_OLD)
    found = which(bin_folder.parent)
    assert (found.returncode, found.stdout.strip()) == (0, str(good)), found.stderr


def test_pyenv_stands_in_for_its_own_broken_shim(bin_folder: Path):
    put(bin_folder / "python3.13", SHIM)
    put(bin_folder / "python3.12", GOOD)
    good = put(bin_folder.parent / "pyenv" / "versions" / "3.13.9" / "bin" / "python3", GOOD)
    assert which(bin_folder.parent).stdout.strip() == str(good)  # 3.13 is what the laboratory is tested with


def test_the_python_that_the_user_names_comes_first(bin_folder: Path):
    put(bin_folder / "python3.13", GOOD)
    named = put(bin_folder.parent / "my own python", GOOD)
    assert which(bin_folder.parent, PYTHON=str(named)).stdout.strip() == str(named)
    assert which(bin_folder.parent, PYTHON="no-such-python").stdout.strip() == str(bin_folder / "python3.13")


@pytest.mark.parametrize("script", [SHIM, TOO_OLD, TOO_NEW, WITHOUT_VENV, None])
def test_without_a_suitable_python_it_says_what_to_do(bin_folder: Path, script: str | None):
    for name in ("python3", "python3.13") if script else ():
        put(bin_folder / name, script or "")
    found = which(bin_folder.parent)
    assert found.returncode != 0
    assert found.stdout == ""
    for help_word in ("3.12", "3.13", "3.14", "PYTHON=", "python3-venv"):
        assert help_word in found.stderr


def test_an_unknown_word_is_refused_without_touching_anything(tmp_path: Path):
    script = put(tmp_path / ".ci" / "bootstrap", (ROOT / ".ci" / "bootstrap").read_text("utf-8"))
    run = subprocess.run([BASH, str(script), "devel"], env=os.environ, capture_output=True, text=True)
    assert run.returncode == 2
    assert "Usage" in run.stderr
    assert [p.name for p in tmp_path.iterdir()] == [".ci"]
