"""Finished runs as background jobs look for them: how many there are, and the effects of the pairs that are whole."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection
from typing import Any

from analysis.statistics.effects import interval_of, paired_effects, window_means
from experiments.dashboard.job_question import Question
from experiments.results import estimating
from experiments.storage import run_store
from experiments.storage.runs import Runs

FRESH_FOR = 0.25
"""Seconds for which a listing of the store counts as fresh."""


class Shelf:
    """The store of runs, looked at once for all jobs and threads; parts that were read are not read again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: Runs | None = None
        self._looked = 0.0

    def there(self, question: Question, *, is_fresh: bool = False) -> set[str]:
        """Names of the finished runs of a question, as it was a moment ago, or as it is now."""
        with self._lock:
            kept = self._look(is_fresh=is_fresh)
            names = {name for name in question.runs if name in kept.part_of or name in kept.alone}
            return {name for name in names if name in kept.agents} if question.has_agents else names

    def means(self, names: Collection[str], first_week: int) -> dict[str, Any]:
        """Means from a week on of every metric, a frame of one row a run; damaged runs are left out."""
        found = {}
        for name in names:
            with self._lock:  # run by run, so that others who look need not wait for all
                weekly, _ = self._look(is_fresh=False).read(name)
            if weekly is not None:
                found[name] = window_means([weekly], first_week)
                found[name].insert(0, "week", first_week)
        with self._lock:
            self._look(is_fresh=False).let_go()
        return found

    def _look(self, *, is_fresh: bool) -> Runs:
        folder = run_store.folder().absolute()
        if self._runs is None or self._runs.folder != folder:
            self._runs = Runs(folder)
        elif is_fresh or time.monotonic() - self._looked > FRESH_FOR:
            self._runs.look()
        else:
            return self._runs
        self._looked = time.monotonic()
        return self._runs


def failed(question: Question, since_ns: int) -> int:
    """Runs of a question that failed since a moment, by the clock of the disk."""
    home = run_store.folder() / "failed"
    try:
        names = [name for name in os.listdir(home) if name.removesuffix(".json") in question.runs]
    except OSError:
        return 0
    n = 0
    for name in names:
        try:
            n += (home / name).stat().st_mtime_ns >= since_ns
        except OSError:  # it has succeeded since
            continue
    return n


class SoFar:
    """The effects of a question over the pairs that are whole, as `effects.parquet` will have them."""

    def __init__(self, question: Question, shelf: Shelf) -> None:
        self._question, self._shelf = question, shelf
        self._lock = threading.Lock()
        self._means: dict[str, Any] = {}
        self._n_whole = 0
        self._table: Any = None

    def table(self, *, is_over: bool = False) -> Any:
        """The table of effects, made anew when more pairs are whole; None before one is. Not to be changed."""
        with self._lock:
            if is_over:
                return self._table
            there = self._shelf.there(self._question)
            whole = [pair for pair in self._question.pairs if there.issuperset(pair)]
            if len(whole) != self._n_whole:
                self._n_whole, self._table = len(whole), self._made(whole)
            return self._table

    def _made(self, pairs: list[tuple[str, ...]]) -> Any:
        """Of the pairs that can be read. A mean of one week is that week: the numbers are those of whole runs."""
        request, point = self._question.request, self._question.point
        first = point.scenario.first_policy_week
        wanted = {name for pair in pairs for name in pair} - self._means.keys()
        self._means |= self._shelf.means(wanted, first)
        sides = list(zip(*(pair for pair in pairs if self._means.keys() >= set(pair)), strict=True))
        if not sides:
            return None
        baseline, with_policy = ([self._means[name] for name in side] for side in sides[:2])
        interval = interval_of(request.asking.intervals, point.scenario.seed)
        effects = paired_effects(baseline, with_policy, first, interval).assign(**point.lever)
        effects.insert(0, "scenario", point.place)
        effects.insert(1, "label", point.label)
        return estimating.titled(effects, [point.scenario.sector.currency] * len(effects))
