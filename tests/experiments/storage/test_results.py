"""A folder without a result is refused in words, and a whole one is read back as it was written."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from experiments.storage.results import UnreadableResult, load_result
from sim.errors import PlatformLabError
from tests.analysis._answers import leave_answer
from tests.analysis._results import leave


def test_a_whole_result_is_read_back(tmp_path: Path):
    result = load_result(leave(tmp_path / "result", "sweep"))
    assert result.record["policy_week"] == 53
    assert result.is_sweep
    assert [lever["title"] for lever in result.levers] == ["Commission ceiling"]
    assert set(result.trajectories["scenario"]) == set(range(5))
    assert len(result.moments) == 9


def test_one_scenario_has_no_lever_that_varies(tmp_path: Path):
    result = load_result(leave(tmp_path))
    assert not result.is_sweep
    assert result.levers == []


def test_trajectories_and_moments_may_be_absent(tmp_path: Path):
    folder = leave(tmp_path)
    (folder / "trajectories.parquet").unlink()
    (folder / "moments.parquet").unlink()
    result = load_result(folder)
    assert result.trajectories.empty
    assert "tolerance" in result.moments.columns


def spoil_record(folder: Path) -> None:
    (folder / "record.json").write_text("{ torn", "utf-8")


def forget_question(folder: Path) -> None:
    record = json.loads((folder / "record.json").read_text("utf-8"))
    del record["question"]
    (folder / "record.json").write_text(json.dumps(record), "utf-8")


def spoil_table(folder: Path) -> None:
    (folder / "effects.parquet").write_bytes(b"PAR1 torn")


def drop_column(folder: Path) -> None:
    pd.read_parquet(folder / "effects.parquet").drop(columns="low").to_parquet(folder / "effects.parquet")


def drop_lever(folder: Path) -> None:
    effects = pd.read_parquet(folder / "effects.parquet")
    effects.drop(columns="policy.commission_cap.ceiling").to_parquet(folder / "effects.parquet")


def drop_rows(folder: Path) -> None:
    pd.read_parquet(folder / "effects.parquet").head(0).to_parquet(folder / "effects.parquet")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda folder: (folder / "record.json").unlink(), "record.json"),
        (lambda folder: (folder / "effects.parquet").unlink(), "effects.parquet"),
        (spoil_record, "damaged"),
        (forget_question, "question"),
        (spoil_table, "damaged"),
        (drop_column, "low"),
        (drop_lever, "policy.commission_cap.ceiling"),
        (drop_rows, "no rows"),
    ],
)
def test_a_folder_that_is_no_whole_result_is_refused_in_words(tmp_path: Path, harm, words: str):
    folder = leave(tmp_path)
    harm(folder)
    with pytest.raises(UnreadableResult, match=words) as refusal:
        load_result(folder)
    assert isinstance(refusal.value, PlatformLabError)
    for part in ("why:", "allowed:", "do:"):
        assert part in str(refusal.value)


def test_a_result_of_an_earlier_version_has_its_parts_by_the_names_of_today(tmp_path: Path):
    folder = leave_answer(tmp_path)
    today = load_result(folder).decomposition["part"].tolist()
    path = folder / "decomposition.parquet"
    earlier = pd.read_parquet(path).replace({"part": {"behavioural": "reaction", "direct": "mechanical"}})
    earlier.to_parquet(path)
    assert "reaction" in set(pd.read_parquet(path)["part"])
    assert load_result(folder).decomposition["part"].tolist() == today


def test_a_missing_folder_is_refused(tmp_path: Path):
    with pytest.raises(UnreadableResult, match="no such folder"):
        load_result(tmp_path / "nowhere")


def test_findings_come_without_plotly():
    code = "import sys, analysis.wording.findings, analysis.result; sys.exit('plotly' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
