"""Carry out many runs; workers keep their own results, so that nothing finished is lost and requests can continue."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.request.request import Runner
from experiments.running import histories, pools, progress, sessions, worker
from experiments.running.histories import Group
from experiments.running.pools import Pool
from experiments.running.worker import FULL, SUSPECT, Job
from experiments.storage import places, run_store, versions, writing
from experiments.terminal import meanwhile
from sim.scenario import Scenario

KILLED = "the process that computed it was killed {n} times, the last time alone, perhaps for lack of memory"
MOST_IN_VAIN = 5
"""Times that all processes may be killed before any run has begun."""


@dataclass(frozen=True)
class Outcome:
    """Outcome of a request's runs."""

    n_done: int
    n_cached: int
    failed: dict[str, str]
    """Error by run name."""
    seconds: float
    pool_seconds: float = 0.0
    """Part of these until all workers were ready."""
    damaged: list[str] = field(default_factory=list)
    """Files that had changed since they were written; their runs were done again."""
    n_elsewhere: int = 0
    """Runs that other shards have to do."""

    def summary(self) -> str:
        """`Runs: 120 done, 40 found, 2 failed, in 0:21 (5.7 a second)`."""
        parts = [f"{self.n_done:,} done", f"{self.n_cached:,} found"]
        parts += [f"{len(self.failed):,} failed"] if self.failed else []
        parts += [f"{self.n_elsewhere:,} left to other shards"] if self.n_elsewhere else []
        rate = self.n_done / max(self.seconds - self.pool_seconds, 1e-9)
        pace = f", in {progress.clock(self.seconds)} ({rate:.3g} a second)" if self.n_done else ""
        return f"Runs: {', '.join(parts)}{pace}"


def carry_out(scenarios: list[Scenario], runner: Runner, what: str, *, with_agents: bool = False) -> Outcome:
    """Run every scenario that has no complete result yet; identical ones once, and a shared past once."""
    started = time.monotonic()
    wanted = {run_store.run_name(s): s for s in scenarios}
    n_all = len(wanted)
    if runner.shard is not None:
        wanted = _of_shard(wanted, runner.shard)
    found, damaged = run_store.all_runs().check(wanted, with_agents=with_agents)
    _say_damaged(damaged)
    run_store.set_aside(damaged)
    waiting = {name: s for name, s in wanted.items() if name not in found}
    failed, pool_seconds = {}, 0.0
    if waiting:
        failed, pool_seconds = _Errand(waiting, _fitting(runner), what, with_agents).run()
        run_store.compact()
    n_done, seconds = len(waiting) - len(failed), time.monotonic() - started
    names = [path.name for path in damaged]
    return Outcome(n_done, len(found), failed, seconds, pool_seconds, names, n_all - len(wanted))


def _of_shard(wanted: dict[str, Scenario], shard: str) -> dict[str, Scenario]:
    """Every Nth group of runs with one past: the same groups whichever shard asks, and whatever is done already."""
    i, n = (int(part) for part in shard.split("/"))
    groups = histories.share(list(wanted.values()), n)[i - 1 :: n]
    ours = {run_store.run_name(run) for group in groups for run in group.runs}
    return {name: run for name, run in wanted.items() if name in ours}


def _say_damaged(damaged: list[Path]) -> None:
    for path in damaged:
        meanwhile.note(f"Damaged, moved to runs/damaged and computed again: {path}")


