"""Rooms are counted as they stand: who imports whom, the longest chain, circles, and the files that code enters."""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path

import pytest

from benchmarks.rooms import Trace, circles_of, depth_of, imports_of, modules_of, parts_of, request, room_of

FILES = {
    "sim/__init__.py": "",
    "sim/errors.py": "",
    "sim/market/__init__.py": "from sim.market.choice import pick\n",
    "sim/market/choice.py": "from sim import errors\n\ndef pick():\n    from . import entry\n    return entry.one()\n",
    "sim/market/entry.py": "import sim.market.choice\nimport numpy\n\ndef one():\n    return 1\n",
    "analysis/__init__.py": "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from sim.market.choice import pick\n",
    "experiments/__init__.py": "",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_imports_of_every_kind_are_found(house: Path):
    modules = modules_of(house)
    assert imports_of(modules) == {
        "sim": set(),
        "sim.errors": set(),
        "sim.market": {"sim.market.choice"},
        "sim.market.choice": {"sim.errors", "sim.market.entry"},
        "sim.market.entry": {"sim.market.choice"},
        "analysis": {"sim.market.choice"},
        "experiments": set(),
    }
    rooms = {name: room_of(name, modules) for name in modules}
    assert rooms["sim.market"] == rooms["sim.market.entry"] == "sim.market"
    assert rooms["sim"] == rooms["sim.errors"] == "sim"


def test_a_circle_is_one_step_of_a_chain(house: Path):
    graph = imports_of(modules_of(house))
    assert circles_of(graph) == [["sim.market.choice", "sim.market.entry"]]
    assert depth_of(graph, "sim") == 3, "the package, the circle, and errors below it"
    assert depth_of(graph, "analysis") == depth_of(graph, "experiments") == 1


def test_a_trace_has_files_that_are_entered_also_by_other_threads_and_not_those_that_are_only_imported(house: Path):
    (house / "sim" / "errors.py").write_text("def never():\n    pass\n")
    entered, imported = (load(house / "sim" / name) for name in ("market/entry.py", "errors.py"))
    with Trace(house) as trace:
        thread = threading.Thread(target=entered.one)
        thread.start()
        thread.join()
        load(house / "sim" / "errors.py")
    imported.never()
    assert trace.n_files() == {"sim": 1, "analysis": 0, "experiments": 0}


def load(path: Path):
    text = path.read_text().replace("import sim.market.choice\nimport numpy\n", "")
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_request_holds_what_the_page_shows_with_the_first_number_moved():
    page = [{"props": {"id": "word", "value": "x"}}, {"a": {"id": {"type": "lever", "lever": "b"}, "value": "yes"}}]
    page += [{"id": {"type": "lever", "lever": name}, "type": "number", "value": 8} for name in ("c", "d")]
    levers = '{"type":"lever","lever":["ALL"]}'
    inputs = [{"id": "word", "property": "value"}, {"id": levers, "property": "value"}]
    callback = {"inputs": inputs, "state": [{"id": "nowhere", "property": "data"}]}
    sent = request("..a.figure...b.style..", callback, list(parts_of(page)), 0.5)
    assert sent["inputs"][0]["value"] == "x"
    assert [one["value"] for one in sent["inputs"][1]] == ["yes", 4.0, 8]
    assert sent["state"][0]["value"] is None
    assert sent["outputs"] == [{"id": "a", "property": "figure"}, {"id": "b", "property": "style"}]
