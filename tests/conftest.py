"""Settings of the whole suite: generated examples are the same in every run, and time is never asserted.

`--fast` runs the cheapest tests only, `--measure` writes down what each costs; `tests/fast.py` says how.
"""

import pytest
from hypothesis import settings

from tests import fast

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("platform lab")
    group.addoption("--fast", action="store_true", help="only the cheapest tests of every room, and new ones")
    group.addoption("--measure", action="store_true", help="write what each test costs to tests/durations.json")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--fast"):
        config.pluginmanager.register(fast.Choosing(fast.read_costs()))
    if config.getoption("--measure"):
        if config.getoption("numprocesses", None):
            raise pytest.UsageError("--measure counts what one process does: leave -n out, or say -n 0")
        config.pluginmanager.register(fast.Measuring())
