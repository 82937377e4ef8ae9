"""Every question from Python: the same results and refusals as on the command line, and nothing on standard output."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import platform_lab as lab
from experiments import cli
from platform_lab import answers
from tests.experiments.conftest import TINY as TYPED
from tests.platform_lab.conftest import TINY

pytestmark = pytest.mark.long

CAP = {"commission_cap": {"ceiling": 0.07}}
CEILING = "policy.commission_cap.ceiling"


def test_importing_loads_nothing_heavy_and_knows_its_version():
    script = (
        "import sys, platform_lab as lab; assert lab.compare and lab.list and lab.__version__[0].isdigit();"
        "heavy = {'mesa', 'hydra', 'pandas', 'numpy', 'plotly', 'pydantic'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there():
    assert all(getattr(lab, name) is not None for name in lab.__all__)
    with pytest.raises(AttributeError, match="no attribute 'comapre'"):
        lab.comapre  # noqa: B018  # pyright: ignore


def test_a_comparison_is_the_one_of_the_command_line(outputs: Path, capsys: pytest.CaptureFixture[str]):
    answer = lab.compare(CAP, **TINY)
    said = capsys.readouterr()
    assert said.out == ""
    assert "Runs: 4 done" in said.err
    assert "4 of 4 runs" in said.err
    cli.main(["compare", "policy=[commission_cap]", f"{CEILING}=0.07", *TYPED])
    assert "4 found, and the result made of them on " in capsys.readouterr().out
    assert [*outputs.glob("compare/*")] == [answer.folder]
    again = lab.compare(CAP, **TINY, quiet=True)
    assert again.folder == answer.folder
    assert capsys.readouterr() == ("", "")


def test_an_answer_has_frames_sentences_figures_and_a_page(shared_outputs: Path, tmp_path: Path):
    answer = lab.compare(CAP, **TINY, quiet=True)
    effects = answer.effects.set_index("metric")
    assert effects.loc["merchant_take_rate_independent", "high"] < 0.0
    assert effects.loc["merchant_take_rate_independent", "policy"] < 0.0701  # whole cents
    assert set(answer.trajectories["week"]) == set(range(1, 11))
    assert len(answer.moments)
    assert len(answer.distribution)
    assert answer.decomposition.empty
    assert answer.record["command"].startswith("platform-lab compare 'policy=[commission_cap]'")
    headline, *others = answer.findings
    assert headline.endswith(".")
    assert others[0].startswith("Effects by party: ")
    assert headline in repr(answer)
    assert headline in answer._repr_html_()
    assert answer.figure("who_gains", narrow=True).layout.meta["finding"]
    assert answer.report(tmp_path / "page.html").read_text("utf-8").startswith("<!")
    assert len(answer.runs("consumer_orders")) == 4
    assert len(answer.weeks("consumer_orders")) == 40


def test_every_figure_of_an_answer_can_be_drawn(shared_outputs: Path):
    answer = lab.compare(CAP, **TINY, quiet=True)
    assert {"who_gains", "cash_flows", "trajectory", "moments_figure"} <= set(answer.figures)
    assert not {"heat_map", "tornado", "verdicts_figure", "agent_weeks"} & set(answer.figures)
    for name in set(answer.figures) - {"practices_left"}:  # this rule asks nothing about practices
        assert answer.figure(name).layout.meta["finding"], name


@pytest.mark.parametrize(
    ("name", "part"),
    [("who_gain", r"do:      .*who_gains"), ("heat_map", "choose one of these"), ("tornado", "does not have")],
)
def test_a_figure_that_there_is_not_is_refused_with_those_that_there_are(shared_outputs: Path, name: str, part: str):
    with pytest.raises(lab.RefusedScenario, match=part):
        lab.compare(CAP, **TINY, quiet=True).figure(name)


def test_a_list_of_values_is_an_axis_of_a_sweep(shared_outputs: Path):
    answer = lab.sweep({"commission_cap": {"ceiling": [0.05, 0.08]}}, **TINY, quiet=True)
    assert "sweep" in answer.folder.parts
    profit = answer.effects[answer.effects["metric"] == "platform_profit"].set_index(CEILING)["effect"]
    assert profit[0.05] < profit[0.08] < 0.0
    assert "response_curve" in answer.figures
    assert answer.figure("response_curve", metrics=["merchant_profit"]).data
    policies = lab.sweep([["commission_cap"], ["minimum_pay"]], **TINY, quiet=True)
    assert policies.effects["label"].nunique() == 2


def test_a_preview_has_effects_and_nothing_that_it_cannot_have(shared_outputs: Path):
    answer = lab.compare(CAP, platforms="fixed", preview=True, quiet=True)
    assert answer.is_preview
    assert answer.effects.set_index("metric").loc["platform_profit", "effect"] < 0.0
    assert answer.findings == answer.figures == []
    assert answer.trajectories.empty
    with pytest.raises(lab.RefusedScenario, match="preview"):
        answer.report()
    loaded = lab.load(answer.folder)
    assert isinstance(loaded, answers.Answer)
    assert loaded.is_preview


def test_a_run_has_its_weeks(shared_outputs: Path, capsys: pytest.CaptureFixture[str]):
    words = {key: value for key, value in TINY.items() if key != "replicates"}
    found = lab.run(CAP, **words, snapshot_week=4, quiet=True)
    assert capsys.readouterr() == ("", "")
    assert list(found.weekly["week"]) == list(range(1, 11))
    assert {"before_policy_week", "from_policy_week"} <= set(found.summary.columns)
    assert len(found.moments)
    assert found.snapshot is not None
    on = lab.run(CAP, **words, from_snapshot=found.snapshot, quiet=True)
    pd.testing.assert_frame_equal(on.weekly, found.weekly)
    assert on.snapshot is None
    assert isinstance(lab.load(on.folder), answers.Run)
    model = lab.model(CAP, **{key: value for key, value in words.items() if key != "runner"}, kernels="plain")
    model.run_all()
    assert model.weekly["consumer_orders"] == list(found.weekly["consumer_orders"])


def test_what_is_there_can_be_loaded_queried_and_shown_again(outputs: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(lab.PlatformLabError, match="no result yet"):
        lab.report()
    with pytest.raises(lab.PlatformLabError, match="no finished run"):
        lab.query("SELECT 1")
    answer = lab.compare(CAP, **TINY, quiet=True)
    pd.testing.assert_frame_equal(lab.load(answer.folder).effects, answer.effects)  # pyright: ignore
    (answer.folder / "report.html").unlink()
    assert lab.report() == answer.folder / "report.html"
    assert lab.report(answer.folder).is_file()
    found = lab.query(f'SELECT rules, count(*) AS n FROM runs WHERE "{CEILING}" = 0.07 GROUP BY rules')
    assert found.to_dict("records") == [{"rules": "commission_cap", "n": 2}]
    assert list(lab.list("results")["folder"]) == [str(answer.folder)]
    with pytest.raises(lab.PlatformLabError, match="cannot be answered"):
        lab.query("SELECT nothing FROM nowhere")
    with pytest.raises(lab.PlatformLabError, match="no such folder"):
        lab.load(outputs / "compare" / "nowhere")
    assert capsys.readouterr() == ("", "")


def test_a_case_is_validated(shared_outputs: Path, capsys: pytest.CaptureFixture[str]):
    found = lab.validate(case="monopsony", quick=True, runner={"n_workers": 1})
    said = capsys.readouterr()
    assert said.out == ""
    assert "[1/1] theory: monopsony" in said.err
    assert set(found.table["verdict"]) <= {"pass", "miss", "shown"}
    assert found.failed == {}
    assert found.figures == ["validation_figure", "verdicts_figure"]
    assert found.figure("verdicts_figure").data
    assert "target" in found.findings[0] or "pass" in found.findings[0]
    assert isinstance(lab.load(found.folder), answers.Validation)


def test_a_calibration_is_read_from_what_it_left(outputs: Path, monkeypatch: pytest.MonkeyPatch):
    from experiments.results import fitting

    folder = outputs / "calibrate" / "made-up"

    def fitted(request: Any) -> fitting.Fitted:
        assert [s.population.n_consumers for s in request.scenarios] == [600]
        folder.mkdir(parents=True)
        (folder / "fitted.json").write_text('{"consumers.price": 1.5}')
        pd.DataFrame({"moment": ["a"]}).to_parquet(folder / "moments.parquet")
        return fitting.Fitted(folder, {"consumers.price": 1.5}, None)

    monkeypatch.setattr(fitting, "answer", fitted)
    found = lab.calibrate(**TINY)
    assert found.fitted == {"consumers.price": 1.5}
    assert list(found.moments["moment"]) == ["a"]
    assert isinstance(lab.load(folder), answers.Calibration)


@pytest.mark.parametrize(
    ("verb", "words", "typed"),
    [
        ("compare", {"policy": "comission_cap"}, ["policy=comission_cap"]),
        ("compare", {"policy": {"commission_cap": {"ceiling": 2.0}}}, ["policy=[commission_cap]", f"{CEILING}=2.0"]),
        ("compare", {"population": "town"}, ["population=town"]),
        (
            "compare",
            {"policy": {"commission_cap": {"ceiling": [0.1, 0.2]}}},
            ["policy=[commission_cap]", f"{CEILING}=0.1,0.2"],
        ),
        ("compare", {"replicats": 4}, ["replicats=4"]),
        ("sweep", {"policy": "commission_cap", "preview": True}, ["policy=commission_cap", "preview=true"]),
        ("run", {"sector": {"consumers": {"pric": 1}}}, ["sector.consumers.pric=1"]),
        ("run", {"population": ["town", "city"]}, ["population=town,city"]),
        ("run", {"from_snapshot": "nowhere.npz"}, ["from_snapshot=nowhere.npz"]),
        ("run", {"config_dir": "nowhere"}, ["--config-dir", "nowhere"]),
        ("calibrate", {"snapshot_week": 3}, ["snapshot_week=3"]),
        ("validate", {"suite": "theroy"}, ["theroy"]),
        ("report", {"folder": "nowhere"}, ["nowhere"]),
    ],
)
def test_what_the_command_line_refuses_is_refused_in_the_same_words(
    verb: str, words: dict[str, Any], typed: list[str], outputs: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(lab.PlatformLabError) as caught:
        getattr(lab, verb)(**words)
    assert capsys.readouterr().out == ""
    with pytest.raises(SystemExit):
        cli.main([verb, *typed])
    told = capsys.readouterr().err.removeprefix(f"Cannot {verb}:\n").strip().replace("suite=", "")
    assert str(caught.value).strip().replace("suite=", "") == told
    assert not outputs.exists()


def test_a_text_is_not_taken_for_a_list_of_words():
    with pytest.raises(lab.RefusedScenario, match="several words are a list"):
        lab.compare(CAP, overrides="seed=1")


def test_a_part_of_the_runs_has_no_answer(outputs: Path):
    with pytest.raises(lab.RefusedScenario, match="--shard 1/2"):
        lab.compare(CAP, runner={"shard": "1/2"})
    assert not outputs.exists()


def test_a_folder_of_ones_own_is_looked_into(tmp_path: Path, outputs: Path):
    (tmp_path / "population").mkdir()
    (tmp_path / "population" / "hamlet.yaml").write_text("name: hamlet\nn_consumers: 500\nn_zones: 1\n")
    words = {key: value for key, value in TINY.items() if not key.startswith("population")}
    model = lab.model(
        **{k: v for k, v in words.items() if k not in ("replicates", "runner")},
        population="hamlet",
        config_dir=tmp_path,
        kernels="plain",
    )
    assert model.built_from.population.n_consumers == 500
    assert "hamlet" in set(lab.list("choices", config_dir=tmp_path)["name"])
