"""Background jobs: real small comparisons that are asked, watched, stopped, continued and lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import psutil
import pytest

from experiments.dashboard.job_question import question_of
from experiments.dashboard.job_runs import Shelf, SoFar
from experiments.dashboard.jobs import Job, Jobs, Limits, log_folder
from sim.errors import RefusedScenario
from tests.experiments.conftest import RUNS, TINY

pytestmark = pytest.mark.long

PATIENCE = 180.0
"""Seconds after which a test gives up waiting."""
CAP = "policy.commission_cap.ceiling"
ANA, BO = "ana", "bo"
ALONE = ("runner.n_workers=1", "runner.kernels=plain")


def words_of(*more: str) -> list[str]:
    """A tiny question about a cap; `more` takes the place of what TINY says."""
    said = {word.partition("=")[0] for word in more}
    kept = [word for word in TINY if word.partition("=")[0] not in said and not word.startswith("runner.")]
    return ["policy=[commission_cap]", *kept, *more]


SHORT = words_of(f"{CAP}=0.08")
LONG = words_of(f"{CAP}=0.07", "horizon.n_weeks=30", "population.n_consumers=1000", "replicates=8")
"""So long that it can be stopped in between."""


def until[T](found: Callable[[], T]) -> T:
    """What a look finds, as soon as it finds anything; fails after long."""
    deadline = time.monotonic() + PATIENCE
    while not (seen := found()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return seen


def at(jobs: Jobs, owner: str, job: Job) -> Job:
    """How a job stands now."""
    seen = jobs.get(owner, job.id)
    assert seen is not None
    return seen


def over(jobs: Jobs, owner: str, job: Job) -> Job:
    """How a job ended."""
    until(lambda: at(jobs, owner, job).state not in ("waiting", "running"))
    return at(jobs, owner, job)


def is_under_way(jobs: Jobs, job: Job) -> bool:
    """Whether some of a job's runs are finished and others are not."""
    now = at(jobs, ANA, job)
    assert now.state == "running", now.error
    return 0 < now.n_done < now.n_runs


def members(parent: int) -> list[psutil.Process]:
    """The processes of the jobs that a process carries out, and all below them."""
    found = []
    for one in psutil.process_iter(["cmdline"]):
        line = one.info["cmdline"] or []
        if "experiments.dashboard.job_process" in line and str(parent) in line:
            found += [one, *one.children(recursive=True)]
    return found


def kept(outputs: Path) -> dict[str, bytes]:
    """Finished runs and their content."""
    return {path.name: path.read_bytes() for path in (outputs / "runs").glob(RUNS)}


