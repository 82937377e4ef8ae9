"""How the house is laid out, in numbers: files of a room, who imports whom, and how many files a request passes.

`python -m benchmarks rooms` measures this house. `python benchmarks/rooms.py FOLDER ...` prints the same of other
checkouts beside each other, however old: nothing of the project is imported except in the traced processes.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.row import Row

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("sim", "analysis", "experiments")
Graph = Mapping[str, set[str]]
"""Module -> modules of the project that it imports anywhere in its text."""
Parts = Sequence[tuple[Any, Mapping[str, Any]]]
"""Parts of a page of the dashboard: identity and properties."""


def modules_of(root: Path) -> dict[str, Path]:
    """Dotted name -> file, packages by the name of their folder."""
    found = {}
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(modules: Mapping[str, Path]) -> Graph:
    graph = {}
    for name, path in modules.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        named = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                named.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
                base = ".".join([*above, *([node.module] if node.module else [])])
                named.update(one if (one := f"{base}.{alias.name}") in modules else base for alias in node.names)
        graph[name] = {one for one in named if one in modules and one != name}
    return graph


def circles_of(graph: Graph) -> list[list[str]]:
    """Groups of modules that reach one another."""

    @cache
    def reached(start: str) -> frozenset[str]:
        seen, todo = set[str](), [start]
        while todo:
            for one in graph[todo.pop()] - seen:
                seen.add(one)
                todo.append(one)
        return frozenset(seen)

    groups = {frozenset(b for b in reached(a) if a in reached(b)) for a in graph if a in reached(a)}
    return sorted(sorted(group) for group in groups)


def depth_of(graph: Graph, floor: str) -> int:
    """Modules in the longest chain of imports inside a floor; a circle counts as one module."""
    group_of = {name: tuple(group) for group in circles_of(graph) for name in group}

    def group(name: str) -> tuple[str, ...]:
        return group_of.get(name, (name,))

    @cache
    def below(members: tuple[str, ...]) -> int:
        next_ones = {group(one) for name in members for one in graph[name] if one.split(".")[0] == floor}
        return 1 + max((below(one) for one in next_ones - {members}), default=0)

    return max(below(group(name)) for name in graph if name.split(".")[0] == floor)


def room_of(name: str, modules: Mapping[str, Path]) -> str:
    """The folder that a module lies in, two storeys down at most: `experiments.request`, `sim.policy`, `sim`."""
    parts = name.split(".")
    is_package = modules[name].name == "__init__.py"
    return ".".join(parts[: 2 if is_package else min(2, len(parts) - 1)])


# --- how many files a request passes ----------------------------------------------------------------------------

MARKET = [
    *("platforms=fixed", "population=town", "population.n_consumers=600", "horizon.n_weeks=10"),
    *("horizon.policy_week=6", "replicates=2", "runner.n_workers=1", "runner.kernels=plain"),
    *("sector.merchants.n_per_zone=25", "sector.merchants.n_slots=40", "sector.workers.n_per_zone=12"),
]
SWEEP = ["sweep", *MARKET, "policy=commission_cap"]
HEIGHTS = "policy.commission_cap.ceiling="
MOVES = (0.95, 0.9)
"""A slider goes down twice; the second move is traced, for the first one solves the market without a rule."""
HERE = "http://127.0.0.1"


class Trace:
    """Files of the project whose functions are entered, in this thread and in those that begin meanwhile."""

    def __init__(self, root: Path):
        self.root, self.files = f"{root}{os.sep}", set[str]()

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_name != "<module>" and code.co_filename.startswith(self.root):
            self.files.add(code.co_filename.removeprefix(self.root))

    def __enter__(self) -> Trace:
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def n_files(self) -> dict[str, int]:
        """By floor; tests and benchmarks do not count."""
        return {floor: sum(file.startswith(f"{floor}{os.sep}") for file in self.files) for floor in FLOORS}


def trace_sweep(root: Path) -> dict[str, int]:
    """From the command to the report of a sweep over two heights of a cap, once everything has been imported."""
    from experiments.cli import main

    main([*SWEEP, f"{HEIGHTS}0.08,0.12"])
    with Trace(root) as trace:
        main([*SWEEP, f"{HEIGHTS}0.09,0.11"])
    return trace.n_files()


def trace_slider(root: Path) -> dict[str, int]:
    """From the request of a slider that was moved to the reply with new bars."""
    from experiments.dashboard import app, guard

    has_file = (root / "experiments" / "dashboard" / "desk.py").exists()
    desk = importlib.import_module(f"experiments.dashboard.{'desk' if has_file else 'app'}").desk()
    dash = app.app(desk, guard.Door(port=80))
    client = dash.server.test_client()
    client.get("/ask", base_url=HERE)  # Dash gathers its callbacks with the first page

    def ask(wanted: str, parts: Parts, factor: float = 1.0) -> Any:
        (output,) = (name for name in dash.callback_map if wanted in name.strip(".").split("..."))
        sent = request(output, dash.callback_map[output], parts, factor)
        reply = client.post("/_dash-update-component", json=sent, headers={"Origin": HERE}, base_url=HERE)
        return json.loads(reply.text)["response"]

    address = {"pathname": "/ask", "search": "?policy=commission_cap"}
    window: Parts = [("address", address), ("is-narrow", {"data": False})]
    parts = [*window, *parts_of(ask("page.children", window))]
    ask("ask-figure.figure", parts, MOVES[0])
    with Trace(root) as trace:
        reply = ask("ask-figure.figure", parts, MOVES[1])
    desk.close()
    assert reply["ask-figure"]["figure"]["data"], "no bars were drawn"
    return trace.n_files()


def parts_of(node: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Every part of a page that has an identity, with its properties."""
    if isinstance(node, dict) and "id" in node:
        yield node["id"], node
    for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from parts_of(one)


