"""Questions to agents, carried out in the background one after another; every job belongs to who asked.

A job is a comparison in a process of its own. Its runs are kept as they finish, as everybody's are, so that progress
and intervals so far are read from the store, and a question that was stopped goes on where it stood.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from experiments.dashboard import questions
from experiments.dashboard.job_child import Child, why_failed
from experiments.dashboard.job_question import Limits, Question, question_of
from experiments.dashboard.job_runs import Shelf, SoFar, failed
from experiments.storage import places
from sim.errors import Problem, RefusedScenario

State = Literal["waiting", "running", "done", "failed", "cancelled"]
ACTIVE: tuple[State, ...] = ("waiting", "running")
MOST_LOGS = 100
"""Logs of earlier jobs that are left lying when a dashboard starts."""


@dataclass(frozen=True)
class Job:
    """How a question to agents stands at one moment."""

    id: str
    words: list[str]
    title: str
    label: str
    """Its rules with their values."""
    state: State
    n_runs: int
    n_done: int
    """Finished runs, with those that were there before."""
    n_failed: int
    seconds: float
    """Since it began, or from beginning to end."""
    place: int
    """How many jobs come before it."""
    error: str
    """Why it failed, in words."""
    result: str
    """What it left, such as `compare/commission_cap-town-1eb285dac5`; empty before it is done."""


@dataclass
class _Task:
    """A job on its way."""

    id: str
    owner: str
    question: Question
    so_far: SoFar
    state: State = "waiting"
    is_stopped: threading.Event = field(default_factory=threading.Event)
    begun: float = 0.0
    begun_ns: int = 0
    """The same by the clock of the disk."""
    ended: float = 0.0
    n_done: int = 0
    n_failed: int = 0
    error: str = ""
    result: str = ""
    thread: threading.Thread | None = None

    @property
    def is_over(self) -> bool:
        return self.state not in ACTIVE

    @property
    def log(self) -> Path:
        return log_folder() / f"{self.id}.log"


def log_folder() -> Path:
    """Where jobs' own words lie."""
    return places.output_folder().absolute() / "dashboard"


def in_turn(waiting: list[_Task], served: Mapping[str, int]) -> list[_Task]:
    """The order in which waiting jobs begin: one of each owner a round, first who has waited longest for a turn."""
    queues: dict[str, list[_Task]] = {}
    for task in waiting:
        queues.setdefault(task.owner, []).append(task)
    owners = sorted(queues, key=lambda owner: served.get(owner, -1))
    rounds = itertools.zip_longest(*(queues[owner] for owner in owners))
    return [task for one_each in rounds for task in one_each if task is not None]


