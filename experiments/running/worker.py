"""What a worker does: the runs of one group, each kept as soon as it is done."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import socket
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from experiments.running.histories import Group
from experiments.running.sessions import Session
from experiments.storage import places, run_store, versions, writing
from sim.errors import PlatformLabError
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.model import PlatformEconomy

SUSPECT = "it was running when its process died"
FULL = "full"
"""A full disk is no fault of the run: everything stops."""
A_LOOK = 1.0
"""Seconds between two checks that the parent is still there: no system tells its children."""
OTHER_CODE = "this worker has another version of the code: {theirs} instead of {ours}"


@dataclass(frozen=True)
class Job:
    """How a worker carries out its runs."""

    session: Session
    outputs: str
    """Folder of results, by its full name."""
    code: str
    """Version of the code that the results are for."""
    n_threads: int
    kernels: str
    with_agents: bool

    @property
    def how(self) -> dict[str, Any]:
        """Arguments of the model."""
        return {"n_threads": self.n_threads, "kernels": self.kernels}


def run_group(group: Group, job: Job) -> dict[str, str]:
    """Errors by run name, "" for none; a run that began before and never ended is skipped, as `SUSPECT`.

    The market without rules is simulated once, and every run with rules branches off it.
    """
    from sim.model import PlatformEconomy

    end_with(job.session.parent)
    os.environ[places.OUTPUTS] = job.outputs  # a worker may have started before this folder was chosen
    ours = versions.code_version()
    names = {run_store.run_name(run): run for run in group.runs}
    if ours != job.code:
        return dict.fromkeys(names, OTHER_CODE.format(theirs=ours[:12], ours=job.code[:12]))
    errors: dict[str, str] = {}

    def attempt(run: Scenario, begin: Callable[[], PlatformEconomy], log: list[str]) -> None:
        name = run_store.run_name(run)
        if FULL in errors:
            return
        if job.session.is_done(name):  # by a process that died before it could say so
            errors[name] = ""
            return
        if not job.session.begin(name):
            errors[name] = SUSPECT
            return
        errors[name] = _run_and_keep(run, begin, job, [*log, _here()])
        if errors[name].startswith(FULL):
            errors[FULL] = errors.pop(name).removeprefix(FULL)
        job.session.end(name, is_done=not errors.get(name, "x"))

    if len(group.runs) == 1:
        attempt(group.runs[0], lambda: PlatformEconomy(group.runs[0], **job.how), [])
        return errors
    try:
        trunk = PlatformEconomy(group.runs[0].without_policy(), **job.how)
        for week, runs in groupby(group.branches, key=lambda run: run.first_policy_week):
            while trunk.world.week < week - 1:
                trunk.step()
            past, shared = trunk.snapshot(), [f"weeks 1 to {week - 1} shared with {len(group.runs) - 1} runs"]
            for run in runs:
                attempt(run, lambda run=run, past=past: PlatformEconomy.resume(past, run, **job.how), shared)
        if group.baseline is not None:
            attempt(group.baseline, lambda: trunk, ["the market from which the other runs branch"])
    except Exception as error:  # the shared past failed: the remaining runs cannot be made
        for name in names.keys() - errors.keys():
            errors[name] = _explained(names[name], error, [_here()])
            job.session.tick(is_done=False)
    return errors


def _here() -> str:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return f"begun {now} on {socket.gethostname()}, process {os.getpid()}"


def _run_and_keep(run: Scenario, begin: Callable[[], PlatformEconomy], job: Job, log: list[str]) -> str:
    """Carry one run to its end and keep it; the error as text, which is recorded, or nothing."""
    try:
        with _heard(log):
            model = begin()
            model.run_all()
        run_store.keep(run, model, log, with_agents=job.with_agents)
    except writing.FullDisk as error:
        return f"{FULL}{error}"
    except Exception as error:  # a failed run is a recorded result, never a lost sweep
        return _explained(run, error, log)
    return ""


@contextmanager
def _heard(log: list[str]) -> Iterator[None]:
    """Warnings and messages of a run go into its log."""

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            log.append(f"{record.levelname.lower()}: {record.getMessage()}")

    listener, root = Listener(logging.INFO), logging.getLogger(Scenario.__module__.rpartition(".")[0])
    root.addHandler(listener)
    try:
        with warnings.catch_warnings(record=True) as found:
            yield
        log += [f"warning: {one.message} ({one.filename}:{one.lineno})" for one in found]
    finally:
        root.removeHandler(listener)


def _explained(run: Scenario, error: Exception, log: list[str]) -> str:
    """Record why a run failed; a sentence for the summary."""
    is_known = isinstance(error, PlatformLabError)
    text = str(error) if is_known else f"{type(error).__name__}: {error}"
    trace = "" if is_known else "".join(traceback.format_exception(error))
    run_store.record_failure(run, text, [*log, *trace.splitlines()])
    return text


@functools.cache
def end_with(parent: int | None) -> None:
    """Let this process end when the one that waits for its results does, even by a kill; once a process is enough."""
    import psutil

    if parent is None or parent == os.getpid():
        return

    def watch() -> None:
        if os.getppid() == parent:
            while os.getppid() == parent:  # a child gets another parent at once, also while nobody buries the old one
                time.sleep(A_LOOK)
        else:
            with contextlib.suppress(psutil.NoSuchProcess):
                psutil.Process(parent).wait()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def warm_up(kernels: str, scenario: Scenario, parent: int | None) -> int:
    """Load what a worker needs, and the compiled kernels from their cache; returns the process."""
    end_with(parent)
    if kernels == "compiled":
        compile_kernels(scenario)
    else:
        from sim import model  # noqa: F401
    return os.getpid()


def compile_kernels(scenario: Scenario) -> None:
    """Fill the cache of compiled kernels, or find it full: one week of the smallest economy of this kind."""
    import dataclasses

    from sim.model import PlatformEconomy

    few = dataclasses.replace(scenario.population, n_consumers=64, n_zones=1)
    calm = dataclasses.replace(scenario.platforms, strategy="fixed")  # so few consumers give platforms no equilibrium
    tiny = dataclasses.replace(scenario, population=few, platforms=calm)
    PlatformEconomy(tiny, kernels="compiled").step()
