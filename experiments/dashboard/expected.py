"""Forecasts of the mean-field model, fast enough for a slider: direct effect at once, total effect later."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from experiments.dashboard import questions
from experiments.dashboard.view import View
from experiments.request import build
from experiments.running.worker import end_with
from sim.errors import PlatformLabError, Problem, RefusedScenario
from sim.forecast import long_run
from sim.forecast.long_run import Forecast, Markets
from sim.kernels import cache, installation
from sim.scenario import Scenario

STILL = "fixed"
"""The strategy under which a rule has its direct effect only."""
MOST_KEPT = 256
"""Forecasts that are remembered."""


@dataclass(frozen=True)
class Expected:
    """Effects by metric, or why there are none."""

    baseline: Mapping[str, float]
    effects: Mapping[str, float]
    problem: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is a forecast."""
        return not self.problem


class Forecasts:
    """Forecasts of mean-field models, remembered; safe to ask from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._markets: dict[tuple[str, str], Markets] = {}
        self._kept: OrderedDict[str, Expected] = OrderedDict()
        self._waiting: dict[str, Future[Expected]] = {}
        self._workers: ProcessPoolExecutor | None = None
        self._edition = questions.edition()
        if cache.is_warm():
            installation.install()

    def direct(self, view: View) -> Expected:
        """The direct effect: decision variables of platforms stay as they would be without the rules."""
        self._forget_what_changed()
        still = dataclasses.replace(view, platforms=STILL, replicates=1)
        return self._known(still.query) or self._keep(still.query, self._work_out(still))

    def _forget_what_changed(self) -> None:
        """Forget forecasts of files that have changed since, and do not wait for those that are being computed."""
        with self._lock:
            if self._edition != questions.edition():
                self._edition = questions.edition()
                for remembered in (self._kept, self._markets, self._waiting):
                    remembered.clear()

    def total(self, view: View) -> Expected | None:
        """The total effect, with platforms' response; None while it is being computed, after asking for it."""
        if view.platforms == STILL:
            return self.direct(view)
        self._forget_what_changed()
        asked = dataclasses.replace(view, replicates=1)
        if found := self._known(asked.query):
            return found
        with self._lock:
            if asked.query not in self._waiting:
                self._let_go()
                self._waiting[asked.query] = self._send(asked.words)
            future = self._waiting[asked.query]
        return self._taken(asked.query, future) if future.done() else None

    def _taken(self, query: str, future: Future[Expected]) -> Expected:
        """What came of a forecast; a worker that died is replaced for the next one."""
        with self._lock:
            self._waiting.pop(query, None)
        try:
            return self._keep(query, future.result())
        except Exception as error:  # must not take the page with it
            if isinstance(error, BrokenProcessPool):
                self._workers = None
            return Expected({}, {}, f"it could not be computed ({type(error).__name__})")

    def _let_go(self) -> None:
        """Forget forecasts that nobody waits for any longer: those not begun, and those that are done."""
        for query, other in list(self._waiting.items()):
            if other.cancel() or other.done():
                del self._waiting[query]

    def close(self) -> None:
        """Let go of the process that computes forecasts."""
        if self._workers is not None:
            self._workers.shutdown(wait=False, cancel_futures=True)

    def _send(self, words: list[str]) -> Future[Expected]:
        """A question on its way to the worker; to a new one where the last died with nothing to do."""
        try:
            return self._pool().submit(work_out, words, questions.folder())
        except BrokenProcessPool:
            self._workers = None
            return self._pool().submit(work_out, words, questions.folder())

    def _pool(self) -> ProcessPoolExecutor:
        if self._workers is None:
            how = {"mp_context": get_context("spawn"), "initializer": end_with, "initargs": (os.getpid(),)}
            self._workers = ProcessPoolExecutor(1, **how)
        return self._workers

    def _known(self, query: str) -> Expected | None:
        with self._lock:
            if query in self._kept:
                self._kept.move_to_end(query)
            return self._kept.get(query)

    def _keep(self, query: str, found: Expected) -> Expected:
        with self._lock:
            self._kept[query] = found
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def _work_out(self, view: View) -> Expected:
        try:
            scenario = scenario_of(view)
        except PlatformLabError as error:
            return Expected({}, {}, str(error))
        with self._lock:
            key = (view.sector, view.population)
            markets = self._markets.setdefault(key, Markets(scenario))
            return _forecast(scenario, markets)


def _forecast(scenario: Scenario, markets: Markets | None = None) -> Expected:
    try:
        found: Forecast = long_run.forecast(scenario, markets)
    except PlatformLabError as error:
        return Expected({}, {}, str(error))
    return Expected(found.baseline, found.effects["total"])


def work_out(words: list[str], folder: Path | None = None) -> Expected:
    """The same in a process of its own, from the question's words and the user's folder."""
    if cache.is_warm():
        installation.install()
    try:
        return _forecast(build.ask(words, folder).scenarios[0])
    except PlatformLabError as error:
        return Expected({}, {}, str(error))


def scenario_of(view: View) -> Scenario:
    """The scenario of a view; raises `RefusedScenario`. Only what moved is built anew."""
    if not view.policy:
        todo = "choose one"
        raise RefusedScenario([Problem("no rule", "an effect needs a rule to have one", "one rule or more", todo)])
    base = _base(view.sector, view.population, view.platforms, view.horizon, view.policy)
    problems: list[Problem] = []
    for key, value in view.values.items():
        base = base.with_value(f"policy.{key}", value, problems)
    if problems:
        raise RefusedScenario(problems)
    return base.settled()


@questions.until_changed
def _base(*choices: str | tuple[str, ...]) -> Scenario:
    sector, population, platforms, horizon, long_run = choices
    view = View(str(sector), str(population), str(platforms), str(horizon), tuple(long_run))
    return questions.ask([word for word in view.words if not word.startswith("replicates")]).scenarios[0]
