"""A dashboard that is served, a browser that looks at it, and a store with something to see.

The browser is the system's Chromium. Where there is none, tests that need it say so in one line and are skipped;
with REQUIRE_BROWSER=1 that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.experiments.conftest import TINY

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = "no Chromium is installed: apt-get install chromium (or run .ci/browser)"
PATIENCE = 30_000
"""Milliseconds for which a page is waited for on a busy machine."""
ROOT = Path(__file__).parents[3]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.waits)


@dataclass
class Board:
    """A dashboard that is being served."""

    address: str
    outputs: Path
    process: Any


@dataclass
class Heard:
    """What a page complained of or asked others for."""

    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


def filled(outputs: Path) -> None:
    """A comparison, a sweep with several points, and a run that failed."""
    from experiments.cli import main
    from experiments.request import build
    from experiments.storage import run_store

    main(["compare", "policy=commission_cap", "title='A cap <script>alert(1)</script>'", *TINY])
    main(["sweep", "policy=commission_cap", "policy.commission_cap.ceiling=0.06,0.08,0.1", *TINY])
    run_store.record_failure(build.ask(["policy=data_limit", *TINY]).scenarios[0], "<b>it broke</b> in week 3", [])


def served(outputs: Path, **environment: str) -> Board:
    """Start a dashboard on a free port and wait until it says where it is."""
    from experiments.dashboard import door_of

    port = free_port()
    assert door_of([f"--port={port}"]).is_loopback
    log = outputs.parent / f"dashboard-{port}.log"
    words = [sys.executable, "-m", "experiments.cli", "dashboard", "--port", str(port)]
    settings = os.environ | {"PLATFORM_LAB_OUTPUTS": str(outputs), "PYTHONPATH": str(ROOT)} | environment
    with log.open("w") as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT, cwd=outputs.parent, env=settings)
    until(lambda: "Dashboard:" in log.read_text() or process.poll() is not None, 90.0)
    assert process.poll() is None, log.read_text()
    return Board(f"http://127.0.0.1:{port}", outputs, process)


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(condition: Any, seconds: float) -> None:
    """Wait for a condition; fails when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """A dashboard over a store with results."""
    outputs = tmp_path_factory.mktemp("board") / "outputs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLATFORM_LAB_OUTPUTS", str(outputs))
        filled(outputs)
    found = served(outputs)
    yield found
    stop(found)


@pytest.fixture(scope="session")
def empty_board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """A dashboard over nothing."""
    found = served(tmp_path_factory.mktemp("empty") / "outputs")
    yield found
    stop(found)


def stop(board: Board) -> None:
    board.process.terminate()
    board.process.wait(30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium, without a window."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh page at 1280 pixels whose complaints fail the test, and whose requests stay on this computer."""
    yield from opened(browser, WIDE)


@pytest.fixture
def small_page(browser: Any) -> Iterator[Any]:
    """The same at 390 pixels, on a dark screen."""
    yield from opened(browser, NARROW, color_scheme="dark")


def opened(browser: Any, size: dict[str, int], **more: Any) -> Iterator[Any]:
    context = browser.new_context(viewport=size, **more)
    found, heard = context.new_page(), Heard()
    found.set_default_timeout(PATIENCE)
    found.on("console", lambda m: heard.complaints.append(m.text) if m.type in ("error", "warning") else None)
    found.on("pageerror", lambda e: heard.complaints.append(str(e)))
    own = ("http://127.0.0.1", "data:", "blob:")
    found.on("request", lambda r: None if r.url.startswith(own) else heard.outside.append(r.url))
    found.heard = heard
    yield found
    context.close()
    assert heard.complaints == []
    assert heard.outside == []


def settled(page: Any) -> None:
    """Wait until the page has its title and nothing more is on its way."""
    page.wait_for_selector("#title")
    page.wait_for_load_state("networkidle")


def kept(page: Any, name: str) -> None:
    """Keep a picture of a page for who wants to look."""
    folder = ROOT / "outputs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
