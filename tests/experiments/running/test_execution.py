"""Many runs: cached, resumed, damaged, failed, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.request import build
from experiments.running import execution
from experiments.storage import run_store, writing
from sim.errors import PlatformLabError
from sim.model import PlatformEconomy
from tests.experiments.conftest import RUNS, contents, path_of

pytestmark = pytest.mark.long


def instead(words: list[str], *other: str) -> list[str]:
    """Words with the values of some keys replaced."""
    keys = {word.split("=")[0] for word in other}
    return [*(word for word in words if word.split("=")[0] not in keys), *other]


def scenario_and_runner(tiny: list[str], *more: str):
    request = build.ask(["policy=commission_cap", *instead(tiny, *more)])
    return request.scenarios[0], request.asking.runner


def test_same_question_is_never_computed_twice(outputs: Path, tiny: list[str]):
    scenario, runner = scenario_and_runner(tiny)
    first = execution.carry_out([scenario, scenario], runner, "runs")
    again = execution.carry_out([scenario], runner, "runs")
    assert (first.n_done, first.n_cached) == (1, 0)
    assert (again.n_done, again.n_cached) == (0, 1)


def flipped(content: bytes) -> bytes:
    """One bit in the middle is the other one."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda b: b"", flipped])
def test_damaged_result_is_named_and_run_again(outputs: Path, tiny: list[str], damage, capsys):
    scenario, runner = scenario_and_runner(tiny)
    execution.carry_out([scenario], runner, "runs")
    path, name = path_of(scenario), run_store.run_name(scenario)
    whole, _ = run_store.all_runs().read(name)
    path.write_bytes(damage(path.read_bytes()))
    assert run_store.all_runs().read(name) == (None, {}), "nothing damaged is ever read"
    outcome = execution.carry_out([scenario], runner, "runs")
    assert (outcome.n_done, outcome.damaged) == (1, [path.name])
    assert str(path) in capsys.readouterr().err
    assert (outputs / "runs" / "damaged" / path.name).exists()
    assert run_store.all_runs().read(name)[0].equals(whole)


def test_workers_and_this_process_give_the_same_numbers(outputs: Path, tiny: list[str]):
    scenario, runner = scenario_and_runner(tiny, "runner.n_workers=2")
    other, _ = scenario_and_runner(tiny, "seed=2")
    execution.carry_out([scenario, other], runner, "runs")
    weekly, _, _ = execution.run(scenario, 1, "plain")
    assert run_store.all_runs().read(run_store.run_name(scenario))[0].equals(weekly)


def test_failed_run_is_recorded_and_the_others_go_on(outputs: Path, tiny: list[str], monkeypatch: pytest.MonkeyPatch):
    """Of its own group too: the same market with another ceiling, and without any."""
    scenario, runner = scenario_and_runner(tiny)
    other, _ = scenario_and_runner(tiny, "policy.commission_cap.ceiling=0.03")
    real = run_store.keep

    def breaks_for_another_ceiling(run, *how, **more):
        if run == other:
            raise ValueError("a fault of ours")
        real(run, *how, **more)

    monkeypatch.setattr(run_store, "keep", breaks_for_another_ceiling)
    outcome = execution.carry_out([scenario, other, scenario.without_policy()], runner, "runs")
    assert (outcome.n_done, list(outcome.failed)) == (2, [run_store.run_name(other)])
    assert "a fault of ours" in (outputs / "runs" / "failed" / f"{run_store.run_name(other)}.json").read_text()


def test_past_that_breaks_fails_every_run_that_needs_it(outputs: Path, tiny: list[str], monkeypatch):
    scenario, runner = scenario_and_runner(tiny)
    elsewhere, _ = scenario_and_runner(tiny, "seed=2")
    real = PlatformEconomy.step

    def breaks_in_week_3(model):
        if model.world.week == 3 and model.built_from.seed == 1:
            raise ValueError("a fault of the past")
        real(model)

    monkeypatch.setattr(PlatformEconomy, "step", breaks_in_week_3)
    outcome = execution.carry_out([scenario, scenario.without_policy(), elsewhere], runner, "runs")
    assert outcome.n_done == 1
    assert outcome.failed.keys() == {run_store.run_name(run) for run in (scenario, scenario.without_policy())}
    assert all("a fault of the past" in error for error in outcome.failed.values())


