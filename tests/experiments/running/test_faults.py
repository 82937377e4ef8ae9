"""What goes wrong in long sweeps, for real: killed processes, poison, full disks, bits that flip, two at once."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from experiments.storage import run_store
from tests.experiments.conftest import RUNS, TINY
from tests.experiments.running._children import busy, ended, kill, start, until

pytestmark = pytest.mark.long

SWEEP = [
    "sweep",
    "policy=commission_cap",
    "policy.commission_cap.ceiling=0.05,0.06,0.07",
    *(word for word in TINY if word.split("=")[0] not in ("horizon.n_weeks", "replicates", "runner.n_workers")),
    "horizon.n_weeks=30",
    "replicates=3",
    "runner.n_workers=2",
]
RUNS_ONLY = [*SWEEP, "--shard", "1/1"]
"""All runs of the sweep and no comparison."""
N_RUNS = 3 * (1 + 3)
"""Three replicates, each of the market without the policy and with three ceilings."""
CLUSTER = ["runner=cluster"]


def kept(outputs: Path) -> dict[str, bytes]:
    """Finished runs and their content."""
    return {path.name: path.read_bytes() for path in (outputs / "runs").glob(RUNS)}


def numbers(outputs: Path) -> dict[str, str]:
    """Weeks of every run that is whole."""
    found = run_store.Runs(outputs / "runs")
    return {name: found.read(name)[0].to_csv() for name in found}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the sweep finds when nothing goes wrong."""
    outputs = tmp_path_factory.mktemp("undisturbed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLATFORM_LAB_OUTPUTS", str(outputs))
        code, out, err = ended(start(*RUNS_ONLY))
    assert code == 0, err
    assert f"{N_RUNS} done, 0 found" in out
    assert list((outputs / "runs" / "sessions").iterdir()) == []
    return numbers(outputs)


@pytest.mark.parametrize("runner", [[], CLUSTER], ids=["local", "cluster"])
def test_a_killed_worker_costs_nothing(outputs: Path, undisturbed: dict[str, str], runner: list[str]):
    child = start(*RUNS_ONLY, *runner)
    until(lambda: len(kept(outputs)) >= 3 and busy(outputs), child)
    before = kept(outputs)
    worker = next(iter(busy(outputs).values()))
    assert worker != child.pid
    kill(worker)
    code, out, err = ended(child)
    assert code == 0, err
    assert f"{N_RUNS} done, 0 found" in out
    assert before.items() <= kept(outputs).items(), "what was finished is as it was"
    assert len(kept(outputs)) == N_RUNS, "and was not done again"
    assert numbers(outputs) == undisturbed


def test_a_cluster_gives_the_same_bits(outputs: Path, undisturbed: dict[str, str]):
    code, _, err = ended(start(*RUNS_ONLY, *CLUSTER))
    assert code == 0, err
    assert numbers(outputs) == undisturbed


def test_a_killed_parent_costs_nothing_and_its_workers_end(outputs: Path, undisturbed: dict[str, str]):
    child = start(*RUNS_ONLY)
    until(lambda: len(kept(outputs)) >= 3 and busy(outputs), child)
    workers = [one for one in psutil.Process(child.pid).children(recursive=True)]
    kill(child.pid)
    ended(child)
    _, alive = psutil.wait_procs(workers, timeout=60)
    assert not alive, "nobody waits for them any more"
    before = kept(outputs)
    assert 3 <= len(before) < N_RUNS
    code, out, err = ended(start(*RUNS_ONLY))
    assert code == 0, err
    assert f"{N_RUNS - len(before)} done, {len(before)} found" in out
    assert before.items() <= kept(outputs).items()
    assert numbers(outputs) == undisturbed
    assert list((outputs / "runs" / "sessions").iterdir()) == [], "what the killed one left is swept up"


POISON = """
import os, signal
from experiments.storage import run_store
real = run_store.keep
def keep(run, *how, **more):
    is_deadly = run.seed == 2 and run.policy and run.policy["commission_cap"].ceiling == 0.06
    if is_deadly and {before}:
        os.kill(os.getpid(), signal.SIGKILL)
    real(run, *how, **more)
    if is_deadly:
        os.kill(os.getpid(), signal.SIGKILL)
run_store.keep = keep
"""


