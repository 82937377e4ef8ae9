"""Runs that leave a snapshot and runs that go on from one, as a user asks for them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments import cli
from experiments.request import build
from sim.errors import RefusedScenario

pytestmark = pytest.mark.long

CAP = "policy=[commission_cap]"


def said_by_refusal(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


@pytest.fixture
def kept(outputs: Path, tiny_run: list[str]) -> Path:
    """A snapshot after the fifth of ten weeks, the last without a rule."""
    cli.main(["run", *tiny_run, "snapshot_week=5"])
    (path,) = outputs.glob("run/*/snapshot-week-5.npz")
    return path


def weekly_of(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "weekly.parquet")


def test_run_says_where_its_snapshot_is(outputs: Path, tiny_run: list[str], capsys: pytest.CaptureFixture[str]):
    cli.main(["run", *tiny_run, "snapshot_week=5"])
    (path,) = outputs.glob("run/*/*.npz")
    assert f"Snapshot: {path} (after week 5)" in capsys.readouterr().out
    record = json.loads((path.parent / "record.json").read_text())
    assert record["snapshot"]["week"] == 5
    cli.main(["run", *tiny_run])
    assert [folder.name for folder in (outputs / "run").iterdir()] == [path.parent.name], "the same run, once more"


def test_run_from_a_snapshot_has_the_numbers_of_the_run_from_the_start(kept: Path, outputs: Path, tiny_run: list[str]):
    before = {path.name for path in (outputs / "runs").iterdir()}
    cli.main(["run", f"from_snapshot={kept}", CAP, "policy.commission_cap.ceiling=0.06"])
    (forked,) = outputs.glob("run/commission_cap*")
    record = json.loads((forked / "record.json").read_text())
    assert record["from_snapshot"]["week"] == 5
    assert {path.name for path in (outputs / "runs").iterdir()} == before, "a file answers for itself only"
    cli.main(["run", *tiny_run, CAP, "policy.commission_cap.ceiling=0.06"])
    (whole,) = set(outputs.glob("run/commission_cap*")) - {forked}
    assert weekly_of(forked).equals(weekly_of(whole))
    for name in ("summary", "moments"):
        assert pd.read_parquet(forked / f"{name}.parquet").equals(pd.read_parquet(whole / f"{name}.parquet"))


def test_run_from_a_snapshot_may_leave_a_later_one(kept: Path, outputs: Path):
    cli.main(["run", f"from_snapshot={kept}", CAP, "snapshot_week=8"])
    (later,) = outputs.glob("run/*/snapshot-week-8.npz")
    cli.main(["run", f"from_snapshot={later}", "name=later"])
    (folder,) = outputs.glob("run/later-*")
    assert weekly_of(folder).equals(weekly_of(later.parent)), "without a policy named, the snapshot's goes on"


def test_config_of_such_a_result_names_no_path(kept: Path, outputs: Path):
    cli.main(["run", f"from_snapshot={kept}", CAP])
    (folder,) = outputs.glob("run/commission_cap*")
    assert "snapshot" not in (folder / "config.yaml").read_text()
    assert str(kept) in json.loads((folder / "record.json").read_text())["command"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["population=city"], "population.n_consumers=100000"),
        (["seed=2"], "seed=2"),
        (["sector.consumers.habit_weight=0.4"], "sector.consumers.habit_weight=0.4"),
        (["horizon.policy_week=5", CAP], "policy.commission_cap from week 5"),
        (["horizon.n_weeks=4"], "horizon.n_weeks=4"),
        (["snapshot_week=3"], "snapshot_week=3"),
        (["snapshot_week=11"], "snapshot_week=11"),
        (["snapshot_week=soon"], "snapshot_week=soon"),
        (["snapshot_week=6,7"], "snapshot_week with 2 values"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_does(
    words: list[str], said: str, kept: Path, outputs: Path, capsys: pytest.CaptureFixture[str]
):
    before = sorted(outputs.rglob("*"))
    text = said_by_refusal("run", f"from_snapshot={kept}", *words, capsys=capsys)
    assert said in text
    assert all(part in text for part in ("why:", "allowed:", "do:"))
    assert sorted(outputs.rglob("*")) == before


def test_damaged_or_missing_files_are_refused(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    kept.write_bytes(kept.read_bytes()[:-30])
    assert "cut short or altered" in said_by_refusal("run", f"from_snapshot={kept}", capsys=capsys)
    assert "check the path" in said_by_refusal("run", f"from_snapshot={tmp_path / 'none.npz'}", capsys=capsys)


@pytest.mark.parametrize("verb", ["compare", "sweep", "calibrate"])
def test_other_verbs_refuse_snapshots(verb: str, outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]):
    assert "platform-lab run" in said_by_refusal(verb, CAP, *tiny, "snapshot_week=5", capsys=capsys)
    assert not outputs.exists()


@pytest.mark.parametrize("line", ["from_snapshot: theirs.npz", "snapshot_week: 5"])
def test_a_file_may_not_name_a_snapshot(line: str, tmp_path: Path):
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "theirs.yaml").write_text(f"# @package _global_\n{line}\n")
    with pytest.raises(RefusedScenario, match="the command line only"):
        build.ask(["experiment=theirs"], tmp_path)