@pytest.fixture
def jobs(outputs: Path) -> Iterator[Jobs]:
    found = Jobs(Limits(runner=ALONE))
    yield found
    found.close()


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let every Python that starts from now on run some code first."""

    def put(code: str) -> None:
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "sitecustomize.py").write_text(code)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))

    return put


@pytest.mark.parametrize("conduct", ["fixed", pytest.param("rule_of_thumb", marks=pytest.mark.slow)])
def test_a_job_answers_as_the_command_does(jobs: Jobs, outputs: Path, conduct: str):
    asked = words_of(f"{CAP}=0.08", f"platforms={conduct}")
    n_runs = 4 if conduct == "fixed" else 6
    job = jobs.start(ANA, asked)
    assert (job.state, job.n_runs, job.words) == ("running", n_runs, asked)
    assert job.title.startswith("Commission cap: Food delivery")
    seen = set()

    def look() -> bool:
        table, now = jobs.effects_so_far(ANA, job.id), at(jobs, ANA, job)
        seen.add((now.n_done, None if table is None else int(table["n_replicates"].max())))
        return now.state == "done"

    until(look)
    done = at(jobs, ANA, job)
    assert (done.n_done, done.n_failed, done.error) == (n_runs, 0, "")
    assert seen >= {(0, None), (n_runs, 2)}
    assert all(n is None or n * n_runs <= 2 * n_done for n_done, n in seen), "a pair counts when all of it is there"
    stored = pd.read_parquet(outputs / done.result / "effects.parquet")
    pd.testing.assert_frame_equal(jobs.effects_so_far(ANA, job.id), stored, check_exact=True)
    assert (outputs / done.result / "report.html").exists()
    fewer = words_of(f"{CAP}=0.08", f"platforms={conduct}", "replicates=1")
    first = SoFar(question_of(fewer, Limits()), Shelf()).table()
    assert first["effect"].notna().any()
    assert first[["low", "high"]].isna().all(axis=None), "one pair says nothing of chance"
    assert SoFar(question_of([*fewer, "seed=100"], Limits()), Shelf()).table() is None


@pytest.mark.slow
def test_what_is_stopped_goes_on_where_it_stood(jobs: Jobs, outputs: Path):
    job = jobs.start(ANA, LONG)
    until(lambda: is_under_way(jobs, job))
    workers = members(os.getpid())
    assert workers
    assert jobs.cancel(ANA, job.id)
    stopped = over(jobs, ANA, job)
    assert (stopped.state, stopped.error, stopped.result) == ("cancelled", "", "")
    assert "Finished runs are kept" in (log_folder() / f"{job.id}.log").read_text()
    assert not psutil.wait_procs(workers, timeout=PATIENCE)[1], "nobody works on"
    assert not jobs.cancel(ANA, job.id), "it is over"
    before = kept(outputs)
    assert 0 < len(before) < job.n_runs
    again = jobs.start(ANA, LONG)
    assert again.id != job.id
    assert again.n_done == stopped.n_done == len(before)
    assert over(jobs, ANA, again).state == "done"
    assert before.items() <= kept(outputs).items(), "what was finished was not done again"


DEAF = """
import signal
set_handler = signal.signal
signal.signal = lambda number, action: set_handler(number, signal.SIG_IGN if number == signal.SIGINT else action)
"""


@pytest.mark.slow
def test_what_does_not_stop_by_itself_is_killed(outputs: Path, hook: Callable[[str], None]):
    hook(DEAF)
    jobs = Jobs(Limits(runner=ALONE, grace=0.2))
    job = jobs.start(ANA, LONG)
    until(lambda: is_under_way(jobs, job))
    found = members(os.getpid())
    jobs.close()
    assert at(jobs, ANA, job).state == "cancelled"
    assert "go on with" not in (log_folder() / f"{job.id}.log").read_text(), "it had not heard"
    assert not psutil.wait_procs(found, timeout=PATIENCE)[1]


def test_two_owners_at_once_know_nothing_of_each_other(outputs: Path):
    jobs = Jobs(Limits(running=2, runner=ALONE))
    try:
        of_ana, of_bo = jobs.start(ANA, SHORT), jobs.start(BO, SHORT)
        assert (of_ana.state, of_bo.state) == ("running", "running")
        assert of_ana.id != of_bo.id
        assert [job.id for job in jobs.of(ANA)] == [of_ana.id]
        for owner, other in ((ANA, of_bo), (BO, of_ana), ("", of_ana)):
            assert jobs.get(owner, other.id) is None
            assert jobs.effects_so_far(owner, other.id) is None
            assert not jobs.cancel(owner, other.id)
        assert jobs.of("") == []
        done = over(jobs, ANA, of_ana), over(jobs, BO, of_bo)
        assert [job.state for job in done] == ["done", "done"]
        assert done[0].result == done[1].result
        assert len({name.split(".")[0] for name in kept(outputs)}) == 4, "runs are everybody's"
    finally:
        jobs.close()


@pytest.mark.slow
def test_owners_take_turns_and_the_oldest_jobs_are_forgotten(outputs: Path):
    jobs = Jobs(Limits(runner=ALONE, waiting=4, waiting_of_owner=3, kept=2))
    try:
        running = jobs.start(ANA, LONG)
        first, second, third = (jobs.start(ANA, SHORT) for _ in range(3))
        with pytest.raises(RefusedScenario, match="3 of yours are waiting already"):
            jobs.start(ANA, SHORT)
        of_bo = jobs.start(BO, SHORT)
        with pytest.raises(RefusedScenario, match="4 jobs are waiting already"):
            jobs.start(BO, SHORT)
        assert [job.id for job in jobs.of(ANA)] == [job.id for job in (third, second, first, running)]
        assert at(jobs, BO, of_bo).place == 1, "who had no turn yet comes first"
        assert [at(jobs, ANA, job).place for job in (first, second, third, running)] == [2, 3, 4, 0]
        for job in (third, first, second):
            assert jobs.cancel(ANA, job.id)
        assert [job.id for job in jobs.of(ANA)] == [second.id, first.id, running.id]
        assert jobs.get(ANA, third.id) is None
        assert jobs.cancel(ANA, running.id)
        assert over(jobs, BO, of_bo).state == "done", "the next one begins"
    finally:
        jobs.close()
    with pytest.raises(RefusedScenario, match="being stopped"):
        jobs.start(ANA, SHORT)
    assert members(os.getpid()) == []


HOLDER = """
import sys, time
from experiments.dashboard.jobs import Jobs, Limits
jobs = Jobs(Limits(runner=("runner.n_workers=2", "runner.kernels=plain")))
jobs.start("ana", sys.argv[1:])
time.sleep(1000)
"""


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGKILL, id="killed", marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, id="interrupted", marks=pytest.mark.slow),
    ],
)
def test_nothing_outlives_who_asked(outputs: Path, number: signal.Signals):
    command = [sys.executable, "-c", HOLDER, *LONG]
    how = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "preexec_fn": hears_ctrl_c}
    with subprocess.Popen(command, **how) as holder:  # pyright: ignore
        until(lambda: kept(outputs))
        found = members(holder.pid)
        assert len(found) >= 3, "the comparison and its workers"
        holder.send_signal(number)
        holder.wait(PATIENCE)
    assert not psutil.wait_procs(found, timeout=PATIENCE)[1]


def hears_ctrl_c() -> None:
    """A shell lets what it starts in the background ignore Ctrl-C, and so would our children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.slow
