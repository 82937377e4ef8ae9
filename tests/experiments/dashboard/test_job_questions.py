"""What background jobs refuse, in which order they begin, and what is said of their failures."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from experiments.dashboard import job_child
from experiments.dashboard.job_process import FULL_DISK
from experiments.dashboard.jobs import Jobs, in_turn, log_folder
from sim.errors import RefusedScenario

ANA = "ana"
CAP = "policy.commission_cap.ceiling"
PLAIN = {"population": "town", "policy": "[commission_cap]", CAP: "0.08", "replicates": "2"}


def words_of(**more: str) -> list[str]:
    return [f"{key}={value}" for key, value in (PLAIN | more).items()]


@pytest.fixture
def jobs(outputs: Path) -> Iterator[Jobs]:
    found = Jobs()
    yield found
    found.close()


@pytest.mark.parametrize(
    "word",
    [
        "--config-dir=x",
        "--shard",
        "-h",
        "+seed=1",
        "~policy",
        "seed",
        "",
        "=",
        "seed=",
        "hydra.run.dir=x",
        "hydra/launcher=x",
        "config=x.yaml",
        "from_snapshot=x",
        "snapshot_week=3",
        "runner=cluster",
        "runner.address=tcp://elsewhere:1",
        "runner.n_workers=9",
        "name=../x",
        "precision=0.1",
        "preview=true",
        "experiment=x",
        "sector@policy=x",
        "seed=1\n--shard=1/2",
        "seed=1\x00",
        "seed=${oc.env:HOME}",
        "seed=" + "1" * 5_000,
    ],
)
def test_what_is_no_question_is_refused(jobs: Jobs, outputs: Path, word: str):
    with pytest.raises(RefusedScenario, match="a page may not say this"):
        jobs.start(ANA, [*words_of(), word])
    assert jobs.of(ANA) == []
    assert not outputs.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({CAP: "0.05,0.06"}, f"several values of {CAP}"),
        ({"seed": "1,2", "replicates": "1"}, "several values of seed"),
        ({"population": "town,city"}, "several values of population"),
        ({"policy": "[]"}, "the instrument commission_cap is not chosen"),
        ({"policy": "[$(touch x)]"}, "not of the form key=value"),
        ({"policy": "[commission_cap,x]"}, "no such policy"),
        ({"sector": "../../x"}, "no such sector"),
        ({"uncertainty": "assumptions"}, "many times the runs"),
        ({"uncertainty": "strategies"}, "many times the runs"),
        ({"platforms": "q_learning"}, "have to be taught first"),
        ({"replicates": "65"}, "at most 64 replicates"),
        ({"population": "megacity"}, "at most 1,000,000,000 weeks of consumers"),
        ({CAP: "2"}, CAP),
        ({"seed": "1; touch x"}, "seed"),
    ],
)
def test_what_is_too_much_or_cannot_be_is_refused(jobs: Jobs, outputs: Path, more: dict[str, str], said: str):
    with pytest.raises(RefusedScenario, match=re.escape(said)) as caught:
        jobs.start(ANA, words_of(**more))
    assert all(problem.allowed and problem.todo for problem in caught.value.problems)
    assert jobs.of(ANA) == []
    assert not outputs.exists()


def test_a_question_needs_a_rule(jobs: Jobs, outputs: Path):
    with pytest.raises(RefusedScenario, match="without a policy"):
        jobs.start(ANA, ["population=town", "policy=[]"])


def test_turns_go_round():
    tasks: Any = [SimpleNamespace(owner=owner, n=n) for n, owner in enumerate("aaabcb")]
    assert [task.n for task in in_turn(tasks, {})] == [0, 3, 4, 1, 5, 2]
    assert [task.n for task in in_turn(tasks, {"a": 7, "b": 3})] == [4, 3, 0, 5, 1, 2]
    assert in_turn([], {"a": 1}) == []


@pytest.mark.parametrize(
    ("code", "log", "said"),
    [
        (2, "Runs: 0 done\nCannot compare:\nseed=x\n  why:     no \x1b[31m\n", "seed=x\n  why:     no \\x1b[31m"),
        (1, "Traceback (most recent call last):\n  File x\nKeyError: 'a'\n", "The program failed"),
        (2, "usage: nothing that we know\n", "The program failed"),
        (-signal.SIGKILL, "", "want of memory"),
        (130, "Stopped.\n", "Somebody else stopped"),
        (FULL_DISK, "", "The disk is full"),
    ],
)
def test_an_error_is_what_a_log_says_to_people(tmp_path: Path, code: int, log: str, said: str):
    path = tmp_path / "one.log"
    path.write_text(log)
    found = job_child.why_failed(code, path)
    assert said in found
    assert "Traceback" not in found
    assert "KeyError" not in found


def test_a_process_knows_the_code_and_the_outputs_but_no_secret(outputs: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(outputs.parent)
    monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", "outputs")
    monkeypatch.setenv("PLATFORM_LAB_TOKEN", "a secret that nobody else knows")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    (outputs.parent / "experiments.py").write_text("raise SystemExit('the wrong code')")
    child = job_child.Child("compare", ["--help"], log_folder() / "one.log")
    assert child.wait(threading.Event(), 1.0) == 0
    assert "platform-lab compare" in (outputs / "dashboard" / "one.log").read_text()
    found = job_child.environment()
    assert found["PLATFORM_LAB_OUTPUTS"] == str(outputs)
    assert "PLATFORM_LAB_TOKEN" not in found
