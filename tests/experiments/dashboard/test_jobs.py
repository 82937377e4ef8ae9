"""Background jobs: real small comparisons that are asked, watched, stopped, continued and lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import psutil
import pytest

from experiments.dashboard.jobs import Job, Jobs, Limits
from tests.experiments.conftest import TINY

PATIENCE = 120.0
"""Seconds after which a test gives up waiting."""
CAP = "policy.commission_cap.ceiling"
ANA, BO = "ana", "bo"


def words_of(*more: str, without: str = "runner.") -> list[str]:
    """A tiny question about a cap; `more` takes the place of what TINY says."""
    said = {word.partition("=")[0] for word in more}
    kept = [word for word in TINY if word.partition("=")[0] not in said and not word.startswith(without)]
    return ["policy=[commission_cap]", *kept, *more]


SHORT = words_of(f"{CAP}=0.08")
LONG = words_of(f"{CAP}=0.07", "horizon.n_weeks=60", "population.n_consumers=3000", "replicates=6")
"""So long that it can be stopped in between."""


def until[T](found: Callable[[], T]) -> T:
    """What a look finds, as soon as it finds anything; fails after long."""
    deadline = time.monotonic() + PATIENCE
    while not (seen := found()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return seen


def over(jobs: Jobs, owner: str, job: Job) -> Job:
    def look() -> Job | None:
        seen = jobs.get(owner, job.id)
        assert seen is not None
        return seen if seen.state not in ("waiting", "running") else None

    return until(look)  # pyright: ignore[reportReturnType]


def members(job: Job) -> list[psutil.Process]:
    """The process of a job, and all below it."""
    found = []
    for one in psutil.process_iter(["cmdline"]):
        line = one.info["cmdline"] or []
        if "experiments.dashboard.job_process" in line and set(job.words) <= set(line):
            found += [one, *one.children(recursive=True)]
    return found


@pytest.fixture
def jobs(outputs: Path) -> Iterator[Jobs]:
    found = Jobs(Limits(n_workers=1))
    yield found
    found.close()


@pytest.mark.long
def test_a_job_answers_as_the_command_does(jobs: Jobs, outputs: Path):
    job = jobs.start(ANA, SHORT)
    assert (job.state, job.n_runs, job.words) == ("running", 4, SHORT)
    assert "ommission cap" in job.title
    seen = set()

    def look() -> bool:
        now = jobs.get(ANA, job.id)
        table = jobs.effects_so_far(ANA, job.id)
        assert now is not None
        seen.add((now.n_done, None if table is None else int(table["n_replicates"].max())))
        return now.state == "done"

    until(look)
    done = over(jobs, ANA, job)
    assert (done.n_done, done.n_failed, done.error) == (4, 0, "")
    assert {pairs for _, pairs in seen} <= {None, 1, 2}
    assert (0, None) in seen
    stored = pd.read_parquet(outputs / done.result / "effects.parquet")
    pd.testing.assert_frame_equal(jobs.effects_so_far(ANA, job.id), stored, check_exact=True)
    assert (outputs / done.result / "report.html").exists()
