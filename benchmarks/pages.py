"""The dashboard's pages in a browser: how soon a slider shows what is expected, how soon a full store is seen."""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.row import Row
from benchmarks.sweeps import N_MANY, made_up, outputs, quiet
from experiments.dashboard.expected import Forecasts
from experiments.dashboard.levers import levers_of
from experiments.dashboard.view import View
from experiments.storage import places
from sim.policy.catalogue import CATALOGUE

N_MOVES, N_LOADS, N_RESULTS = 15, 5, 200
PREVIEW, PAINT = 0.3, 2.0
"""Seconds within which a slider and the page of stored results answer."""
MOVED = """before => {
  const plot = document.querySelector("#ask-figure .js-plotly-plot");
  if (!plot || !plot._fullData || !plot._fullData.length) return false;
  const now = JSON.stringify(Array.from(plot._fullData[0].x, Number));
  return now !== before && now;
}"""


def rows() -> list[Row]:
    return [*previews(), *in_a_browser()]


def previews() -> list[Row]:
    """What a moved lever costs without a browser, rule by rule; the slowest is named."""
    forecasts, by_rule = Forecasts(), {}
    for name in CATALOGUE:
        view = View().with_rules((name,))
        one = next((lever for lever in levers_of(name) if lever.is_number), None)
        if one is None or not forecasts.direct(view).is_known:
            continue
        seconds = []
        for step in (0.31, 0.43, 0.59):
            value = one.low + step * (one.most_shown - one.low)
            moved = view.with_value(one, round(value) if one.is_whole else value)
            started = time.perf_counter()
            forecasts.direct(moved)
            seconds.append(time.perf_counter() - started)
        by_rule[name] = statistics.median(seconds)
    slowest = max(by_rule, key=lambda name: by_rule[name])
    how = f"{len(by_rule)} rules, median of 3 moves each"
    return [
        Row(
            "forecast of the mean-field model, a parameter moved",
            statistics.median(by_rule.values()),
            "s",
            PREVIEW,
            "at most",
            how,
        ),
        Row(f"the slowest rule ({slowest})", by_rule[slowest], "s", PREVIEW, "at most", how),
    ]


def in_a_browser() -> list[Row]:
    """From a key pressed to figures moved; from an address to the first results, over a full store."""
    path = shutil.which("chromium")
    if path is None:
        return []
    from playwright.sync_api import sync_playwright

    with outputs() as folder, sync_playwright() as play:
        with quiet():
            _filled(folder)
        with _served(folder) as address:
            browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            moves, (paints, results) = _moves(page, address), _loads(browser, address)
            browser.close()
    where = f"headless Chromium, {N_MANY:,} runs and {N_RESULTS} results in the store"
    return [
        Row(
            "a slider moved until the figure has",
            statistics.median(moves),
            "s",
            PREVIEW,
            "at most",
            f"median of {N_MOVES} steps of the default question, by keyboard",
        ),
        Row("first paint of Compare", statistics.median(paints), "s", PAINT, "at most", where),
        Row("results shown on Compare", statistics.median(results), "s", PAINT, "at most", where),
    ]


def _filled(folder: Path) -> None:
    """A full store, and as many results as would be made of it."""
    from experiments.cli import main

    main(["compare", "policy=commission_cap", "population=town", "horizon=one_year", "platforms=fixed", "replicates=2"])
    made_up(N_MANY)
    first = next((folder / "compare").iterdir())
    for place in range(N_RESULTS - 1):
        shutil.copytree(first, first.with_name(f"{first.name}-{place}"))


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    import socket

    with socket.socket() as baseline:
        baseline.bind(("127.0.0.1", 0))
        port = baseline.getsockname()[1]
    words = [sys.executable, "-m", "experiments.cli", "dashboard", "--port", str(port)]
    settings = os.environ | {places.OUTPUTS: str(folder.absolute())}
    with tempfile.TemporaryFile("w+") as log, subprocess.Popen(words, stdout=log, stderr=log, env=settings) as process:
        try:
            while process.poll() is None and not _answers(port):
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    import socket

    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
        return True
    return False


def _moves(page: Any, address: str) -> list[float]:
    page.goto(f"{address}/ask")
    before = page.wait_for_function(MOVED, arg="").json_value()
    page.get_by_label("Largest commission", exact=True).focus()
    seconds = []
    for _ in range(N_MOVES):
        started = time.perf_counter()
        page.keyboard.press("ArrowLeft")
        before = page.wait_for_function(MOVED, arg=before).json_value()
        seconds.append(time.perf_counter() - started)
    return seconds


def _loads(browser: Any, address: str) -> tuple[list[float], list[float]]:
    """A fresh browser every time, nothing of the page kept from before."""
    paints, results = [], []
    for _ in range(N_LOADS):
        context = browser.new_context()
        page, started = context.new_page(), time.perf_counter()
        page.goto(f"{address}/compare")
        page.wait_for_selector("#compare-shown article")
        results.append(time.perf_counter() - started)
        paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000)
        context.close()
    return paints, results