def request(output: str, callback: Mapping[str, Any], parts: Parts, factor: float) -> dict[str, Any]:
    """What a browser sends for a callback; the first lever that is a number is moved by a factor."""
    levers = [props for key, props in parts if isinstance(key, dict) and key["type"] == "lever"]
    moved = next((props for props in levers if props.get("type") == "number"), None)

    def filled(wanted: Mapping[str, str]) -> Any:
        name, what = wanted["id"], wanted["property"]
        if not name.startswith("{"):
            return {**wanted, "value": next((props.get(what) for key, props in parts if key == name), None)}
        kind = json.loads(name)["type"]
        found = [(key, props) for key, props in parts if isinstance(key, dict) and key["type"] == kind]
        shown = {id(props): props.get(what) for _, props in found}
        if moved is not None and id(moved) in shown and what == "value":
            shown[id(moved)] = moved["value"] * factor
        return [{"id": key, "property": what, "value": shown[id(props)]} for key, props in found]

    outputs = [dict(zip(("id", "property"), name.split("."), strict=True)) for name in output.strip(".").split("...")]
    inputs, state = ([filled(one) for one in callback[kind]] for kind in ("inputs", "state"))
    trigger = "{id}.{property}".format(**callback["inputs"][0])
    return {"output": output, "outputs": outputs, "inputs": inputs, "state": state, "changedPropIds": [trigger]}


# --- all of it --------------------------------------------------------------------------------------------------

TRACES = {"sweep": trace_sweep, "slider": trace_slider}


def traced(root: Path, name: str) -> dict[str, int]:
    """A trace in a process that imports the project from that folder, with results that are thrown away."""
    with tempfile.TemporaryDirectory() as outputs:
        settings = os.environ | {"PYTHONPATH": str(root), "PLATFORM_LAB_OUTPUTS": outputs, "PYTHONSAFEPATH": "1"}
        command = [sys.executable, str(Path(__file__).resolve()), "--trace", name, str(root)]
        done = subprocess.run(command, cwd=outputs, env=settings, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the trace of the {name} in {root} broke:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def measure(root: Path) -> dict[str, int]:
    """All numbers about a checkout, by name."""
    modules = modules_of(root)
    graph = imports_of(modules)
    sizes = Counter(room_of(name, modules) for name in modules)
    pairs = [(room_of(one, modules), room_of(other, modules)) for one in graph for other in graph[one]]
    found = {"files": len(modules), "rooms": len(sizes), "files in the largest room": max(sizes.values())}
    found |= {f"longest chain of imports in {floor}": depth_of(graph, floor) for floor in FLOORS}
    found |= {"imports of a file by a file": len(pairs), "of these from room to room": sum(a != b for a, b in pairs)}
    found["circles of files"] = len(circles_of(graph))
    for name, title in {"sweep": "files that a sweep passes", "slider": "files that a moved slider passes"}.items():
        by_floor = traced(root, name)
        found |= {title: sum(by_floor.values())} | {f"{title}, in {floor}": n for floor, n in by_floor.items()}
    return found | {f"files in {room}": n for room, n in sorted(sizes.items())}


def rows() -> list[Row]:
    from benchmarks.row import Row

    return [Row(name, value, "") for name, value in measure(ROOT).items()]


def main(words: list[str]) -> None:
    if words[:1] == ["--trace"]:
        print(json.dumps(TRACES[words[1]](Path(words[2]))))
        return
    columns = [measure(root) for root in [Path(word).resolve() for word in words] or [ROOT]]
    for name in dict.fromkeys(name for column in columns for name in column):
        print(f"{name:48}", *(f"{column.get(name, 0):8}" for column in columns))


if __name__ == "__main__":
    main(sys.argv[1:])
