"""Replicates until intervals are as narrow as wanted: what is run, what is said, what is refused."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments import cli
from experiments.request import build
from experiments.results import answering, stopping
from experiments.results.stopping import PrecisionOptions
from experiments.running import execution
from experiments.storage import run_store
from experiments.validation import asked
from tests.experiments.conftest import RUNS

CAP = "policy=commission_cap"
ORDERS = "consumer_orders"


def half_of(folder: Path, metric: str = ORDERS) -> float:
    row = pd.read_parquet(folder / "effects.parquet").set_index("metric").loc[metric]
    return float(row.high - row.low) / 2


def answered(*words: str) -> answering.Answer:
    return answering.answer("compare", build.ask([CAP, *words]), answering.now())


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Seeds of the runs that every call computed."""
    real, seen = execution.carry_out, []

    def watched(scenarios: list[Any], *rest: Any, **how: Any) -> execution.Outcome:
        there = set(run_store.all_runs())
        seen.append(sorted({s.seed for s in scenarios if run_store.run_name(s) not in there}))
        return real(scenarios, *rest, **how)

    monkeypatch.setattr(execution, "carry_out", watched)
    return seen


@pytest.mark.long
def test_replicates_grow_until_the_interval_is_as_narrow_as_wanted(
    outputs: Path, tiny: list[str], batches: list[list[int]], capsys: pytest.CaptureFixture[str]
):
    wanted = half_of(answered(*tiny).folder) / 4  # t(1) is so large that a few more do
    del batches[:]
    found = answered(*tiny, f"precision={{{ORDERS}: {wanted}}}")
    said = json.loads((found.folder / "record.json").read_text())
    n = said["precision"]["n_replicates"]
    assert said["precision"]["is_reached"]
    assert 2 < n == said["n_replicates"] == len(said["seeds"]) <= 256
    assert half_of(found.folder) <= wanted
    assert set(found.effects["n_replicates"]) == {n}
    assert batches[0] == [], "the first two replicates were there"
    assert sorted(itertools.chain(*batches)) == list(range(3, n + 1)), "no replicate is run twice"
    done = [2, *(batch[-1] for batch in batches if batch)]
    assert all(later <= 2 * before for before, later in itertools.pairwise(done))
    assert "2 replicates: orders" in capsys.readouterr().out.lower()


@pytest.mark.long
def test_a_cap_stops_it_and_what_would_be_needed_is_said(
    outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]
):
    cli.main(["compare", CAP, *tiny, f"precision={{{ORDERS}: 0.0001, platform_profit: 1e6}}", "most_replicates=5"])
    said = " ".join(capsys.readouterr().out.split())
    assert "is not reached for orders with 5 replicates, the most allowed (most_replicates=5)" in said
    assert "replicates would do" in said
    (folder,) = (outputs / "compare").iterdir()
    record = json.loads((folder / "record.json").read_text())["precision"]
    by_name = {row["metric"]: row for row in record["effects"]}
    assert (record["is_reached"], by_name[ORDERS]["is_reached"], by_name["platform_profit"]["is_reached"]) == (
        *(False, False, True),
    )
    assert by_name[ORDERS]["n_needed"] > 5
    assert len(list((outputs / "runs").glob(RUNS))) == 2 * 5


@pytest.mark.long
def test_a_share_is_taken_of_every_party_s_effect(outputs: Path, tiny: list[str]):
    found = answered(*tiny, "precision=0.9", "most_replicates=3")
    assert found.precision is not None
    effects = found.effects.set_index("metric")["effect"]
    rows = {row["metric"]: row for row in found.precision["effects"]}
    assert set(rows) == {
        "consumer_surplus",
        "merchant_profit",
        "worker_surplus",
        "platform_profit",
        "state_net",
        "welfare_total",
    }
    for metric, row in rows.items():
        assert row["wanted"] == pytest.approx(0.9 * abs(effects[metric]))


@pytest.mark.long
def test_an_effect_that_is_always_the_same_is_precise_however_small_the_wish(outputs: Path, tiny: list[str]):
    found = answered(*tiny, "precision={state_inspections: 1e-30}")  # the same inspections in every replicate
    assert found.precision is not None
    assert found.precision["is_reached"]
    assert found.precision["n_replicates"] == 2


