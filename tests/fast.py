"""Which tests `make test-fast` runs: the cheapest by measurement, some of every room, and all that are new.

`durations.json` holds, file by file and function by function, the seconds of processor time that a test took with all
its parameters and fixtures: the test's own process and the processes it started. Processor time, because it hardly
depends on what else the machine does. `make durations` measures anew.
"""

import json
import os
import resource
from collections import defaultdict
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

FILE = Path(__file__).with_name("durations.json")
BUDGET = 12.0
"""Seconds of processor time that the chosen tests may take together, besides importing what they test."""
Costs = Mapping[str, Mapping[str, float]]
"""Path of a file from the repository's root -> name of a test function -> seconds."""


def read_costs(file: Path = FILE) -> dict[str, dict[str, float]]:
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def write_costs(costs: Costs, file: Path = FILE) -> None:
    """One line a test and in alphabetical order, so that a renewal changes few lines of the file."""
    rounded = {path: {name: round(cost, 3) for name, cost in tests.items()} for path, tests in costs.items()}
    file.write_text(json.dumps(rounded, indent=0, sort_keys=True) + "\n", "utf-8")


def choose(costs: Costs, budget: float = BUDGET) -> set[tuple[str, str]]:
    """The cheapest tests that together stay within the budget, and the cheapest of every room that has none of them."""
    chosen, rooms, spent = set[tuple[str, str]](), set[str](), 0.0
    for cost, path, name in sorted((cost, path, name) for path, tests in costs.items() for name, cost in tests.items()):
        spent += cost
        if spent <= budget or os.path.dirname(path) not in rooms:
            chosen.add((path, name))
            rooms.add(os.path.dirname(path))
    return chosen


def parts_of(nodeid: str) -> tuple[str, str]:
    """`tests/a/test_b.py::TestC::test_d[e]`: its file and `TestC::test_d`."""
    path, _, name = nodeid.partition("::")
    return path, name.partition("[")[0]


class Choosing:
    """Leaves out what has been measured and was not chosen, and what waits.

    A test that nobody has measured yet is run, unless it is marked as long.
    """

    def __init__(self, costs: Costs, budget: float = BUDGET):
        self.costs, self.chosen = costs, choose(costs, budget)

    def is_measured(self, path: str, name: str) -> bool:
        return name in self.costs.get(path, {})

    def is_left_out(self, item: pytest.Item) -> bool:
        test = parts_of(item.nodeid)
        if item.get_closest_marker("waits"):
            return True
        return test not in self.chosen if self.is_measured(*test) else item.get_closest_marker("long") is not None

    @pytest.hookimpl
    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """A file none of whose tests is chosen is not even imported: a test added to it waits to be measured."""
        if collection_path.suffix != ".py":
            return None
        path = collection_path.relative_to(config.rootpath).as_posix()
        tests = self.costs.get(path, {})
        return True if tests and all((path, name) not in self.chosen for name in tests) else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(self, collector: pytest.Collector, name: str) -> list[pytest.Item] | None:
        """Of a function that is left out no tests are made, however many parameters it has."""
        test = parts_of(f"{collector.nodeid}::{name}")
        return [] if self.is_measured(*test) and test not in self.chosen else None

    @pytest.hookimpl
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        left_out = {item for item in items if self.is_left_out(item)}
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]


class Measuring:
    """Adds up what tests cost. What several tests share is charged to each, since any of them alone would pay it.

    Tests that wait are not measured: what a browser or a server does meanwhile is no time of their own process.
    """

    def __init__(self) -> None:
        self.own: dict[tuple[str, str], float] = defaultdict(float)
        self.shared: dict[object, float] = defaultdict(float)
        self.used: dict[tuple[str, str], set[object]] = defaultdict(set)
        self.there: set[tuple[str, str]] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        if item.get_closest_marker("waits"):
            return (yield)
        test, before = parts_of(item.nodeid), processor_seconds() - sum(self.shared.values())
        result = yield
        self.own[test] += processor_seconds() - sum(self.shared.values()) - before
        fixtures = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}
        self.used[test].update(versions[-1] for versions in fixtures.values())
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        before = processor_seconds()
        result = yield
        if fixturedef.scope != "function":
            self.shared[fixturedef] += processor_seconds() - before
        return result

    @pytest.hookimpl
    def pytest_itemcollected(self, item: pytest.Item) -> None:
        self.there.add(parts_of(item.nodeid))

    @pytest.hookimpl
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tests that are gone are forgotten, those that were not run keep the number they had."""
        seen = {path for path, _ in self.there}
        costs: dict[str, dict[str, float]] = defaultdict(dict)
        for path, tests in read_costs().items():
            if (session.config.rootpath / path).exists():
                is_there = {name for name in tests if path not in seen or (path, name) in self.there}
                costs[path] = {name: tests[name] for name in is_there}
        for (path, name), own in self.own.items():
            costs[path][name] = own + sum(self.shared[fixture] for fixture in self.used[path, name])
        write_costs(costs)


def processor_seconds() -> float:
    """What this process and its children that have ended have used so far."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)