def poison(before: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Python that starts from now on kills itself over one run, workers included: before it is kept, or after."""
    (tmp_path / "site").mkdir()
    body = "\n".join("    " + line for line in POISON.format(before=before).strip().splitlines())
    hook = f"""
import importlib.abc, importlib.machinery, sys
class Hook(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "experiments.running.worker":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module
        def exec_module(module):
            load(module)
            poison()
        spec.loader.exec_module = exec_module
        return spec
import importlib.util
def poison():
{body}
sys.meta_path.insert(0, Hook())
"""
    (tmp_path / "site" / "sitecustomize.py").write_text(hook)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")]))


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run never comes to be kept."""
    poison(True, tmp_path, monkeypatch)


@pytest.fixture
def poisoned_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run is kept, and nobody is told."""
    poison(False, tmp_path, monkeypatch)


@pytest.mark.parametrize("runner", [[], CLUSTER], ids=["local", "cluster"])
def test_a_run_that_is_kept_when_its_worker_dies_is_done_and_not_done_again(
    outputs: Path, undisturbed: dict[str, str], poisoned_afterwards: None, runner: list[str]
):
    code, out, err = ended(start(*RUNS_ONLY, *runner))
    assert code == 0, err
    assert f"{N_RUNS} done, 0 found" in out
    assert "failed" not in out
    assert len(kept(outputs)) == N_RUNS
    assert numbers(outputs) == undisturbed


@pytest.mark.parametrize("runner", [[], CLUSTER], ids=["local", "cluster"])
def test_a_run_that_always_kills_its_worker_is_quarantined(
    outputs: Path, undisturbed: dict[str, str], poisoned: None, runner: list[str]
):
    code, out, err = ended(start(*RUNS_ONLY, *runner))
    assert code == 0, err
    assert f"{N_RUNS - 1} done, 0 found, 1 failed" in out
    found = numbers(outputs)
    assert len(found) == N_RUNS - 1
    assert found.items() <= undisturbed.items()
    (failure,) = (outputs / "runs" / "failed").iterdir()
    assert failure.stem == next(iter(undisturbed.keys() - found.keys()))
    assert "killed 2 times, the last time alone" in failure.read_text()


def test_a_full_disk_stops_the_sweep_and_loses_nothing(outputs: Path, undisturbed: dict[str, str]):
    """No file may grow beyond 20 kB: the first result that is larger does not fit."""
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))"
    code, _, err = ended(start(*RUNS_ONLY, before=full))
    assert code == 2
    assert "could not be written: File too large" in err
    assert "run the same command again" in err
    assert "Traceback" not in err
    assert not kept(outputs)
    assert [path for path in (outputs / "runs").rglob(".*") if path.is_file()] == [], "nothing half-written"
    code, _, err = ended(start(*RUNS_ONLY))
    assert code == 0, err
    assert numbers(outputs) == undisturbed


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk of its own takes the right to mount one")
def test_a_small_disk_runs_full_and_the_sweep_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: dict[str, str]
):
    import subprocess

    disk = tmp_path / "disk"
    disk.mkdir()
    small = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    if subprocess.run(small, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        monkeypatch.setenv("PLATFORM_LAB_OUTPUTS", str(disk))
        code, _, err = ended(start(*RUNS_ONLY))
        assert code == 2
        assert "No space left on device" in err
        before = numbers(disk)
        assert 0 < len(before) < N_RUNS, "what fitted is there, and whole"
        assert before.items() <= undisturbed.items()
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        code, out, err = ended(start(*RUNS_ONLY))
        assert code == 0, err
        assert f"{len(before)} found" in out
        assert numbers(disk) == undisturbed
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_two_sweeps_into_one_store_at_once(outputs: Path, undisturbed: dict[str, str]):
    both = [start(*SWEEP), start(*SWEEP, "name=other")]
    for child in both:
        code, _, err = ended(child)
        assert code == 0, err
    assert numbers(outputs) == undisturbed
    assert len(list((outputs / "sweep").iterdir())) == 2
    results = [sorted(folder.glob("effects.parquet"))[0].read_bytes() for folder in (outputs / "sweep").iterdir()]
    assert results[0] == results[1]


def test_a_clock_that_is_set_back_changes_nothing(outputs: Path, undisturbed: dict[str, str]):
    """Files from the future, and a clock that loses an hour with every look at it."""
    backwards = """
import time
real, looks = time.time, [0]
def back():
    looks[0] += 1
    return real() - 3600 * looks[0]
time.time = back
"""
    child = start(*RUNS_ONLY)
    until(lambda: len(kept(outputs)) >= 3, child)
    child.send_signal(signal.SIGINT)
    code, _, err = ended(child)
    assert code == 130
    assert "go on with:\n  platform-lab sweep" in err
    before = kept(outputs)
    for name in before:
        os.utime(outputs / "runs" / name, (2**32, 2**32))
    code, out, err = ended(start(*RUNS_ONLY, before=backwards))
    assert code == 0, err
    assert f"{N_RUNS - len(before)} done, {len(before)} found" in out
    assert numbers(outputs) == undisturbed


def test_shards_do_it_all_between_them_and_nothing_twice(outputs: Path, undisturbed: dict[str, str]):
    done = 0
    for i in (1, 2, 3):
        code, out, err = ended(start(*SWEEP, "--shard", f"{i}/3"))
        assert code == 0, err
        assert "0 found" in out
        done += int(out.split(" done")[0].split()[-1])
        assert not (outputs / "sweep").exists(), "nothing is compared before all is there"
    assert done == N_RUNS
    assert numbers(outputs) == undisturbed
    code, out, err = ended(start(*SWEEP))
    assert code == 0, err
    assert f"0 done, {N_RUNS} found" in out


def test_an_interrupted_sweep_says_how_to_go_on(outputs: Path):
    child = start(*RUNS_ONLY)
    until(lambda: busy(outputs), child)
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(signal.SIGINT)
    begun = time.monotonic()
    code, _, err = ended(child)
    assert code == 130
    assert time.monotonic() - begun < 60
    assert "Finished runs are kept; go on with:\n  platform-lab sweep policy=commission_cap" in err
    assert "Traceback" not in err
