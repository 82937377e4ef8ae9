"""The command as a user meets it: exit codes, words, files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from experiments import cli
from tests.experiments.conftest import RUNS

pytestmark = pytest.mark.long


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    assert isinstance(caught.value.code, int)
    return caught.value.code


def test_help_names_every_verb_without_loading_the_economy():
    heavy = "{'mesa', 'hydra', 'pandas', 'numpy'}"
    script = f"import sys; from experiments.cli import main; main(['--help']); assert not {heavy} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(verb in done.stdout for verb in cli.VERBS)


@pytest.mark.parametrize("verb", list(cli.VERBS))
def test_help_of_a_verb_shows_an_example(verb: str, capsys: pytest.CaptureFixture[str]):
    cli.main([verb, "--help"])
    assert f"platform-lab {verb}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ("comapre", "policy=commission_cap"),
        ("compare", "policy=comission_cap"),
        ("compare", "policy=commission_cap", "policy.commission_cap.ceiling=nan"),
        ("compare", "policy=commission_cap", "horizon.n_weeks=20"),
        ("compare", "population=town"),
        ("run", "sector.consumers.pric=1"),
        ("run", "population=town,city"),
        ("sweep", "--shards=3"),
        ("run", "--config-dir", "nowhere"),
        ("list", "instrument"),
        ("report",),
        ("report", "nowhere"),
    ],
)
def test_refusal_exits_with_2_and_writes_nothing(arguments, outputs: Path, capsys: pytest.CaptureFixture[str]):
    assert code_of(*arguments) == 2
    said = capsys.readouterr().err
    assert said.strip()
    assert "Traceback" not in said
    assert not outputs.exists()


def test_run_leaves_a_whole_result(outputs: Path, tiny_run: list[str], capsys: pytest.CaptureFixture[str]):
    cli.main(["run", *tiny_run])
    (folder,) = (outputs / "run").iterdir()
    assert {p.name for p in folder.iterdir()} == {
        "checksums.json",
        "config.yaml",
        "record.json",
        "weekly.parquet",
        "summary.parquet",
        "moments.parquet",
    }
    assert len(pd.read_parquet(folder / "weekly.parquet")) == 10
    assert "Simulated and observed moments" in capsys.readouterr().out


def test_compare_pairs_prints_and_reports(outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]):
    cli.main(["compare", "policy=commission_cap", *tiny])
    (folder,) = (outputs / "compare").iterdir()
    effects = pd.read_parquet(folder / "effects.parquet").set_index("metric")
    bound = effects.loc["merchant_take_rate_independent"]
    assert bound.high < 0 < bound.baseline
    path = pd.read_parquet(folder / "trajectories.parquet")
    before = path[path["week"] < 6]
    assert (before["effect"].fillna(0.0) == 0.0).all()
    assert (folder / "report.html").stat().st_size < 6_000_000
    assert str(folder / "report.html") in capsys.readouterr().out


def test_config_of_a_result_asks_for_the_same_again(outputs: Path, tiny: list[str], tmp_path: Path):
    cli.main(["compare", "policy=commission_cap", "policy.commission_cap.ceiling=0.07", *tiny])
    (folder,) = (outputs / "compare").iterdir()
    config = yaml.safe_load((folder / "config.yaml").read_text())
    assert config["policy"]["commission_cap"]["ceiling"] == 0.07
    runs = {p.name: p.stat().st_mtime_ns for p in (outputs / "runs").iterdir()}
    (tmp_path / "experiment").mkdir()
    text = "# @package _global_\ndefaults:\n  - override /policy: [commission_cap]\n" + yaml.safe_dump(config)
    (tmp_path / "experiment" / "again.yaml").write_text(text)
    cli.main(["compare", "experiment=again", "--config-dir", str(tmp_path)])
    assert {p.name: p.stat().st_mtime_ns for p in (outputs / "runs").iterdir()} == runs


def test_sweep_computes_the_shared_baseline_once(outputs: Path, tiny: list[str]):
    cli.main(["sweep", "policy=commission_cap", "policy.commission_cap.ceiling=0.05,0.08,0.11", *tiny])
    assert len(list((outputs / "runs").glob(RUNS))) == 2 * (1 + 3)
    (folder,) = (outputs / "sweep").iterdir()
    effects = pd.read_parquet(folder / "effects.parquet")
    profit = effects[effects["metric"] == "platform_profit"].set_index("policy.commission_cap.ceiling")["effect"]
    assert profit[0.05] < profit[0.08] < profit[0.11] < 0


def test_report_without_a_name_shows_the_newest_result(
    outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]
):
    cli.main(["compare", "policy=commission_cap", *tiny])
    (page,) = (outputs / "compare").glob("*/report.html")
    page.unlink()
    cli.main(["report"])
    assert page.exists()
    assert str(page) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("choices", "commission_cap_heights"),
        ("instruments", "commission_cap"),
        ("instruments commission_cap", "A8.6"),
        ("provisions", "A8.6"),
        ("metrics", "consumer_surplus"),
        ("assumptions", "price_sensitivity"),
    ],
)
def test_list_shows_what_can_be_chosen(what: str, expected: str, capsys: pytest.CaptureFixture[str]):
    cli.main(["list", *what.split()])
    assert expected in capsys.readouterr().out
