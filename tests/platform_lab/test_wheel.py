"""A wheel, installed in a fresh environment, works beside somebody else's folders of the same names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from experiments.storage import versions
from sim.snapshot import code_version
from tests.health._tree import ROOT
from tests.platform_lab.conftest import TINY

pytestmark = pytest.mark.long

FOREIGN = ("sim", "analysis", "experiments")
SCRIPT = """\
import json, sys

import platform_lab as lab

if __name__ == "__main__":  # processes of its own are begun from this file
    words = json.loads(sys.argv[1])
    names = list(lab.list("instruments")["name"])
    answer = lab.compare({"commission_cap": {"ceiling": 0.07}}, **words)
    preview = lab.compare("commission_cap", platforms="fixed", population="town", preview=True)
    model = lab.model(population="town", kernels="plain")
    model.step()
    from platform_lab.experiments.dashboard.job_child import environment
    from platform_lab.experiments.storage import versions

    print(json.dumps({
        "file": lab.__file__, "version": lab.__version__, "names": names, "folder": str(answer.folder),
        "findings": answer.findings, "figure": answer.figure("who_gains").layout.meta["finding"],
        "corrected": "corrected" in preview.effects.columns, "orders": model.weekly["consumer_orders"][0],
        "code": [versions.code_version(), versions.answer_version()], "path": environment().get("PYTHONPATH", ""),
        "modules": sorted({name.partition(".")[0] for name in sys.modules} & set(FOREIGN)),
    }))
"""


class Fresh(NamedTuple):
    """An environment with the wheel, and a folder with a script beside foreign folders."""

    bin: Path
    folder: Path

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        left_out = ("PYTHONPATH", "PYTHONSAFEPATH", "VIRTUAL_ENV")
        env = {key: value for key, value in os.environ.items() if key not in left_out} | more
        return subprocess.run(words, cwd=self.folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Made without a network: it has the packages of this environment, but for the project itself."""
    home = tmp_path_factory.mktemp("fresh")
    python = home / "env" / "bin" / "python"

    def done(*words: Any) -> None:
        run = subprocess.run([sys.executable, "-m", *map(str, words)], cwd=ROOT, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr

    done("hatchling", "build", "--target", "wheel", "--directory", home / "dist")
    done("venv", "--without-pip", home / "env")
    (wheel,) = (home / "dist").glob("*.whl")
    done("pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    (packages,) = (home / "env").glob("lib/python*/site-packages")
    (packages / "those-of-this-environment.pth").write_text(sysconfig.get_path("purelib") + "\n")
    folder = home / "a study"
    for name in FOREIGN:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(f"raise RuntimeError('somebody else\\'s {name} was imported')\n")
    (folder / "study.py").write_text(SCRIPT.replace("set(FOREIGN)", repr(set(FOREIGN))))
    return Fresh(python.parent, folder)


def test_a_script_beside_foreign_folders_compares_lists_and_builds_models(fresh: Fresh):
    words = {**TINY, "runner": {"n_workers": 2, "kernels": "plain"}}
    done = fresh.run(str(fresh.bin / "python"), "study.py", json.dumps(words))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert Path(found["file"]).is_relative_to(fresh.bin.parent)
    assert found["modules"] == [], "nothing of these names is imported"
    assert "commission_cap" in found["names"]
    assert found["findings"]
    assert found["figure"]
    assert found["corrected"], "data that code reads are in the wheel"
    assert found["orders"] > 0.0
    assert found["path"] == "", "children find an installed package by themselves"
    assert found["code"] == [code_version(), versions.answer_version()], "one code, one version"
    assert (fresh.folder / found["folder"] / "report.html").is_file()


def test_the_command_is_there_and_finds_its_configs(fresh: Fresh):
    command = str(fresh.bin / "platform-lab")
    version = fresh.run(command, "--version")
    assert version.stdout.startswith("platform-lab "), version.stderr
    listed = fresh.run(command, "list")
    assert listed.returncode == 0, listed.stderr
    assert "experiment=commission_cap_heights" in listed.stdout
    refused = fresh.run(str(fresh.bin / "python"), "-m", "platform_lab", "compare", "policy=comission_cap")
    assert refused.returncode == 2
    assert "commission_cap" in refused.stderr
