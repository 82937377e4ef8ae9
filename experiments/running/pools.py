"""Where groups of runs are carried out: processes on this machine, by joblib, or the workers of a Dask cluster."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from typing import Any, Protocol

from experiments.request.request import Runner
from experiments.running import worker
from experiments.running.histories import Group
from experiments.running.worker import Job
from sim.errors import PlatformLabError, Problem, RefusedScenario

Answers = dict[str, str]
"""Errors by run name, as `_work.run_group` gives them."""
WAIT_FOR_WORKERS = 60
"""Seconds that a cluster without a worker is waited for."""


class Pool(Protocol):
    """Something that carries out groups and survives the death of the processes it uses."""

    n_workers: int

    def warm(self, function: Callable[..., int], *arguments: Any) -> None:
        """Start workers, and call a function in them."""
        ...

    def each(self, groups: list[Group], job: Job, *, apart: bool = False) -> Iterator[Answers | None]:
        """Answers, group by group as they come; None for a group whose process died.

        With `apart` nothing is carried out in this process, whose death would end them all.
        """
        ...


class LocalPool:
    """Processes of joblib; when one of them dies, all of them are replaced."""

    def __init__(self, n_workers: int) -> None:
        self.n_workers = n_workers

    def warm(self, function: Callable[..., int], *arguments: Any) -> None:
        """Start all processes at once."""
        import joblib

        jobs = (joblib.delayed(function)(*arguments) for _ in range(self.n_workers))
        joblib.Parallel(n_jobs=self.n_workers, **started(self.n_workers))(jobs)

    def each(self, groups: list[Group], job: Job, *, apart: bool = False) -> Iterator[Answers | None]:
        """Ends with None when a process dies: groups without an answer by then are to be run again."""
        import joblib
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        jobs = (joblib.delayed(worker.run_group)(group, job) for group in groups)
        n_jobs = self.n_workers if apart is False else max(2, self.n_workers)  # one job is this process itself
        try:
            yield from joblib.Parallel(n_jobs, return_as="generator_unordered", **started(n_jobs))(jobs)
        except TerminatedWorkerError:
            yield None


def started(n_jobs: int) -> dict[str, Any]:
    """One job a task, by processes that end with this one: an idle one would outlive a killed parent for ever."""
    apart: dict[str, Any] = {"initializer": worker.end_with, "initargs": (os.getpid(),)} if n_jobs > 1 else {}
    return {"batch_size": 1, **apart}


class ClusterPool:
    """Workers of Dask: of a scheduler elsewhere, or processes here that are started and stopped with the request."""

    def __init__(self, client: Any, n_workers: int) -> None:
        self.client, self.n_workers = client, n_workers

    def warm(self, function: Callable[..., int], *arguments: Any) -> None:
        """Call in every worker that there is."""
        try:
            self.client.wait_for_workers(1, timeout=WAIT_FOR_WORKERS)
        except TimeoutError:
            raise PlatformLabError(_no_worker(self.client)) from None
        self.client.run(function, *arguments)
        self.n_workers = max(self.n_workers, len(self.client.nthreads()))

    def each(self, groups: list[Group], job: Job, *, apart: bool = False) -> Iterator[Answers | None]:
        """A task whose worker died is sent to others by Dask itself, a few times."""
        from distributed import KilledWorker, wait

        # An answer belongs to this call: what is left over of an earlier one is another task.
        pending = {
            self.client.submit(worker.run_group, group, job, key=f"group-{id(groups)}-{i}-{os.urandom(4).hex()}")
            for i, group in enumerate(groups)
        }
        waited = 0
        while pending:
            try:
                with self.client.as_current():
                    answered: Any = wait(pending, timeout=5, return_when="FIRST_COMPLETED")
            except TimeoutError:
                waited = 0 if self.client.nthreads() else waited + 5
                if waited >= WAIT_FOR_WORKERS:
                    raise PlatformLabError(_no_worker(self.client)) from None
                continue
            except (OSError, CancelledError):
                raise PlatformLabError(_no_worker(self.client)) from None
            pending = answered.not_done
            for future in answered.done:
                try:
                    yield future.result()
                except KilledWorker:
                    yield None
                except (OSError, CancelledError):
                    raise PlatformLabError(_no_worker(self.client)) from None


def _no_worker(client: Any) -> str:
    where = client.scheduler.address if client.scheduler is not None else "Dask"
    return (
        f"the cluster of {where} has no worker or no scheduler any more (waited up to {WAIT_FOR_WORKERS} s).\n"
        "  Finished runs are kept; start workers (dask worker ADDRESS --nthreads 1) and run the same command again."
    )


@contextlib.contextmanager
def opened(runner: Runner) -> Iterator[Pool]:
    """The pool that a request asks for."""
    n_workers = workers_of(runner)
    if runner.kind == "local":
        yield LocalPool(n_workers)
        return
    import logging

    from distributed import Client, LocalCluster

    quiet = ("distributed", *(f"distributed.{part}" for part in ("nanny", "worker", "scheduler", "client", "utils")))
    for name in (*quiet, "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # we report what dies
    with contextlib.ExitStack() as stack:
        if runner.address is None:
            # A task that lost its worker goes to another one, which leaves out what had begun.
            here: dict[str, Any] = {"n_workers": n_workers, "threads_per_worker": 1, "dashboard_address": None}
            address: Any = stack.enter_context(LocalCluster(**here, processes=True, silence_logs=logging.CRITICAL))
        else:
            address = runner.address
        try:
            client = stack.enter_context(Client(address, timeout=10, set_as_default=False))
        except (OSError, ValueError, TimeoutError) as error:
            asked, why = f"runner.address={runner.address}", f"no Dask scheduler answers there ({error})"
            todo = "start one: dask scheduler, then dask worker ADDRESS"
            raise RefusedScenario([Problem(asked, why, "tcp://HOST:PORT of a scheduler that runs", todo)]) from None
        yield ClusterPool(client, n_workers)


def workers_of(runner: Runner) -> int:
    """Processes that are used: as many as asked, or one for each core that its threads leave to others."""
    return runner.n_workers or max(1, n_cores() // runner.n_threads)


def n_cores() -> int:
    """Cores that this process may use."""
    import joblib

    return joblib.cpu_count()


class LostWorkers(PlatformLabError):
    """Processes die without any run being the cause."""

    def __init__(self, n_deaths: int) -> None:
        super().__init__(
            f"processes died {n_deaths} times before any run had begun, perhaps for lack of memory.\n"
            "  Finished runs are kept; run the same command again with fewer processes: runner.n_workers=1."
        )
