"""`make test-fast` chooses by measurement, and `ROOM=` finds the tests of a room."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import fast
from tests.health._tree import PACKAGES, ROOT

COSTS = {
    "tests/sim/a/test_one.py": {"test_cheap": 0.1, "test_dear": 5.0},
    "tests/sim/a/test_two.py": {"TestIt::test_middle": 0.4},
    "tests/sim/b/test_three.py": {"test_dearest": 9.0, "test_dear": 8.0},
}


def test_the_cheapest_are_chosen_and_one_of_every_room():
    assert fast.choose(COSTS, budget=0.5) == {
        ("tests/sim/a/test_one.py", "test_cheap"),
        ("tests/sim/a/test_two.py", "TestIt::test_middle"),
        ("tests/sim/b/test_three.py", "test_dear"),
    }
    assert ("tests/sim/a/test_two.py", "TestIt::test_middle") not in fast.choose(COSTS, budget=0.4)
    assert len(fast.choose(COSTS, budget=100.0)) == 5


def test_what_was_measured_and_not_chosen_is_left_out_and_what_is_new_is_run_unless_it_is_long():
    is_kept = {
        ("tests/sim/a/test_one.py::test_cheap[x::y]", ""): True,
        ("tests/sim/a/test_one.py::test_cheap", "long"): True,
        ("tests/sim/a/test_one.py::test_cheap", "waits"): False,
        ("tests/sim/a/test_one.py::test_dear[0]", ""): False,
        ("tests/sim/a/test_one.py::test_new", ""): True,
        ("tests/sim/a/test_one.py::test_new", "long"): False,
        ("tests/sim/new/test_new.py::test_it", ""): True,
        ("tests/sim/a/test_two.py::TestIt::test_middle", ""): True,
    }
    every: list[Any] = [Item(*one) for one in is_kept]
    kept, left_out = list(every), []
    config: Any = SimpleNamespace(hook=SimpleNamespace(pytest_deselected=lambda items: left_out.extend(items)))
    fast.Choosing(COSTS, budget=0.5).pytest_collection_modifyitems(config, kept)
    assert [item in kept for item in every] == list(is_kept.values())
    assert [item in left_out for item in every] == [not kept for kept in is_kept.values()]


@dataclass(frozen=True)
class Item:
    """As much of a test as choosing looks at."""

    nodeid: str
    mark: str

    def get_closest_marker(self, name: str) -> str | None:
        return self.mark if name == self.mark else None


@pytest.mark.parametrize(
    ("path", "is_ignored"),
    [
        ("tests/sim/a/test_one.py", None),
        ("tests/sim/a/test_two.py", True),
        ("tests/sim/b/test_three.py", None),
        ("tests/sim/b/test_new.py", None),
        ("tests/sim/b", None),
    ],
)
def test_a_file_is_imported_where_one_of_its_tests_is_chosen_or_it_is_new(path: str, is_ignored: bool | None):
    config: Any = SimpleNamespace(rootpath=ROOT)
    assert fast.Choosing(COSTS, budget=0.2).pytest_ignore_collect(ROOT / path, config) is is_ignored


def test_costs_are_read_as_they_were_written(tmp_path: Path):
    file = tmp_path / "durations.json"
    assert fast.read_costs(file) == {}
    fast.write_costs(COSTS, file)
    assert fast.read_costs(file) == COSTS
    assert file.read_text("utf-8").count("\n") == 2 + 2 * len(COSTS) + 5, "a line a test"


def make(*words: str) -> subprocess.CompletedProcess[str]:
    """Make as from a shell: these tests may have been started by one that was told a room."""
    settings = {name: value for name, value in os.environ.items() if name not in ("ROOM", "MAKEFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", *words], cwd=ROOT, env=settings, capture_output=True, text=True)


@pytest.mark.parametrize("target", ["test", "test-fast"])
def test_tests_of_one_room(target: str):
    one, all_of_them = (
        make("--dry-run", target, *words).stdout.splitlines()[-1] for words in (["ROOM=sim/market"], [])
    )
    assert one.endswith(' "tests/$ROOM"')
    assert "--ignore" not in one
    assert "pytest" in all_of_them
    assert "ROOM" not in all_of_them


def test_a_room_that_does_not_exist_is_refused_with_those_that_do():
    refused = make("room", "ROOM=sim/markt'; echo")
    assert refused.returncode == 2
    assert 'There are no tests of a room "sim/markt\'; echo".' in refused.stderr
    assert " sim/market " in refused.stderr
    assert "__pycache__" not in refused.stderr
    assert make("room", "ROOM=sim/market").returncode == make("room").returncode == 0


@pytest.mark.parametrize("floor", PACKAGES)
def test_tests_stand_where_what_they_test_stands(floor: str):
    rooms = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests" / floor).rglob("test_*.py")}
    nowhere = [room.as_posix() for room in rooms if not (ROOT / room).is_dir() and not (ROOT / f"{room}.py").exists()]
    assert rooms
    assert not nowhere, "folders of tests that are named like nothing in the code"