class Jobs:
    """All jobs of one dashboard, in memory; safe to use from several threads. `close` it: nothing outlives it."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.RLock()
        self._tasks: dict[str, _Task] = {}
        self._served: dict[str, int] = {}
        """Turn at which a job of an owner last began."""
        self._turns = itertools.count()
        self._shelf = Shelf()
        self._is_closed = False
        _remove_old_logs()
        atexit.register(self.close)

    def start(self, owner: str, words: list[str]) -> Job:
        """Let a question wait its turn; raises `RefusedScenario` for what cannot be, or is too much."""
        self._refuse_crowds(owner)
        question = question_of(words, self.limits)
        task = _Task(secrets.token_hex(16), owner, question, SoFar(question, self._shelf))
        task.n_done = len(self._shelf.there(question))
        with self._lock:
            self._refuse_crowds(owner)
            self._tasks[task.id] = task
            self._begin_next()
        return self._seen(task)

    def get(self, owner: str, job_id: str) -> Job | None:
        """How a job stands; None if this owner has none of that name."""
        task = self._own(owner, job_id)
        return self._seen(task) if task else None

    def of(self, owner: str) -> list[Job]:
        """The jobs of an owner, the newest first."""
        with self._lock:
            own = [task for task in self._tasks.values() if task.owner == owner]
        return [self._seen(task) for task in reversed(own)]

    def cancel(self, owner: str, job_id: str) -> bool:
        """Stop a job; what it has finished is kept. False if this owner has none of that name that is not over."""
        with self._lock:
            task = self._own(owner, job_id)
            if task is None or task.is_over:
                return False
            self._stop(task)
            self._forget()
        return True

    def effects_so_far(self, owner: str, job_id: str) -> Any:
        """Effects over the pairs that are whole by now, as `effects.parquet` has them; None before one is."""
        task = self._own(owner, job_id)
        return task.so_far.table(is_over=task.is_over) if task else None

    def close(self) -> None:
        """Stop everything, and wait until it has ended."""
        atexit.unregister(self.close)
        with self._lock:
            self._is_closed = True
            tasks = [task for task in self._tasks.values() if not task.is_over]
            for task in tasks:
                self._stop(task)
        for task in tasks:
            if task.thread is not None:
                task.thread.join()

    def _own(self, owner: str, job_id: str) -> _Task | None:
        with self._lock:
            task = self._tasks.get(job_id)
            return task if task is not None and task.owner == owner else None

    def _stop(self, task: _Task) -> None:
        task.is_stopped.set()
        if task.state == "waiting":
            task.state, task.ended = "cancelled", time.monotonic()

    def _refuse_crowds(self, owner: str) -> None:
        """Raise `RefusedScenario` where too many jobs wait already."""
        limits, found = self.limits, []
        with self._lock:
            waiting = [task.owner for task in self._tasks.values() if task.state == "waiting"]
            is_closed = self._is_closed
        if is_closed:
            found.append(Problem("one more job", "the dashboard is being stopped", "nothing", "start it again"))
        elif waiting.count(owner) >= limits.waiting_of_owner:
            why, todo = f"{limits.waiting_of_owner} of yours are waiting already", "wait for one of them, or stop it"
            found.append(Problem("one more job", why, f"at most {limits.waiting_of_owner} that wait", todo))
        elif len(waiting) >= limits.waiting:
            why, todo = f"{limits.waiting} jobs are waiting already", "ask again later, or use the command line"
            found.append(Problem("one more job", why, f"at most {limits.waiting} that wait", todo))
        if found:
            raise RefusedScenario(found)

    def _begin_next(self) -> None:
        """Begin as many of those who wait as may run."""
        tasks = self._tasks.values()
        n_free = self.limits.running - sum(task.state == "running" for task in tasks)
        waiting = [task for task in tasks if task.state == "waiting"]
        for task in in_turn(waiting, self._served)[: max(n_free, 0)] if not self._is_closed else ():
            task.state, task.begun = "running", time.monotonic()
            self._served[task.owner] = next(self._turns)
            task.thread = threading.Thread(target=self._carry_out, args=(task,), daemon=True, name=f"job {task.id[:8]}")
            task.thread.start()

    def _carry_out(self, task: _Task) -> None:
        """One job from beginning to end, in a thread of its own."""
        state, error = "failed", "It could not be carried out."
        try:
            state, error = self._outcome(task)
        except OSError as fault:
            error = f"It could not be begun: {(fault.strerror or type(fault).__name__).lower()}."
        finally:
            with contextlib.suppress(Exception):  # what is shown in the end must not keep others from their turn
                task.n_done = len(self._shelf.there(task.question, is_fresh=True))
                task.n_failed = failed(task.question, task.begun_ns)
                task.so_far.table()
            with self._lock:
                task.state, task.error, task.ended = state, error, time.monotonic()
                self._begin_next()
                self._forget()

    def _outcome(self, task: _Task) -> tuple[State, str]:
        child = Child("compare", [*task.question.words, *questions.option_words(), *self.limits.runner], task.log)
        task.begun_ns = child.begun_ns
        code = child.wait(task.is_stopped, self.limits.grace)
        if code == 0:
            task.result = _result_in(task.question.folder)
            other = "The laboratory's code has changed since the dashboard was started: stop it, and start it again."
            return ("done", "") if task.result else ("failed", other)
        return ("cancelled", "") if task.is_stopped.is_set() else ("failed", why_failed(code, task.log))

    def _seen(self, task: _Task) -> Job:
        with self._lock:
            question, state = task.question, task.state
            now = time.monotonic() if state == "running" else task.ended
            seconds = now - task.begun if task.begun else 0.0
            counts, place = (task.n_done, task.n_failed), self._place(task)
            text = (seconds, place, task.error, task.result)
        if state == "running":
            counts = len(self._shelf.there(question)), failed(question, task.begun_ns) if task.begun_ns else 0
        names = (task.id, question.words, question.title, question.label, state, len(question.runs))
        return Job(*names, *counts, *text)

    def _place(self, task: _Task) -> int:
        """How many jobs come before it; those that run are among them."""
        if task.state != "waiting":
            return 0
        waiting = [one for one in self._tasks.values() if one.state == "waiting"]
        n_running = sum(one.state == "running" for one in self._tasks.values())
        return n_running + in_turn(waiting, self._served).index(task)

    def _forget(self) -> None:
        """Let go of finished jobs that are too many, the oldest first, and of owners that have none."""
        over = sorted((task for task in self._tasks.values() if task.is_over), key=lambda task: task.ended)
        gone = over[: max(0, len(over) - self.limits.kept_of_all)]
        for owner in {task.owner for task in over}:
            own = [task for task in over if task.owner == owner]
            gone += own[: max(0, len(own) - self.limits.kept)]
        for task in gone:
            if self._tasks.pop(task.id, None) is not None:
                with contextlib.suppress(OSError):
                    task.log.unlink(missing_ok=True)
        owners = {task.owner for task in self._tasks.values()}
        self._served = {owner: turn for owner, turn in self._served.items() if owner in owners}


def _result_in(folder: Path) -> str:
    """The name of a whole result; empty if it is none, or does not lie among the results."""
    home = (places.output_folder() / "compare").resolve()
    place = folder.resolve()
    is_whole = place.parent == home and (place / "record.json").is_file()
    return f"compare/{place.name}" if is_whole else ""


def _remove_old_logs() -> None:
    with contextlib.suppress(OSError):
        logs = sorted(log_folder().glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in logs[MOST_LOGS:]:
            path.unlink(missing_ok=True)