def test_a_killed_process_is_told_and_the_next_job_begins(jobs: Jobs, outputs: Path):
    job, other = jobs.start(ANA, LONG), jobs.start(BO, SHORT)
    until(lambda: is_under_way(jobs, job))
    members(os.getpid())[0].kill()
    lost = over(jobs, ANA, job)
    assert lost.state == "failed"
    assert "killed" in lost.error
    assert "Finished runs are kept" in lost.error
    assert over(jobs, BO, other).state == "done"


BROKEN = """
from sim.model import PlatformEconomy
def run_all(self):
    raise ValueError("a number that is none")
PlatformEconomy.run_all = run_all
"""
SMALL_DISK = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({n}, {n}))
"""


@pytest.mark.parametrize(
    ("code", "said", "n_failed"),
    [
        (BROKEN, "every run failed; the first error:\n  ValueError: a number that is none", 4),
        (SMALL_DISK.format(n=20_000), "could not be written: File too large", 0),
        pytest.param(SMALL_DISK.format(n=0), "The disk is full", 0, marks=pytest.mark.slow),
    ],
    ids=["every run", "full disk", "disk too full to say so"],
)
def test_failures_are_told_in_words(jobs: Jobs, hook: Callable[[str], None], code: str, said: str, n_failed: int):
    hook(code)
    job = over(jobs, ANA, jobs.start(ANA, SHORT))
    assert (job.state, job.n_done, job.n_failed, job.result) == ("failed", 0, n_failed, "")
    assert said in job.error
    assert "Traceback" not in job.error
    assert jobs.effects_so_far(ANA, job.id) is None


def test_where_no_log_can_be_written_no_job_begins(jobs: Jobs, outputs: Path):
    outputs.mkdir()
    (outputs / "dashboard").write_text("in the way")
    job = over(jobs, ANA, jobs.start(ANA, SHORT))
    assert (job.state, job.error) == ("failed", "It could not be begun: file exists.")