@pytest.mark.long
def test_a_replicate_that_fails_is_neither_waited_for_nor_counted(outputs: Path, tiny: list[str], monkeypatch):
    real, tried = run_store.keep, []

    def fails_for_one_seed(run, *how, **more):
        tried.append(run.seed)
        if run.seed == 2:
            raise ValueError("a fault of ours")
        real(run, *how, **more)

    monkeypatch.setattr(run_store, "keep", fails_for_one_seed)
    found = answered(*tiny, f"precision={{{ORDERS}: 1e-9}}", "most_replicates=4")
    assert found.precision is not None
    assert (found.precision["n_replicates"], found.precision["effects"][0]["n_replicates"]) == (4, 3)
    assert set(found.effects["n_replicates"]) == {3}
    assert tried.count(2) == 2 * 2, "once on the way, once more at the end"


@pytest.mark.long
def test_bootstrap_is_another_result_and_is_named(outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]):
    words = [word for word in tiny if not word.startswith("replicates")]
    plain = answered(*words, "replicates=6")
    cli.main(["compare", CAP, *words, "replicates=6", "intervals=bootstrap"])
    said = capsys.readouterr().out
    assert "bootstrap (Efron 1987)" in said
    (other,) = set((outputs / "compare").iterdir()) - {plain.folder}
    assert json.loads((other / "record.json").read_text())["intervals"]["method"] == "bootstrap"
    assert json.loads((plain.folder / "record.json").read_text())["intervals"]["method"] == "t"
    assert "95% bootstrap intervals" in (other / "report.html").read_text("utf-8")
    frames = [pd.read_parquet(folder / "effects.parquet").set_index("metric") for folder in (plain.folder, other)]
    assert frames[0]["effect"].equals(frames[1]["effect"])
    assert frames[0].loc["consumer_surplus", "low"] != frames[1].loc["consumer_surplus", "low"]
    weeks = [pd.read_parquet(folder / "trajectories.parquet") for folder in (plain.folder, other)]
    assert weeks[0].equals(weeks[1])


@pytest.mark.long
def test_without_precision_it_is_said_what_more_would_do_and_what_pairing_is_worth(
    outputs: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]
):
    cli.main(["compare", CAP, *tiny])
    said = " ".join(capsys.readouterr().out.split())
    assert "halving it takes about" in said
    assert "share their random draws" not in said, "two replicates say nothing of it"
    (folder,) = (outputs / "compare").iterdir()
    cli.main(["compare", CAP, *(word for word in tiny if not word.startswith("replicates")), "replicates=8"])
    assert "share their random draws" in " ".join(capsys.readouterr().out.split())
    rows = pd.read_parquet(folder / "effects.parquet")
    known = rows[rows["pairing_gain"].notna()]
    assert len(known) > 10
    assert known["pairing_gain"].to_numpy() == pytest.approx((known["unpaired_sd"] / known["paired_sd"]) ** 2)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["precision={consumer_surpluss: 5}"], "write `consumer_surplus`"),
        (["precision={consumer_surplus: 0}"], "positive"),
        (["precision={consumer_surplus: wide}"], "positive"),
        (["precision={consumer_surplus: true}"], "positive"),
        (["precision=-0.1"], "positive"),
        (["precision=fine"], "positive"),
        (["precision={}"], "names no metric"),
        (["precision=5"], "write 'precision={consumer_surplus: 5}'"),
        (["precision=0.1", "preview=true"], "has no chance in it"),
        (["precision=0.1", "uncertainty=assumptions"], "cannot be extended"),
        (["precision=0.1", "replicates=300"], "starts with 300"),
        (["most_replicates=64"], "add precision"),
        (["precision=0.1,0.2"], "a sweep over precision"),
        (["intervals=normal"], "t, bootstrap"),
        (["precison=0.1"], "write `precision`"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(
    words: list[str], why: str, outputs: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as caught:
        cli.main(["compare", CAP, "population=town", *words])
    assert caught.value.code == 2
    assert why in capsys.readouterr().err
    assert not outputs.exists()


@pytest.mark.parametrize("verb", ["run", "sweep", "calibrate"])
def test_other_verbs_refuse_precision(verb: str, outputs: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        cli.main([verb, *([CAP] if verb != "calibrate" else []), "population=town", "precision=0.1"])
    assert caught.value.code == 2
    assert f"{verb} with precision" in capsys.readouterr().err
    assert not outputs.exists()


def test_cases_of_validation_refuse_precision():
    (problem,) = asked.override_problems("with", [CAP, "population=town", "precision=0.1"])
    assert "validate with precision" in problem.asked


def test_a_wish_is_read_from_an_experiment_file(tmp_path: Path):
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "precise.yaml").write_text(
        "# @package _global_\ndefaults:\n  - override /policy: [commission_cap]\nprecision:\n  consumer_surplus: 5\n"
    )
    request = build.ask(["experiment=precise"], tmp_path)
    assert stopping.options_of(request) == PrecisionOptions({"consumer_surplus": 5.0})
    assert request.asking.most_replicates == 256