def test_runs_that_share_a_past_are_the_runs_from_the_start(outputs: Path, tiny: list[str], monkeypatch):
    """Two seeds, three rules that begin in different weeks, and none: as many results, to the bit."""
    words = ["policy.commission_cap.ceiling=0.05,0.09", "policy.commission_cap.start_week=6,8"]
    asked = [build.ask(["policy=commission_cap", *words, *instead(tiny, f"seed={seed}")]) for seed in (1, 2)]
    runs = [run for request in asked for run in request.scenarios]
    runs += [request.scenarios[0].without_policy() for request in asked]
    weeks, real = [], PlatformEconomy.step
    monkeypatch.setattr(PlatformEconomy, "step", lambda model: (weeks.append(model.world.week), real(model)))
    outcome = execution.carry_out(runs, asked[0].asking.runner, "runs", with_agents=True)
    assert outcome.n_done == 10
    assert len(weeks) == 2 * (10 + 2 * 5 + 2 * 3), "the trunk once, and each branch from where it leaves it"
    shared = [contents(run) for run in runs]
    monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", str(outputs / "alone"))
    for run in runs:
        execution.carry_out([run], asked[0].asking.runner, "runs", with_agents=True)
    assert [contents(run) for run in runs] == shared


def test_past_is_walked_again_only_for_what_is_missing(outputs: Path, tiny: list[str], monkeypatch):
    scenario, runner = scenario_and_runner(tiny)
    runs = [scenario, scenario.without_policy()]
    execution.carry_out(runs, runner, "runs", with_agents=True)
    whole, baseline = contents(scenario), path_of(runs[1])
    path_of(scenario, agents=True).unlink()
    assert execution.carry_out(runs, runner, "runs").n_done == 0, "agents were not asked for"
    assert execution.carry_out(runs, runner, "runs", with_agents=True).n_done == 1
    assert contents(scenario) == whole
    assert path_of(runs[1]) == baseline


def test_damaged_outcomes_of_agents_are_run_again(outputs: Path, tiny: list[str]):
    scenario, runner = scenario_and_runner(tiny)
    execution.carry_out([scenario], runner, "runs", with_agents=True)
    path = path_of(scenario, agents=True)
    content = path.read_bytes()
    path.write_bytes(content[:-20] + bytes(20))
    assert execution.carry_out([scenario], runner, "runs", with_agents=True).n_done == 1
    assert path_of(scenario, agents=True).read_bytes() == content


def test_full_disk_leaves_nothing_half_written(outputs: Path, monkeypatch: pytest.MonkeyPatch):
    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PlatformLabError, match="No space left"):
        writing.write_whole(outputs / "runs" / "x.parquet", b"content")
    assert list((outputs / "runs").iterdir()) == []


def test_killed_sweep_goes_on_where_it_stopped(outputs: Path, tiny: list[str]):
    longer = instead(tiny, "horizon.n_weeks=40")
    words = ["sweep", "policy=commission_cap", "policy.commission_cap.ceiling=0.05,0.08", *longer]
    child = subprocess.Popen(
        [sys.executable, "-m", "experiments.cli", *words], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not list((outputs / "runs").glob(RUNS)) and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    kept = {p: p.stat().st_mtime_ns for p in (outputs / "runs").glob(RUNS)}
    assert kept
    from experiments import cli

    cli.main(words)
    assert {p: p.stat().st_mtime_ns for p in kept} == kept
    assert len(list((outputs / "runs").glob(RUNS))) == 6