def _fitting(runner: Runner) -> Runner:
    """Processes times threads are no more than there are cores here; says so where more were asked for."""
    import dataclasses

    cores, n_workers = pools.n_cores(), pools.workers_of(runner)
    if runner.address is not None or n_workers * runner.n_threads <= max(cores, n_workers):
        return runner
    n_threads = max(1, cores // n_workers)
    asked = f"{n_workers} processes of {runner.n_threads} threads"
    meanwhile.note(f"{asked} were requested on {cores} cores: {n_threads} threads each are used.")
    return dataclasses.replace(runner, n_threads=n_threads)


class _Errand:
    """The runs of one request on their way: asked for in groups, again where a process died, and alone in the end."""

    def __init__(self, waiting: dict[str, Scenario], runner: Runner, what: str, with_agents: bool) -> None:
        self.waiting, self.runner, self.what, self.with_agents = waiting, runner, what, with_agents
        self.answers: dict[str, str] = {}
        self.suspects: set[str] = set()

    def run(self) -> tuple[dict[str, str], float]:
        """Errors of runs that failed, and the seconds until workers stood ready."""
        weeks = sum(s.population.n_consumers * s.horizon.n_weeks for s in self.waiting.values())
        first, kernels = next(iter(self.waiting.values())), warm(self.runner, weeks)
        started = time.monotonic()
        if kernels == "compiled":
            worker.compile_kernels(first)  # once, before many processes would
        with (
            sessions.opened(has_own_workers=self.runner.address is None) as session,
            pools.opened(self.runner) as pool,
        ):
            outputs = str(places.output_folder().absolute())
            job = Job(session, outputs, versions.code_version(), self.runner.n_threads, kernels, self.with_agents)
            pool.warm(worker.warm_up, kernels, first, session.parent)
            pool_seconds = time.monotonic() - started
            with progress.shown(self.what, len(self.waiting), session):
                self._in_company(pool, job)
                for name in sorted(self.suspects):
                    self.answers[name] = self._alone(pool, job, name)
        self._look_for_results()
        return {name: error for name, error in self.answers.items() if error}, pool_seconds

    def _in_company(self, pool: Pool, job: Job) -> None:
        n_in_vain = 0
        while left := self.waiting.keys() - self.answers.keys() - self.suspects:
            runs = [run for name, run in self.waiting.items() if name in left]
            for answers in pool.each(histories.share(runs, pool.n_workers), job):
                self._take(answers if answers is not None else dict.fromkeys(job.session.done(), ""))
            self.suspects |= job.session.begun().keys() - self.answers.keys()
            is_further = len(left) > len(self.waiting.keys() - self.answers.keys() - self.suspects)
            n_in_vain = 0 if is_further else n_in_vain + 1
            if n_in_vain >= MOST_IN_VAIN:
                raise pools.LostWorkers(n_in_vain)

    def _take(self, answers: dict[str, str]) -> None:
        if FULL in answers:
            raise writing.FullDisk(answers[FULL])
        self.suspects |= {name for name, error in answers.items() if error == SUSPECT}
        self.answers |= {name: error for name, error in answers.items() if error != SUSPECT}

    def _alone(self, pool: Pool, job: Job, name: str) -> str:
        """A run that may have killed its process, once more by itself; after so many deaths it is given up."""
        run = self.waiting[name]
        for _ in range(self.runner.n_tries - 1):
            if self._was_kept(job, name):
                return ""
            job.session.forget(name)
            for answers in pool.each([Group((run,))], job, apart=True):
                if answers and FULL in answers:
                    raise writing.FullDisk(answers[FULL])
                if answers and answers[name] != SUSPECT:
                    return answers[name]
        if self._was_kept(job, name):
            return ""
        job.session.end(name, is_done=False)
        reason = KILLED.format(n=self.runner.n_tries)
        run_store.record_failure(run, reason, ["set aside: the other runs went on without it"])
        return reason

    def _was_kept(self, job: Job, name: str) -> bool:
        """Whether the process died after it had kept the run and before it could say so: then the run has ended."""
        whole, _ = run_store.all_runs().check([name], with_agents=self.with_agents)
        if whole:
            job.session.end(name, is_done=True)
        return bool(whole)

    def _look_for_results(self) -> None:
        """A worker elsewhere may have written where we do not see it."""
        told = {name for name, error in self.answers.items() if not error}
        for name in told - set(run_store.all_runs()):
            self.answers[name] = (
                "its worker reports it as done, but there is no result here: workers and this machine must share the "
                f"folder {places.output_folder().absolute()}"
            )


def warm(runner: Runner, consumer_weeks: int) -> str:
    """The kernels that workers use: compiled ones where compiling pays."""
    if runner.kernels != "auto":
        return runner.kernels
    from sim.kernels.engine import CompiledEngine, choose_engine

    return "compiled" if isinstance(choose_engine("auto", 1, consumer_weeks), CompiledEngine) else "plain"


def run(scenario: Scenario, n_threads: int, kernels: str) -> tuple[Any, dict[str, float], dict[str, float]]:
    """Weekly metrics as a frame, moments, and seconds by phase."""
    import pandas as pd

    from sim.model import PlatformEconomy

    model = PlatformEconomy(scenario, n_threads=n_threads, kernels=kernels)  # pyright: ignore[reportArgumentType]
    model.run_all()
    return pd.DataFrame(model.weekly), model.moments, model.seconds
