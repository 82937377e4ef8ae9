"""Many runs: cached, resumed, damaged, failed, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments import _build, _execute, _store
from sim.errors import PlatformLabError


def instead(words: list[str], *other: str) -> list[str]:
    """Words with the values of some keys replaced."""
    keys = {word.split("=")[0] for word in other}
    return [*(word for word in words if word.split("=")[0] not in keys), *other]


def scenario_and_runner(tiny: list[str], *more: str):
    request = _build.ask(["policy=commission_cap", *instead(tiny, *more)])
    return request.scenarios[0], request.asking.runner


def test_same_question_is_never_computed_twice(outputs: Path, tiny: list[str]):
    scenario, runner = scenario_and_runner(tiny)
    first = _execute.carry_out([scenario, scenario], runner, "runs")
    again = _execute.carry_out([scenario], runner, "runs")
    assert (first.n_done, first.n_cached) == (1, 0)
    assert (again.n_done, again.n_cached) == (0, 1)


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"PAR1" + b[4:-4] + b"nope"])
def test_damaged_result_is_run_again(outputs: Path, tiny: list[str], damage):
    scenario, runner = scenario_and_runner(tiny)
    _execute.carry_out([scenario], runner, "runs")
    path = _store.run_path(scenario)
    whole, _ = _store.read_run(path)
    path.write_bytes(damage(path.read_bytes()))
    assert _execute.carry_out([scenario], runner, "runs").n_done == 1
    assert _store.read_run(path)[0].equals(whole)


def test_workers_and_this_process_give_the_same_numbers(outputs: Path, tiny: list[str]):
    scenario, runner = scenario_and_runner(tiny, "runner.n_workers=2")
    other, _ = scenario_and_runner(tiny, "seed=2")
    _execute.carry_out([scenario, other], runner, "runs")
    weekly, _, _ = _execute.run(scenario, 1, "plain")
    assert _store.read_run(_store.run_path(scenario))[0].equals(weekly)


def test_failed_run_is_recorded_and_the_others_go_on(outputs: Path, tiny: list[str], monkeypatch: pytest.MonkeyPatch):
    scenario, runner = scenario_and_runner(tiny)
    other, _ = scenario_and_runner(tiny, "seed=2")
    real = _execute.run

    def breaks_for_seed_2(run, *args):
        if run.seed == 2:
            raise ValueError("a fault of ours")
        return real(run, *args)

    monkeypatch.setattr(_execute, "run", breaks_for_seed_2)
    outcome = _execute.carry_out([scenario, other], runner, "runs")
    assert (outcome.n_done, list(outcome.failed)) == (1, [_store.run_name(other)])
    assert "a fault of ours" in (outputs / "runs" / f"{_store.run_name(other)}.failed.json").read_text()


def test_full_disk_leaves_nothing_half_written(outputs: Path, monkeypatch: pytest.MonkeyPatch):
    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PlatformLabError, match="No space left"):
        _store.write_whole(outputs / "runs" / "x.parquet", b"content")
    assert list((outputs / "runs").iterdir()) == []


def test_killed_sweep_goes_on_where_it_stopped(outputs: Path, tiny: list[str]):
    longer = instead(tiny, "horizon.n_weeks=40")
    words = ["sweep", "policy=commission_cap", "policy.commission_cap.ceiling=0.05,0.08", *longer]
    child = subprocess.Popen(
        [sys.executable, "-m", "experiments.cli", *words], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not list((outputs / "runs").glob("*.parquet")) and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    kept = {p: p.stat().st_mtime_ns for p in (outputs / "runs").glob("*.parquet")}
    assert kept
    from experiments import cli

    cli.main(words)
    assert {p: p.stat().st_mtime_ns for p in kept} == kept
    assert len(list((outputs / "runs").glob("*.parquet"))) == 6
